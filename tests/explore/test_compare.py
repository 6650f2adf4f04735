"""Comparisons: selection, ratios and conclusions, from numbers that can be checked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.explore.compare import Comparison, compare, efficiency, extremes, heaviness, most_accurate, one_task, wanted
from cnncalc.explore.vary import axes
from cnncalc.spec import catalogue_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cnncalc.explore.compare import ComparedNetwork

LECTURES = ("alexnet_two_gpu", "vgg16", "googlenet", "resnet50")


def of(*words: str, vary: Sequence[str] = (), to: str | None = None, **asked: object) -> Comparison:
    return compare(wanted(words), asked, axes(vary), to)


def labels(entries: Sequence[ComparedNetwork]) -> list[str]:
    return [entry.label for entry in entries]


def test_names_patterns_and_families_mean_networks_once() -> None:
    families = {entry.name for entry in catalogue_index.entries() if entry.file == "vgg.yaml"}
    found = wanted(["vgg16", "vgg1?", "alexnet"], ["vgg"])
    assert [each.name for each in found][:1] == ["vgg16"]
    assert {each.name for each in found} == families | {"alexnet"}
    assert len(found) == len(families) + 1
    assert {each.name for each in found if each.by_name} == {"vgg16", "alexnet"}


@pytest.mark.parametrize(
    ("words", "families", "message"),
    [
        (["vgq*"], [], "no network in the catalogue matches 'vgq\\*'"),
        ([], ["vgf"], "did you mean 'vgg'"),
        ([], ["zzz"], "cnncalc list shows the catalogue"),
    ],
)
def test_patterns_and_families_that_mean_nothing(words: list[str], families: list[str], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        wanted(words, families)


def test_a_path_with_signs_of_a_pattern_is_a_path() -> None:
    assert wanted(["./x[1].yaml"])[0].by_name


def test_figures_are_those_of_the_reports() -> None:
    for entry in of(*LECTURES, counting="thop", batch="2").entries:
        total = cnncalc.analyze(entry.name, counting="thop", batch=2).total
        assert {name: entry.value(name) for name in ("params", "macs", "flops", "bytes")} == {
            name: getattr(total, name) for name in ("params", "macs", "flops", "bytes")
        }


def test_ratios_to_the_first_or_to_the_one_that_is_named() -> None:
    found = of(*LECTURES)
    assert found.ratio(found.entries[2], "params") == Fraction(6_998_552, 60_965_224)
    found = of(*LECTURES, to="vgg16")
    assert found.to.label == "vgg16"
    assert found.ratio(found.entries[1], "macs") == 1
    assert labels(of("alexnet", to="vgg16").entries) == ["vgg16", "alexnet"]  # one that is not there comes first
    assert found.ratio(of("alexnet", input="HxWx3").entries[0], "macs") is None


def test_the_best_is_the_lowest_and_ties_are_all_best() -> None:
    found = of("vgg11", "vgg11_lrn", "vgg16")
    assert [found.best(entry, "params") for entry in found.entries] == [True, True, False]
    alike = of("resnet50", "resnet50_v1_5")
    assert not any(alike.best(entry, "params") for entry in alike.entries)
    assert alike.best(alike.entries[0], "macs")
    assert not any(of("vgg16").best(entry, "params") for entry in of("vgg16").entries)


def test_the_lectures_conclusions() -> None:
    """VGG: most parameters and operations; GoogLeNet: most efficient; AlexNet: computes little, but heavy; ResNet: in between."""
    entries = of(*LECTURES).entries
    found = extremes(entries)
    assert found is not None
    most = {name: labels(holders) for name, holders in found.most.items()}
    least = {name: labels(holders) for name, holders in found.least.items()}
    assert most["params"] == most["macs"] == ["vgg16"]
    assert (least["params"], least["macs"]) == (["googlenet"], ["alexnet_two_gpu"])
    assert labels(found.between) == ["resnet50"]
    assert labels(heaviness(entries).entries)[0] == "alexnet_two_gpu"
    assert labels(efficiency(entries).entries)[0] == "googlenet"
    assert labels(most_accurate(entries)) == ["resnet50"]


def test_standings_are_sorted_and_exact() -> None:
    found = heaviness(of(*LECTURES).entries)
    assert list(found.shares) == sorted(found.shares, reverse=True)
    assert found.shares[0] == Fraction(60_965_224, 724_406_816)
    googlenet = efficiency(of(*LECTURES).entries).shares[0]
    assert googlenet == (100 - Fraction("29.0")) / 6_998_552


def test_no_extremes_of_two_and_none_of_formulas() -> None:
    assert extremes(of("vgg16", "vgg19").entries) is None
    assert extremes(of("vgg16", "vgg19", "vgg11", input="HxWx3").entries) is None


def test_errors_on_other_tasks_are_not_ranked() -> None:
    mixed = of("resnet50", "resnet20_cifar")
    assert not one_task(mixed.entries)
    assert not any(mixed.best(entry, "top1_error") for entry in mixed.entries)
    assert efficiency(mixed.entries).entries == []
    assert one_task(of("resnet20_cifar", "resnet56_cifar").entries)


@pytest.mark.parametrize(
    ("options", "there"),
    [
        ({}, True),
        ({"batch": "8"}, True),
        ({"params": ["width=1"]}, True),
        ({"input": "224x224x3"}, True),
        ({"params": ["width=0.5"]}, False),
        ({"input": "192x192x3"}, False),
        ({"params": ["classes=10"]}, False),
    ],
)
def test_published_errors_hold_for_the_network_that_was_published(options: dict[str, object], there: bool) -> None:
    (entry,) = compare(wanted(["mobilenet_v2"]), options).entries
    assert (entry.error("top1_error") is not None) == there


def test_changed_fields_have_no_published_errors() -> None:
    (entry,) = of("googlenet", changes=["conv1.kernel=5"]).entries
    assert entry.error("top1_error") is None


def test_one_network_under_several_settings() -> None:
    found = of("mobilenet_v2", vary=["width=0.5,1"], to="width=1")
    assert labels(found.entries) == ["width=0.5", "width=1"]
    assert found.to is found.entries[1]
    assert [entry.report.total.params for entry in found.entries] == [
        cnncalc.analyze("mobilenet_v2", set={"width": width}).total.params for width in (0.5, 1)
    ]
    assert found.entries[1].error("top1_error") is not None  # width 1 is the published one
    assert found.entries[0].error("top1_error") is None


def test_several_networks_under_several_settings() -> None:
    found = of("mobilenet_v1", "mobilenet_v2", vary=["width=0.5:1:0.5", "batch=1,2"])
    assert labels(found.entries)[:2] == ["mobilenet_v1 width=0.5 batch=1", "mobilenet_v1 width=0.5 batch=2"]
    assert len(found.entries) == 8


def test_settings_that_cannot_be_had_are_left_out() -> None:
    found = of("alexnet", vary=["input=227,32"])
    assert labels(found.entries) == ["input=227"]
    assert [failure.label for failure in found.failures] == ["alexnet input=32"]
    with pytest.raises(SpecError, match="the kernel is"):
        of("alexnet", vary=["input=16,32"])


def test_what_a_pattern_brings_along_may_be_left_out_and_what_is_named_not() -> None:
    found = of("lenet5", "alexnet*", input="32x32x1")
    assert labels(found.entries) == ["lenet5"]
    assert {failure.label for failure in found.failures} >= {"alexnet"}
    with pytest.raises(SpecError):
        of("lenet5", "alexnet", input="32x32x1")


def test_what_is_compared_to_has_to_be_there() -> None:
    with pytest.raises(SpecError, match=r"did you mean 'width=0\.5'"):
        of("mobilenet_v2", vary=["width=0.5,1"], to="width=.5")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("input: 9x9x3\nlayers:\n  - {conv: 4, kernel: 3}\n")
    found = of(str(path), "lenet5")
    assert labels(found.entries) == ["mine", "lenet5"]
    assert found.entries[0].report.total.params == 112


def test_progress_is_told_network_by_network() -> None:
    told: list[str] = []
    compare(wanted(["lenet5", "vgg11"]), {}, progress=told.append)
    assert told == ["lenet5", "vgg11"]
