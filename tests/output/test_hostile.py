"""Names that pretend to be something else: in every form of every command they are words, as independent readers of the forms see it."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from cnncalc.answers.answer_sheet import read_sheet
from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

TITLE = """|
  # Net
  import os; os.system("id")
  \\input{/etc/passwd} \\write18{id} %
  <script>alert(1)</script> ]]> &lt; $x$ ~~y~~ ![i](u)
  https://example.com HTTP://example.com www.example.com ftp://www.example.com
"""
NAMES = (
    "<script>alert(1)<script>", "<img src=x onerror=alert(1)>", "\\input x", "\\write18", "$x^2$", "`id`", "a|b",
    "[x](javascript:alert(1))", "![x](u)", "*s*", "[x]", "=cmd|' C calc'!A0", "=1+1", "@SUM(1)", "+1+1", "-1+1", "-5", "$(id)",
    "]]>", "-->", "&lt;", "&#60;b>", "~~~", "# h", "- x", "1. x", "> q", "a--b", '"""', "'''", "%", "_x_", "&", "#", "\\", "\\\\",
    "^^41", "\\end tabular",
)  # fmt: skip
NETWORK = "".join(
    [
        f"name: {TITLE}paper: {TITLE}input: 8x8xC\nlayers:\n",
        *(f"  - {{conv: 3, name: {json.dumps(name)}}}\n" for name in NAMES),
        "notes:\n",
        *(f"  - {json.dumps(name)}\n" for name in NAMES),
    ]
)
SHEET = f"title: {TITLE}questions:\n" + "".join(
    f"  - {{id: {json.dumps(f'{name} {i}')}, ask: {json.dumps(name)}, network: lenet5, params: {json.dumps(name)}}}\n"
    for i, name in enumerate(NAMES)
)
LINES = (
    "show net.yaml", "explain net.yaml params", "formula net.yaml --layers --columns params", "compare net.yaml lenet5",
    "counts net.yaml macs", "memory net.yaml --input 8x8x3", "sweep net.yaml --vary batch=1:2",
    "fit net.yaml --input 8x8x3 --vary batch=1:2 --max macs=1G", "check sheet.yaml", "check sheet.yaml other.yaml",
    "compare net.yaml twin.yaml --layers --input 8x8x3", "memory net.yaml --steps --input 8x8x3",
)  # fmt: skip

