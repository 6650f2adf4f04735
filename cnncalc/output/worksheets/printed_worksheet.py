"""Worksheets as Markdown and HTML, with or without the answer key."""

from __future__ import annotations

from string import ascii_lowercase
from typing import TYPE_CHECKING

from cnncalc.dims import Poly
from cnncalc.layers import Volume
from cnncalc.output.forms import formats
from cnncalc.output.forms.formats import escaped, fenced, html_text, paragraph
from cnncalc.output.forms.sheet import READABLE, Section, Sheet
from cnncalc.output.sheets import columns
from cnncalc.output.sheets.verdicts import said
from cnncalc.output.sheets.workings import worked_out
from cnncalc.study.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.asking.draw import QuizNetwork
    from cnncalc.answers.near_misses import AnswerOption
    from cnncalc.answers.quiz import Worksheet

LINE = "_" * 40
NEVER_DRAWN = ("output", "activations", "memory")  # a diagram shows them
FEW = 2  # layers, the input included, that need no diagram
OPEN = 1_000_000  # a depth that no network has: all blocks are written out
STYLE = """
.quiz { font: 15px/1.5 system-ui, sans-serif; max-width: 50em; margin: 0 auto; padding: 0 1em; }
.quiz header { display: flex; gap: 2em; margin-bottom: 1.5em; } .quiz .line { border-bottom: 1px solid; flex: 1; min-width: 12em; }
.quiz > ol > li { margin-bottom: 1.5em; break-inside: avoid; } .quiz .points { float: right; margin-left: 1em; }
.quiz .working { height: 7em; border: 1px dotted #888; margin: 0.6em 0; padding: 0.2em 0.5em; color: #888; }
.quiz .answer { display: flex; gap: 1em; } .quiz .options { list-style: lower-alpha; } .quiz .right { font-weight: bold; }
.quiz figure { margin: 0.8em 0; } .quiz figure svg { max-height: 24em; width: auto; } .quiz section { break-before: page; }
.quiz pre { white-space: pre-wrap; }
"""


def markdown(worksheet: Worksheet, *, key: bool, written_out: bool = False) -> str:
    """Return the questions as a numbered list, and the networks that they are about as tables."""
    parts = [f"# {escaped(worksheet.title)}{': key' if key else ''}"]
    parts += [f"Variant: {worksheet.variant}"] if worksheet.variant else []
    parts += [] if key else [f"Name: {LINE}"]
    for i, question in enumerate(worksheet.asked):
        parts.append(f"{i + 1}. {paragraph(question.ask)} ({worth(question.points)})")
        parts += [indented(part) for part in (_key if key else _space)(worksheet, i)]
    for title, sheet in appendix(worksheet.networks, written_out=written_out) if not key else ():
        parts += [f"## {escaped(title)}", formats.markdown(sheet).rstrip()]
    return "\n\n".join(parts) + "\n"


def _space(worksheet: Worksheet, i: int) -> Iterator[str]:
    """Options, or space for working, and a line for the answer."""
    if worksheet.choices[i]:
        yield "\n".join([f"({letter}) {escaped(text)}  " for letter, text, _ in listed(worksheet, i)])
    else:
        yield "Working:\n<br><br><br>"
    yield f"Answer: {LINE}"


def _key(worksheet: Worksheet, i: int) -> Iterator[str]:
    """Yield the right answer, how it is derived, and the slips that give the wrong options."""
    yield f"**{escaped(right(worksheet, i))}**"
    if working := fenced(worked_out(worksheet.verdicts[i], said)(READABLE, "text")):
        yield working
    if worksheet.choices[i]:
        yield "\n".join([f"({letter}) {escaped(explained(text, slips))}  " for letter, text, slips in listed(worksheet, i) if slips])


def right(worksheet: Worksheet, i: int) -> str:
    """Return the right answer, with its letter; a ratio as it is asked for."""
    value, letter = worksheet.verdicts[i].computed, worksheet.letter(i)
    return (f"({letter}) " if letter else "") + (said(value) if isinstance(value, (int, Volume, Poly)) else worksheet.key(i))


def listed(worksheet: Worksheet, i: int) -> list[tuple[str, str, str]]:
    """Return letter, text and slips of each option."""
    return [(letter, option_text(each), each.slips) for letter, each in zip(ascii_lowercase, worksheet.choices[i], strict=False)]


