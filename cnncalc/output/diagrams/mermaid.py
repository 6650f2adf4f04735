"""Diagrams as Mermaid text, which GitHub draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.output.diagrams.boxes import Box
from cnncalc.output.diagrams.shapes import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.output.diagrams.boxes import Frame
    from cnncalc.output.diagrams.diagram import Diagram

LINES, LETTERS = 500, 50_000  # Mermaid's defaults for maxEdges and maxTextSize
SHAPES = {"input": ("([", "])"), "merging": ("([", "])"), "block": ("[[", "]]")}
PLAIN = frozenset(" .,:;/+-×–…()=")


def text(diagram: Diagram) -> str:
    """Return the whole text."""
    return "\n".join([*_head(diagram), "flowchart TD", *_body(diagram), *_styles(diagram)]) + "\n"


def fenced(diagram: Diagram) -> str:
    """Return the text in a code fence, for Markdown."""
    return f"```mermaid\n{text(diagram)}```\n"


def _head(diagram: Diagram) -> Iterator[str]:
    if diagram.title:
        from json import dumps

        yield from ("---", f"title: {dumps(printable(diagram.title), ensure_ascii=False)}", "---")


def _body(diagram: Diagram) -> Iterator[str]:
    for drawing in diagram.drawings:
        yield from _inside(drawing.root, diagram, "  ")
        for source, target in drawing.edges:
            yield f"  n{source.number} {'-.->' if target.side else '-->'} n{target.number}"


def _inside(frame: Frame, diagram: Diagram, indent: str) -> Iterator[str]:
    for child in frame.children:
        if isinstance(child, Box):
            yield indent + _node(child, diagram)
        else:
            yield f'{indent}subgraph s{child.number}["{escaped(diagram.titles[child])}"]'
            yield from _inside(child, diagram, indent + "  ")
            yield f"{indent}end"


def _node(box: Box, diagram: Diagram) -> str:
    label = diagram.texts[box]
    lines = [f"<b>{escaped(label.name)}</b>"] if label.name else []
    lines += [escaped(each) for each in (label.what, *label.figures, *[strip for strip, _ in label.strips]) if each]
    lines.append(f"<i>{escaped(label.volume)}</i>")
    start, end = SHAPES.get(label.family, ("[", "]"))
    return f'n{box.number}{start}"{"<br>".join(lines)}"{end}:::{label.family}'


def _styles(diagram: Diagram) -> Iterator[str]:
    used = {label.family for label in diagram.texts.values()}
    for family, (fill, edge, _, _) in COLOURS.items():
        if family in used:
            yield f"  classDef {family} fill:{fill},stroke:{edge},color:#1f2328"
    asides = [f"n{box.number}" for box in diagram.texts if box.side]
    if asides:
        yield "  classDef aside stroke-dasharray:4 3"
        yield f"  class {','.join(asides)} aside"


def escaped(label: str) -> str:
    """Return the text with everything that Mermaid, Markdown or HTML would interpret written as character codes."""
    label = printable(label)
    return "".join([each if _is_plain(label, i) else f"#{ord(each)};" for i, each in enumerate(label)])


def _is_plain(label: str, at: int) -> bool:
    """Return whether a character needs no escape, even at the start of a list."""
    each = label[at]
    if each == "_":
        return 0 < at < len(label) - 1 and label[at - 1].isalnum() and label[at + 1].isalnum()
    if each in "-+.)" and (not at or label[:at].isdecimal()):
        return False
    return each.isalnum() or each in PLAIN


def excess(written: str, diagram: Diagram) -> str:
    """Return the warning for a diagram that is too large for Mermaid's default settings."""
    count = sum(1 for drawing in diagram.drawings for _ in drawing.edges)
    if count > LINES:
        return f"Mermaid draws at most {LINES} lines unless maxEdges is raised; this diagram has {count:,}"
    if len(written) > LETTERS:
        return f"Mermaid reads at most {LETTERS:,} characters unless maxTextSize is raised; this diagram has {len(written):,}"
    return ""
