"""The manual's tables are made from the classes and the limits; `pytest --accept` writes them anew. Its examples are run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import cnncalc
from cnncalc import limits
from cnncalc.answers import answer_sheet, quiz, solve, submissions
from cnncalc.explore import compare, vary
from cnncalc.graph import build, extent, places
from cnncalc.layers import KINDS, fields
from cnncalc.output.diagrams import diagram_picture, layout
from cnncalc.output.forms import table_picture
from cnncalc.spec import catalogue, expressions, model, operations, parser, reader, steps, tokens, values
from cnncalc.spec.reader import Mapping, read

if TYPE_CHECKING:
    import pytest

MANUAL = Path(__file__).parent.parent / "architectures" / "README.md"
LIMITS = (
    ("bytes of a file", reader.BYTES),
    ("nested lists and mappings", reader.DEPTH),
    ("entries of a file, every alias written out", reader.SIZE),
    ("keys of one mapping", reader.KEYS),
    ("steps that a file writes, every alias written out", steps.WRITTEN),
    ("problems that are told at once", reader.PROBLEMS),
    ("characters of one text", reader.SCALAR),
    ("characters of a title, a note or a question", values.LINE),
    ("notes of a network", parser.NOTES),
    ("characters of arithmetic", expressions.CHARACTERS),
    ("signs, names and numbers in all arithmetic of a file, equal texts counted once", values.SIGNS),
    ("brackets of arithmetic inside each other", expressions.DEPTH),
    ("digits of a number in arithmetic, as it is written", tokens.DIGITS),
    ("bits of a number in arithmetic", operations.BITS),
    ("items of a list in arithmetic", operations.LENGTH),
    ("characters of a name", model.NAME),
    ("characters of a published figure", parser.FIGURE),
    ("characters of a path", build.LONGEST),
    ("files that are like one another, in a row", catalogue.INHERITANCE),
    ("rounds of one loop", extent.ROUNDS),
    ("blocks, groups and branches inside each other", extent.NESTED),
    ("layers that loops and blocks add to the steps of the file", limits.LIMITS.layers),
    ("for each of those layers and steps: steps taken, also those that leave nothing", limits.LIMITS.steps),
    ("for each of them: connections between layers", limits.LIMITS.connections),
    ("for each of them: operations of arithmetic (signs, names, items of lists, terms of formulas)", limits.LIMITS.operations),
    ("of those that loops and blocks add: layers that are not equal, or work on other volumes", limits.LIMITS.different),
    ("parallel volumes", places.WIDEST),
    ("a whole number in a field, or a side of a volume", fields.LARGEST),
    ("windows of an adaptive pool along an axis, parts of a split", fields.MANY),
    ("terms of a formula", limits.LIMITS.terms),
    ("the power of a symbol in a formula", limits.LIMITS.power),
    ("bits of a number in a formula", limits.LIMITS.bits),
    ("floors inside each other in a formula", limits.LIMITS.floors),
    ("characters of a floor in a formula", limits.LIMITS.floor_characters),
    ("questions of an answer sheet", answer_sheet.QUESTIONS),
    ("operations for the networks, claims, answers and slips of an answer sheet, or to validate the variants of a file", limits.SEVERAL),
    ("bytes of the answers of one student", submissions.ONE),
    ("questions of a worksheet", quiz.MOST),
    ("settings that `sweep` and `fit` try", vary.POINTS),
    ("settings that `solve` tries", solve.MOST),
    ("networks that `compare` lays side by side", compare.MOST),
    ("rows of a table or of a chart as SVG", table_picture.ROWS),
    ("layers in the boxes of a diagram as SVG", diagram_picture.LAYERS),
    ("boxes that the lines of a diagram as SVG pass, in total", layout.MOST),
)


def kinds() -> str:
    """A row for every kind: its fields with their defaults, and the sentence of its class."""
    lines = ["| kind | fields | what it does |", "|---|---|---|"]
    for name, cls in KINDS.items():
        taken = [f"{field} {default(arg)}".strip() for field, arg in cls.fields.items()]
        lines.append(f"| `{name}` | {', '.join(taken) or '–'} | {cls.summary} |")
    return "\n".join(lines)


def default(arg: object) -> str:
    """What stands in a field where nothing is said."""
    required, like, value = getattr(arg, "required", False), getattr(arg, "like", ""), getattr(arg, "default", None)
    if required or value is None:
        return ""
    return f"= {like}" if like else getattr(arg, "type").text(value).split("×")[0].lower()  # noqa: B009  # any Arg


def limit_table() -> str:
    """A row for every limit."""
    return "\n".join(["| what | at most |", "|---|---|", *(f"| {what} | {number:,} |" for what, number in LIMITS)])


def test_the_tables_are_those_of_the_code(pytestconfig: pytest.Config) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    fresh = text
    for marker, table in (("kinds", kinds()), ("limits", limit_table())):
        before, start, rest = fresh.partition(f"<!-- {marker} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        fresh = f"{before}{start}{table}\n{end}{after}"
    if pytestconfig.getoption("--accept", default=False):
        MANUAL.write_text(fresh, encoding="utf-8")
    assert fresh == MANUAL.read_text(encoding="utf-8")


def test_the_examples_are_networks(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 5
    for example in examples:
        file = tmp_path / "example.yaml"
        file.write_text(example if "input:" in example or "like:" in example else f"input: 32x32x16\n{example}", encoding="utf-8")
        assert cnncalc.analyze(str(file)).total.macs


def test_the_manual_names_every_key_and_modifier() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    for word in (*parser.KEYS, *parser.PUBLISHED, *steps.MODIFIERS, *steps.GROUPS):
        assert f"`{word}" in text or f"{{{word}:" in text, word


def test_the_manual_says_what_its_first_example_leaves() -> None:
    _, tree = read(re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)[0], "manual")
    assert isinstance(tree, Mapping)
    report = cnncalc.analyze({"input": "32x32x3", "layers": [{"conv": 16, "kernel": 5, "pad": 2}, "relu", {"maxpool": 2}, {"fc": 10}]})
    assert [str(row.output) for row in report] == ["32×32×3", "32×32×16", "32×32×16", "16×16×16", "1×1×10"]
