"""Alignment: nothing gets lost or moves, equal layers meet, and a gate belongs to the stage around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.explore.stages import align, stages
from cnncalc.layers import Volume
from cnncalc.study.folding import Line

if TYPE_CHECKING:
    from cnncalc.explore.stages import Stage


class Piece:
    """A layer as alignment sees it."""

    def __init__(self, size: int, kind: str, filters: int) -> None:
        self.output = Volume(size, size, filters)
        self.kind = kind
        self.what = f"{kind} {filters}"

    def __repr__(self) -> str:
        return f"{self.what}@{self.output.h}"


PIECES = st.lists(
    st.builds(Piece, st.sampled_from([1, 4, 8]), st.sampled_from(["conv", "relu"]), st.integers(1, 2)), max_size=12
)  # fmt: skip


def lines(name: str) -> list[Line]:
    return [Line(row.path, (row,)) for row in cnncalc.analyze(name)]


def both(found: list[Stage[Piece]]) -> tuple[list[Piece], list[Piece]]:
    pairs = [pair for stage in found for pair in stage.pairs]
    return [pair.one for pair in pairs if pair.one is not None], [pair.other for pair in pairs if pair.other is not None]


@given(PIECES, PIECES)
def test_nothing_gets_lost(one: list[Piece], other: list[Piece]) -> None:
    found = list(align(one, other))
    mine, its = both(found)
    assert sorted(map(id, mine)) == sorted(map(id, one))
    assert sorted(map(id, its)) == sorted(map(id, other))
    for pieces, aligned in ((one, mine), (other, its)):
        for size in stages(pieces).values():  # inside a stage the order stays
            order = {id(piece): i for i, piece in enumerate(aligned)}
            assert [order[id(piece)] for piece in size] == sorted(order[id(piece)] for piece in size)
    assert len({stage.size for stage in found if stage.meets}) == sum(stage.meets for stage in found)


@given(PIECES)
def test_a_network_meets_itself_everywhere(one: list[Piece]) -> None:
    assert all(pair.one is pair.other for stage in align(one, one) for pair in stage.pairs)


@given(PIECES, PIECES)
def test_only_one_kind_stands_side_by_side(one: list[Piece], other: list[Piece]) -> None:
    for stage in align(one, other):
        for pair in stage.pairs:
            if pair.one is not None and pair.other is not None:
                assert pair.one.kind == pair.other.kind


def test_the_stages_of_a_residual_network_meet() -> None:
    found = list(align(lines("resnet18"), lines("resnet34")))
    assert [stage.size for stage in found] == [(side, side) for side in (224, 112, 56, 28, 14, 7, 1)]
    assert all(stage.meets for stage in found)


def test_other_inputs_meet_where_sizes_are_the_same() -> None:
    found = list(align(lines("alexnet"), lines("vgg16")))
    assert [stage.size for stage in found if stage.meets] == [(1, 1)]
    assert {stage.size[0] for stage in found} == {227, 55, 27, 13, 6, 224, 112, 56, 28, 14, 7, 1}


@pytest.mark.parametrize("name", ["se_resnet50", "mobilenet_v3_large", "efficientnet_b0"])
def test_gates_belong_to_the_stage_around_them(name: str) -> None:
    found = stages(lines(name))
    assert list(found)[-1] == (1, 1)
    assert not any("conv" in line.kind and "/" in line.path for line in found[1, 1])


def test_no_layers_no_stages() -> None:
    assert list(align([], [])) == []
