"""Graded sheets as tables and JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.answers.grade import RIGHT, UNCLEAR, WRONG
from cnncalc.answers.graded import possible, score
from cnncalc.answers.quantities import word
from cnncalc.dims import Poly
from cnncalc.layers import Volume
from cnncalc.output.forms.numbers import Math, NumberFormat, volume
from cnncalc.output.forms.sheet import TEXT, Column, Detail, Form, Section, Sheet
from cnncalc.output.sheets.workings import worked_out
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.answers.graded import Graded

MARKS = {RIGHT: "✓", WRONG: "✗", UNCLEAR: "?"}
LONGEST = 48  # longest question or answer in the table, in characters


def said(value: Any) -> str:
    """Format a computed value for readers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Volume):
        return volume(value, NumberFormat())
    if isinstance(value, (tuple, list)):
        return "×".join(f"({text})" if " " in text else text for text in map(said, value))
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Fraction):
        return decimal(value)
    if isinstance(value, Poly):
        from cnncalc.dims.notation import show

        return show(value, "text")
    return "open" if value is None else str(value)


def decimal(value: Fraction) -> str:
    """Format a ratio to four decimal places: 8.9130, or 2.5 if exact."""
    if value and abs(value) < Fraction(1, 10):
        return f"{float(value):.4g}"
    scaled = round(value * 10_000)
    digits = f"{abs(scaled) // 10_000:,}.{abs(scaled) % 10_000:04}"
    return ("-" if scaled < 0 else "") + (digits.rstrip("0").rstrip(".") if scaled == value * 10_000 else digits)


def _mark(value: str, fmt: NumberFormat) -> str:
    return MARKS[value] if fmt.style == "text" else value


def _short(value: str, fmt: NumberFormat) -> str:
    return TEXT.people(value if len(value) <= LONGEST else value[: LONGEST - 1] + "…", fmt)


def _computed(value: Any, fmt: NumberFormat) -> str:
    if isinstance(value, Volume):
        return volume(value, fmt)
    if fmt.style != "text" and isinstance(value, Poly):
        from cnncalc.dims.notation import show

        return Math(f"${show(value, fmt.style)}$") if fmt.style == "latex" else show(value, fmt.style)
    return said(value)


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, Poly) else for_json(value)


MARK = Form(_mark, style=lambda value: ({RIGHT: "good", WRONG: "bad", UNCLEAR: "unclear"}[value], ""))
SHORT = Form(_short)
COMPUTED = Form(_computed, _plain)


def table(graded: Graded, *, scored: bool = False) -> Sheet:
    """Return the table of one sheet: a row per answer, and a passage below for each one that is not right."""
    columns = [
        Column("verdict", "", MARK, 9),
        Column("id", "question", SHORT, 8),
        Column("asked", "asked", SHORT, 3, wraps=True),
        Column("quantity", "quantity", TEXT, 5),
        Column("claimed", "claimed", SHORT, 7),
    ]
    if not graded.hide:
        columns.append(Column("computed", "computed", COMPUTED, 6))
    if scored:
        columns.append(Column("points", "points", POINTS, 8))
    rows = [
        [each.verdict, each.question.id, asked(each), each.quantity, each.answer.text]
        + ([] if graded.hide else [each.shown])
        + ([score(each)] if scored else [])
        for each in graded.verdicts
    ]
    title = [graded.sheet.title or graded.sheet.name]
    blank = list(dict.fromkeys(each.question.id for each in graded.verdicts if not each.answer.text))
    notes = [f"No answer to {', '.join(blank)}."] if blank else []
    notes += dict.fromkeys(f"{each.question.id}: {each.remark}." for each in graded.verdicts if each.remark and each.verdict == RIGHT)
    notes += input_notes(graded.verdicts)
    return Sheet(title, columns, [Section(rows)], [*notes, summary(graded, scored=scored)], passages=list(passages(graded)))


