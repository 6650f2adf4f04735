"""Accuracy against cost as SVG, read back: places, areas and names."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from math import log10
from typing import TYPE_CHECKING

import pytest

from cnncalc.drawing.labels import Disc, Rectangle, place_labels, places_around
from cnncalc.errors import SpecError
from cnncalc.explore.accuracy import accuracies
from cnncalc.output.charts import bubble_picture, bubbles
from cnncalc.output.charts.bubble_picture import picture
from cnncalc.spec import catalogue_index
from cnncalc.study.metrics import METRICS
from tests.output.charts.drawing import SVG, at, inside, of_class, read, tells, value, words
from tests.output.charts.networks import comparison, network, of, params

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from cnncalc.explore.accuracy import Accuracies

LECTURES = ("alexnet_owt", "vgg16", "googlenet", "resnet50", "resnet152", "densenet121", "mobilenet_v2", "efficientnet_b0", "squeezenet1_0")


@pytest.fixture(scope="module")
def lectures() -> Accuracies:
    return accuracies(of(*LECTURES), METRICS["macs"])


@pytest.fixture(scope="module")
def many() -> Accuracies:
    return accuracies(of("vgg*", "resnet[1-9]*", "densenet*", "mobilenet*", "shufflenet*", "alexnet*", "lenet5"), METRICS["macs"])


def circles(root: Element) -> dict[str, Element]:
    """The bubbles by the names of their networks."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        inner = [each for each in group.findall(f"{SVG}circle") if each.get("class") == "bubble"]
        if inner:
            found[tells(group).partition(":")[0]] = inner[0]
    return found


def axis(root: Element, *, upright: bool) -> list[tuple[float, float]]:
    """The ticks of an axis: number and place, in order."""
    anchor = "end" if upright else "middle"
    return sorted(
        (value(each.text or ""), at(each, "y") - at(each, "font-size") * 0.36 if upright else at(each, "x"))
        for each in root.iter(f"{SVG}text")
        if each.get("class") == "faint" and re.match(r"\d", each.text or "") and each.get("text-anchor") == anchor
    )


def between(ticks: list[tuple[float, float]], number: float, *, log: bool) -> float:
    """The place of a number, from the ticks around it."""
    for (low, first), (high, last) in pairwise(ticks):
        if low <= number <= high:
            part = (log10(number / low) / log10(high / low)) if log else (number - low) / (high - low)
            return first + part * (last - first)
    raise AssertionError(f"{number} is beyond the ticks")


@pytest.mark.parametrize("log", [True, False])
def test_bubbles_stand_where_the_numbers_say(lectures: Accuracies, log: bool) -> None:
    root = read(picture(lectures, "log" if log else "linear"))
    across, up = axis(root, upright=False), axis(root, upright=True)
    found = circles(root)
    assert len(found) == len(LECTURES)
    for mark in lectures.marks:
        circle = found[mark.entry.name]
        assert at(circle, "cx") == pytest.approx(between(across, mark.cost, log=log), abs=0.05)
        assert at(circle, "cy") == pytest.approx(between(up, float(mark.accuracy), log=False), abs=0.05)


def test_areas_are_parameters(lectures: Accuracies) -> None:
    root = read(picture(lectures))
    found = circles(root)
    biggest = at(found["vgg16"], "r")
    for mark in lectures.marks:
        assert at(found[mark.entry.name], "r") ** 2 / biggest**2 == pytest.approx(mark.size / 138357544, rel=0.01, abs=1e-4)
    rings = [at(each, "r") for each in root.iter(f"{SVG}circle") if each.get("fill") == "none"]
    assert [radius**2 / biggest**2 * 138.357544 for radius in rings] == pytest.approx([100, 20, 5], rel=0.01)
    assert {"Area: parameters", "100 M", "20 M", "5 M"} <= {each.text for each in words(root)}


def test_large_bubbles_hide_no_small_ones(lectures: Accuracies) -> None:
    radii = [at(each, "r") for each in of_class(read(picture(lectures)), "bubble")]
    assert radii == sorted(radii, reverse=True)