WHOLE = ("show", "explain", "formula", "memory net.yaml --steps")  # that have every name in a cell of its own


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("net.yaml", NETWORK), ("twin.yaml", NETWORK), ("=1.yaml", NETWORK), ("sheet.yaml", SHEET), ("other.yaml", SHEET)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(line: str, form: str) -> str:
    done = run(*line.split(), "--format", form)
    assert (done.code in (0, 1), done.err) == (True, ""), done.err
    assert not re.search(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", done.out.replace("\xa0", " ").replace("\u202f", " "))
    return done.out


class Page(HTMLParser):
    """The tags of a page, its attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(" ".join([tag, *(name for name, _ in attrs)]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@pytest.mark.parametrize("line", LINES)
def test_a_page_has_no_tags_but_its_own(line: str, folder: Path) -> None:
    page = Page(shown(line, "html"))
    own = {"html lang", "meta charset", "meta name content", "title", "style", "div class", "h1", "p", "table", "caption", "thead", "tbody"}
    assert page.tags <= own | {"tr", "th", "th class", "td", "td class", "tfoot", "b", "pre"}
    if line.startswith(WHOLE):
        assert {*NAMES} <= {*page.words}


@pytest.mark.parametrize("line", LINES)
def test_a_picture_is_sound_and_fetches_nothing(line: str, folder: Path) -> None:
    text = shown(line, "svg")
    root = ElementTree.fromstring(text)
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "style", "defs", "clipPath", "rect", "g", "text", "circle"}
    assert not {name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name}
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", text)
    assert text.isascii()


OWN = [
    "begin", "end", "hline", "times", "cdot", "lfloor", "rfloor", "text", "textbf", "noindent", "textbackslash", "textasciitilde",
    "textasciigrave", "ldots", "leq", "geq", "approx", "to", "pm", "mu", "lceil", "rceil", "newline", "quad", "left", "right",
    "frac", "bmod", "lvert", "rvert", "quad", "usepackage", "underline",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_latex_has_no_commands_but_its_own(line: str, folder: Path) -> None:
    text = shown(line, "latex")
    bare = "\n".join(row for row in text.split("\n") if not row.startswith("%")).replace(r"\\", "\0")
    assert {*re.findall(r"\\([A-Za-z]+)", bare)} <= {*OWN}
    assert not re.search(r"\0\s*[\[*]", bare)  # behind the end of a row that would be an argument
    assert not re.search(r"(?<!\\)[%#]", bare)
    plain = re.sub(r"\\.", "", bare)
    assert plain.count("{") == plain.count("}")
    assert "^^" not in bare


@pytest.mark.parametrize("line", LINES)
def test_markdown_has_no_marks_but_its_own(line: str, folder: Path) -> None:
    text = shown(line, "markdown")
    assert not re.search(r"(?<!\\)://|www\.", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.IGNORECASE)  # GitHub links them
    rendered = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    page = Page(rendered)
    assert page.tags <= {
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "th style",
        "td",
        "td style",
        "pre",
        "code class",
        "ul",
        "li",
    }
    if line.startswith(WHOLE):
        assert {*NAMES} <= {*page.words}


@pytest.mark.parametrize(
    "line", [*LINES, "chart net.yaml --input 8x8x3", "check sheet.yaml other.yaml --score", "compare =1.yaml net.yaml"]
)
def test_csv_has_no_formulas(line: str, folder: Path) -> None:
    for row in csv.reader(io.StringIO(shown(line, "csv"))):
        for cell in row:
            assert not re.match(r"\s*[=+@-]", cell) or re.fullmatch(r"[+-]?[\d.,]+|-", cell), cell


@pytest.mark.parametrize("line", LINES)
def test_json_is_json_and_a_table_is_a_table(line: str, folder: Path) -> None:
    assert json.loads(shown(line, "json"))
    shown(line, "table")
    assert shown(line, "plain").isascii()


@pytest.mark.parametrize("more", [(), ("--layers",), ("--layers", "--at", "C=3")])
def test_python_is_formulas_and_nothing_else(more: tuple[str, ...], folder: Path) -> None:
    text = shown("formula net.yaml " + " ".join(more), "python")
    tree = ast.parse(text)
    for statement in tree.body:
        assert isinstance(statement, ast.FunctionDef)
        assert not statement.decorator_list
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Call, ast.Attribute, ast.Import))]
    assert "import os" in text  # in a comment
    names: dict[str, object] = {}
    exec(compile(tree, "formulas", "exec"), names)  # as a user does
    if more:
        layers: Any = names["layers"]
        assert {*NAMES} <= {*layers(*[3] * ("C=3" not in more))}


def test_comments_of_formulas_stay_comments(folder: Path) -> None:
    text = shown("formula net.yaml", "latex")
    assert [line for line in text.split("\n") if "input{" in line and not line.startswith("%")] == []
    (folder / "a\nimport os.yaml").write_text("input: HxWx3\nlayers: [relu]\n", encoding="utf-8")
    done = run("formula", "a\nimport os.yaml", "--format", "python")
    assert not [line for line in done.out.split("\n") if line.startswith("import")]


def test_a_worksheet_on_a_stranger_s_network_asks_what_it_should(folder: Path) -> None:
    for level in "12":
        assert run("quiz", "./net.yaml", "--level", level, "--seed", "3", "--questions", "20", "-o", f"quiz{level}.yaml").code in (0, 2)
    for path in folder.glob("quiz?.yaml"):
        sheet = read_sheet(str(path))
        assert {question.network for question in sheet.questions} <= {"net.yaml", ""}  # a claim names it itself
    rendered = MarkdownIt("commonmark", {"html": True}).render(
        run("quiz", "./net.yaml", "--seed", "3", "--questions", "20", "--format", "markdown", "--title", "# <b>x</b>\n").out
    )
    assert Page(rendered).tags <= {"h1", "p", "br", "ol", "li", "strong", "pre", "code class"}
