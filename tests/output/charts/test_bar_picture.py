"""Bar charts as SVG: lengths of bars match the numbers, and everything is inside the picture."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.output.charts import bars
from cnncalc.output.charts.bar_picture import HEIGHT, WIDTH, picture
from tests.output.charts.drawing import SVG, at, inside, of_class, read, size, tells, value, words
from tests.output.charts.networks import comparison, macs, network, params
from tests.output.charts.test_bars import vgg16

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NETWORKS = ("vgg16", "alexnet", "resnet50", "densenet121", "efficientnet_b0", "googlenet", "lenet5", "nasnet_a_large")


def drawn(name: str, asked: str | None = None, units: str = "", **options: Any) -> Element:
    return read(picture(bars.of_layers(cnncalc.analyze(name), asked, **options), units))


def lengths(panel: Element) -> list[float]:
    return [at(each, "width") for each in of_class(panel, "bar")]


def ticks(panel: Element) -> dict[float, float]:
    """The numbers below the bars, each with its place."""
    found = {}
    lines = sorted({at(each, "x1") for each in panel.iter(f"{SVG}line")})
    for each in panel.iter(f"{SVG}text"):
        if each.get("text-anchor") == "middle":
            found[value(each.text or "")] = at(each, "x")
    assert set(found.values()) <= set(lines)
    return found


def test_bars_are_as_long_as_the_numbers_say() -> None:
    root = drawn("vgg16")
    expected = vgg16()
    columns = ([row[1] for row in expected], [4 * row[2] for row in expected], [row[3] for row in expected])
    for numbers, panel in zip(columns, of_class(root, "panel"), strict=True):
        found = lengths(panel)
        scale = max(found) / max(numbers)
        assert found == pytest.approx([number * scale for number in numbers], abs=0.011)
        places = ticks(panel)
        left = at(of_class(panel, "bar")[0], "x")
        assert places[0] == left
        for number, place in places.items():
            assert place - left == pytest.approx(number * scale, abs=0.02)
        assert max(numbers) <= max(at(each, "x1") - left for each in panel.iter(f"{SVG}line")) / scale + 1


def test_each_bar_stands_beside_its_name() -> None:
    root = drawn("vgg16")
    names = {each.text: at(each, "y") for each in root.iter(f"{SVG}text")}
    for panel in of_class(root, "panel"):
        for bar, (name, *_) in zip(of_class(panel, "bar"), vgg16(), strict=True):
            assert at(bar, "y") < names[name] < at(bar, "y") + at(bar, "height")


def test_shares_totals_and_places_are_written() -> None:
    said = [each.text for each in words(drawn("vgg16"))]
    assert said[0] == "VGG-16 (configuration D), 2014: where the cost is"
    for text in (
        "Parameters",
        "138 M in total",
        "89% in fc6 to fc8",
        "74.3%",
        "Activation memory",
        "61.0 MB in total",
        "69% before pool2",
        "21.1%",
        "15.5 G in total",
    ):
        assert text in said


def test_bars_outside_of_the_run_are_pale() -> None:
    params, memory, multiplications = of_class(drawn("vgg16"), "panel")
    pale = [[each.get("fill-opacity") for each in of_class(panel, "bar")] for panel in (params, memory, multiplications)]
    assert pale[0] == ["0.4"] * 19 + [None] * 3
    assert pale[1] == [None] * 6 + ["0.4"] * 16
    assert set(pale[2]) == {None}
    assert len({of_class(panel, "bar")[-1].get("fill") for panel in (params, memory, multiplications)}) == 3


def test_what_is_told_is_exact() -> None:
    panel = of_class(drawn("vgg16"), "panel")[0]
    told = [tells(group) for group in panel.findall(f"{SVG}g")]
    assert told[1] == "conv1-1: conv 64 3×3 pad 1 → 224×224×64\nparameters: 1,792 (< 0.1%)"
    assert told[19] == "fc6: fc 4096 → 1×1×4096\nparameters: 102,764,544 (74.3%)"


def test_words_for_those_who_do_not_see_it() -> None:
    root = drawn("vgg16")
    assert tells(root) == "VGG-16 (configuration D), 2014: where the cost is"
    assert (root.findtext(f"{SVG}desc") or "") == (
        "Bars for 22 rows, by layer. Parameters: 138 M in total. Activation memory: 61.0 MB in total. MACs: 15.5 G in total. "
        "89% of the parameters are in fc6 to fc8; 69% of the activation memory comes before pool2."
    )


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize(
    "options", [{}, {"by": "stage"}, {"by": "kind"}, {"asked": "params,weights,biases,memory,values,macs,flops"}], ids=str
)
def test_words_stay_on_the_paper_and_off_each_other(name: str, options: dict[str, Any]) -> None:
    root = drawn(name, **options)
    assert inside(root)
    for one, other in combinations(words(root), 2):
        apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top
        assert apart, (one, other)


def test_a_slide_holds_it_and_more_rows_make_it_higher() -> None:
    assert size(drawn("resnet50"))[0] == WIDTH
    assert HEIGHT <= size(drawn("resnet50"))[1] <= HEIGHT * 1.1
    assert size(drawn("resnet50", fold=0))[1] > 175 * 15
    assert size(drawn("vgg16", "params,weights,biases,memory,values,macs"))[0] > WIDTH


def test_units() -> None:
    texts = {each.text for each in words(drawn("vgg16", "memory", "binary"))}
    assert {"58.1 MiB in total", "10 MiB"} <= texts
    assert {"60,950,432 B in total"} <= {each.text for each in words(drawn("vgg16", "memory", "exact"))}


def test_networks_side_by_side() -> None:
    found = bars.of_networks(comparison({"a": network(4), "b": network(8)}), "params,macs")
    root = read(picture(found))
    one, other = of_class(root, "panel")
    assert lengths(one)[0] / lengths(one)[1] == pytest.approx(params(4) / params(8), rel=1e-3)
    assert lengths(other)[0] / lengths(other)[1] == pytest.approx(macs(4) / macs(8), rel=1e-3)
    assert tells(root) == "Networks side by side"
    assert "Parameters: most in b, 5.35 k." in (root.findtext(f"{SVG}desc") or "")
    assert inside(root)


def test_nothing_at_all_is_drawn_as_nothing() -> None:
    root = read(picture(bars.of_layers(cnncalc.analyze({"input": "4x4x1", "layers": ["relu"]}), "params,macs", fold=0)))
    assert [lengths(panel) for panel in of_class(root, "panel")] == [[0, 0], [0, 0]]
    empty = read(picture(bars.of_layers(cnncalc.analyze({"input": "4x4x1", "layers": ["relu"]}), "params")))
    assert of_class(empty, "bar") == []


def test_hostile_names_are_words() -> None:
    name = '<script>"&]]>'
    net = {"name": name, "input": "4x4x1", "layers": [{"conv": 2, "name": "l" * 100}]}
    root = read(picture(bars.of_layers(cnncalc.analyze(net))))
    assert next(words(root)).text == '<script>"&]]>: where the cost is'
    assert inside(root)
    assert f"{'l' * 100}: conv 2 1×1" in [tells(group) for group in of_class(root, "name")]
    side = read(picture(bars.of_networks(comparison({name + "\x1b": network(4), "網絡" * 30: network(8)}))))
    assert inside(side)


def test_the_same_chart_makes_the_same_picture() -> None:
    one, other = (picture(bars.of_layers(cnncalc.analyze("alexnet"))) for _ in range(2))
    assert one == other


def test_where_names_are_long_volumes_give_way() -> None:
    net = {"input": "1024x1024x1024", "layers": [{"conv": 1024, "name": "a_name_that_is_as_long_as_names_get_in_deep_networks"}]}
    root = read(picture(bars.of_layers(cnncalc.analyze(net), "params")))
    assert "1024×1024×1024" not in {each.text for each in words(root)}
    assert inside(root)
