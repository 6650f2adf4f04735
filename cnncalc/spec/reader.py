"""Reads YAML into a tree of texts with their locations."""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING

from cnncalc.collector import uncollected
from cnncalc.errors import Problem, Source, Span, SpecError
from cnncalc.limits import LIMITS, Limits
from cnncalc.spec.nodes import CUT, Mapping, Scalar, Sequence, YamlNode, inside, is_bare
from cnncalc.spec.opened import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any  # for events: in PyYAML's stubs their marks can be None

__all__ = ["Mapping", "Scalar", "Sequence", "YamlNode", "inside", "read", "read_file"]

PIECES = 64  # parts into which commas can split a call
CALLS = 8  # nesting of calls that are rejoined
NEAR = 200  # characters examined around a location
AHEAD = 1_100  # characters the parser may have read ahead without emitting events
NULLS = frozenset(("null", "Null", "NULL", "~"))  # without quotes they are empty values, as in YAML
# What YAML allows, except the byte order mark, which is removed at the start of a file.
_FORBIDDEN = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"


def forbidden(text: str) -> re.Match[str] | None:
    """Find the first character that is not allowed in a file. What is printable is allowed; the pattern takes 3 ms to compile."""
    return None if text.replace("\n", "").isprintable() else re.search(_FORBIDDEN, text)


def read_file(path: str | os.PathLike[str], name: str | None = None) -> tuple[Source, YamlNode]:
    """Read a file; `name` is its name in messages."""
    shown = os.fspath(path) if name is None else name
    return read(read_bytes(path, shown), shown)


def read(text: str | bytes, name: str, limits: Limits = LIMITS) -> tuple[Source, YamlNode]:
    """Read a text; raise SpecError with all errors found."""
    if len(text) > limits.file_bytes:
        raise SpecError(Problem(f"{name}: too large: more than {limits.file_bytes // 2**20} MiB"))
    source = Source(name, decoded(text, name) if isinstance(text, bytes) else text.removeprefix("\ufeff"))
    strange = forbidden(source.text)
    if strange:
        message = f"not text: the character U+{ord(strange.group()):04X}"
        raise SpecError(Problem(message, Span(source, strange.start()), "a file is text in UTF-8, without control characters"))
    start = _content(source.text, 0)
    if start == len(source.text):
        raise SpecError(Problem("the file is empty", Span(source, 0)))
    if source.text[start] == "%":
        raise SpecError(Problem("lines that start with '%' are not supported", Span(source, start), "remove the line"))
    return source, _tree(source, limits)


