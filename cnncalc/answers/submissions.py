"""Reads students' answers: a filled sheet, a mapping of ids to answers, CSV, or a filled Markdown worksheet."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.answers.answer_sheet import QUANTITIES, QUESTION, answer_text, is_sheet
from cnncalc.errors import Problem, Source, Span, SpecError
from cnncalc.limits import LIMITS
from cnncalc.spec.nodes import CUT, is_bare
from cnncalc.spec.opened import read_bytes
from cnncalc.spec.reader import Mapping, Scalar, Sequence, decoded, forbidden, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnncalc.spec.reader import YamlNode

CSV, MARKDOWN = (".csv", ".tsv"), (".md", ".markdown")
SUFFIXES = (*CSV, *MARKDOWN, ".yaml", ".yml", ".json")
ANSWER = ("answer", "is")  # keys for the answer to a question that asks for one thing
ABOUT = frozenset(QUESTION) - {*QUANTITIES, *ANSWER}  # keys that are taken from the worksheet only
ITEM = re.compile(r" {0,3}(\d{1,4})[.)]\s")
LINE = re.compile(r"[\s>*]*Answer(?: \(([\w ]+)\))?:[\s*]*(.*)")
HEADING = re.compile(r" {0,3}#")
VARIANT = re.compile(r"[\s*]*Variant:[\s*]*(.*)")
NAME = re.compile(r"[\s*]*(?:Name|Student):[\s*]*(.*)")
ESCAPED = re.compile(r"\\([^\w\s])")


class GivenAnswer(NamedTuple):
    """One answer as a student wrote it."""

    question: str  # its id, or its number from 1
    quantity: str  # "" where only the question is named
    text: str
    span: Span  # of the id where the file has one for each answer, else of the answer


class Submission:
    """All answers of one student."""

    __slots__ = ("answers", "problems", "student", "variant")

    def __init__(self, student: str) -> None:
        self.student = student
        self.variant = ""
        self.answers: list[GivenAnswer] = []
        self.problems: list[Problem] = []

    def add(self, question: str, quantity: str, text: str, span: Span) -> None:
        """Add an answer, or a problem if it has control characters."""
        strange = forbidden(text)
        if strange is not None:
            message = f"the answer to {question} is not graded: it has the character U+{ord(strange.group()):04X}"
            self.problems.append(Problem(message, span, "write it without control characters"))
        elif text:
            self.answers.append(GivenAnswer(question, quantity, text, span))


def files(paths: Iterable[str]) -> list[str]:
    """Return the files among the paths, and those in folders that may hold answers, by name."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        with os.scandir(path) as entries:
            names = sorted(each.name for each in entries if each.name.lower().endswith(SUFFIXES) and not each.name.startswith("."))
        if not names:
            raise SpecError(Problem(f"{path}: no answers in this folder", hint="they are files .yaml, .csv or .md"))
        found += [os.path.join(path, name) for name in names]
    return found


def submissions(path: str) -> list[Submission]:
    """Return the answers in a file: of one student, or of a class where a CSV begins with a column `student`."""
    folder = os.path.realpath(os.path.dirname(path))
    if os.path.islink(path) and os.path.dirname(os.path.realpath(path)) != folder:  # a student could hand in the key
        raise SpecError(Problem(f"{path}: a link to another folder", hint="answers are files, or links within their folder"))
    student, suffix = os.path.splitext(os.path.basename(path))
    if suffix.lower() in CSV:
        return _of_csv(Source(path, decoded(read_bytes(path, path), path)), student)
    data = read_bytes(path, path, LIMITS.student_bytes)
    if suffix.lower() in MARKDOWN:
        return [_of_markdown(Source(path, decoded(data, path)), student)]
    source, tree = read(data, path)
    return [_of_sheet(source, tree, student) if is_sheet(tree) else _of_mapping(source, tree, student)]


def _entries(source: Source, node: YamlNode, submission: Submission, what: str) -> Iterator[tuple[Scalar, YamlNode]]:
    """Yield keys and values; an answer that YAML cuts at a comma is a problem, and not graded."""
    if not isinstance(node, Mapping):
        raise SpecError(Problem(f"expected {what}", Span(source, node.at)))
    bare = [is_bare(source, key) for key in node.keys]
    for i, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
        if bare[i]:
            continue
        if bare[i + 1 : i + 2] == [True]:
            submission.problems.append(Problem(f"the answer to {key.text} is cut at a comma", Span(source, value.at), CUT))
        else:
            yield key, value


def _of_mapping(source: Source, tree: YamlNode, student: str) -> Submission:
    """Read `q1: 55x55x96`, or `q3: {output: 55x55x96, params: 34944}`."""
    submission = Submission(student)
    for key, value in _entries(source, tree, submission, "answers by question, q1: 55x55x96, or a sheet with questions"):
        if key.text in ("student", "name"):
            submission.student = answer_text(value) or student
        elif key.text == "variant":
            submission.variant = answer_text(value) or ""
        elif isinstance(value, Mapping):
            for quantity, text in _entries(source, value, submission, "answers"):
                _take(submission, source, key.text, quantity, text)
        else:
            _take(submission, source, key.text, None, value, key)
    return submission


