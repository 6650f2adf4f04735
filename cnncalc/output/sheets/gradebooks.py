"""Gradebooks: the points of a class, the statistics of its questions, and feedback for each student."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from cnncalc.answers.grade import RIGHT, UNCLEAR, WRONG
from cnncalc.answers.gradebook import difficulty
from cnncalc.answers.graded import possible, score, worth
from cnncalc.output.forms.numbers import percent
from cnncalc.output.forms.sheet import NUMBER, TEXT, Column, Detail, Form, Section, Sheet
from cnncalc.output.sheets.verdicts import POINTS, SHORT, answer, for_json, table
from cnncalc.text import filled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.answers.gradebook import Gradebook
    from cnncalc.answers.graded import Graded
    from cnncalc.answers.questions import Question

MISSED = 5  # questions listed as most often missed
OWN_RULES = "Points and tolerances are those of each sheet itself; --against takes them from one worksheet."


def gradebook(book: Gradebook) -> Sheet:
    """Return a row per student and a column per question, with the mean below."""
    questions = book.worksheet.questions
    heads = ("student", "variant") if has_variants(book) else ("student",)
    columns = [Column(name, name, SHORT, 9) for name in heads]
    columns += [Column(question.id, question.id, POINTS, 4) for question in questions]
    columns += [Column("points", "points", POINTS, 9), Column("of", "of", POINTS, 8)]
    rows: list[list[Any]] = [
        [*(getattr(student, name) for name in heads), *map(student.won, questions), student.points, possible(student.sheet)]
        for student in book.students
    ]
    blank = [None] * (len(heads) - 1)
    mean = ["mean", *blank, *(book.mean_of(question) for question in questions), book.mean, book.of]
    unread = [[os.path.basename(name), *blank, *(None for _ in questions), None, None] for name in book.broken]
    title = book.worksheet.title or book.worksheet.name
    notes = [problem.text().partition("\n")[0] for problem in book.problems]
    notes += [f"Not read: {', '.join(os.path.basename(name) for name in book.broken)}."] if book.broken else []
    statistics = Detail("Questions, with the share of the points that was reached and the slips made most often:", statistic(book))
    return Sheet([f"{title}: {counted(len(book.students))}"], columns, [Section([*rows, *unread], mean)], notes, passages=[statistics])


def has_variants(book: Gradebook) -> bool:
    """Return whether students are graded by variants of the worksheet."""
    return any(student.sheet.variant for student in book.students)


def counted(number: int) -> str:
    """Return a number of students in words."""
    return f"{number} student{'' if number == 1 else 's'}"


def statistic(book: Gradebook) -> Any:
    """Return the lines on the questions, hardest first."""
    means = {question.id: difficulty(book.mean_of(question), question) for question in book.worksheet.questions}
    hardest = sorted(book.worksheet.questions, key=lambda question: means[question.id])
    margin = max(len(question.id) for question in hardest)
    lines = []
    for question in hardest:
        slips = [f"{tag} ({count})" for tag, count in book.slips(question).most_common(1)]
        share = means[question.id]
        lines.append("  ".join([filled(question.id, margin), f"{percent(share.numerator, share.denominator, 0):>4}", *slips]))
    return lambda width, style: lines


def gradebook_document(book: Gradebook) -> dict[str, Any]:
    """Return the JSON of a gradebook."""
    described: dict[str, Any] = {"title": book.worksheet.title, "worksheet": book.worksheet.name, "of": for_json(book.of)}
    described["mean"] = for_json(book.mean)
    described["questions"] = [_question(book, question) for question in book.worksheet.questions]
    described["students"] = [
        {
            "student": student.student,
            **({"variant": student.variant} if has_variants(book) else {}),
            "points": for_json(student.points),
            "of": for_json(possible(student.sheet)),
            "answers": [_answer(student, i) for i in range(len(student.verdicts))],
            "problems": [str(problem) for problem in student.problems],
        }
        for student in book.students
    ]
    described["broken"] = {name: [str(problem) for problem in error.problems] for name, error in book.broken.items()}
    return described


def _question(book: Gradebook, question: Question) -> dict[str, Any]:
    mean = book.mean_of(question)
    return {
        "id": question.id,
        "points": for_json(worth(question)),
        "mean": for_json(mean),
        "difficulty": for_json(difficulty(mean, question)),
        "right": book.right(question),
        "slips": dict(book.slips(question).most_common()),
    }


def _answer(student: Graded, i: int) -> dict[str, Any]:
    row = answer(student, i, student.verdicts[i])
    del row["slips"]
    row.pop("tags", None)
    slips = [{"tag": slip.tag, "words": slip.words} for slip in student.slips[i]]
    return {**row, "points": for_json(score(student.verdicts[i])), "slips": slips}


def feedback(student: Graded) -> Sheet:
    """Return the table of one student's answers, with what was wrong with the file."""
    sheet = table(student, scored=True)
    title = student.sheet.title or student.sheet.name
    notes = [*sheet.notes, *(problem.text().partition("\n")[0] for problem in student.problems)]
    return Sheet([f"{student.student}: {title}"], sheet.columns, sheet.sections, notes, passages=sheet.passages)


def file_names(book: Gradebook) -> Iterator[str]:
    """Yield a name for the file of each student: letters and digits, no two alike."""
    taken: set[str] = {"gradebook"}
    for student in book.students:
        plain = re.sub(r"[^\w.-]+", "_", student.student).strip("._")[:80] or "student"
        name, number = plain, 1
        while name.lower() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.lower())
        yield name


def class_list(sheets: Sequence[Graded], broken: Sequence[str] = (), *, scored: bool = False) -> Sheet:
    """Return a table of several sheets, one row each, including unreadable ones."""
    names = [each.sheet.name for each in sheets] + list(broken)
    folders = {os.path.dirname(name) for name in names}
    folder = folders.pop() if len(folders) == 1 else ""
    within = Form(lambda name, fmt: TEXT.people(os.path.basename(name) if folder else name, fmt))
    columns = [Column("sheet", "sheet", within, 9), Column("title", "title", SHORT, 4)]
    columns += [Column(verdict, verdict, NUMBER, 5) for verdict in (RIGHT, WRONG, UNCLEAR)]
    columns.append(Column("missed", "not right", TEXT, 3, wraps=True))
    columns += [Column(name, name, POINTS, 8) for name in ("points", "of") if scored]
    rows: list[list[Any]] = []
    for each in sheets:
        counts = [each.count(verdict) for verdict in (RIGHT, WRONG, UNCLEAR)]
        row = [each.sheet.name, each.sheet.student or each.sheet.title, *counts, ", ".join(each.missed)]
        rows.append([*row, each.points, possible(each.sheet)] if scored else row)
    rows += [[name, None, None, None, None, "cannot be read", None, None][: len(columns)] for name in broken]
    notes = [*often(sheets), OWN_RULES]
    return Sheet([f"{len(names)} sheets{f' in {folder}' if folder else ''}"], columns, [Section(rows)], notes)


def class_document(sheets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the JSON of several sheets."""
    return {"sheets": list(sheets), "rules": "each sheet's own"}


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
