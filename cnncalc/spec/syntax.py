"""Explains errors of the YAML parser in plain words."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

NEAR = 200  # characters that are looked at around a place


class _Place(NamedTuple):
    """Where the parser stopped, and where what it was reading began."""

    text: str
    at: int
    start: int  # -1 where the parser does not say

    @property
    def line(self) -> int:
        """The index of the first character of the line."""
        return self.text.rfind("\n", 0, self.at) + 1

    @property
    def character(self) -> str:
        return self.text[self.at : self.at + 1]


class _Finding(NamedTuple):
    message: str
    at: int
    hint: str = ""
    width: int = 1


def explain(source: Source, error: Exception) -> Problem:
    """The problem that an error of either parser stands for."""
    text = source.text
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    start = min(context.index, len(text)) if context else -1
    at = min(mark.index, len(text)) if mark else max(start, 0)
    problem = str(getattr(error, "problem", None) or error)
    told = f"{getattr(error, 'context', None)}: {problem}"
    place = _Place(text, at, start)
    for words, find in _EXPLANATIONS:
        if re.search(words, told):
            found = find(place)
            return Problem(found.message, Span(source, found.at, max(found.width, 1)), found.hint)
    return Problem(f"this is not YAML: {problem.splitlines()[0]}", Span(source, at))


def opening(events: Iterable[Any], level: int) -> int | None:
    """Where a list or mapping of this level opens; nothing where the events end before, or stop with an error."""
    import yaml

    depth = 0
    with suppress(yaml.YAMLError, ValueError):
        for event in events:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == level:
                return event.start_mark.index  # type: ignore[no-any-return]  # the stubs say Any
    return None


def _colon(place: _Place) -> _Finding:
    """A colon where no key can be: most often an earlier colon lacks its space, or a text holds one."""
    before = place.text[max(place.line, place.at - NEAR) : place.at]
    if ": " in before:
        hint = "several keys in one line stand between { and }" if "," in before else "a text with a colon in it must stand in quotes"
        return _Finding("a second ': ' in one line", place.at, hint)
    above = place.text.rfind("\n", 0, max(place.line - 1, 0)) + 1
    line = place.text[above : place.line][:NEAR]
    if match := re.fullmatch(r"([ -]*[\w.-]+:)[^\s:]\S*\s*", line):
        return _Finding("a space is missing after the colon", above + match.end(1) - 1, "write 'key: value'")
    if re.fullmatch(r"[ -]*[\w.-]+\s*", line):
        return _Finding("a ':' is missing at the end of this line", place.line - 1, "or the next line is indented too deeply")
    return _Finding("a key cannot stand here", place.at, "keys of one mapping start in the same column")


def _bracket(place: _Place) -> _Finding:
    """Inside brackets something else than a comma or the closing bracket."""
    opening = place.text[place.start : place.start + 1] if place.start >= 0 else "["
    unclosed = _Finding(f"this {opening!r} is never closed", max(place.start, 0), f"a {'}' if opening == '{' else ']'!r} is missing")
    if place.at >= len(place.text.rstrip()):
        return unclosed
    if place.character in "]}":
        return _Finding(f"{place.character!r} does not close the {opening!r} before it", place.at)
    ahead = place.text[max(place.line, place.at - NEAR) : place.at]
    if place.character == "[" and (ahead[-1:].isalnum() or ahead.rstrip().endswith(tuple("+-*/%=<>("))):
        return _Finding("a '[' inside a text", place.at, 'arithmetic with brackets in it must stand in quotes: "depths[0]"')
    word = re.search(r"[^\s,:{}\[\]]*$", ahead)
    at = place.at - len(word.group()) if word and place.character == ":" else place.at
    if place.character == ":" and not place.text[place.line : at].strip():
        return unclosed._replace(hint=f"or a ',' is missing at the end of line {place.text.count(chr(10), 0, place.line)}")
    return _Finding(
        "a ',' is missing here",
        at,
        f"entries between {'{ and }' if opening == '{' else '[ and ]'} are parted by commas",
        place.at - at or 1,
    )


def _quote(place: _Place) -> _Finding:
    return _Finding("this quote is never closed", max(place.start, 0))


def _start_of_text(place: _Place) -> _Finding:
    if place.character == "\t":
        return _tab(place)
    return _Finding(f"a text cannot start with {place.character!r}", place.at, "put it in quotes")


def _tab(place: _Place) -> _Finding:
    at = place.text.find("\t", place.line, place.at + 1)
    if at >= 0 and not place.text[place.line : at].strip():
        return _Finding("a tab is used for indentation", at, "indent with spaces")
    return _Finding("a tab cannot stand here", place.at if at < 0 else at, "use spaces")


def _dash(place: _Place) -> _Finding:
    return _Finding("a list item ('- ') cannot stand here", place.at, "start it on a line of its own, in the column of the items before it")


def _missing_colon(place: _Place) -> _Finding:
    at = max(place.start, 0)
    end = place.text.find("\n", at)
    hint = "a list item is '- ' with a space" if place.text.startswith("-", at) else ""
    return _Finding("a ':' is missing in this line", at, hint, (end if end >= 0 else len(place.text)) - at)


def _left_over(place: _Place) -> _Finding:
    if place.character in ("]", "}"):
        return _Finding(f"{place.character!r} closes nothing", place.at)
    before = place.text[max(place.line, place.at - NEAR) : place.at].rstrip()
    if before.endswith(("'", '"', "]", "}")):
        return _Finding("nothing may follow here", place.at, "a text with quotes or brackets in it must stand in quotes as a whole")
    return _Finding("this does not continue what stands before it", place.at, "look at the indentation")


def _no_value(place: _Place) -> _Finding:
    if place.at >= len(place.text.rstrip()):  # only brackets want a value there
        opened = max(place.text.rfind("[", 0, place.at), place.text.rfind("{", 0, place.at), 0)
        return _Finding(f"this {place.text[opened]!r} is never closed", opened)
    if place.character == ",":
        return _Finding("a ',' too many", place.at)
    return _Finding("a value is missing here", place.at, "a text that starts with a sign of YAML must stand in quotes")


def _block_text(place: _Place) -> _Finding:
    return _Finding("behind '|' or '>' the text starts on the next line", place.at, "a text that starts with one must stand in quotes")


def _escape(place: _Place) -> _Finding:
    at = place.at or max(place.text.find("\\U"), 0)  # the Python parser gives no place where the number is too large
    return _Finding("an escape that YAML does not know", at, "in single quotes a backslash is a backslash")


def _sign(place: _Place) -> _Finding:
    return _Finding(
        "'*' and '&' mark repetitions in YAML, and need a name", max(place.start, 0), "a text that starts with one must stand in quotes"
    )


def _tag(place: _Place) -> _Finding:
    return _Finding("YAML tags ('!...') are not used here", max(place.start, 0), "a text that starts with '!' must stand in quotes")


_EXPLANATIONS = (  # words of libyaml's messages and of the Python parser's
    ("(scanning|parsing) a tag|tag handle", _tag),
    ("scanning a block scalar: .*(line break|chomping)", _block_text),
    ("mapping values are not allowed", _colon),
    (r"expected ',' or", _bracket),
    ("unexpected end of stream|unexpected document (indicator|separator)", _quote),
    ("tab character", _tab),
    ("cannot start any token", _start_of_text),
    ("sequence entries are not allowed", _dash),
    ("could not find expected ':'", _missing_colon),
    ("did not find expected (key|'-' indicator|<document start>)|expected (<block end>|'<document start>')", _left_over),
    ("node content", _no_value),
    ("escape|hexa?decimal|arg not in range|too large", _escape),
    ("alphabetic or numeric", _sign),
)
