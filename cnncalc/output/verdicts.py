"""Graded sheets as tables and documents: verdicts go in, out come rows, paragraphs for wrong answers, and the JSON that is promised."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.answers.grade import RIGHT, UNCLEAR, WRONG
from cnncalc.dims import Poly
from cnncalc.layers import Volume
from cnncalc.output.sheet import NUMBER, TEXT, Column, Form, Section, Sheet
from cnncalc.propagate.report import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.answers.grade import Verdict
    from cnncalc.answers.sheet import Sheet as Questions
    from cnncalc.output.figures import Look

MARKS = {RIGHT: "✓", WRONG: "✗", UNCLEAR: "?"}
LONGEST = 48  # characters of a question that the table shows


class Graded:
    """One sheet with its verdicts and, for wrong ones, the slips that explain them."""

    __slots__ = ("hide", "sheet", "slips", "verdicts")

    def __init__(self, sheet: Questions, verdicts: list[Verdict], slips: Mapping[int, list[str]], *, hide: bool) -> None:
        self.sheet = sheet
        self.verdicts = verdicts
        self.slips = slips  # by the place of the verdict
        self.hide = hide  # right values are not told

    def count(self, verdict: str) -> int:
        """How many answers came to this verdict."""
        return sum(each.verdict == verdict for each in self.verdicts)

    @property
    def points(self) -> tuple[Fraction, Fraction]:
        """Points won and points to win; a question counts as a whole, one point where nothing is said."""
        won = most = Fraction(0)
        for question in self.sheet.questions:
            points = question.points if question.points is not None else Fraction(1)
            mine = [each for each in self.verdicts if each.question is question]
            most += points
            won += points if all(each.verdict == RIGHT for each in mine) else 0
        return won, most


def _computed(value: Any, look: Look) -> str:
    return said(value)


def said(value: Any) -> str:
    """A computed value as a teacher writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Volume):
        return str(value)
    if isinstance(value, tuple):
        return "×".join(str(each) for each in value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Fraction):
        return f"{float(value):.4f}"
    if isinstance(value, Poly):
        from cnncalc.dims.notation import show

        return show(value, "text")
    return "" if value is None else str(value)


COMPUTED = Form(_computed, lambda value: "" if value is None else str(_json(value)))


def table(graded: Graded, *, score: bool = False) -> Sheet:
    """The questions of one sheet, a row for every answer; below, a paragraph for each that is not right."""
    columns = [
        Column("verdict", "", TEXT, 9),
        Column("id", "question", TEXT, 8),
        Column("asked", "asked", TEXT, 3),
        Column("quantity", "quantity", TEXT, 5),
        Column("claimed", "claimed", TEXT, 7),
    ]
    if not graded.hide:
        columns.append(Column("computed", "computed", COMPUTED, 6))
    rows = [
        [MARKS[each.verdict], each.question.id, _asked(each), each.quantity, each.answer.text, each.computed][: len(columns)]
        for each in graded.verdicts
    ]
    title = [graded.sheet.title or graded.sheet.name]
    return Sheet(title, columns, [Section(rows)], [*paragraphs(graded), "", summary(graded, score=score)])


def paragraphs(graded: Graded) -> list[str]:
    """For each answer that is not right: what was claimed, what comes out, how, and which slip gives the claimed number."""
    lines: list[str] = []
    for i, each in enumerate(graded.verdicts):
        if each.verdict == RIGHT:
            continue
        head = f"{MARKS[each.verdict]} {each.question.id}: {_asked(each, 200)}"
        if each.verdict == UNCLEAR:
            lines.append(f"{head}: {each.reason}.")
            continue
        answer = f"claimed {each.answer.text}"
        if not graded.hide:
            answer += f", computed {said(each.computed)}"
        lines.append(f"{head}: {answer}.")
        if not graded.hide:
            lines += [f"    {line}" for line in derivation(each)]
        lines += [f"    {slip[0].upper()}{slip[1:]}." for slip in graded.slips.get(i, [])]
    return lines


def derivation(verdict: Verdict) -> list[str]:
    """How the computed value comes about; a claim is its own derivation."""
    from cnncalc.output.derivation import text
    from cnncalc.propagate.derivation import derive

    quantity = "weights" if verdict.quantity == "params" and not verdict.question.counting.bias else verdict.quantity
    if verdict.report is None or verdict.question.claim is not None or quantity in ("kernel", "fits"):
        return []
    return text(derive(verdict.report, verdict.row, quantity)).splitlines()


def summary(graded: Graded, *, score: bool) -> str:
    """One line for the whole sheet."""
    line = f"{graded.count(RIGHT)} right, {graded.count(WRONG)} wrong, {graded.count(UNCLEAR)} unclear"
    if score:
        won, most = graded.points
        line += f"; {_points(won)} of {_points(most)} points"
    return line


def document(graded: Graded, *, score: bool = False) -> dict[str, Any]:
    """The JSON of one sheet."""
    found: dict[str, Any] = {"title": graded.sheet.title, "sheet": graded.sheet.name}
    found.update((verdict, graded.count(verdict)) for verdict in (RIGHT, WRONG, UNCLEAR))
    if score:
        found["points"], found["of"] = (_json(points) for points in graded.points)
    found["questions"] = [_question(graded, i, each) for i, each in enumerate(graded.verdicts)]
    return found


def _question(graded: Graded, i: int, each: Verdict) -> dict[str, Any]:
    row: dict[str, Any] = {"id": each.question.id, "verdict": each.verdict, "quantity": each.quantity, "claimed": each.answer.text}
    if not graded.hide:
        row["computed"] = _json(each.computed)
    row["slips"] = list(graded.slips.get(i, []))
    if each.reason:
        row["reason"] = each.reason
    return row


def class_list(sheets: Sequence[Graded], *, score: bool = False) -> Sheet:
    """Several sheets, a row for each."""
    columns = [Column("sheet", "sheet", TEXT, 9), Column("title", "title", TEXT, 2)]
    columns += [Column(verdict, verdict, NUMBER, 5) for verdict in (RIGHT, WRONG, UNCLEAR)]
    columns.append(Column("missed", "not right", TEXT, 3))
    if score:
        columns.append(Column("points", "points", TEXT, 8))
    rows = []
    for each in sheets:
        missed = ", ".join(dict.fromkeys(verdict.question.id for verdict in each.verdicts if verdict.verdict != RIGHT))
        won, most = each.points
        row = [each.sheet.name, each.sheet.title, *(each.count(verdict) for verdict in (RIGHT, WRONG, UNCLEAR)), missed]
        rows.append([*row, f"{_points(won)}/{_points(most)}"] if score else row)
    return Sheet([f"{len(sheets)} sheets"], columns, [Section(rows)])


def _asked(verdict: Verdict, most: int = LONGEST) -> str:
    """What the question is about, in a few words."""
    question = verdict.question
    network = question.network or ("the network" if question.setting is not None else "")
    where = f"{question.layer} of {network}" if question.layer else network
    text = question.ask or (question.claim.text if question.claim is not None else f"{verdict.quantity} of {where}")
    return text if len(text) <= most else text[: most - 1] + "…"


def _points(points: Fraction) -> str:
    return str(points) if points.denominator == 1 else f"{float(points):g}"


def _json(value: Any) -> Any:
    """A value as JSON has it: volumes as 55x55x96, ratios as decimals, formulas as arithmetic."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else round(float(value), 6)
    if isinstance(value, tuple):
        return "x".join(str(each) for each in value)
    return plain(value)