def option_text(choice: AnswerOption) -> str:
    """Return an option for readers: 34,944, 55×55×96, 9·C²; receptive fields and ratios as they are asked for."""
    return said(choice.value) if isinstance(choice.value, (int, Volume, Poly)) else choice.text


def explained(text: str, slips: str) -> str:
    """Return a wrong option with its slips: 400 is the count without biases. 25·C: that is a single filter."""
    return f"{slips}." if slips.startswith(text) else f"{text}: {slips}."


def worth(points: int) -> str:
    """Return points in words."""
    return f"{points} point{'' if points == 1 else 's'}"


def indented(text: str) -> str:
    """Indent text inside a list item."""
    return "\n".join(f"    {line}".rstrip() if not line.endswith("  ") else f"    {line}" for line in text.split("\n"))


def appendix(networks: Sequence[QuizNetwork], *, written_out: bool) -> Iterator[tuple[str, Sheet]]:
    """Yield the layers of each network with their outputs, as a table without totals."""
    shown = columns.chosen("layer,what,output")
    for network in networks:
        report = network.report
        rows = [row for row in report.rows if not row.side]
        lines = folded(report, OPEN if written_out else None, join=True)(rows)
        values = [[column.read(line, report.total) for column in shown] for line in lines]
        yield f"Appendix: {network.title}", Sheet((), shown, [Section(values)])


def comments(networks: Sequence[QuizNetwork], *, written_out: bool) -> str:
    """Return the appendix as comments of a YAML file."""
    from cnncalc.output.forms.tables import Page, render

    parts = [f"{title}\n\n{render(sheet, Page(0, ruled=False), '')}" for title, sheet in appendix(networks, written_out=written_out)]
    return "".join([f"\n{''.join(f'# {line}'.rstrip() + chr(10) for line in part.splitlines())}" for part in parts])


def html(worksheet: Worksheet, *, key: bool, written_out: bool = False) -> str:
    """Return a page to print: questions with diagrams, space for working, and the networks in an appendix."""
    title = f"{worksheet.title}{': key' if key else ''}"
    variant = f"<span>Variant: {worksheet.variant}</span>" if worksheet.variant else ""
    head = variant + ("" if key else '<span>Name:</span><span class="line"></span>')
    items = []
    for i, question in enumerate(worksheet.asked):
        ask = f'<span class="points">{worth(question.points)}</span>{html_text(question.ask)}'
        items.append("\n".join([f"<li>{ask}", *_html_figure(worksheet, i), *(_html_key if key else _html_space)(worksheet, i), "</li>"]))
    tables = [
        f"<section>{formats.fragment(Sheet([name], sheet.columns, sheet.sections))}</section>"
        for name, sheet in (appendix(worksheet.networks, written_out=written_out) if not key else ())
    ]
    body = f"<h1>{html_text(title)}</h1>\n<header>{head}</header>\n<ol>\n{chr(10).join(items)}\n</ol>\n{chr(10).join(tables)}"
    return formats.page(html_text(title), f'<style>{STYLE}</style>\n<div class="quiz">\n{body}\n</div>\n')


def _html_figure(worksheet: Worksheet, i: int) -> Iterator[str]:
    """Yield a diagram where there are several layers; it shows volumes, so none where these are asked for."""
    question, report = worksheet.asked[i], worksheet.verdicts[i].report
    written = question.about.network.startswith("{")
    if report is not None and written and len(report.rows) > FEW and question.quantity not in NEVER_DRAWN:
        from cnncalc.output.diagrams.diagram import Diagram, DiagramOptions
        from cnncalc.output.diagrams.diagram_picture import picture

        yield f"<figure>{picture(Diagram(report, DiagramOptions(title='')))}</figure>"


def _html_space(worksheet: Worksheet, i: int) -> Iterator[str]:
    if worksheet.choices[i]:
        yield f'<ol class="options">{"".join([f"<li>{html_text(text)}</li>" for _, text, _ in listed(worksheet, i)])}</ol>'
    else:
        yield '<div class="working">Working</div>'
    yield '<p class="answer"><span>Answer:</span><span class="line"></span></p>'


def _html_key(worksheet: Worksheet, i: int) -> Iterator[str]:
    yield f'<p class="right">{html_text(right(worksheet, i))}</p>'
    if lines := worked_out(worksheet.verdicts[i], said)(READABLE, "text"):
        yield f"<pre>{chr(10).join(map(html_text, lines))}</pre>"
    for other, text, slips in listed(worksheet, i):
        if slips:
            yield f"<p>({other}) {html_text(explained(text, slips))}</p>"
