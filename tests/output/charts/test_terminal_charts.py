"""Charts in a terminal: bars as long as the numbers say, on pages of every width and with the signs that they have."""

from __future__ import annotations

import re

import pytest

import cnncalc
from cnncalc.explore.accuracy import accuracies
from cnncalc.output.charts import bars
from cnncalc.output.charts.terminal_charts import bars_text, bubbles_text
from cnncalc.output.forms.bar import EIGHTHS, bar
from cnncalc.output.forms.tables import Page
from cnncalc.study.metrics import METRICS
from cnncalc.text import breadth
from tests.output.charts.networks import comparison, network, of
from tests.output.charts.test_bars import vgg16

LECTURES = ("alexnet_owt", "vgg16", "googlenet", "resnet50", "mobilenet_v2", "efficientnet_b0", "lenet5")
FULL = {sign: at / 8 for at, sign in enumerate(EIGHTHS)}


def length(cell: str) -> float:
    """How long a bar is, in letters."""
    return sum(FULL[sign] for sign in cell if sign in FULL)


def test_bars_are_as_long_as_the_numbers_say() -> None:
    text = bars_text(bars.of_layers(cnncalc.analyze("vgg16"), "macs"), Page(60))
    lines = [line for line in text.splitlines() if "%" in line and line.startswith(("conv", "fc"))]
    numbers = [count for name, *_, count in vgg16() if count]
    assert len(lines) == len(numbers) == 16
    found = [length(line.partition("%")[2].strip()) for line in lines]
    scale = max(found) / max(numbers)
    assert found == pytest.approx([number * scale for number in numbers], abs=1 / 16 + 1e-9)
    assert max(found) >= 20


def test_bars_of_other_signs() -> None:
    assert [bar(value, 10, 20, ascii=True) for value in (0, 1, 5, 10)] == ["", "##", "#" * 10, "#" * 20]
    assert bar(5, 10, 5) == "██▌"
    assert bar(1, 0, 5) == ""
    text = bars_text(bars.of_layers(cnncalc.analyze("vgg16")), Page(80, encoding="ascii"))
    assert text.isascii()
    assert "##########" in text
    assert "224x224x64" in text


@pytest.mark.parametrize("encoding", ["latin-1", "cp437", "no such encoding", "koi8-r"])
def test_a_page_without_the_signs_gets_others(encoding: str) -> None:
    text = bars_text(bars.of_layers(cnncalc.analyze("lenet5")), Page(80, encoding=encoding))
    assert "█" not in text
    assert "###" in text


@pytest.mark.parametrize("width", [20, 44, 60, 80, 100, 160])
@pytest.mark.parametrize("name", ["vgg16", "resnet50", "nasnet_a_large"])
def test_lines_fit_the_page_and_nothing_is_left_out(name: str, width: int) -> None:
    found = bars.of_layers(cnncalc.analyze(name), "params,memory,macs,flops")
    text = bars_text(found, Page(width))
    table = [line for line in text.splitlines() if "%" in line or "──" in line or line.startswith("total")]
    assert max(breadth(line) for line in table) <= max(width, 44)
    assert "Hidden at this width" not in text
    for panel in found.panels:
        assert panel.metric.words in text or (width < 44 and panel.metric.name in text)
        assert panel.whole is not None
        assert panel.amount(panel.whole) in text


def test_a_page_of_no_width_is_as_wide_as_can_be_read() -> None:
    text = bars_text(bars.of_layers(cnncalc.analyze("vgg16")), Page())
    assert 90 <= max(map(len, text.splitlines()[3:])) <= 130


def test_colour_is_for_pages_that_have_it() -> None:
    chart = bars.of_layers(cnncalc.analyze("lenet5"))
    plain, coloured = bars_text(chart, Page(80)), bars_text(chart, Page(80, colour=True))
    assert "\x1b" not in plain
    assert "\x1b[36m██" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain


def test_networks_side_by_side() -> None:
    text = bars_text(bars.of_networks(comparison({"a": network(4), "b": network(8)}), "params"), Page(60))
    lines = [line for line in text.splitlines() if line[:2] in ("a ", "b ")]
    assert [line.split()[1:3] for line in lines] == [["2.68", "k"], ["5.35", "k"]]
    assert length(lines[0]) / length(lines[1]) == pytest.approx(2682 / 5354, abs=0.01)
    assert "total" not in text


def plot(text: str) -> list[str]:
    """The lines of the plot, without what stands beside the axis."""
    return [line[line.index(side[0]) + 1 :] for line in text.splitlines() if (side := re.findall("^ *[\\d.]*([│┤])", line))]


