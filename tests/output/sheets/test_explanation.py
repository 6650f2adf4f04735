"""Derivations as text, LaTeX and JSON: nothing is lost at line breaks, and JSON parses back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

import cnncalc
from cnncalc.dims import symbol
from cnncalc.output.forms import formats
from cnncalc.output.forms.tables import Page
from cnncalc.output.sheets import derivation_forms
from cnncalc.output.sheets.explanation import NARROWEST, FormulaWriter, broken, longest_path, page, text
from cnncalc.spec.expressions import parse
from cnncalc.spec.scope import Scope
from cnncalc.study.derive.derivation import COSTS, LAYER, NETWORK, derive, explain
from cnncalc.text import breadth
from tests.study.derive.test_derivation import ODD, SYMBOLIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.propagate.report import Report
    from cnncalc.study.derive.derivation import Derivation

    Golden = Callable[[str, str], None]

NAMED: dict[str, Any] = {"name": "Named", "input": "8x8x3", "layers": [
    {"conv": 4, "kernel": 3, "name": "50% & more_#1"}, {"do": [{"conv": 4, "name": "a"}, {"conv": 4, "name": "b"}], "name": "größe"},
]}  # fmt: skip
REPORTS: dict[str, Any] = {"alexnet": "alexnet", "googlenet": "googlenet", "odd": ODD, "symbolic": SYMBOLIC, "named": NAMED}


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest) -> Report:
    return cnncalc.analyze(REPORTS[request.param])


def questions(report: Report) -> list[list[Derivation]]:
    """Everything that may be asked of a network, one thing and all things at a time; a few layers of each kind."""
    kinds = {row.kind: row for row in report.rows}
    found = [[derive(report, None, name)] for name in NETWORK]
    found += [[derive(report, row, name)] for row in kinds.values() for name in LAYER]
    return [*found, explain(report), *([derive(report, row, name) for name in LAYER] for row in kinds.values())]


def test_one_line_each() -> None:
    alexnet = cnncalc.analyze("alexnet")
    conv1, fc6 = alexnet["CONV1"], alexnet["FC6"]
    assert text(derive(alexnet, conv1, "width")) == "W' = ⌊(W − F + 2P)/S⌋ + 1 = ⌊(227 − 11 + 2·0)/4⌋ + 1 = 55"
    assert text(derive(alexnet, conv1, "params")) == "params = (F·F·C)·K + K = (11·11·3)·96 + 96 = 34,944"
    assert text(derive(alexnet, fc6, "weights")) == "weights = (H·W·C)·K = (6·6·256)·4,096 = 37,748,736"
    assert text(derive(alexnet, conv1, "bytes")) == "memory = B·H'·W'·K = 4·55·55·96 = 1,161,600 (1.16 MB)"
    assert text(derive(alexnet, conv1, "width"), style="ascii") == "W_out = (W - F + 2*P)//S + 1 = (227 - 11 + 2*0)//4 + 1 = 55"
    assert text(derive(alexnet, fc6, "height")) == "H' = 1"
    assert text(derive(alexnet, None, "weight_layers")).splitlines()[0] == "weight layers = conv + fc = 5 + 3 = 8"


@pytest.mark.parametrize(
    ("layer", "quantity", "said"),
    [
        ("relu1", "params", "params = 0\nrelu has no learnable parameters."),
        ("relu1", "weights", "weights = 0\nrelu has no weights."),
        ("POOL1", "macs", "macs = 0\nmaxpool has no multiply-accumulates."),
        ("CONV1", "buffers", "buffers = 0\nconv has no buffers."),
        ("dropout1", "flops", "flops = 0\ndropout has no operations under this convention."),
        ("relu1", "values", "relu works in place: totals exclude its output."),
        ("CONV1", "flops", "Counting full: Two for every multiply-accumulate, one for every bias"),
    ],
)
def test_what_costs_nothing_is_said(layer: str, quantity: str, said: str) -> None:
    alexnet = cnncalc.analyze("alexnet")
    assert said in text(derive(alexnet, alexnet[layer], quantity))


def test_what_depends_on_symbols_is_said() -> None:
    report = cnncalc.analyze("upsample S, conv 4 3x3")
    found = page(explain(report, "conv1"), Page())
    assert "The receptive field depends on the values of the symbols.\nThe jump depends on the values of the symbols." in found
    assert "receptive field =" not in found
    assert text(derive(report, report["conv1"], "jump")) == "input  j = 1\nFrom there on, it depends on the values of the symbols."


@pytest.mark.parametrize(
    ("layers", "lines"),
    [
        # which branch sees more depends on K; the first stands for both
        (
            [{"concat": [{"conv": 2, "kernel": "K", "pad": "same"}, {"conv": 2, "kernel": 3, "pad": "same"}]}],
            ["concat1/conv1  r = r + (F − 1)·j = 1 + (K − 1)·1 = K"],
        ),
        # how far off the input's edge the first windows begin depends on K
        (
            [{"concat": [{"conv": 2, "kernel": n, "stride": "K", "pad": "same"} for n in (3, 5)]}],
            ["concat1/conv2  r = r + (F − 1)·j = 1 + (5 − 1)·1 = 5"],
        ),
        ([{"upsample": "K"}, {"add": ["identity", {"conv": 8, "kernel": 3, "pad": 1}]}], ["input  r = 1"]),
    ],
)
def test_a_way_ends_where_symbols_leave_open_what_is_seen(layers: list[Any], lines: list[str]) -> None:
    report = cnncalc.analyze({"input": "9x9x8", "params": {"K": ""}, "layers": [*layers, {"conv": 1, "kernel": 3, "pad": 1, "name": "c"}]})
    found = [" ".join(line.split()) for line in text(derive(report, report["c"], "receptive_field")).splitlines()]
    assert set(found) >= {" ".join(line.split()) for line in lines}
    assert "From there on, it depends on the values of the symbols." in found
    assert not any(line.startswith("c ") for line in found)


def test_a_gate_over_all_of_an_unknown_input() -> None:
    gate = {"multiply": ["identity", ["gap", {"conv": 8}]], "name": "m"}
    layers = [{"conv": 8, "kernel": 3, "stride": 2, "pad": "same"}, gate, {"conv": 4, "kernel": 3, "name": "c"}]
    report = cnncalc.analyze({"input": "HxWx8", "layers": layers})
    assert report["c"].receptive_field == (None, None)  # 7, or all that the gate shows
    assert "From there on, it depends on the values of the symbols." in text(derive(report, report["c"], "receptive_field"))


def test_totals_that_are_nothing() -> None:
    alexnet = cnncalc.analyze("alexnet")
    assert text(derive(alexnet, None, "buffers")) == "buffers = 0\nNo layer has any buffers."
    assert page(explain(cnncalc.analyze("relu, sigmoid", input="3x3x3")), Page()).endswith(
        "\n\nNo layer has any weights, biases, params, param memory, buffers, macs, products, weight layers.\n"
    )


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"conv": 1, "kernel": 3, "stride": 2}, "remainder 1: the last row of the input is unused; 9 would divide evenly"),
        ({"conv": 1, "kernel": 3, "stride": 3}, "remainder 2: the last 2 rows of the input are unused; 9 or pad 2 would divide evenly"),
        ({"conv": 1, "kernel": 3, "stride": 2, "pad": 1}, "remainder 1: the last row of the padding is unused; 9 would divide evenly"),
        (
            {"maxpool": 3, "stride": 2, "round": "ceil"},
            "remainder 1: the last position of the kernel extends past the edge; 9 would divide evenly",
        ),
    ],
)
def test_what_is_left_over(layer: dict[str, Any], said: str) -> None:
    report = cnncalc.analyze({"input": "8x9x1", "layers": [layer]})
    lines = text(derive(report, report.rows[1], "output")).splitlines()
    assert [line.strip() for line in lines if "=" not in line] == [said]
    assert lines.index(f"     {said}") == 1  # below the height, which does not tile


def test_what_is_left_over_of_symbols() -> None:
    report = cnncalc.analyze({"input": "HxWx1", "layers": [{"conv": 1, "kernel": 3, "stride": 2}]})
    assert "divides evenly where (H − 3 + 2·0) mod 2 = 0" in text(derive(report, report.rows[1], "output"))


def unwrapped(shown: str) -> str:
    return " ".join(shown.split())


def test_no_line_is_wider_than_the_page_and_none_loses_anything(report: Report) -> None:
    for asked in questions(report):
        whole = page(asked, Page())
        for width in (60, 100):
            narrow = page(asked, Page(width))
            assert unwrapped(narrow) == unwrapped(whole)
            for line in narrow.splitlines():
                if breadth(line) > width:  # only what cannot be broken may stand out: one term, or words beside a wide name
                    assert len(broken(line.rpartition(" = ")[2].strip(), 1)) == 1, line


def test_terms_stay_together_in_brackets() -> None:
    assert broken("12 + (34 + 56)·78 + 9", 10) == ["12", "+ (34 + 56)·78", "+ 9"]
    assert broken("(1 + 2)", 3) == ["(1 + 2)"]
    assert broken("12 − 34", 100) == ["12 − 34"]
    assert broken("1 + 2 + 3 + 4", 9) == ["1 + 2 + 3", "+ 4"]
    assert broken(r"\left\lfloor \frac{H + 1}{2} \right\rfloor + 1", 3) == [r"\left\lfloor \frac{H + 1}{2} \right\rfloor", "+ 1"]
    assert NARROWEST >= 20


def test_pages_without_the_signs(report: Report) -> None:
    for asked in questions(report):
        for encoding in ("ascii", "latin-1"):
            page(asked, Page(encoding=encoding)).encode(encoding)
    assert "⌊" not in page(explain(report), Page(encoding="cp437"))


def test_titles_are_bold_where_there_is_colour() -> None:
    asked = explain(cnncalc.analyze("alexnet"), "CONV1", "params")
    assert page(asked, Page(colour=True)).startswith("\x1b[1mCONV1 of AlexNet")
    assert "\x1b" not in page(asked, Page())


# LaTeX

KNOWN = {
    r"\begin", r"\end", r"\text", r"\textbf", r"\noindent", r"\frac", r"\left", r"\right", r"\lfloor", r"\rfloor", r"\lceil", r"\rceil",
    r"\cdot", r"\times", r"\to", r"\quad", r"\mathrm", r"\min", r"\max", r"\bmod", r"\ldots", r"\usepackage", r"\textasciitilde",
    r"\geq", r"\textbackslash", r"\textasciigrave",
}  # fmt: skip


def test_latex_is_sound(report: Report) -> None:
    for asked in questions(report):
        source = derivation_forms.latex(asked)
        body = "\n".join(line for line in source.splitlines() if not line.startswith("%"))
        escaped = re.sub(r"\\[{}$&#%_]", "", body)
        assert set(re.findall(r"\\[a-zA-Z]+", body)) <= KNOWN
        assert escaped.count("{") == escaped.count("}")
        assert escaped.count("$") % 2 == 0
        (equations,) = re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", body, re.DOTALL)
        for line in equations.split(" \\\\\n"):
            assert line.count(r"\left") == line.count(r"\right")  # a pair may not be broken by a line
            assert re.sub(r"\\[{}]", "", line).count("{") == re.sub(r"\\[{}]", "", line).count("}")
            assert len(re.findall(r"(?<!\\)&", line)) == 1  # one place to align
            assert "\n\n" not in line
        assert not re.search(r"(?<!\\)[#%]", body)
        assert body.replace("größe", "").isascii()


def test_latex_escapes_names_and_groups_thousands() -> None:
    named = cnncalc.analyze(NAMED)
    source = derivation_forms.latex([derive(named, None, "params")])
    assert r"\text{50\% \& more\_\#1} &=" in source
    alexnet = cnncalc.analyze("alexnet")
    assert r"\text{params} &= (F \cdot F \cdot C) \cdot K + K = (11 \cdot 11 \cdot 3) \cdot 96 + 96 = 34{,}944" in derivation_forms.latex(
        explain(alexnet, "CONV1", "params")
    )
    assert r"1{,}161{,}600\text{ (1.16 MB)}" in derivation_forms.latex(explain(alexnet, "CONV1", "bytes"))
    assert r"\frac{1}{2}" in derivation_forms.latex(explain(cnncalc.analyze(ODD), "upconv1", "jump"))


# JSON, and tables


def arithmetic(source: str) -> Any:
    expression = parse(source)
    return expression.evaluate(Scope({name: symbol(name) for name in expression.names}))


def test_json_reads_back() -> None:
    for network in ("alexnet", ODD):
        report = cnncalc.analyze(network)
        for row in report.rows:
            document = json.loads(formats.json(derivation_forms.document([derive(report, row, name) for name in LAYER])))
            assert [each["quantity"] for each in document["derivations"]] == [*LAYER]
            for each in document["derivations"]:
                assert each["layer"] == row.path
                assert each["value"] == row.as_dict()[each["quantity"]]
                for line in each["lines"]:
                    assert not line["worked"] or str(arithmetic(line["worked"])) == str(line["value"])
                    assert each["quantity"] not in COSTS or line["value"] == each["value"]


def test_what_json_holds() -> None:
    resnet = cnncalc.analyze("resnet18")
    document = derivation_forms.document(explain(resnet, "conv1", "output"))
    assert document["network"]["id"] == "resnet18"
    (derivation,) = document["derivations"]
    assert derivation["lines"][0] == {
        "symbol": "H_out", "rule": "(H - F + 2*P)//S + 1", "worked": "(224 - 7 + 2*3)//2 + 1", "value": 112,
        "rest": {"axis": "row", "left": 1, "over": False, "padding": True, "fits": ["225"]},
    }  # fmt: skip
    assert {"symbol": "F", "meaning": "kernel size", "value": 7} in derivation["symbols"]
    totals = json.loads(formats.json(derivation_forms.document(explain(resnet))))
    assert {each["quantity"]: each["value"] for each in totals["derivations"]} == resnet.total.as_dict()


def test_sheets_have_a_row_a_line() -> None:
    alexnet = cnncalc.analyze("alexnet")
    rows = formats.csv(derivation_forms.sheet(explain(alexnet, "params"), "ascii")).splitlines()
    assert rows[0] == "layer,symbol,rule,numbers,result"
    assert rows[1] == "CONV1,params,(F*F*C)*K + K,(11*11*3)*96 + 96,34944"
    assert sum(int(row.rpartition(",")[2]) for row in rows[1:-1]) == int(rows[-1].rpartition(",")[2]) == alexnet.total.params
    shown = formats.markdown(derivation_forms.sheet(explain(alexnet, "CONV1", "params")))
    assert re.search(r"\| CONV1 \| params +\| \(F·F·C\)·K \+ K +\| \(11·11·3\)·96 \+ 96 +\| +34,944 \|", shown)
    assert "With C = 3 (channels of the input), K = 96 (number of filters: the output channels)" in shown


def test_a_pen_knows_styles() -> None:
    assert FormulaWriter("latex").value(12345) == "12{,}345"
    assert FormulaWriter().name("weight_layers") == "weight layers"
    assert FormulaWriter("latex").name("params") == r"\text{params}"
    assert FormulaWriter("ascii").name("H'") == "H_out"


GOLDEN: dict[str, tuple[Any, tuple[str, ...], dict[str, Any], str]] = {
    "explain_alexnet_CONV1.txt": ("alexnet", ("CONV1",), {}, "text"),
    "explain_alexnet_CONV1.tex": ("alexnet", ("CONV1",), {}, "latex"),
    "explain_alexnet_CONV1.md": ("alexnet", ("CONV1",), {}, "markdown"),
    "explain_alexnet_relu1.txt": ("alexnet", ("relu1",), {}, "text"),
    "explain_alexnet_FC6_receptive_field.txt": ("alexnet", ("FC6", "receptive_field"), {}, "text"),
    "explain_alexnet.txt": ("alexnet", (), {}, "text"),
    "explain_resnet50_params.txt": ("resnet50", ("params",), {}, "text"),
    "explain_resnet50_conv1_output.txt": ("resnet50", ("conv1", "output"), {}, "text"),
    "explain_googlenet_weight_layers.txt": ("googlenet", ("weight_layers",), {}, "text"),
    "explain_symbolic_pool.txt": (SYMBOLIC, ("pool",), {"batch": "N"}, "text"),
    "explain_odd_conv1.txt": (ODD, ("conv1",), {}, "ascii"),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_what_people_see(name: str, golden: Golden) -> None:
    network, words, options, form = GOLDEN[name]
    asked = explain(cnncalc.analyze(network, **options), *words)
    if form == "latex":
        golden(name, derivation_forms.latex(asked))
    elif form == "markdown":
        golden(name, formats.markdown(derivation_forms.sheet(asked)))
    else:
        golden(name, page(asked, Page(80, encoding="utf-8" if form == "text" else "ascii")))


def test_of_a_long_path_the_first_and_the_last_layers_are_named() -> None:
    assert longest_path([]) == ""
    assert longest_path([f"c{i}" for i in range(12)]) == "on the longest path: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11"
    assert longest_path([f"c{i}" for i in range(100)]) == (
        "on the longest path: c0, c1, c2, c3, c4, c5, … (88 more: --format json) …, c94, c95, c96, c97, c98, c99"
    )
