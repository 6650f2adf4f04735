from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnncalc
from cnncalc.output.words import concentration, remainders, summary
from cnncalc.printed_number import printed_number
from cnncalc.study.folding import folded
from tests.output.networks import PLAIN, RESIDUAL, analyze

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report


def sits(report: Report, fold: int | None = 0) -> str:
    return concentration.sits(folded(report, fold)(report.rows))


def test_the_title_has_name_year_and_paper_and_what_was_set() -> None:
    assert summary.title(analyze(PLAIN)) == ["Plain, 1998", "Somebody, Some journal"]
    set_up = analyze(
        PLAIN, input="32x32x1", set={"classes": 3}, but={"C1.kernel": 3, "P1.size": [2, 1]}, batch=8, dtype="float16", bias=False
    )
    assert summary.title(set_up)[2] == ("input 32×32×1, classes = 3, C1.kernel = 3, P1.size = [2, 1], batch 8, float16, biases left out")


def test_what_a_file_changes_itself_was_not_set() -> None:
    network = {"like": "vgg16", "but": {"conv1-1": {"filters": 32}, "fc8": {"features": 10}}}
    assert summary.title(cnncalc.analyze(network, but={"conv1-1.filters": 16}))[-1] == "conv1-1.filters = 16"


def test_a_network_without_a_name_is_called_by_its_file() -> None:
    assert summary.title(cnncalc.analyze({"input": "4x4x1", "layers": ["relu"]})) == ["mapping"]


def test_a_variant_shows_its_params() -> None:
    title = summary.title(cnncalc.analyze("vgg11"))
    assert title[2] == "depths = [1, 1, 2, 2, 2]"


def test_the_facts() -> None:
    report = analyze(PLAIN)
    assert summary.facts(report, "") == "3 weight layers, parameters take 24.1 kB, activations 27.2 kB, 352 kFLOPs (full)."
    assert summary.facts(report, "binary").startswith("3 weight layers, parameters take 23.5 KiB, activations 26.6 KiB, ")
    one = cnncalc.analyze({"input": "2x2x1", "layers": [{"conv": 1}]}, counting="macs")
    assert summary.facts(one, "exact") == "1 weight layer, parameters take 8 B, activations 32 B, 4 MACs (macs)."
    assert summary.facts(analyze(PLAIN, input="HxWx1"), "") == "3 weight layers."


@pytest.mark.parametrize(
    ("counting", "said"), [("thop", "15.5 G MACs (thop)."), ("full", "31.0 GFLOPs (full)."), ("keras", "activations 61.0 MB.")]
)
def test_figures_are_called_what_their_tool_calls_them(counting: str, said: str) -> None:
    assert summary.facts(cnncalc.analyze("vgg16", counting=counting), "").endswith(said)


def test_where_it_sits() -> None:
    assert sits(cnncalc.analyze("vgg16")) == "89% of the parameters are in fc6 to fc8; 69% of the activation memory comes before pool2."
    assert sits(analyze(PLAIN, input="HxWx1")) == ""
    grouped = {"input": "8x8x4", "layers": [{"name": f"s{i}", "do": [{"conv": 4 if i < 4 else 200}, "relu"]} for i in range(5)]}
    assert sits(cnncalc.analyze(grouped)).startswith("93% of the parameters are in s4; ")
    assert sits(analyze(RESIDUAL), None) == ""


PUBLISHED: dict[str, Any] = {"params": "24k", "macs": "9M", "top1_error": "1.5", "top5_error": "0.3", "source": "the paper"}


@given(
    st.integers(0, 10**12),
    st.one_of(st.from_regex(r"[0-9]{1,4}\.[0-9]{0,4}[MG]", fullmatch=True), st.sampled_from(["9M", ".5G", "0.5M"])),
)
def test_a_number_that_needs_no_fractions_agrees_with_them(here: int, text: str) -> None:
    near = [here]
    if (printed := printed_number(text)) is not None:
        near += [int(printed.value + step * printed.slack / 2) for step in range(-3, 4)]
    for number in near:
        assert not summary.rounds_to(text, number) or printed_number(text).agrees(number)  # type: ignore[union-attr]  # then it is one


@pytest.mark.parametrize(("text", "here", "right"), [("1.8G", 1814073344, True), ("25.6M", 25557032, True), ("25.6M", 25657032, False)])
def test_a_number_rounds_to_the_published_one(text: str, here: int, right: bool) -> None:
    assert summary.rounds_to(text, here) == right