def _of_sheet(source: Source, tree: YamlNode, student: str) -> Submission:
    """Return only the answers of a filled sheet; its points, tolerances and networks are ignored."""
    submission = Submission(student)
    for key, value in _entries(source, tree, submission, "a sheet"):
        if key.text == "student":
            submission.student = answer_text(value) or student
        if key.text == "variant":
            submission.variant = answer_text(value) or ""
        for number, item in enumerate(value.items if key.text == "questions" and isinstance(value, Sequence) else (), 1):
            entries = list(_entries(source, item, submission, "a question"))
            id = next((answer_text(node) for name, node in entries if name.text == "id"), None) or f"{number}"
            for name, node in entries:
                if name.text not in ABOUT:
                    _take(submission, source, id, name, node)
    return submission


def _take(submission: Submission, source: Source, id: str, quantity: Scalar | None, node: YamlNode, key: Scalar | None = None) -> None:
    text = answer_text(node)
    place = quantity or key
    assert place is not None  # either names the answer
    span = Span(source, place.at, max(1, len(place.text)))
    if text is None:
        submission.problems.append(Problem(f"expected one answer to {id}: a number, arithmetic, a volume", Span(source, node.at)))
    else:
        submission.add(id, "" if quantity is None or quantity.text in ANSWER else quantity.text, text, span)


class Cell(NamedTuple):
    """One cell of a CSV file."""

    text: str
    at: int
    quoted: bool

    @property
    def end(self) -> int:
        """Where its text ends in the file, if it is not quoted."""
        return self.at + len(self.text)


def rows(text: str) -> Iterator[list[Cell]]:
    """Yield the rows of a CSV file that are not empty; cells are separated by what comes first in it: comma, semicolon or tab."""
    found = re.search("[,;\t]", text)
    sign = found.group() if found is not None else ","
    cell = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*(?=[{sign}\r\n]|\Z)|[ ]*([^{sign}\r\n]*)')
    row: list[Cell] = []
    at = 0
    while True:
        match = cell.match(text, at)
        assert match is not None  # anything is a cell, also nothing
        quoted = match[1] is not None
        row.append(
            Cell(match[1].replace('""', '"').strip(), match.start(1), True) if quoted else Cell(match[2].strip(), match.start(2), False)
        )
        at = match.end()
        if text.startswith(sign, at):
            at += 1
            continue
        if any(each.text for each in row):
            yield row
        row = []
        if at >= len(text):
            return
        at += 1


def _of_csv(source: Source, student: str) -> list[Submission]:
    table = list(rows(source.text))
    if not table:
        raise SpecError(Problem("the file is empty", Span(source, 0)))
    if table[0][0].text.lower().startswith("student"):
        return list(_of_class(source, table))
    if len(source.text) > LIMITS.student_bytes:
        raise SpecError(Problem(f"{source.name}: too large: more than {LIMITS.student_bytes // 2**20} MiB for one student"))
    submission = Submission(student)
    for row in table[1:] if table[0][0].text.lower() in ("id", "question") else table:
        id, *cells = row
        if cells:  # commas in an answer without quotes do not end it
            text = cells[0].text if cells[0].quoted else source.text[cells[0].at : max(cells[-1].end, cells[0].at)]
            if id.text.lower() == "variant":
                submission.variant = text.strip()
            else:
                submission.add(id.text, "", text.strip(), Span(source, id.at, max(1, len(id.text))))
    return [submission]


def _of_class(source: Source, table: list[list[Cell]]) -> Iterator[Submission]:
    """Yield a row per student, a column per question."""
    header = table[0]
    for row in table[1:]:
        submission = Submission(row[0].text)
        span = Span(source, row[0].at, max(1, len(row[0].text)))
        if not row[0].text:
            raise SpecError(Problem("a row without a student", span))
        while len(row) > len(header) and not row[-1].text:
            row.pop()
        if len(row) > len(header):
            message = f"{len(row)} cells in a row of {len(header)}: the answers of {row[0].text} are not graded"
            submission.problems.append(Problem(message, span, "put an answer with commas in quotes"))
        for title, cell in zip(header[1:], row[1:] if len(row) <= len(header) else (), strict=False):
            if title.text.lower() == "variant":
                submission.variant = cell.text
            else:
                submission.add(title.text, "", cell.text, Span(source, title.at, max(1, len(title.text))))
        yield submission


def _of_markdown(source: Source, student: str) -> Submission:
    """Read a worksheet written by `quiz --format markdown`, with answers after `Answer:` or on the lines below."""
    submission = Submission(student)
    number, quantity, pieces, at, first = "", "", [""], 0, 0
    reading = False

    def finish() -> None:
        if reading:
            submission.add(number, quantity, " ".join(filter(None, pieces)), Span(source, first))

    for line in source.text.splitlines(keepends=True):
        item, answer, name = ITEM.match(line), LINE.match(line), NAME.match(line)
        if item is not None or answer is not None or HEADING.match(line):
            finish()
            reading = answer is not None and bool(number)
        if item is not None:
            number = item[1]
        elif answer is not None:
            quantity, pieces, first = answer[1] or "", [_filled_in(answer[2])], at + answer.start(2)
        elif reading:
            pieces.append(_filled_in(line))
        elif name is not None and not number:
            submission.student = _filled_in(name[1]) or student
        elif not number and (variant := VARIANT.match(line)):
            submission.variant = _filled_in(variant[1])
        at += len(line)
    finish()
    return submission


def _filled_in(text: str) -> str:
    """Return the text on an answer line, without underscores and Markdown."""
    return ESCAPED.sub(r"\1", text.strip(" \t\r\n_").strip(" *`_"))