def input_notes(verdicts: Sequence[Verdict]) -> list[str]:
    """Return notes on inputs of networks written out in a sheet that seem to have their channels first: 3x32x32."""
    notes: set[str] = set()
    for each in verdicts:
        if each.report is None or each.question.network or each.report.input.rank != 2:
            continue
        high, wide, deep = each.report.input
        if high in (1, 3) and wide == deep != high:
            where = f"{each.question.id}: the input {each.report.input}"
            notes.add(f"{where} is {high} high and {deep} deep; layout: channels_first reads the channels first.")
    return sorted(notes)


def passages(graded: Graded) -> Iterator[Detail]:
    """Yield a passage for each answer that is not right: claim, correct value, derivation, and likely mistakes."""
    for i, each in enumerate(graded.verdicts):
        head = f"{each.question.id}, {subject(each)}: "
        if each.verdict == UNCLEAR and each.answer.text:
            yield Detail(f"{head}{each.reason}.", _nothing)
        elif each.verdict == WRONG:
            right = "" if graded.hide else f", it is {said(each.shown)}"
            causes = [f"{slip.words[0].upper()}{slip.words[1:]}." for slip in graded.slips.get(i, [])]
            wrong = f"{head}{each.answer.text} is wrong{right}."
            yield Detail(" ".join(filter(None, [wrong, " Or: ".join(causes)])), _nothing if graded.hide else worked_out(each, said))


def _nothing(width: int, style: str) -> Sequence[str]:
    return ()


def subject(verdict: Verdict) -> str:
    """Return the question, with the quantity if it has several answers."""
    question = verdict.question
    several = question.ask and len(question.answers) > 1
    return asked(verdict) + (f", {word(verdict.quantity)}" if several else "")


def asked(verdict: Verdict) -> str:
    """Return the subject of a question in a few words."""
    question = verdict.question
    if question.ask:
        return question.ask
    if question.claim is not None:
        return question.claim.text
    where = " of ".join(each for each in (question.layer, question.network or "the network") if each)
    if verdict.answer.metric == "exact":
        return f"whether the kernels of {where} divide their input evenly"
    return f"{word(verdict.quantity)} of {where}"


def summary(graded: Graded, *, scored: bool) -> str:
    """Return the summary line of a sheet."""
    line = ", ".join(f"{graded.count(verdict)} {verdict}" for verdict in (RIGHT, WRONG, UNCLEAR))
    if scored:
        line += f"; {points(graded.points)} of {points(possible(graded.sheet))} points"
    return line + "."


def document(graded: Graded, *, scored: bool = False) -> dict[str, Any]:
    """Return the JSON of one sheet."""
    described: dict[str, Any] = {"title": graded.sheet.title, "sheet": graded.sheet.name}
    described.update((verdict, graded.count(verdict)) for verdict in (RIGHT, WRONG, UNCLEAR))
    if scored:
        described["points"], described["of"] = for_json(graded.points), for_json(possible(graded.sheet))
    described["questions"] = [answer(graded, i, each) for i, each in enumerate(graded.verdicts)]
    return described


def answer(graded: Graded, i: int, each: Verdict) -> dict[str, Any]:
    """Return the JSON of one answer."""
    row: dict[str, Any] = {"id": each.question.id, "verdict": each.verdict, "quantity": each.quantity, "claimed": each.answer.text}
    if not graded.hide:
        row["computed"] = for_json(each.shown)
        if each.parts:
            row["parts"] = {name: for_json(value) for name, value in each.parts.items()}
    slips = graded.slips.get(i, ())
    row["slips"] = [slip.words for slip in slips]
    if slips:
        row["tags"] = [slip.tag for slip in slips]
    row.update({name: getattr(each, name) for name in ("reason", "remark") if getattr(each, name)})
    return row


def points(value: Fraction) -> str:
    """Format points for readers."""
    return str(value) if value.denominator == 1 else f"{float(value):.2f}".rstrip("0")


def for_json(value: Any) -> Any:
    """Return a value for JSON: volumes as 55x55x96, ratios as decimals, formulas as text."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(f"{float(value):.7g}") if abs(value) < 10**15 else decimal(value)
    if isinstance(value, (tuple, list)):
        return "x".join(f"({each})" if " " in str(each) else str(each) for each in value)
    return plain(value)


POINTS = Form(lambda value, fmt: points(value), for_json, right=True)