def test_published_figures_stand_beside_those_that_differ() -> None:
    assert summary.published(analyze(PLAIN)) == ""
    report = analyze({**PLAIN, "published": PUBLISHED})
    assert report.total.params != 24_000
    assert summary.published(report) == (
        f"Published: 24k parameters (here {report.total.params:,}), 9M MACs (here {report.total.macs:,}), "
        "1.5% top-1 error, 0.3% top-5 error (the paper)."
    )
    right = analyze({**PLAIN, "published": {"params": str(report.total.params)}})
    assert summary.published(right) == f"Published: {report.total.params:,} parameters."
    assert summary.published(analyze({**PLAIN, "published": {"source": "nobody"}})) == ""


@pytest.mark.parametrize("changed", [{"input": "32x32x1"}, {"set": {"classes": 3}}, {"but": {"C1.kernel": 3}}, {"bias": False}])
def test_published_figures_are_those_of_the_network_as_it_was_published(changed: dict[str, Any]) -> None:
    assert summary.published(analyze({**PLAIN, "published": PUBLISHED}, **changed)) == ""


def test_macs_of_a_batch_are_not_compared() -> None:
    assert summary.published(analyze({**PLAIN, "published": {"macs": "9M"}}, batch=2)) == "Published: 9M MACs."


def test_of_conditions_the_strongest_is_said() -> None:
    (said,) = summary.conditions(analyze(PLAIN, input="HxHx1"))
    assert said == "For every whole H ≥ 14."
    network = {"input": "8x8xC", "layers": [{"conv": 8, "groups": 2, "bias": False}, {"conv": 4}]}
    assert list(summary.conditions(cnncalc.analyze(network))) == ["For every whole C ≥ 1 with C even."]
    network = {"input": "8x8xC", "layers": [{"conv": 9, "groups": 3, "bias": False}]}
    assert list(summary.conditions(cnncalc.analyze(network))) == ["For every whole C ≥ 1 with C divisible by 3."]
    some: dict[str, Any] = {"input": "8x8x4", "params": {"K": ""}, "layers": [{"slice": [0, "K"]}]}
    assert list(summary.conditions(cnncalc.analyze(some))) == ["For every whole K ≥ 1 with K ≤ 4."]
    network = {"input": "HxWx3", "layers": [{"add": [["identity"], {"conv": 3, "kernel": 3, "stride": 2, "pad": 1}]}]}
    (said,) = summary.conditions(cnncalc.analyze(network))
    assert " = " in said


def test_what_does_not_tile_is_named_with_what_would_fit() -> None:
    assert remainders.remainder_sentence([]) == ""
    report = analyze(PLAIN)
    assert remainders.remainder_sentence(report.inexact) == (
        "* Kernels do not divide the input evenly. C2: 1 row and 1 column of the input are unused; 13 would divide evenly."
    )
    padded = [{"conv": 4, "kernel": 3, "stride": 2, "pad": 1} for _ in range(3)]
    only_padding = cnncalc.analyze({"input": "64x48x3", "layers": padded})
    assert len(only_padding.inexact) == 3
    assert remainders.remainder_sentence(only_padding.inexact) == ""
    assert remainders.unused_input(only_padding.rows[1]) == [
        "1 row of the padding is unused; 65 would divide evenly",
        "1 column of the padding is unused; 49 would divide evenly",
    ]
    many = cnncalc.analyze({"input": "63x63x3", "layers": [{"maxpool": 2}] * 5})  # 63, 31, 15, 7 and 3 are odd
    assert remainders.remainder_sentence(many.inexact) == (
        "* Kernels do not divide the input evenly. maxpool1: 1 row and 1 column of the input are unused; 64 would divide evenly. "
        "maxpool2: 1 row and 1 column of the input are unused; 32 would divide evenly. "
        "maxpool3: 1 row and 1 column of the input are unused; 16 would divide evenly. 2 more layers leave input unused."
    )


def test_folded_tables_say_so() -> None:
    report = analyze(RESIDUAL)
    assert summary.folded(report, folded(report, 0)(report.rows)) == ""
    assert summary.folded(report, folded(report, None)(report.rows)).startswith("79 layers in 10 rows; ")
