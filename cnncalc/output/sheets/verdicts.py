"""Graded sheets as tables and JSON."""

from __future__ import annotations

import os
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.answers.grade import RIGHT, UNCLEAR, WRONG
from cnncalc.answers.quantities import word
from cnncalc.dims import Poly
from cnncalc.layers import Volume
from cnncalc.output.forms.numbers import Look, Math, volume
from cnncalc.output.forms.sheet import NUMBER, TEXT, Column, Form, Passage, Section, Sheet
from cnncalc.output.sheets.workings import worked_out
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.answers.questions import AnswerSheet, Question

MARKS = {RIGHT: "✓", WRONG: "✗", UNCLEAR: "?"}
LONGEST = 48  # longest question or answer in the table, in characters
MISSED = 5  # questions listed as most often missed


class Graded:
    """A sheet with its verdicts, and explanations of wrong answers."""

    __slots__ = ("hide", "sheet", "slips", "verdicts")

    def __init__(self, sheet: AnswerSheet, verdicts: list[Verdict], slips: Mapping[int, list[str]], *, hide: bool) -> None:
        self.sheet = sheet
        self.verdicts = verdicts
        self.slips = slips  # by index of the verdict
        self.hide = hide  # whether to hide the correct answers

    def count(self, verdict: str) -> int:
        """Return the number of answers with this verdict."""
        return sum(each.verdict == verdict for each in self.verdicts)

    @property
    def missed(self) -> list[str]:
        """The questions that are not completely right."""
        return list(dict.fromkeys(each.question.id for each in self.verdicts if each.verdict != RIGHT))

    def won(self, question: Question) -> Fraction:
        """Return the points for a question; there are none for a partly right one."""
        return Fraction(0) if question.id in self.missed else worth(question)

    @property
    def points(self) -> tuple[Fraction, Fraction]:
        """Points achieved and points possible."""
        questions = self.sheet.questions
        return sum(map(self.won, questions), start=Fraction(0)), sum(map(worth, questions), start=Fraction(0))


def worth(question: Question) -> Fraction:
    """Return the points of a question, by default 1."""
    return question.points if question.points is not None else Fraction(1)