def test_each_name_stands_nearest_to_its_bubble_or_has_a_line(lectures: Accuracies) -> None:
    root = read(picture(lectures))
    found = circles(root)
    lines = [each for each in of_class(root, "line") if each.tag == f"{SVG}line" and each.get("stroke-width") == "0.8"]
    names = {each.text: each for each in words(root)}
    for mark, name in zip(lectures.marks, bubbles.names(lectures), strict=True):
        circle, box = found[mark.entry.name], names[name]
        dx = max(box.left - at(circle, "cx"), at(circle, "cx") - box.right, 0)
        dy = max(box.top - at(circle, "cy"), at(circle, "cy") - box.bottom, 0)
        led = any(at(line, "x1") == at(circle, "cx") and at(line, "y1") == at(circle, "cy") for line in lines)
        assert led or (dx * dx + dy * dy) ** 0.5 < at(circle, "r") + 10, name


@pytest.mark.parametrize("chart", ["lectures", "many"])
def test_words_stay_on_the_paper_and_off_each_other(chart: str, request: pytest.FixtureRequest) -> None:
    root = read(picture(request.getfixturevalue(chart)))
    assert inside(root)
    for one, other in combinations(words(root), 2):
        apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top
        assert apart, (one, other)


def test_many_networks_all_have_names(many: Accuracies) -> None:
    root = read(picture(many))
    assert len(many.marks) == 46
    assert {each.text for each in words(root)} >= {mark.entry.name for mark in many.marks}
    said = " ".join(each.text for each in words(root))
    assert "Omitted, no published top-1 error: lenet5." in said
    assert "Omitted, for another task, 10 classes: resnet20_cifar" in said
    assert "Without a name" not in said


def test_the_whole_catalogue_has_room_for_its_names() -> None:
    """With the figures that were published, so that no network has to be built."""
    from cnncalc.printed_number import printed_number

    points: list[tuple[str, float, float]] = []
    for entry in catalogue_index.entries():
        macs, error = (printed_number(entry.published.get(key, "none")) for key in ("macs", "top1_error"))
        if macs is not None and error is not None and "cifar" not in entry.name:
            points.append((entry.name, float(macs.value), float(error.value)))
    assert len(points) > 60
    width, height = bubble_picture.extent(len(points))
    discs = [
        Disc(100 + (log10(macs) - 7.5) / 3.2 * (width - 350), 100 + (error - 15) / 30 * (height - 250), 8) for _, macs, error in points
    ]
    found = place_labels(
        [places_around(disc, 6.4 * len(name), 11) for disc, (name, *_) in zip(discs, points, strict=True)],
        Rectangle(66, 100, width - 200, height - 62),
        discs,
    )
    assert sum(place is None for place in found) <= len(points) / 50


def test_a_logarithmic_axis_has_no_place_for_zero() -> None:
    no_weights = {"input": "8x8x3", "layers": ["gap"], "published": {"top1_error": "90", "source": "somebody"}}
    chart = accuracies(comparison({"a": network(4, top1="30", classes=3), "b": no_weights}), METRICS["macs"])
    with pytest.raises(SpecError, match="--scale log has no place for 0"):
        picture(chart, "log")
    assert axis(read(picture(chart)), upright=False)[0][0] == 0


def test_titles_name_networks_where_they_are_short_and_different(lectures: Accuracies) -> None:
    assert bubbles.names(lectures)[:4] == ["AlexNet", "VGG-16", "GoogLeNet", "ResNet-50"]
    assert bubbles.names(accuracies(of("mobilenet_v2", "mobilenet_v2_140"), METRICS["macs"])) == ["mobilenet_v2", "mobilenet_v2_140"]
    assert bubbles.names(accuracies(of("resnet18", "resnet18_a"), METRICS["macs"])) == ["resnet18", "resnet18_a"]


def test_families_have_colours_and_single_networks_no_entry(lectures: Accuracies, many: Accuracies) -> None:
    root = read(picture(lectures))
    colours = {name: circle.get("fill") for name, circle in circles(root).items()}
    assert colours["resnet50"] == colours["resnet152"]
    assert len(set(colours.values())) == len(LECTURES) - 1
    said = [each.text for each in words(root)]
    assert "resnet" in said
    assert not {"vgg", "others"} & set(said)
    assert {"resnet", "vgg", "densenet", "shufflenet_v2"} <= {each.text for each in words(read(picture(many)))}


