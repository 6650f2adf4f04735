"""The manual's tables are made from the classes and the limits; `pytest --accept` writes them anew. Its examples are run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_type_hints

import cnncalc
from cnncalc.answers import quantities
from cnncalc.layers import KINDS
from cnncalc.limits import LIMITS, Limits
from cnncalc.spec import calls, parser
from cnncalc.spec.catalogue_index import library_names
from cnncalc.spec.reader import Mapping, Scalar, read

if TYPE_CHECKING:
    import pytest

    from cnncalc.spec.reader import YamlNode

MANUAL = Path(__file__).parent.parent / "architectures" / "README.md"
ROWS = {
    hint.__metadata__[0]: getattr(LIMITS, name)
    for name, hint in get_type_hints(Limits, None, {"Annotated": Annotated}, include_extras=True).items()
}


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
    return "\n".join(["| what | at most |", "|---|---|", *(f"| {what} | {number:,} |" for what, number in ROWS.items())])


def library_table() -> str:
    """A row for every library of the catalogue: what it is, and its blocks with their arguments."""
    lines = ["| library | what it is | its blocks and their arguments |", "|---|---|---|"]
    for name in library_names():
        _, tree = read((MANUAL.parent / "blocks" / f"{name}.yaml").read_bytes(), name)
        title, blocks = mapping(tree)["name"], mapping(mapping(tree)["blocks"])
        assert isinstance(title, Scalar)
        shown = [f"`{block}`: {', '.join(arguments(mapping(parts)['args'])) or '–'}" for block, parts in blocks.items()]
        lines.append(f"| `{name}` | {title.text} | {'; '.join(shown)} |")
    return "\n".join(lines)


def mapping(node: YamlNode) -> dict[str, YamlNode]:
    assert isinstance(node, Mapping)
    return {key.text: value for key, value in zip(node.keys, node.values, strict=True)}


def arguments(node: YamlNode) -> list[str]:
    return [f"{name} {value.text}".strip() for name, value in mapping(node).items() if isinstance(value, Scalar)]


def asked_table() -> str:
    """A row for everything that a sheet can ask for."""
    lines = ["| asked | or | of a layer | of a network | in claims | what it is |", "|---|---|---|---|---|---|"]
    for name, figure in quantities.ASKED.items():
        others = ", ".join(f"`{alias}`" for alias, known in quantities.ALIASES.items() if known == name)
        marks = ["✓" if each else "" for each in (figure.for_layers, figure.for_networks, name in quantities.ARITHMETIC)]
        lines.append(f"| `{name}` | {others} | {' | '.join(marks)} | {figure.help} |")
    return "\n".join(lines)


def test_the_tables_are_those_of_the_code(pytestconfig: pytest.Config) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    fresh = text
    for marker, table in (("libraries", library_table()), ("kinds", kinds()), ("asked", asked_table()), ("limits", limit_table())):
        before, start, rest = fresh.partition(f"<!-- {marker} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        fresh = f"{before}{start}{table}\n{end}{after}"
    if pytestconfig.getoption("--accept", default=False):
        MANUAL.write_text(fresh, encoding="utf-8")
    assert fresh == MANUAL.read_text(encoding="utf-8")


def test_the_examples_are_networks(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) >= 13  # a changed fence would hide them
    for example in examples:
        file = tmp_path / "example.yaml"
        file.write_text(example if "input:" in example or "like:" in example else f"input: 32x32x16\n{example}", encoding="utf-8")
        assert cnncalc.analyze(str(file)).total.macs


def test_the_manual_names_every_key_and_modifier() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    for word in (*parser.KEYS, *parser.PUBLISHED, *calls.MODIFIERS, *calls.GROUPS):
        assert f"`{word}" in text or f"{{{word}:" in text, word


def test_the_manual_says_what_its_first_example_leaves() -> None:
    _, tree = read(re.findall(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)[0], "manual")
    assert isinstance(tree, Mapping)
    report = cnncalc.analyze({"input": "32x32x3", "layers": [{"conv": 16, "kernel": 5, "pad": 2}, "relu", {"maxpool": 2}, {"fc": 10}]})
    assert [str(row.output) for row in report] == ["32×32×3", "32×32×16", "32×32×16", "16×16×16", "1×1×10"]