def said(value: Any) -> str:
    """Format a computed value for readers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Volume):
        return volume(value, Look())
    if isinstance(value, (tuple, list)):
        return "×".join(said(each) for each in value)
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


def _mark(value: str, look: Look) -> str:
    return MARKS[value] if look.style == "text" else value


def _short(value: str, look: Look) -> str:
    return TEXT.people(value if len(value) <= LONGEST else value[: LONGEST - 1] + "…", look)


def _computed(value: Any, look: Look) -> str:
    if isinstance(value, Volume):
        return volume(value, look)
    if look.style != "text" and isinstance(value, Poly):
        from cnncalc.dims.notation import show

        return Math(f"${show(value, look.style)}$") if look.style == "latex" else show(value, look.style)
    return said(value)


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, Poly) else _json(value)


MARK = Form(_mark, style=lambda value: ({RIGHT: "good", WRONG: "bad", UNCLEAR: "unclear"}[value], ""))
SHORT = Form(_short)
COMPUTED = Form(_computed, _plain)


def table(graded: Graded, *, score: bool = False) -> Sheet:
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
    if score:
        columns.append(Column("points", "points", TEXT, 8))
    rows: list[list[Any]] = []
    last = None
    for each in graded.verdicts:
        row = [each.verdict, each.question.id, asked(each), each.quantity, each.answer.text]
        row += [] if graded.hide else [each.computed]
        row += (
            []
            if not score
            else [f"{points(graded.won(each.question))}/{points(worth(each.question))}" if each.question is not last else ""]
        )
        rows.append(row)
        last = each.question
    title = [graded.sheet.title or graded.sheet.name]
    blank = list(dict.fromkeys(each.question.id for each in graded.verdicts if not each.answer.text))
    notes = [f"No answer to {', '.join(blank)}."] if blank else []
    return Sheet(title, columns, [Section(rows)], [*notes, summary(graded, score=score)], passages=list(passages(graded)))


def passages(graded: Graded) -> Iterator[Passage]:
    """Yield a passage for each answer that is not right: claim, correct value, derivation, and likely mistakes."""
    for i, each in enumerate(graded.verdicts):
        head = f"{each.question.id}, {subject(each)}: "
        if each.verdict == UNCLEAR and each.answer.text:
            yield Passage(f"{head}{each.reason}.", _nothing)
        elif each.verdict == WRONG:
            right = "" if graded.hide else f", it is {said(each.computed)}"
            remarks = [f"{slip[0].upper()}{slip[1:]}." for slip in graded.slips.get(i, [])]
            yield Passage(f"{head}{each.answer.text} is wrong{right}.", _nothing if graded.hide else worked_out(each, said), remarks)


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


def summary(graded: Graded, *, score: bool) -> str:
    """Return the summary line of a sheet."""
    line = ", ".join(f"{graded.count(verdict)} {verdict}" for verdict in (RIGHT, WRONG, UNCLEAR))
    if score:
        won, most = graded.points
        line += f"; {points(won)} of {points(most)} points"
    return line + "."


def document(graded: Graded, *, score: bool = False) -> dict[str, Any]:
    """Return the JSON of one sheet."""
    described: dict[str, Any] = {"title": graded.sheet.title, "sheet": graded.sheet.name}
    described.update((verdict, graded.count(verdict)) for verdict in (RIGHT, WRONG, UNCLEAR))
    if score:
        described["points"], described["of"] = (_json(each) for each in graded.points)
    described["questions"] = [_question(graded, i, each) for i, each in enumerate(graded.verdicts)]
    return described


def _question(graded: Graded, i: int, each: Verdict) -> dict[str, Any]:
    row: dict[str, Any] = {"id": each.question.id, "verdict": each.verdict, "quantity": each.quantity, "claimed": each.answer.text}
    if not graded.hide:
        row["computed"] = _json(each.computed)
        if each.parts:
            row["parts"] = {name: _json(value) for name, value in each.parts.items()}
    row["slips"] = list(graded.slips.get(i, []))
    if each.reason:
        row["reason"] = each.reason
    return row


def class_list(sheets: Sequence[Graded], broken: Sequence[str] = (), *, score: bool = False) -> Sheet:
    """Return a table of several sheets, one row each, including unreadable ones."""
    names = [each.sheet.name for each in sheets] + list(broken)
    folders = {os.path.dirname(name) for name in names}
    folder = folders.pop() if len(folders) == 1 else ""
    within = Form(lambda name, look: TEXT.people(os.path.basename(name) if folder else name, look))
    columns = [Column("sheet", "sheet", within, 9), Column("title", "title", SHORT, 4)]
    columns += [Column(verdict, verdict, NUMBER, 5) for verdict in (RIGHT, WRONG, UNCLEAR)]
    columns.append(Column("missed", "not right", TEXT, 3, wraps=True))
    if score:
        columns.append(Column("points", "points", TEXT, 8))
    rows: list[list[Any]] = []
    for each in sheets:
        won, most = each.points
        row = [each.sheet.name, each.sheet.title, *(each.count(verdict) for verdict in (RIGHT, WRONG, UNCLEAR)), ", ".join(each.missed)]
        rows.append([*row, f"{points(won)}/{points(most)}"] if score else row)
    rows += [[name, None, None, None, None, "cannot be read", None][: len(columns)] for name in broken]
    return Sheet([f"{len(names)} sheets{f' in {folder}' if folder else ''}"], columns, [Section(rows)], list(often(sheets)))


def often(sheets: Sequence[Graded]) -> Iterator[str]:
    """Yield the questions missed on several sheets."""
    missed: dict[str, int] = {}
    asked: dict[str, int] = {}
    for each in sheets:
        for question in each.missed:
            missed[question] = missed.get(question, 0) + 1
        for known in each.sheet.questions:
            asked[known.id] = asked.get(known.id, 0) + 1
    most = sorted((question for question in missed if missed[question] > 1), key=lambda question: -missed[question])[:MISSED]
    if most:
        yield f"Most often not right: {', '.join(f'{question} ({missed[question]} of {asked[question]})' for question in most)}."


def points(value: Fraction) -> str:
    """Format points for readers."""
    return str(value) if value.denominator == 1 else f"{float(value):g}"


def _json(value: Any) -> Any:
    """Return a value for JSON: volumes as 55x55x96, ratios as decimals, formulas as text."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(f"{float(value):.7g}") if abs(value) < 10**15 else decimal(value)
    if isinstance(value, (tuple, list)):
        return "x".join(f"({each})" if " " in str(each) else str(each) for each in value)
    return plain(value)
