"""Sheets as JSON, CSV, Markdown, LaTeX and HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnncalc.dims import Poly
from cnncalc.errors import printable
from cnncalc.output.forms.numbers import Math, NumberFormat
from cnncalc.output.forms.sheet import READABLE
from cnncalc.text import breadth, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cnncalc.output.forms.sheet import Section, Sheet

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # start of a formula in a spreadsheet, including full-width characters
HARMLESS = re.compile(r"[+-]?([\d.,]+(e[+-]?\d+)?|\d+(x[+-]?\d+)+)")  # numbers and sizes with such a sign: -5, -3x-3


def json(document: Mapping[str, Any]) -> str:
    """Return a JSON document with one key per line, and one object per line in lists. Output is ASCII, so any pipe can carry it."""
    from json import dumps

    def written(value: Any) -> str:
        text = dumps(value)
        if isinstance(value, list) and value and isinstance(value[0], dict) and value[0]:
            # Quotes in strings are escaped, so this only matches between objects.
            start = "{" + dumps(next(iter(value[0]))) + ": "
            return f"[\n  {text[1:-1].replace('}, ' + start, '},' + chr(10) + '  ' + start)}]"
        return text

    return "{" + ",\n ".join([f"{dumps(key)}: {written(value)}" for key, value in document.items()]) + "}\n"


def csv(sheet: Sheet, units: str = "") -> str:
    """Return column names and one line per row, with exact numbers; without totals and notes."""
    forms = [column.form.machine for column in sheet.columns]
    rows = [
        ["" if value is None else _csv_cell(form(value)) for form, value in zip(forms, row, strict=True)]
        for section in sheet.sections
        for row in section.rows
    ]
    return "".join([",".join(row) + "\n" for row in ([_csv_cell(column.name) for column in sheet.columns], *rows)])


def _csv_cell(value: Any) -> str:
    """Format one cell. Text that a spreadsheet would read as a formula gets a leading apostrophe.

    Computed numbers and formulas stay unchanged, so that programs can read them.
    """
    if value.__class__ is int:
        return str(value)
    text = printable(str(value))
    if not isinstance(value, (int, Poly)):
        begin = text.lstrip()
        if begin[1:] and begin.startswith(FORMULA) and not HARMLESS.fullmatch(begin):
            text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(each in text for each in ',"\r\n') else text


def cells(sheet: Sheet, section: Section, fmt: NumberFormat, escape: Callable[[str], str]) -> Iterator[list[str]]:
    """Yield the formatted rows of a section, the total last."""
    forms = [column.form.people for column in sheet.columns]
    for row in (*section.rows, *([section.total] if section.total is not None else ())):
        yield ["" if value is None else escape(form(value, fmt)) for form, value in zip(forms, row, strict=True)]


def markdown(sheet: Sheet, units: str = "") -> str:
    """Return pipe tables, aligned for reading as plain text."""
    parts = [f"**{escaped(sheet.title[0])}**" if sheet.title else "", *map(paragraph, sheet.title[1:])]
    for section in sheet.sections:
        rows = list(cells(sheet, section, NumberFormat(units), escaped))
        if section.total is not None:
            rows[-1] = [f"**{cell}**" if cell else "" for cell in rows[-1]]
        if section.title:
            parts.append(f"**{escaped(section.title)}**")
        parts.append(_pipes([escaped(column.heading) for column in sheet.columns], rows, [column.form.right for column in sheet.columns]))
    for passage in sheet.passages:
        parts += [
            paragraph(passage.head),
            fenced(passage.lines(READABLE, "text")),
            "\n".join([f"- {paragraph(each)}" for each in passage.remarks]),
        ]
    parts += [paragraph(note) for note in (*sheet.notes, *sheet.asides)]
    return "\n\n".join(part for part in parts if part) + "\n"


def fenced(lines: Sequence[str]) -> str:
    """Return preformatted lines in a code fence longer than any inside."""
    text = "\n".join(map(printable, lines))
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}" if text else ""


def _pipes(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> str:
    widths = [max(3, *map(breadth, column)) for column in zip(headings, *rows, strict=True)]

    def line(texts: Sequence[str]) -> str:
        return "| " + " | ".join([filled(text, width, right=r) for text, width, r in zip(texts, widths, right, strict=True)]) + " |"

    ruler = ["-" * (width - 1) + ":" if r else "-" * width for width, r in zip(widths, right, strict=True)]
    return "\n".join([line(headings), line(ruler), *map(line, rows)])


LINK = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)  # autolinks of GitHub: https://, www.


def escaped(text: str) -> str:
    """Escape Markdown syntax; underscores inside words need no escape."""
    safe = "".join("\\" + each if each in "\\`*|<[]$&~" else each for each in printable(text))
    safe = LINK.sub(r"\\\g<0>", safe)
    if "_" not in safe:
        return safe
    inside = [0 < i < len(safe) - 1 and safe[i - 1].isalnum() and safe[i + 1].isalnum() for i in range(len(safe))]
    return "".join("\\_" if each == "_" and not within else each for each, within in zip(safe, inside, strict=True))


def paragraph(text: str) -> str:
    """Escape a paragraph, also against a heading, quotation, rule or list item at its start."""
    safe = escaped(text)
    digits = len(safe) - len(safe.lstrip("0123456789"))
    if safe[:1] in ("#", ">", "+", "-", "="):
        return f"\\{safe}"
    return f"{safe[:digits]}\\{safe[digits:]}" if digits and safe[digits : digits + 1] in (".", ")") else safe


def latex(sheet: Sheet, units: str = "") -> str:
    """Return one tabular per section, which needs no packages."""
    fmt = NumberFormat(units, "latex")
    alignment = "".join("r" if column.form.right else "l" for column in sheet.columns)
    parts = [tex(line) for line in sheet.title]
    for section in sheet.sections:
        rows = [" & ".join(row) + r" \\" for row in cells(sheet, section, fmt, _cell)]
        total = [r"\hline", rows.pop()] if section.total is not None else []
        headings = " & ".join(tex(column.heading) for column in sheet.columns) + r" \\"
        if section.title:
            parts.append(tex(section.title))
        parts.append(
            "\n".join([rf"\begin{{tabular}}{{{alignment}}}", r"\hline", headings, r"\hline", *rows, *total, r"\hline", r"\end{tabular}"])
        )
    for passage in sheet.passages:
        lines = [tex(line) for line in (passage.head, *passage.lines(READABLE, "text"), *passage.remarks)]
        parts.append("\\newline\n".join(lines))
    return "\n\n".join([*parts, *map(tex, (*sheet.notes, *sheet.asides))]) + "\n"


def _cell(text: str) -> str:
    """Return a formula as it is, and escape other text."""
    return text if isinstance(text, Math) else tex(text)


TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_", "^": r"\^{}",
    "~": r"\textasciitilde{}", "<": r"$<$", ">": r"$>$", "|": r"$|$", "×": r"$\times$", "·": r"$\cdot$", "–": "--", "—": "---",
    "−": "$-$", "…": r"\ldots{}", "⌊": r"$\lfloor$", "⌋": r"$\rfloor$", "⌈": r"$\lceil$", "⌉": r"$\rceil$", "≥": r"$\geq$", "≤": r"$\leq$",
    "≈": r"$\approx$", "→": r"$\to$", "±": r"$\pm$", "µ": r"$\mu$", "\xa0": "~", "\N{REPLACEMENT CHARACTER}": "?",
    "`": r"\textasciigrave{}", "\0": "{}",
    **{digit: f"$^{i}$" for i, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
})  # fmt: skip


def tex(text: str) -> str:
    """Escape text for LaTeX."""
    safe = printable(text)
    if safe.lstrip()[:1] in ("[", "*"):  # these would be read as an argument of the preceding \\
        safe = f"\0{safe}"
    while "--" in safe:  # avoids an en dash
        safe = safe.replace("--", "-\0-")
    return safe.translate(TEX)


STYLE = """
.cnncalc { font: 14px/1.4 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.cnncalc h1 { font-size: 1.3em; margin: 0.6em 0 0.2em; } .cnncalc p { margin: 0.3em 0; max-width: 60em; }
.cnncalc table { border-collapse: collapse; margin: 0.8em 0; } .cnncalc caption { text-align: left; font-weight: bold; }
.cnncalc th, .cnncalc td { padding: 0.1em 0.7em; text-align: left; white-space: nowrap; } .cnncalc .r { text-align: right; }
.cnncalc thead th, .cnncalc tfoot td { border: 0 solid currentColor; border-bottom-width: 1px; }
.cnncalc tfoot td { border-top-width: 1px; font-weight: bold; } .cnncalc tbody tr:hover { background: #8882; }
"""


def html(sheet: Sheet, units: str = "") -> str:
    """Return a self-contained page in ASCII."""
    return page(html_text(sheet.title[0]) if sheet.title else "cnncalc", fragment(sheet, units))


def page(title: str, content: str) -> str:
    """Return a self-contained page in ASCII; title and content are HTML."""
    text = (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="color-scheme" content="light dark">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n{content}</html>\n'
    )
    return text.encode("ascii", "xmlcharrefreplace").decode()


def fragment(sheet: Sheet, units: str = "") -> str:
    """Return the table as an HTML fragment, as for a notebook."""
    parts = [f"<h1>{html_text(line)}</h1>" if i == 0 else f"<p>{html_text(line)}</p>" for i, line in enumerate(sheet.title)]
    headings = _table_row("th", [html_text(column.heading) for column in sheet.columns], sheet)
    for section in sheet.sections:
        rows = [_table_row("td", row, sheet) for row in cells(sheet, section, NumberFormat(units), html_text)]
        total = f"<tfoot>{rows.pop()}</tfoot>" if section.total is not None else ""
        caption = f"<caption>{html_text(section.title)}</caption>" if section.title else ""
        parts.append(f"<table>{caption}\n<thead>{headings}</thead>\n<tbody>\n" + "\n".join(rows) + f"\n</tbody>\n{total}</table>")
    for passage in sheet.passages:
        lines = "\n".join([html_text(line) for line in passage.lines(READABLE, "text")])
        parts.append(f"<p><b>{html_text(passage.head)}</b></p>" + (f"\n<pre>{lines}</pre>" if lines else ""))
        parts += [f"<p>{html_text(remark)}</p>" for remark in passage.remarks]
    parts += [f"<p>{html_text(note)}</p>" for note in (*sheet.notes, *sheet.asides)]
    return f'<style>{STYLE}</style>\n<div class="cnncalc">\n' + "\n".join(parts) + "\n</div>\n"


def _table_row(tag: str, texts: Sequence[str], sheet: Sheet) -> str:
    marks = [' class="r"' if column.form.right else "" for column in sheet.columns]
    return "<tr>" + "".join([f"<{tag}{mark}>{text}</{tag}>" for mark, text in zip(marks, texts, strict=True)]) + "</tr>"


def html_text(text: str) -> str:
    """Escape text for HTML."""
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def svg(sheet: Sheet, units: str = "") -> str:
    """Return a picture of the table."""
    from cnncalc.output.forms import table_picture

    return table_picture.svg(sheet, units)


RENDERERS: Mapping[str, Callable[[Sheet, str], str]] = {"csv": csv, "markdown": markdown, "latex": latex, "html": html, "svg": svg}