def test_more_families_than_colours_are_others() -> None:
    names = (
        "alexnet_owt",
        "vgg16",
        "googlenet",
        "resnet50",
        "densenet121",
        "mobilenet_v2",
        "efficientnet_b0",
        "squeezenet1_0",
        "xception",
        "nin",
        "zfnet",
    )
    root = read(picture(accuracies(of(*names), METRICS["macs"])))
    assert [each.get("fill") for each in of_class(root, "bubble")].count("#8b949e") == 2
    assert "others" in [each.text for each in words(root)]


def test_what_is_told(lectures: Accuracies) -> None:
    root = read(picture(lectures))
    told = [
        tells(group) for group in root.iter(f"{SVG}g") if group.find(f"{SVG}circle") is not None and group.find(f"{SVG}title") is not None
    ]
    assert (
        "vgg16: VGG-16 (configuration D), 2014\ntop-1 accuracy: 71.592% (table 2 of the paper; torchvision)\n"
        "MACs: 15,470,264,320\nparameters: 138,357,544" in told
    )
    description = root.findtext(f"{SVG}desc") or ""
    assert "9 networks for 1,000 classes." in description
    assert "vgg16: 71.592%, 15.5 G." in description
    assert bubbles.ALIKE in description


def test_against_parameters_the_area_is_macs() -> None:
    root = read(picture(accuracies(of("vgg16", "resnet50"), METRICS["params"])))
    assert {"Parameters", "Area: MACs", "Top-1 accuracy against parameters"} <= {each.text for each in words(root)}
    found = circles(root)
    assert (at(found["resnet50"], "r") / at(found["vgg16"], "r")) ** 2 == pytest.approx(3857973248 / 15470264320, rel=0.01)


def test_memory_has_units() -> None:
    chart = accuracies(of("vgg16", "resnet50"), METRICS["memory"])
    assert any(each.text.endswith(" MB") for each in words(read(picture(chart))))
    assert any(each.text.endswith(" MiB") for each in words(read(picture(chart, units="binary"))))


def test_hostile_names_and_lonely_networks() -> None:
    nasty = '<script>"&]]>\x1b'
    chart = accuracies(comparison({nasty: network(4, top1="30"), "x" * 300: network(8, top1="20")}), METRICS["macs"])
    root = read(picture(chart))
    assert inside(root)
    assert '<script>"&]]>\N{REPLACEMENT CHARACTER}' in [
        tells(group).partition(":")[0] for group in root.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None
    ]
    one = read(picture(accuracies(comparison({"a": network(4, top1="30")}), METRICS["macs"])))
    assert list(circles(one)) == ["a"]
    assert inside(one)
    assert params(4) > 0


def test_where_names_have_no_room_they_are_told_below() -> None:
    crowd = {f"the_network_of_number_{i}": network(4, top1="30") for i in range(22)}
    root = read(picture(accuracies(comparison(crowd), METRICS["macs"])))
    said = " ".join(each.text for each in words(root))
    assert "Not labelled: " in said
    assert all(name in said for name in crowd)


def test_bubbles_without_size() -> None:
    bare = {"input": "8x8x3", "layers": [{"conv": 10, "kernel": 1, "bias": "false"}], "published": {"top1_error": "50"}}
    chart = accuracies(comparison({"a": bare, "b": network(4, top1="20")}), METRICS["macs"])
    flat = chart._replace(marks=[mark._replace(size=0) for mark in chart.marks])
    root = read(picture(flat))
    assert {at(each, "r") for each in of_class(root, "bubble")} == {0}
    assert "Area: parameters" not in {each.text for each in words(root)}


@pytest.mark.parametrize(
    ("most", "sizes"), [(155_000_000, [100_000_000, 20_000_000, 5_000_000]), (10, [10, 2]), (1, [1]), (60, [50, 10, 2])]
)
def test_round_sizes_for_the_legend(most: int, sizes: list[float]) -> None:
    assert bubble_picture._sizes(most) == sizes
