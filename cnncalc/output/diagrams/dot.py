"""Diagrams as DOT, for Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import printable
from cnncalc.output.diagrams.boxes import Box
from cnncalc.output.diagrams.shapes import COLOURS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.output.diagrams.boxes import Frame
    from cnncalc.output.diagrams.diagram import Diagram

FONT = "Helvetica,Arial,sans-serif"
MUTED = "#59636e"


def text(diagram: Diagram) -> str:
    """Return the whole text."""
    head = [
        "digraph network {",
        f'  graph [rankdir=TB, nodesep=0.35, ranksep=0.35, fontname="{FONT}", fontsize=11, labeljust=l];',
        f'  node [shape=box, style="rounded,filled", fontname="{FONT}", fontsize=11, margin="0.12,0.06", height=0.3];',
        f'  edge [color="{MUTED}", arrowsize=0.7];',
    ]
    if diagram.title:
        head.append(f"  label=<<B>{escaped(diagram.title)}</B>>; labelloc=t;")
    return "\n".join([*head, *_body(diagram), "}"]) + "\n"


def _body(diagram: Diagram) -> Iterator[str]:
    for drawing in diagram.drawings:
        yield from _inside(drawing.root, diagram, "  ")
        for source, target in drawing.edges:
            yield f"  n{source.number} -> n{target.number}{' [style=dashed]' if target.side else ''};"


def _inside(frame: Frame, diagram: Diagram, indent: str) -> Iterator[str]:
    for child in frame.children:
        if isinstance(child, Box):
            yield indent + _node(child, diagram)
        else:
            yield f"{indent}subgraph cluster_{child.number} {{"
            yield f'{indent}  label=<{escaped(diagram.titles[child])}>; style="rounded,filled"; color="#8c959f"; fillcolor="#6e778112";'
            yield from _inside(child, diagram, indent + "  ")
            yield f"{indent}}}"


def _node(box: Box, diagram: Diagram) -> str:
    label = diagram.texts[box]
    fill, edge, _, _ = COLOURS[label.family]
    lines = [f"<B>{escaped(label.name)}</B>"] if label.name else []
    lines += [escaped(each) for each in (label.what, *label.figures, *[strip for strip, _ in label.strips]) if each]
    lines.append(f'<FONT COLOR="{MUTED}">{escaped(label.volume)}</FONT>')
    more = ', style="rounded,filled,dashed"' if box.side else ", peripheries=2" if box.lines and box.lines[0].times > 1 else ""
    shape = ", shape=plain" if box.arriving is not None else ""
    return f'n{box.number} [label=<{"<BR/>".join(lines)}>, fillcolor="{fill}", color="{edge}"{more}{shape}];'


def escaped(label: str) -> str:
    """Escape text for an HTML-like label, including backslashes."""
    safe = printable(label).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return safe.replace("\\", "\\\\")
