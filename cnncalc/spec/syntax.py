"""Explains errors of the YAML parser in plain words."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

NEAR = 200  # characters examined around a location


class _ErrorPlace(NamedTuple):
    """Where the parser stopped, and where the construct it was parsing started."""

    text: str
    at: int
    start: int  # -1 if unknown

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
    """Return the problem for an error of either parser."""
    text = source.text
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    start = min(context.index, len(text)) if context else -1
    at = min(mark.index, len(text)) if mark else max(start, 0)
    problem = str(getattr(error, "problem", None) or error)
    description = f"{getattr(error, 'context', None)}: {problem}"
    place = _ErrorPlace(text, at, start)
    for words, find in _EXPLANATIONS:
        if re.search(words, description):
            found = find(place)
            return Problem(found.message, Span(source, found.at, max(found.width, 1)), found.hint)
    return Problem(f"this is not YAML: {problem.splitlines()[0]}", Span(source, at))


def opening(events: Iterable[Any], level: int) -> int | None:
    """Return where a list or mapping of this nesting level starts; None if the events end before."""
    import yaml

    depth = 0
    with suppress(yaml.YAMLError, ValueError):
        for event in events:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == level:
                return event.start_mark.index  # type: ignore[no-any-return]  # the stubs say Any
    return None


def _colon(place: _ErrorPlace) -> _Finding:
    """Explain a colon where no key is possible: usually a missing space, or an unquoted text with a colon."""
    before = place.text[max(place.line, place.at - NEAR) : place.at]
    if ": " in before:
        hint = "put several keys on one line between { and }" if "," in before else "quote a text that contains a colon"
        return _Finding("a second ': ' on one line", place.at, hint)
    above = place.text.rfind("\n", 0, max(place.line - 1, 0)) + 1
    line = place.text[above : place.line][:NEAR]
    if match := re.fullmatch(r"([ -]*[\w.-]+:)[^\s:]\S*\s*", line):
        return _Finding("a space is missing after the colon", above + match.end(1) - 1, "write 'key: value'")
    if re.fullmatch(r"[ -]*[\w.-]+\s*", line):
        return _Finding("a ':' is missing at the end of this line", place.line - 1, "or the next line is indented too deeply")
    return _Finding("a key is not possible here", place.at, "keys of one mapping start in the same column")


def _bracket(place: _ErrorPlace) -> _Finding:
    """Explain something other than a comma or the closing bracket inside brackets."""
    opening = place.text[place.start : place.start + 1] if place.start >= 0 else "["
    unclosed = _Finding(f"this {opening!r} is never closed", max(place.start, 0), f"a {'}' if opening == '{' else ']'!r} is missing")
    if place.at >= len(place.text.rstrip()):
        return unclosed
    if place.character in "]}":
        return _Finding(f"{place.character!r} does not close the {opening!r} before it", place.at)
    ahead = place.text[max(place.line, place.at - NEAR) : place.at]
    if place.character == "[" and (ahead[-1:].isalnum() or ahead.rstrip().endswith(tuple("+-*/%=<>("))):
        return _Finding("a '[' inside a text", place.at, 'quote expressions that contain brackets: "depths[0]"')
    word = re.search(r"[^\s,:{}\[\]]*$", ahead)
    at = place.at - len(word.group()) if word and place.character == ":" else place.at
    if place.character == ":" and not place.text[place.line : at].strip():
        return unclosed._replace(hint=f"or a ',' is missing at the end of line {place.text.count(chr(10), 0, place.line)}")
    return _Finding(
        "a ',' is missing here",
        at,
        f"entries between {'{ and }' if opening == '{' else '[ and ]'} are separated by commas",
        place.at - at or 1,
    )


def _quote(place: _ErrorPlace) -> _Finding:
    return _Finding("this quote is never closed", max(place.start, 0))


def _start_of_text(place: _ErrorPlace) -> _Finding:
    if place.character == "\t":
        return _tab(place)
    return _Finding(f"a text cannot start with {place.character!r}", place.at, "put it in quotes")


def _tab(place: _ErrorPlace) -> _Finding:
    at = place.text.find("\t", place.line, place.at + 1)
    if at >= 0 and not place.text[place.line : at].strip():
        return _Finding("a tab is used for indentation", at, "indent with spaces")
    return _Finding("a tab is not allowed here", place.at if at < 0 else at, "use spaces")


def _dash(place: _ErrorPlace) -> _Finding:
    return _Finding("a list item ('- ') is not possible here", place.at, "start it on its own line, aligned with the items before it")


def _missing_colon(place: _ErrorPlace) -> _Finding:
    at = max(place.start, 0)
    end = place.text.find("\n", at)
    hint = "a list item is '- ' with a space" if place.text.startswith("-", at) else ""
    return _Finding("a ':' is missing in this line", at, hint, (end if end >= 0 else len(place.text)) - at)


def _left_over(place: _ErrorPlace) -> _Finding:
    if place.character in ("]", "}"):
        return _Finding(f"{place.character!r} closes nothing", place.at)
    before = place.text[max(place.line, place.at - NEAR) : place.at].rstrip()
    if before.endswith(("'", '"', "]", "}")):
        return _Finding("unexpected text after the value", place.at, "quote the whole text if it contains quotes or brackets")
    return _Finding("this does not continue the line before it", place.at, "check the indentation")


def _no_value(place: _ErrorPlace) -> _Finding:
    if place.at >= len(place.text.rstrip()):  # only brackets require a value there
        opened = max(place.text.rfind("[", 0, place.at), place.text.rfind("{", 0, place.at), 0)
        return _Finding(f"this {place.text[opened]!r} is never closed", opened)
    if place.character == ",":
        return _Finding("an extra ','", place.at)
    return _Finding("a value is missing here", place.at, "quote a text that starts with a YAML special character")


def _block_text(place: _ErrorPlace) -> _Finding:
    return _Finding("after '|' or '>' the text starts on the next line", place.at, "quote a text that starts with one")


def _escape(place: _ErrorPlace) -> _Finding:
    at = place.at or max(place.text.find("\\U"), 0)  # the Python parser gives no location if the number is too large
    return _Finding("an invalid escape", at, "use single quotes for literal backslashes")


def _sign(place: _ErrorPlace) -> _Finding:
    return _Finding(
        "'*' and '&' mark aliases and anchors in YAML, and need a name", max(place.start, 0), "quote a text that starts with one"
    )


def _tag(place: _ErrorPlace) -> _Finding:
    return _Finding("YAML tags ('!...') are not supported", max(place.start, 0), "quote a text that starts with '!'")


_EXPLANATIONS = (  # patterns of libyaml's and the Python parser's messages
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
