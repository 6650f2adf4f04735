"""Derivations as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import Poly, notation
from cnncalc.dims.arithmetic import value_of
from cnncalc.dims.traced import Traced
from cnncalc.errors import printable
from cnncalc.output.forms.numbers import NumberFormat, memory, volume
from cnncalc.output.forms.sheet import READABLE, Sheet
from cnncalc.output.forms.styles import BOLD
from cnncalc.output.forms.tables import TableWriter, wrapped
from cnncalc.output.words.remarks import SUBJECTS, is_unknown, layer_remarks, reason_unknown, remarks, unit_remarks
from cnncalc.study.derive.derivation import LABELS, SEEN
from cnncalc.text import breadth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnncalc.dims.notation import Style
    from cnncalc.output.forms.tables import Page
    from cnncalc.study.derive.derivation import Derivation, DerivationLine, Remainder
    from cnncalc.study.derive.explained_layer import Symbol

NUMBERS = re.compile(r"(?<![\w.,])\d{4,}(?!\w)")  # long enough for commas, and not an index
TERMS = re.compile(r" (?=[+−-] )")  # where a long sum may go on in the next line, outside of brackets
OPENING, CLOSING = ("(", "{", "⌊", "⌈", r"\lfloor", r"\lceil"), (")", "}", "⌋", "⌉", r"\rfloor", r"\rceil")
NARROWEST = 30  # characters for formulas beside a wide column of names
IN_BYTES = ("bytes", "param_bytes")  # quantities that are amounts of memory
SHORTEST = 8  # characters of a line of words
PATH = 12  # layers of the longest path that are named


class EquationLine(NamedTuple):
    """One line before layout: label, symbol, equal expressions, and a note."""

    label: str  # a layer or folder
    symbol: str
    sides: list[str]
    note: str = ""

    def head(self, margin: int) -> str:
        """Return the left-hand side; symbols are aligned after the label if layers have several lines."""
        if not self.symbol or not margin:
            return self.label or self.symbol
        return f"{self.label}{' ' * (margin - breadth(self.label))}  {self.symbol}"


class FormulaWriter:
    """Formats formulas in a style, with units and a width."""

    __slots__ = ("fmt", "letters", "style", "width")

    def __init__(self, style: Style = "text", units: str = "", width: int = 0, letters: Callable[[str], str] = printable) -> None:
        self.style = style
        self.letters = letters  # that a page has for those of a name
        self.width = width  # 0: as much as it takes
        self.fmt = NumberFormat(units, style)

    def name(self, symbol: str) -> str:
        """Format a symbol of a rule, or the name of a quantity."""
        if symbol in LABELS:
            return self.words(LABELS[symbol])
        return notation.FormulaRenderer(self.style, worked=False, close=True).name(symbol)

    def words(self, text: str) -> str:
        """Format words inside formulas."""
        if self.style != "latex" or not text:
            return self.letters(text)
        from cnncalc.output.forms.formats import tex

        return rf"\text{{{tex(text)}}}"

    def rule(self, number: Any) -> str:
        """Return the symbolic rule of a traced number, or an empty string."""
        return number.rule(self.style) if isinstance(number, Traced) else ""

    def worked(self, number: Any) -> str:
        """Return the rule with values substituted."""
        if not isinstance(number, Traced):
            return ""
        text = number.worked(self.style)
        return text if self.style == "ascii" else NUMBERS.sub(lambda found: self.value(int(found.group())), text)

    def value(self, value: Any) -> str:
        """Format a result: 34,944, a formula, or a fraction."""
        if isinstance(value, int):
            return f"{value:,}".replace(",", "{,}" if self.style == "latex" else ",")
        if isinstance(value, Poly):
            return notation.show(value, self.style)
        return rf"\frac{{{value.numerator}}}{{{value.denominator}}}" if self.style == "latex" else str(value)

    def sides(self, line: DerivationLine, *, rule: bool = True) -> list[str]:
        """Return rule, substituted rule and result without repetitions; memory also with its unit."""
        found = [self.rule(line.sum) if rule else "", self.worked(line.sum), self.value(line.value)]
        sides = [side for side in found if side]
        sides = [side for i, side in enumerate(sides) if i + 1 == len(sides) or side != sides[i + 1]]
        if not line.label and line.symbol in IN_BYTES and isinstance(line.value, int) and line.value:
            sides[-1] += self.words(f" ({memory(line.value, self.fmt)})")
        return sides


def text(derivation: Derivation, width: int = 0, style: Style = "text") -> str:
    """Return the lines of a derivation, followed by remarks."""
    formulas = FormulaWriter(style, width=width)
    return "\n".join(
        [*lay_out(entries(derivation, formulas), width), *(line for note in remarks(derivation) for line in wrapped(note, width))]
    )


def steps(derivation: Derivation, *, alone: bool) -> list[DerivationLine]:
    """Return the lines to show: all of a single derivation; among several, only the result, and none for a zero."""
    lines = derivation.lines
    if derivation.quantity in SEEN and not alone:
        if is_unknown(derivation):
            return []
        letter = "r" if derivation.quantity == "receptive_field" else "j"
        return [*{line.symbol: line for line in lines if line.symbol[0] == letter}.values()]
    if derivation.value == 0 and not alone:
        return []
    return lines[-1:] if derivation.row is None and (not alone or derivation.quantity == "weight_layers") else lines


def entries(derivation: Derivation, formulas: FormulaWriter, *, alone: bool = True) -> Iterator[EquationLine]:
    """Yield the lines of a derivation with their notes."""
    label = ""
    for line in steps(derivation, alone=alone):
        name = formulas.name(line.symbol)
        if derivation.quantity == "weight_layers":
            yield EquationLine("", name, formulas.sides(line), longest_path([each.label for each in derivation.lines if each is not line]))
        elif derivation.row is None:
            rule = derivation.quantity == "param_bytes" and line is derivation.lines[-1]
            yield EquationLine(formulas.words(line.label), "" if line.label else name, formulas.sides(line, rule=rule))
        elif derivation.quantity in SEEN and not alone:
            since = isinstance(line.sum, Traced) and line.label != derivation.label
            note = f"since {line.label}" if since else jump_note(line)
            yield EquationLine("", formulas.words(name_with_axis(derivation, line)), formulas.sides(line), note)
        elif line.label:
            words = formulas.words(line.label)
            yield EquationLine(" " * breadth(words) if line.label == label else words, name, formulas.sides(line), jump_note(line))
            label = line.label
        else:
            yield EquationLine("", name, formulas.sides(line), remainder_note(line.rest, formulas) if line.rest else "")


def longest_path(names: Sequence[str]) -> str:
    """Return the layers on it; of many, the first and the last."""
    if len(names) > PATH:
        left_out = len(names) - PATH
        names = [*names[: PATH // 2], f"… ({left_out} more: --format json) …", *names[-PATH // 2 :]]
    return f"on the longest path: {', '.join(names)}" if names else ""


def jump_note(line: DerivationLine) -> str:
    """Return the reason for a jump of 0."""
    return "one place, which has no neighbour" if line.value == 0 else ""


def name_with_axis(derivation: Derivation, line: DerivationLine) -> str:
    """Return the name of a quantity, with its axis if there are two."""
    return derivation.quantity.replace("_", " ") + {"_h": " down", "_w": " across"}.get(line.symbol[1:], "")


def lay_out(found: Iterable[EquationLine], width: int) -> list[str]:
    """Lay out names in a column, and equal expressions on one line if they fit, otherwise one per line, broken between terms."""
    shown = list(found)
    labels = max((breadth(entry.label) for entry in shown if entry.symbol), default=0)
    heads = [entry.head(labels) for entry in shown]
    margin = max(map(breadth, heads), default=0)
    lines: list[str] = []
    if width and labels and width - margin - 3 < NARROWEST:
        return [line for entry in shown for line in stacked(entry, width)]
    for entry, head in zip(shown, heads, strict=True):
        first = head + " " * (margin - breadth(head))
        whole = f"{first} = {' = '.join(entry.sides)}"
        if not width or breadth(whole) <= width:
            lines.append(whole)
        else:
            for i, side in enumerate(entry.sides):
                pieces = broken(side, max(width - margin - 3, 1))
                lines += [f"{first if i == 0 else ' ' * margin} = {pieces[0]}", *(" " * (margin + 3) + piece for piece in pieces[1:])]
        if entry.note:
            lines += [" " * (margin + 3) + line for line in wrapped(entry.note, max(width - margin - 3, SHORTEST) if width else READABLE)]
    return lines


def stacked(entry: EquationLine, width: int) -> Iterator[str]:
    """Lay out a line below its name, for narrow pages."""
    if entry.label.strip():
        yield from wrapped(entry.label, width)
    margin = f"  {entry.symbol}"
    for side in entry.sides:
        first, *others = broken(side, max(width - breadth(margin) - 3, 1))
        yield f"{margin} = {first}"
        margin = " " * breadth(margin)
        yield from (f"{margin}   {piece}" for piece in others)
    if entry.note:
        yield from (f"    {line}" for line in wrapped(entry.note, max(width - 4, SHORTEST)))


def broken(side: str, width: int) -> list[str]:
    """Break an expression into lines, between terms but not inside brackets."""
    terms: list[str] = []
    depth = 0
    for piece in TERMS.split(side):
        if depth:
            terms[-1] += f" {piece}"
        else:
            terms.append(piece)
        depth += sum(map(piece.count, OPENING)) - sum(map(piece.count, CLOSING))
    lines = terms[:1]
    for term in terms[1:]:
        if breadth(lines[-1]) + 1 + breadth(term) > width:
            lines.append(term)
        else:
            lines[-1] += f" {term}"
    return lines


def remainder_note(rest: Remainder, formulas: FormulaWriter) -> str:
    """Return a sentence on the remainder of a division."""
    left = value_of(rest.left)
    if not isinstance(left, int):
        return f"divides evenly where {formulas.worked(rest.left)} = 0"
    if rest.over:
        words = f"remainder {left}: the last position of the kernel extends past the edge"
    else:
        lines = f"{left} {rest.axis}s" if left > 1 else rest.axis
        words = f"remainder {left}: the last {lines} of the {'padding' if rest.padding else 'input'} {'are' if left > 1 else 'is'} unused"
    return f"{words}; {' or '.join(rest.fits)} would divide evenly" if rest.fits else words


def headline(derivation: Derivation, fmt: NumberFormat) -> list[str]:
    """Return the title lines: the layer with its volumes, or the network."""
    from cnncalc.output.words.summary import settings, title

    report, row = derivation.report, derivation.row
    name = title(report)[0]
    lines = [f"{derivation.label} of {name}" if derivation.label else name]
    if row is not None and row.sources:
        arriving = ", ".join(volume(each, fmt) for each in row.inputs)
        arrow = "->" if fmt.style == "ascii" else "→"
        lines.append(f"{row.kind} {row.layer.describe()}".rstrip() + f": {arriving} {arrow} {volume(row.output, fmt)}")
    return [line for line in (*lines, ", ".join(settings(report))) if line]


def legend(derivations: Sequence[Derivation], formulas: FormulaWriter) -> Iterator[tuple[str, str]]:
    """Yield the symbols, with their values if constant, and their meanings."""
    found: dict[str, Symbol] = {}
    for derivation in derivations:
        for each in derivation.symbols:
            found.setdefault(each.symbol, each)
    for symbol, value, doc in found.values():
        name = formulas.name(symbol)
        yield name if value is None or formulas.value(value) == name else f"{name} = {formulas.value(value)}", doc


def informative(derivations: Sequence[Derivation]) -> Sequence[Derivation]:
    """Leave out what is trained and what is frozen where everything is trained, unless it is asked for."""
    if len(derivations) == 1 or derivations[0].report.freezes:
        return derivations
    return [each for each in derivations if each.quantity not in ("trainable", "frozen")]


def lines_and_remarks(derivations: Sequence[Derivation], formulas: FormulaWriter) -> tuple[list[EquationLine], list[str]]:
    """Return the lines and remarks: of one derivation in full, or of several in brief."""
    first = derivations[0]
    if len(derivations) == 1:
        return [*entries(first, formulas)], remarks(first)
    derivations = informative(derivations)
    if first.row is not None:
        notes = [
            *layer_remarks(first.row),
            *(f"{SUBJECTS[each.quantity]} {reason_unknown(each)}." for each in derivations if is_unknown(each)),
            *unit_remarks(first.row),
        ]
    else:
        none = [LABELS[each.quantity] for each in derivations if each.value == 0]
        notes = [f"No layer has any {', '.join(none)}."] if none else []
    return [entry for each in derivations for entry in entries(each, formulas, alone=False)], notes


def page(derivations: Sequence[Derivation], sheet: Page, units: str = "") -> str:
    """Return the complete explanation of a layer or network."""
    writer = TableWriter(Sheet((), (), ()), sheet, units)
    formulas = FormulaWriter(writer.fmt.style, units, sheet.width, lambda text: writer.signs(printable(text)))
    found, notes = lines_and_remarks(derivations, formulas)
    head, *more = headline(derivations[0], formulas.fmt)
    symbols = [*legend(derivations, formulas)]
    margin = max((breadth(name) for name, _ in symbols), default=0) + 4
    meanings: list[str] = []
    for name, doc in symbols:
        first, *others = wrapped(doc, formulas.width and max(formulas.width - margin, SHORTEST), "")
        meanings += [f"  {name}".ljust(margin) + first, *(" " * margin + line for line in others)]
    parts = [
        [writer.styled(line, BOLD) for line in wrapped(head, formulas.width)]
        + [line for text in more for line in wrapped(text, formulas.width)],
        meanings,
        lay_out(found, formulas.width),
        [line for note in notes for line in wrapped(note, formulas.width)],
    ]
    return "\n\n".join("\n".join(map(writer.signs, part)) for part in parts if part) + "\n"