def decoded(data: bytes, name: str) -> str:
    """Decode UTF-8; a SpecError has the place of the first byte that is not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpecError(Problem(f"{name}: UTF-16, not UTF-8", hint="save the file as UTF-8"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        source = Source(name, data.decode(errors="replace"))
        at = len(data[: error.start].decode())
        message = f"not UTF-8: byte {error.start + 1} is 0x{data[error.start]:02X}"
        raise SpecError(Problem(message, Span(source, at), "save the file as UTF-8")) from None


def _content(text: str, at: int) -> int:
    """Return the index of the first character from `at` on that is neither blank nor in a comment."""
    first = re.compile(r"\s*").match(text, at).end()  # type: ignore[union-attr]  # \s* matches everywhere
    if not text.startswith("#", first):
        return first
    found = re.compile(r"^[^\S\n]*([^\s#])", re.MULTILINE).search(text, first)
    return found.start(1) if found else len(text)


@uncollected
def _tree(source: Source, limits: Limits) -> YamlNode:
    return _Tree(source, limits).read()


class _EnoughError(Exception):
    """Stops reading: a limit is exceeded, or there are too many errors."""


class _Tree:
    """Builds nodes from the parser's events; collects anchors and errors."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.limits = limits
        self.source = source
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[YamlNode, int] | None] = {}  # node and size; None while the node is incomplete
        self.texts: dict[str, str] = {}  # equal texts share one object
        self.cut = False  # whether a text has an unclosed bracket

    def read(self) -> YamlNode:
        import yaml

        root: list[YamlNode] = []
        try:
            self._walk(root)
        except _EnoughError:
            pass
        except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: invalid escapes in the Python parser
            self.problems.append(self._explain(error))
        if self.problems:
            raise SpecError(self.problems)
        if isinstance(root[0], Scalar) and root[0].plain and not root[0].text:  # only '---'
            raise SpecError(Problem("the file is empty", Span(self.source, 0)))
        return root[0]

    def _explain(self, error: Exception) -> Problem:
        """Explain a parser error. Checks for deep nesting first, since libyaml runs into its own limit while reading ahead."""
        from cnncalc.spec.syntax import explain, opening

        text, mark = self.source.text, getattr(error, "problem_mark", None)
        if mark and sum(text.count(sign, max(mark.index - AHEAD, 0), mark.index) for sign in "[{") > self.limits.nesting:
            deep = opening(_events(text[: mark.index]), self.limits.nesting + 1)
            if deep is not None:
                return self._nested(deep)
        return explain(self.source, error)

    def _walk(self, root: list[YamlNode]) -> None:
        """Process all events; rare cases are handled by the methods below."""
        from yaml.events import (
            AliasEvent,
            DocumentEndEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        events = _events(self.source.text)
        known = self.texts.get
        marked = "&" in self.source.text or "!" in self.source.text  # otherwise no event has an anchor or tag
        stack: list[tuple[list[YamlNode], int, int, str | None]] = []
        items, at, size = root, 0, 1
        for event in islice(events, self.limits.entries):
            kind = type(event)
            if kind is ScalarEvent:
                text = known(event.value)
                if text is None or marked:
                    items.append(self._scalar(event))
                else:
                    items.append(Scalar(text, event.start_mark.index, not event.style))
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((items, at, size, event.anchor))
                items, at = [], event.start_mark.index
                if marked or len(stack) > self.limits.nesting:
                    self._start(event, len(stack))
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                size += len(items) + 1
                if self.cut and event.end_mark.index > event.start_mark.index:  # closed by a bracket, so separated by commas
                    items = self._rejoined(items, 2 if kind is MappingEndEvent else 1)
                node = self._mapping(items, at) if kind is MappingEndEvent else Sequence(items, at)
                items, at, before, anchor = stack.pop()
                items.append(node)
                if anchor:
                    self.anchors[anchor] = node, size - before + 1
            elif kind is AliasEvent:
                size += self._alias(event, items)
                self._limit(size, event)
            elif kind is DocumentEndEvent:
                self._limit(size, event)
                self._nothing_follows(event.end_mark.index, events)
                return
        self._limit(self.limits.entries + 1, event)

    def _note(self, message: str, at: int, width: int = 1, hint: str = "") -> None:
        self.problems.append(Problem(message, Span(self.source, min(at, len(self.source.text)), width), hint))
        if len(self.problems) >= self.limits.problems:
            raise _EnoughError

    def _limit(self, size: int, event: Any) -> None:
        if size > self.limits.entries:
            self._note(f"too large: more than {self.limits.entries:,} entries, with all aliases expanded", event.start_mark.index)
            raise _EnoughError

    def _tag(self, event: Any) -> None:
        if event.tag is not None:
            hint = "quote a text that starts with '!'"
            self._note("YAML tags ('!...') are not supported", event.start_mark.index, hint=hint)

    def _scalar(self, event: Any) -> Scalar:
        """Create a scalar that is new, empty, or may have an anchor or tag."""
        text, at, plain = event.value, event.start_mark.index, not event.style
        self._tag(event)
        if event.anchor is not None:
            at = _past_anchor(self.source.text, at)
        if len(text) > self.limits.text_characters:
            self._note(f"a text of {len(text):,} characters; the limit is {self.limits.text_characters:,}", at)
        if event.style == '"' and forbidden(text):
            self._note("this text has unprintable characters", at, hint="write it without escapes")
        if text in NULLS:
            text = "" if plain else text
        elif text:
            text = self.texts.setdefault(text, text)
            self.cut = self.cut or (plain and text.count("(") > text.count(")"))
        elif plain and event.anchor is None:
            at = _after_word(self.source.text, at)
        node = Scalar(text, at, plain)
        if event.anchor is not None:
            self.anchors[event.anchor] = node, 1
        return node

    def _start(self, event: Any, depth: int) -> None:
        self._tag(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if depth > self.limits.nesting:
            self.problems.append(self._nested(event.start_mark.index))
            raise _EnoughError

    def _nested(self, at: int) -> Problem:
        return Problem(f"nested too deeply: more than {self.limits.nesting} nested lists and mappings", Span(self.source, at))

    def _alias(self, event: Any, items: list[YamlNode]) -> int:
        """Append the node of an alias; return what it adds to the size."""
        name, at = event.anchor, event.start_mark.index
        found = self.anchors.get(name)
        if found is None:
            items.append(Scalar("", at, True))
            if name in self.anchors:
                self._note(f"'*{_short(name)}' refers to a node that contains it", at, len(name) + 1)
            else:
                hint = "quote a text that starts with '*'"
                self._note(f"'*{_short(name)}' has no anchor '&{_short(name)}' above", at, len(name) + 1, hint)
            return 0
        items.append(found[0])
        return found[1] - 1

    def _rejoined(self, items: list[YamlNode], step: int) -> list[YamlNode]:
        """Rejoin texts that YAML split at the commas of a call: `claim: count(googlenet, conv)`.

        In a mapping (step 2), the pieces after the first are keys without values.
        """
        joined: list[YamlNode] = []
        i = 0
        while i < len(items):
            node = items[i]
            i += 1
            joined.append(node)
            value = len(joined) % step == 0 and type(node) is Scalar and node.plain and "(" in node.text
            if value and (pieces := self._pieces(node, items[i : i + step * PIECES], step)):  # type: ignore[arg-type]  # a Scalar
                end = pieces[-1].at + len(pieces[-1].text)
                joined[-1] = Scalar(self.source.text[node.at : end], node.at, True)
                i += step * len(pieces)
        return joined

    def _pieces(self, node: Scalar, items: list[YamlNode], step: int) -> list[Scalar]:
        """Return the pieces after a text, up to the one that closes its last bracket; empty if it was not split."""
        unclosed = node.text.count("(") - node.text.count(")")
        pieces: list[Scalar] = []
        for i in range(0, len(items) - step + 1, step):
            piece = items[i]
            if (
                not 0 < unclosed <= CALLS or type(piece) is not Scalar or not piece.plain or piece.at < node.at
            ):  # an alias refers to an earlier text
                break
            if any(type(item) is not Scalar or item.text for item in items[i + 1 : i + step]) or not self._verbatim(piece):
                break
            unclosed += piece.text.count("(") - piece.text.count(")")
            pieces.append(piece)
        return pieces if unclosed == 0 else []

    def _verbatim(self, scalar: Scalar) -> bool:
        return self.source.text.startswith(scalar.text, scalar.at)

    def _mapping(self, items: list[YamlNode], at: int) -> Mapping:
        keys, values = items[::2], items[1::2]
        try:
            texts = {key.text for key in keys}  # type: ignore[union-attr]  # handled by the except
        except AttributeError:
            for key in keys:
                if not isinstance(key, Scalar):
                    self._note("a key must be a text", key.at, hint="quote a text that starts with '{' or '['")
            return Mapping([], [], at)
        if len(texts) < len(keys) or "<<" in texts or len(keys) > self.limits.keys:
            self._keys(keys, at)  # type: ignore[arg-type]  # all have text, so all are scalars
        return Mapping(keys, values, at)  # type: ignore[arg-type]  # likewise

    def _keys(self, keys: list[Scalar], at: int) -> None:
        if len(keys) > self.limits.keys:
            self._note(f"a mapping of {len(keys):,} keys; the limit is {self.limits.keys:,}", at)
            raise _EnoughError
        seen: dict[str, Scalar] = {}
        for key in keys:
            if key.text == "<<" and key.plain:
                self._note("the merge key '<<' is not supported", key.at, 2, "write the keys out, or define a block")
            elif (first := seen.setdefault(key.text, key)) is not key:
                line, _ = self.source.locate(first.at)
                hint = CUT if is_bare(self.source, key) else ""
                self._note(f"{_short(key.text)!r} is given twice: also on line {line}", key.at, len(key.text) or 1, hint)

    def _nothing_follows(self, at: int, events: Iterator[Any]) -> None:
        """Refuse content after the end of the document."""
        start = _content(self.source.text, at)
        if start < len(self.source.text):
            if not self.source.text.startswith(("---", "%"), start):
                next(events)  # raises the parser's error, such as an extra bracket
            self._note("a second document starts here; a file has one", start, hint="remove the lines '---' and '...'")


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # only events are used: nothing is constructed
    return iter(loader(text).get_event, None)


def _past_anchor(text: str, at: int) -> int:
    match = re.compile(r"&\S+[ \t]+(?=\S)").match(text, at)
    return match.end() if match else at


def _after_word(text: str, at: int) -> int:
    """Return the end of the word before an empty value; the parsers differ in where they report it."""
    before = text[max(0, at - NEAR) : at]
    return at - len(before) + len(before.rstrip())


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."
