"""Writes questions as Moodle XML (docs.moodle.org, Moodle XML format)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.answers.platform_questions import CHOICE, NUMERICAL, SHORT
from cnncalc.output.forms.formats import html_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.answers.platform_questions import PlatformAnswer, PlatformQuestion

SETTINGS = {  # by kind of question
    CHOICE: ("<single>true</single>", "<shuffleanswers>true</shuffleanswers>", "<answernumbering>abc</answernumbering>"),
    SHORT: ("<usecase>0</usecase>",),
}


def moodle(title: str, questions: Sequence[PlatformQuestion]) -> str:
    """Return a file for Import > Moodle XML, with a category of the worksheet's title."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category = text(f"$course$/top/{title.replace('/', '//')}")
    lines += ['<question type="category">', f"<category>{category}</category>", "</question>"]
    for each in questions:
        lines += question(each)
    return "\n".join([*lines, "</quiz>", ""])


def question(each: PlatformQuestion) -> Iterator[str]:
    """Yield the lines of one question."""
    yield f'<question type="{each.kind}">'
    yield f"<name>{text(each.name)}</name>"
    yield f'<questiontext format="html">{text(f"<p>{html_text(each.ask)}</p>")}</questiontext>'
    yield f"<defaultgrade>{each.points}</defaultgrade>"
    yield "<penalty>0.3333333</penalty>"
    yield from SETTINGS.get(each.kind, ())
    for found in each.answers:
        yield answer(each, found)
    yield "</question>"


def answer(each: PlatformQuestion, found: PlatformAnswer) -> str:
    """Return one answer with its feedback; an asterisk in a short answer would stand for any text."""
    shown = found.text.replace("*", r"\*") if each.kind == SHORT else found.text
    if each.kind == CHOICE:
        shown = html_text(shown)
    form = "html" if each.kind == CHOICE else "moodle_auto_format"
    tolerance = f"<tolerance>{each.tolerance if found.right else 0}</tolerance>" if each.kind == NUMERICAL else ""
    feedback = f'<feedback format="html">{text(html_text(found.feedback))}</feedback>'
    return f'<answer fraction="{100 if found.right else 0}" format="{form}">{text(shown)}{feedback}{tolerance}</answer>'


def text(content: str) -> str:
    """Return a text element; HTML in it is escaped once more."""
    return f"<text>{html_text(content)}</text>"
