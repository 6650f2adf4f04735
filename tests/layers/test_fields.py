"""Fields: accepted values, error messages, and text."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest

from cnncalc.dims import symbol
from cnncalc.layers import FieldError, FieldType, Volume, fields, shown
from cnncalc.layers.fields import Padding
from tests.output.validator import errors

K = symbol("K")
SIDES, EDGES = fields.Sides(1), fields.PAD
CONNECTED = [[0, 1], [1, 2]]


@pytest.mark.parametrize(
    ("type", "written", "value", "plain", "text"),
    [
        (fields.POSITIVE, 3, 3, 3, "3"),
        (fields.POSITIVE, K, K, K, "K"),
        (fields.NATURAL, 0, 0, 0, "0"),
        (fields.PARTS, 1000, 1000, 1000, "1000"),
        (SIDES, 3, (3, 3), [3, 3], "3"),
        (SIDES, [3, 5], (3, 5), [3, 5], "3×5"),
        (SIDES, [K, 5], (K, 5), [K, 5], "K×5"),
        (fields.KERNEL, 3, (3, 3), [3, 3], "3×3"),
        (EDGES, 1, Padding(1, 1, 1, 1), [1, 1], "1"),
        (EDGES, [1, 2], Padding(1, 1, 2, 2), [1, 2], "1×2"),
        (EDGES, [1, 2, 3, 4], Padding(1, 2, 3, 4), [1, 2, 3, 4], "1×2×3×4"),
        (EDGES, [1, 1, 2, 2], Padding(1, 1, 2, 2), [1, 2], "1×2"),
        (EDGES, "same", "same", "same", "same"),
        (EDGES, [K], Padding(K, K, K, K), [K, K], "K"),
        (fields.FLAG, True, True, True, "True"),
        *((fields.FLAG, word, True, True, "True") for word in ("true", "True", "yes", "on")),
        *((fields.FLAG, word, False, False, "False") for word in ("false", "no", "NO", "off")),
        (fields.Choice("floor", "ceil"), "ceil", "ceil", "ceil", "ceil"),
        (fields.SHARE, Fraction(1, 4), Fraction(1, 4), 0.25, "0.25"),
        (fields.SHARE, 1, 1, 1, "1"),
        (fields.SHARE, K, K, K, "K"),
        (fields.FACTOR, -3, -3, -3, "-3"),
        (fields.INTERVAL, [0, 4], (0, 4), [0, 4], "0:4"),
        (fields.INTERVAL, [K, 4], (K, 4), [K, 4], "K:4"),
        (fields.CONNECTIONS, CONNECTED, ((0, 1), (1, 2)), CONNECTED, "4 kernels"),
    ],
)
def test_what_is_read(type: FieldType, written: Any, value: Any, plain: Any, text: str) -> None:
    read = type.read(written)
    assert read == value
    assert type.plain(read) == plain
    assert type.text(read) == text


@pytest.mark.parametrize(
    ("type", "written", "message"),
    [
        (fields.POSITIVE, 0, "expected a whole number from 1 up, found 0"),
        (fields.POSITIVE, -2, "expected a whole number from 1 up, found -2"),
        (fields.POSITIVE, True, "expected a whole number from 1 up, found true"),
        (fields.POSITIVE, Fraction(1, 2), "expected a whole number from 1 up, found 1/2"),
        (fields.POSITIVE, "relu", "expected a whole number from 1 up, found 'relu'"),
        (fields.POSITIVE, [3], "expected a whole number from 1 up, found [3]"),
        (fields.POSITIVE, Volume(1, 2, 3), "expected a whole number from 1 up, found the volume 1×2×3"),
        (fields.POSITIVE, 10**19, "a number of more than 18 digits: 10000000000000000000"),
        (fields.NATURAL, -1, "expected a whole number from 0 up, found -1"),
        (fields.PLACES, 0, "expected a whole number from 1 to 1,000, or one per side: [height, width], found 0"),
        (fields.EXTRA, -1, "expected a whole number from 0 up, or one per side: [height, width], found -1"),
        (fields.PARTS, 1001, "expected a whole number from 1 to 1,000, found 1001"),
        (SIDES, [], "expected a whole number from 1 up, or one per side: [height, width], found []"),
        (SIDES, [3, 3, 3, 3], "expected a whole number from 1 up, or one per side: [height, width], found [3, 3, 3, 3]"),
        (SIDES, [3, 0], "expected a whole number from 1 up, found 0"),
        (SIDES, "same", "expected a whole number from 1 up, or one per side: [height, width], found 'same'"),
        (SIDES, [[1], 2], "expected a whole number from 1 up, found [1]"),
        (
            EDGES,
            [1] * 5,
            "expected a whole number, [height, width] or [top, bottom, left, right], or same or causal, found [1, 1, 1, 1, 1]",
        ),
        (EDGES, [], "expected a whole number, [height, width] or [top, bottom, left, right], or same or causal, found []"),
        (EDGES, [1, -1], "expected a whole number, [height, width] or [top, bottom, left, right], or same or causal, found [1, -1]"),
        (EDGES, "full", "expected a whole number, [height, width] or [top, bottom, left, right], or same or causal, found 'full'"),
        (fields.AMOUNTS, "same", "expected a whole number, [height, width] or [top, bottom, left, right], found 'same'"),
        (fields.FLAG, 1, "expected true or false, found 1"),
        (fields.FLAG, "maybe", "expected true or false, found 'maybe'"),
        (fields.Choice("floor", "ceil"), "up", "expected floor or ceil, found 'up'"),
        (fields.Choice("floor", "ceil"), 3, "expected floor or ceil, found 3"),
        (fields.SHARE, 2, "expected a number from 0 to 1, found 2"),
        (fields.SHARE, True, "expected a number from 0 to 1, found true"),
        (fields.SHARE, Volume(1, 2, 3), "expected a number from 0 to 1, found the volume 1×2×3"),
        (fields.FACTOR, 10**19, "expected a number, found 10000000000000000000"),
        (fields.INTERVAL, [4, 4], "expected two whole numbers, [first, end], with end > first, found [4, 4]"),
        (fields.INTERVAL, [0, "same"], "expected two whole numbers, [first, end], with end > first, found [0, 'same']"),
        (fields.INTERVAL, [1], "expected two whole numbers, [first, end], with end > first, found [1]"),
        (fields.CONNECTIONS, 3, "expected for each filter, a list of input channels: [[0, 1, 2], [1, 2, 3]], found 3"),
        (fields.CONNECTIONS, [], "expected for each filter, a list of input channels: [[0, 1, 2], [1, 2, 3]], found []"),
        (fields.CONNECTIONS, [[]], "expected for each filter, a list of input channels: [[0, 1, 2], [1, 2, 3]], found [[]]"),
        (fields.CONNECTIONS, [[-1]], "expected for each filter, a list of input channels: [[0, 1, 2], [1, 2, 3]], found [[-1]]"),
        (fields.CONNECTIONS, [1], "expected for each filter, a list of input channels: [[0, 1, 2], [1, 2, 3]], found [1]"),
        (fields.CONNECTIONS, [[1, 1]], "a filter lists the same channel twice: [1, 1]"),
    ],
)
def test_what_is_refused(type: FieldType, written: Any, message: str) -> None:
    with pytest.raises(FieldError) as found:
        type.read(written)
    assert str(found.value) == message


@pytest.mark.parametrize("type", [SIDES, EDGES, fields.AMOUNTS, fields.INTERVAL])
@pytest.mark.parametrize("count", range(8))
def test_lists_are_as_long_in_the_schema_as_they_are_read(type: FieldType, count: int) -> None:
    written = list(range(1, count + 1))
    with suppress(FieldError):
        type.read(written)
        assert errors(written, type.schema) == []
        return
    assert errors(written, type.schema) != []


@pytest.mark.parametrize(
    ("type", "written", "rank", "value"),
    [
        (SIDES, 3, 1, (3,)),
        (SIDES, 3, 3, (3, 3, 3)),
        (SIDES, [3], 1, (3,)),
        (SIDES, [1, 2, 3], 3, (1, 2, 3)),
        (EDGES, 1, 1, (1, 1)),
        (EDGES, 1, 3, (1,) * 6),
        (EDGES, [1, 2], 1, (1, 2)),
        (EDGES, [1, 2], 2, (1, 1, 2, 2)),
        (EDGES, [1, 2, 3], 3, (1, 1, 2, 2, 3, 3)),
        (EDGES, [1, 2, 3, 4, 5, 6], 3, (1, 2, 3, 4, 5, 6)),
        (EDGES, "same", 3, "same"),
        (fields.POSITIVE, 3, 3, 3),
    ],
)
def test_values_for_another_number_of_sides(type: FieldType, written: Any, rank: int, value: Any) -> None:
    found = type.for_rank(type.read(written), rank)
    assert found == value
    assert type.for_rank(found, rank) is found


@pytest.mark.parametrize(
    ("type", "written", "rank", "message"),
    [
        (SIDES, [3, 3], 1, "expected one number for the length, found [3, 3]"),
        (SIDES, [3], 2, "expected one number, or 2 (height, width), found [3]"),
        (SIDES, [3, 3, 3], 2, "expected one number, or 2 (height, width), found [3, 3, 3]"),
        (SIDES, [3, 3], 3, "expected one number, or 3 (depth, height, width), found [3, 3]"),
        (EDGES, [1, 1, 1], 1, "expected one number, or 2 (start, end), found [1, 1, 1]"),
        (EDGES, [1, 1, 2, 2], 1, "expected one number, or 2 (start, end), found [1, 1, 2, 2]"),
        (EDGES, [1, 2, 3], 2, "expected one number, 2 (height, width) or 4 (two per side), found [1, 2, 3]"),
        (EDGES, [1, 2], 3, "expected one number, 3 (depth, height, width) or 6 (two per side), found [1, 2]"),
    ],
)
def test_a_wrong_number_of_values(type: FieldType, written: Any, rank: int, message: str) -> None:
    with pytest.raises(FieldError) as found:
        type.for_rank(type.read(written), rank)
    assert str(found.value) == message


@pytest.mark.parametrize(("written", "fits"), [([[0]], True), ([[-1]], False), ([0], False), (0, False)])
def test_connections_in_the_schema(written: Any, fits: bool) -> None:
    assert (errors(written, fields.CONNECTIONS.schema) == []) is fits


@pytest.mark.parametrize(
    ("type", "written", "conditions"),
    [
        (fields.POSITIVE, K, []),  # a symbol is 1 at least
        (fields.POSITIVE, K - 3, ["K >= 4"]),
        (fields.NATURAL, K - 3, ["K >= 3"]),
        (SIDES, [K - 1, 2], ["K >= 2"]),
        (EDGES, [K - 2, 0], ["K >= 2", "K >= 2"]),
        (EDGES, "same", []),
        (fields.POSITIVE, 3, []),
        (fields.PARTS, K, ["1000 >= K"]),
    ],
)
def test_what_a_formula_has_to_be(type: FieldType, written: Any, conditions: list[str]) -> None:
    found = type.requires("field", type.read(written))
    assert [str(condition) for condition in found if condition.holds is not True] == conditions


def test_long_values_are_shortened() -> None:
    assert shown(["a" * 50] * 5).endswith("...")
    assert len(shown(["a" * 50] * 5)) == 60
    assert shown(list(range(100)))[:20] == "[0, 1, 2, 3, 4, 5, 6"
    assert shown([1] * 20) == f"[{', '.join('1' * 20)}]"  # 60 characters
    assert shown([1] * 21) == f"{shown([1] * 20)[:57]}..."
