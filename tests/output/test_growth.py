"""Pictures of large networks: twice the layers take at most 2.3 times the work, and too large ones are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.drawing import layout
from cnncalc.limits import Limits
from cnncalc.output.charts import bar_picture, bars
from cnncalc.output.charts.terminal_charts import bars_text
from cnncalc.output.diagrams import diagram_picture, dot, mermaid
from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
from cnncalc.output.forms import formats, table_picture, tables
from cnncalc.output.sheets import overview
from tests.cli.run import run
from tests.work import check_growth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from cnncalc.propagate.report import Report

    Steps = list[Any]

CONV = {"conv": 4, "kernel": 3, "pad": 1}


def named(kind: str, names: Iterable[str], sources: Callable[[int], Any]) -> Steps:
    """A layer of a kind for each name, which takes from what is said for its number."""
    field = 4 if kind == "conv" else None
    return [{kind: field, "name": name, "from": sources(i)} for i, name in enumerate(names)]


def crossed(n: int) -> Steps:
    """Two rows of layers with lines from each of the first to two of the second, and with some that go past."""
    above, below = [f"a{i}" for i in range(n // 2)], [f"b{i}" for i in range(n // 2)]
    first = named("conv", above, lambda i: "input")
    second = named("add", below, lambda i: [above[i], above[(7 * i + 3) % len(above)]])
    return [*first, *second, {"mean": None, "from": [*above, *below]}]


def u_shape(n: int) -> Steps:
    """A long line of layers inside of two lines that lead across."""
    down = [{"conv": 4, "name": "d0"}, {"conv": 4, "name": "d1"}]
    up = [step for i in (1, 0) for step in ({"conv": 4, "name": f"u{i}"}, {"add": None, "from": [f"u{i}", f"d{i}"]})]
    return [*down, *[CONV] * n, *up]


def blocks(n: int) -> dict[str, Any]:
    """As many different blocks as steps, of a size and with a residual line each."""
    inside = [[{"conv": 4 + i}, {"add": {"residual": [{"conv": 4 + i}], "shortcut": "identity"}}, CONV] for i in range(n // 4)]
    return {"blocks": {f"b{i}": {"layers": steps} for i, steps in enumerate(inside)}, "layers": [f"b{i}" for i in range(n // 4)]}


def nested(n: int) -> dict[str, Any]:
    """Twenty blocks around a chain of layers."""
    around = {f"b{i}": {"layers": [CONV, f"b{i - 1}", "relu"]} for i in range(1, 20)}
    return {"blocks": {"b0": {"layers": [{"conv": 4 + i % 3} for i in range(n)]}, **around}, "layers": ["b19"]}


def parallel(n: int) -> dict[str, Any]:
    """A large block three times side by side."""
    return {"blocks": {"b": {"layers": [CONV] * (n // 3)}}, "layers": [{"concat": ["b", "b", "b"]}]}


UNEVEN = [[CONV], [CONV, CONV], [CONV, CONV, CONV], ["identity"], [CONV]]
SHAPES: dict[str, Callable[[int], Any]] = {
    "chain": lambda n: [{"conv": 4 + i % 3} for i in range(n)],
    "in place": lambda n: ["relu"] * n,
    "repeated": lambda n: [{**CONV, "repeat": n}],
    "branches": lambda n: [{"concat": [CONV] * n}],
    "rounds of uneven branches": lambda n: [{"repeat": n // 10, "do": [{"add": UNEVEN}]}],
    "side exits": lambda n: [CONV, *[{"side": [CONV]}] * n, CONV],
    "a split": lambda n: [{"conv": 100}, {"split": 100, "name": "s"}, {"repeat": n, "do": [{"add": None, "from": "s"}]}],
    "crossed": crossed,
    "many readers": lambda n: [
        CONV,
        *["relu"] * (n // 2),
        {"relu": None, "name": "z"},
        *named("conv", map(str, range(n // 2)), lambda i: "z"),
    ],
    "a U": u_shape,
    "blocks": blocks,
    "nested": nested,
    "parallel": parallel,
    "long names": lambda n: [{"name": "x" * 190, "do": [{"name": "y" * 190, "do": [{"conv": 4 + i % 3} for i in range(n)]}]}],
}
DRAWN: dict[str, Callable[[Report, int], str]] = {
    "diagram as SVG": lambda report, fold: diagram_picture.picture(Diagram(report, DiagramOptions(fold))),
    "diagram as DOT": lambda report, fold: dot.text(Diagram(report, DiagramOptions(fold))),
    "diagram as Mermaid": lambda report, fold: mermaid.text(Diagram(report, DiagramOptions(fold))),
    "chart as SVG": lambda report, fold: bar_picture.picture(bars.of_layers(report, fold=fold)),
    "chart in a terminal": lambda report, fold: bars_text(bars.of_layers(report, fold=fold), tables.Page(100)),
    "table as SVG": lambda report, fold: formats.svg(overview.overview(report, overview.Arrangement(None, fold, None, None))),
}
CASES = [
    *[(shape, "diagram as SVG", 0) for shape in SHAPES],
    *[(shape, "diagram as SVG", 1) for shape in ("blocks", "nested", "parallel", "side exits")],
    *[(shape, form, 0) for form in ("diagram as DOT", "diagram as Mermaid") for shape in ("in place", "nested", "branches")],
    *[(shape, form, 0) for form in ("chart as SVG", "chart in a terminal", "table as SVG") for shape in ("chain", "long names")],
    ("in place", "chart in a terminal", 1),
]


def analyzed(shape: str, size: int) -> Report:
    made = SHAPES[shape](size)
    return cnncalc.analyze({"input": "8x8x4", **(made if isinstance(made, dict) else {"layers": made})})


@pytest.mark.parametrize(("shape", "form", "fold"), CASES)
def test_twice_the_layers_are_twice_the_work(shape: str, form: str, fold: int) -> None:
    draw = DRAWN[form]
    less, more = (analyzed(shape, size) for size in (120, 240))
    for report in (less, more):
        draw(report, fold)  # what is worked out only once
    check_growth(lambda: draw(less, fold), lambda: draw(more, fold))


def written(tmp_path: Path, layers: Steps, **more: Any) -> str:
    path = tmp_path / "large.yaml"
    path.write_text(str({"input": "8x8x4", "layers": layers, **more}).replace("None", "").replace("'", ""), encoding="utf-8")
    return str(path)


def test_a_diagram_of_too_many_layers_says_what_can_be_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagram_picture, "LIMITS", Limits(picture_layers=30))
    instead = "--format dot or mermaid writes all of it, for other programs to draw\n"
    for count, fewer in ((30, "without --fold it has 5 boxes; "), (10, "with --fold 1 it has 5 boxes; "), (0, "")):
        steps = [{"b": None, "repeat": count}] if count else [{"conv": "i", "repeat": 30}]
        path = written(tmp_path, steps, blocks={"b": {"layers": [CONV, "relu", CONV]}})
        done = run("diagram", path, "--format", "svg", "--fold", "none")
        assert (done.code, done.out) == (2, "")
        layers = 3 * count + 1 if count else 31
        assert done.err == f"Error: the diagram is too large for an SVG: {layers} layers; at most 30 are drawn\n  {fewer}{instead}"
        assert run("diagram", path, "--format", "dot", "--fold", "none").code == 0
        assert run("diagram", path, "--format", "svg", "--fold", "1").out.count("data-node") == (5 if count else 0)


def test_lines_that_go_past_too_much_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LIMITS", Limits(passed_boxes=30))
    long = [{"conv": 4, "name": "a"}, {"b": None, "repeat": 15}, {"conv": 4, "name": "z"}, {"add": None, "from": ["a", "z"]}]
    block = {"b": {"layers": [CONV, CONV]}}
    done = run("diagram", written(tmp_path, long, blocks=block), "--format", "svg", "--fold", "none")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: the diagram is too large for an SVG: its lines pass more than 30 boxes in total\n"
        "  with --fold 1 it has 8 boxes; --format dot or mermaid writes all of it, for other programs to draw\n"
    )


def test_a_table_or_a_chart_of_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (table_picture, bar_picture):
        monkeypatch.setattr(module, "LIMITS", Limits(picture_rows=10))
    path = written(tmp_path, [{"conv": "i", "repeat": 11}])
    done = run("show", path, "--format", "svg")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: the table is too large for an SVG: 12 rows; at most 10 are drawn\n"
        "  --format html has all of them; cnncalc show has fewer with --top 100 or --fold 1\n"
    )
    assert run("show", path, "--format", "svg", "--top", "5").code == run("show", path, "--format", "html").code == 0
    done = run("chart", path, "--format", "svg")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(
        "Error: the chart is too large for an SVG: 12 rows; at most 10 are drawn\n  --by kind has a bar for each kind of layer; "
    )
    assert run("chart", path, "--format", "svg", "--by", "kind").code == run("chart", path).code == 0