def test_points_stand_where_the_numbers_say() -> None:
    chart = accuracies(of(*LECTURES), METRICS["macs"])
    lines = plot(bubbles_text(chart, Page(80)))
    assert len(lines) == 22
    by_name = {}
    for y, line in enumerate(lines):
        for name in LECTURES:
            if name in line:
                at = line.index(name)
                x = at - 2 if line[at - 2 : at - 1] == "●" else at + len(name) + 1
                by_name[name] = (x, y)
                assert line[x] == "●"
    assert set(by_name) == {mark.entry.name for mark in chart.marks}
    assert sorted(by_name, key=lambda name: by_name[name][0]) == [
        mark.entry.name for mark in sorted(chart.marks, key=lambda mark: mark.cost)
    ]
    heights = [by_name[mark.entry.name][1] for mark in sorted(chart.marks, key=lambda mark: -mark.accuracy)]
    assert heights == sorted(heights)


def test_the_axes_are_told() -> None:
    text = bubbles_text(accuracies(of(*LECTURES), METRICS["macs"]), Page(80))
    lines = text.splitlines()
    assert lines[:2] == ["Top-1 accuracy against MACs", "6 networks for 1,000 classes"]
    assert "top-1 accuracy, %" in lines
    ticks = next(line for line in lines if re.match(r" *200 M", line))
    assert ticks.split("  ")[-1].strip() == "20 G"
    floor = next(line for line in lines if "└" in line)
    assert floor.count("┴") == 7
    assert any(line.strip() == "MACs, log scale" for line in lines)
    assert "Omitted, no published top-1 error: lenet5." in text


def test_every_network_is_in_the_table_the_best_first() -> None:
    text = bubbles_text(accuracies(of(*LECTURES), METRICS["macs"]), Page(80))
    rows = text[text.index("\n───") + 1 :].splitlines()[1:7]
    assert [row.split()[0] for row in rows] == ["efficientnet_b0", "resnet50", "mobilenet_v2", "vgg16", "googlenet", "alexnet_owt"]
    assert "71.592%  15.5 G       138 M" in rows[3]


def test_several_points_on_one_place_are_counted() -> None:
    chart = accuracies(comparison({name: network(4, top1="30") for name in "abc"}), METRICS["macs"])
    lines = plot(bubbles_text(chart, Page(80)))
    assert sum("3" in line for line in lines) == 1
    assert not any("●" in line for line in lines)


def test_a_narrow_page_has_only_the_table() -> None:
    text = bubbles_text(accuracies(of(*LECTURES), METRICS["macs"]), Page(30))
    assert "│" not in text
    assert "vgg16" in text


def test_a_plot_in_ascii_and_in_colour() -> None:
    chart = accuracies(of(*LECTURES), METRICS["macs"])
    text = bubbles_text(chart, Page(80, encoding="ascii", ruled=False))
    assert text.isascii()
    assert "o resnet50" in text
    assert "\x1b[36m●\x1b[0m resnet50" in bubbles_text(chart, Page(80, colour=True))


def test_names_that_are_wide_or_hostile_keep_their_places() -> None:
    nasty = {"網絡": network(4, top1="30"), "\x1b[31mred": network(8, top1="20"), "y" * 200: network(16, top1="10")}
    text = bubbles_text(accuracies(comparison(nasty), METRICS["macs"]), Page(80))
    assert "\x1b" not in text
    lines = text.splitlines()
    assert max(breadth(line) for line in lines[3:28]) <= 80
    assert any("● 網絡" in line or "網絡 ●" in line for line in lines)


def test_memory_and_even_steps() -> None:
    chart = accuracies(of("vgg16", "resnet50"), METRICS["memory"])
    assert "MiB" in bubbles_text(chart, Page(80), units="binary")
    assert "log scale" in bubbles_text(chart, Page(80), "log")
    assert "log scale" not in bubbles_text(chart, Page(80), "linear")


def test_a_crowded_plot_leaves_names_to_the_table() -> None:
    crowd = {f"a_network_with_a_long_name_{i}": network(4 + i, top1=f"{30 + i % 7}") for i in range(40)}
    text = bubbles_text(accuracies(comparison(crowd), METRICS["macs"]), Page(60))
    in_plot = sum(line.count("a_network_with_a_long_name_") for line in plot(text))
    assert 0 < in_plot < 40
    assert all(re.search(rf"^{name} ", text, re.MULTILINE) for name in crowd)


def test_ticks_for_which_there_is_no_room_have_no_words() -> None:
    wide = {"a": network(1, top1="30"), "b": network(1, top1="20"), "c": network(64, top1="10", input="64x64x3")}
    text = bubbles_text(accuracies(comparison(wide), METRICS["macs"]), Page(44), "log")
    floor, below = text.splitlines()[text.splitlines().index(next(line for line in text.splitlines() if "└" in line)) :][:2]
    assert floor.count("┴") > len(re.findall(r"\d+ ?[kM]?", below)) > 3
