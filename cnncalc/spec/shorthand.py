"""Parses layers written on one line, such as `conv 6 5x5 pad 2, relu, maxpool 2`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, Source, Span, SpecError, suggestion
from cnncalc.layers import KINDS, fields
from cnncalc.spec.reader import Mapping, Scalar, Sequence
from cnncalc.spec.settings import Setting, looks_like_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.layers import FieldType, Layer
    from cnncalc.spec.reader import YamlNode

INPUT = ("H", "W", "C")
FILLERS = frozenset(("filters", "kernels", "at", "with", "and"))  # 96 11x11 filters at stride 4
PIECE = re.compile(r"(?:\[[^\]]*\]?|[^,\n\[])+")  # text between commas
WORD = re.compile(r"(?<!\w)[^\W\d]\w*")
TOKEN = re.compile(r"\[[^\]]*\]?|\S[^\s\[/]*")
NAME = re.compile(r"(?<!\w)[^\W\d]\w*")
TIMES = re.compile(r"[×x]")
VALUE = r"(\[[^\]]*\]|[^\s,/=\[\]]+)"
TRUTH = rf"({'|'.join(fields.Flag.words)})\b"


class FieldPattern(NamedTuple):
    """A pattern for one notation of a field. Its only group is the value; flags may have none."""

    field: str
    regex: re.Pattern[str]


def network(text: str) -> Setting:
    """Parse a network from layers on one line; SpecError has the locations of errors."""
    from cnncalc.spec.parser import parse

    source = Source("<layers>", text)
    reader = LayerParser(source)
    steps: list[YamlNode] = [*reader.steps()]
    if not reader.problems and not steps:
        reader.note("there are no layers here", 0, len(text), "as in: conv 6 5x5 pad 2, relu, maxpool 2")
    if reader.problems:
        raise SpecError(reader.problems)
    name = ", ".join([line.strip(" ,") for line in text.strip().splitlines()])
    document: dict[str, YamlNode] = {
        "name": scalar(name),
        "input": Sequence([scalar(symbol) for symbol in INPUT], 0),
        "params": Mapping([scalar(symbol) for symbol in reader.symbols], [scalar("") for _ in reader.symbols], 0),
        "layers": Sequence(steps, 0),
    }
    return Setting(parse(source, Mapping([scalar(key) for key in document], [*document.values()], 0), name))


def scalar(text: str, at: int = 0) -> Scalar:
    """Return a scalar as if read from a file."""
    return Scalar(text, at, plain=True)


class LayerParser:
    """Parses layers between commas; a piece that does not start with a kind continues the layer before it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.symbols: dict[str, None] = {}  # letters used as numbers

    def steps(self) -> Iterator[Mapping]:
        """Yield the layers as steps of a file."""
        step: Mapping | None = None
        for piece in PIECE.finditer(self.source.text):
            text, at = piece.group(), piece.start()
            word = WORD.search(text)
            if word is not None and word.group().lower() in KINDS:
                if step is not None:
                    yield step
                start = at + word.start()
                step = Mapping([scalar(word.group().lower(), start)], [scalar("", start)], start)
                text = text[: word.start()] + " " * len(word.group()) + text[word.end() :]
            first = TOKEN.search(text)
            if first is not None and step is None:
                unknown = word or first
                hint = suggestion(unknown.group().lower(), KINDS) or "cnncalc layers lists the kinds"
                self.note(f"unknown kind {unknown.group()!r}", at + unknown.start(), len(unknown.group()), hint)
                return
            if first is not None and step is not None:
                self.options(step, KINDS[step.keys[0].text], text, at)
        if step is not None:
            yield step

    def options(self, step: Mapping, kind: type[Layer], text: str, offset: int) -> None:
        """Parse the fields of a layer, in any order; `offset` is the index of the text in the source."""
        patterns = [*marker_patterns(kind), *name_patterns(kind)]
        at = len(text) - len(text.lstrip())
        while at < len(text):
            word = WORD.match(text, at)
            if word is not None and word.group() in FILLERS and (word.group() not in kind.fields or has_field(step, word.group())):
                end = word.end()
            else:
                found = [(pattern.field, match) for pattern in patterns if (match := pattern.regex.match(text, at)) is not None]
                found = found or positional_matches(step, kind, text, at)
                if not found:
                    self.refuse(kind, text, at, offset)
                    return
                self.take(step, kind, *found[0], offset)
                end = found[0][1].end()
            at = len(text) - len(text[end:].lstrip())

    def take(self, step: Mapping, kind: type[Layer], field: str, match: re.Match[str], offset: int) -> None:
        """Add a field to a layer; the first field is the value of its kind."""
        at = offset + match.start()
        if has_field(step, field):
            self.note(f"a second value for {field}", at, match.end() - match.start(), usage(kind))
        elif match.re.groups:
            node = self.value(kind.fields[field].type, match.group(1), offset + match.start(1))
            if field == kind.main:
                step.values[0] = node
            else:
                step.keys.append(scalar(field, at))
                step.values.append(node)
        else:
            step.keys.append(scalar(field, at))
            step.values.append(scalar("true" if match.group() == field else "false", at))

    def value(self, type: FieldType, text: str, at: int) -> YamlNode:
        """Parse a value; 11x11 and 0:16 are lists, letters are symbols."""
        for name in NAME.findall(" ".join(split_numbers(type, text))):
            if looks_like_symbol(name) and name not in INPUT:
                self.symbols[name] = None
        nodes: list[YamlNode] = []
        for part in split_numbers(type, text):
            nodes.append(scalar(part, at))
            at += len(part) + 1
        return nodes[0] if len(nodes) == 1 else Sequence(nodes, nodes[0].at)

    def refuse(self, kind: type[Layer], text: str, at: int, offset: int) -> None:
        """Report a word that is not understood."""
        token = TOKEN.match(text, at)
        assert token is not None  # the text is not blank
        word = token.group().rstrip(",")
        if word.lower() in KINDS:
            hint = f"a comma goes before the next layer: {kind.kind} ..., {word.lower()}"
        else:
            hint = (suggestion(word, [*kind.fields, *KINDS]) if word not in kind.fields else "") or usage(kind)
        self.note(f"{kind.kind} does not take {word!r} here", offset + at, len(word), hint)

    def note(self, message: str, at: int, width: int, hint: str) -> None:
        """Report an error."""
        self.problems.append(Problem(message, Span(self.source, at, width), hint))


def has_field(step: Mapping, field: str) -> bool:
    """Return whether a step already has a field."""
    first = step.values[0]
    main = KINDS[step.keys[0].text].main
    return any(key.text == field for key in step.keys[1:]) or (field == main and not (isinstance(first, Scalar) and not first.text))


def marker_patterns(kind: type[Layer]) -> Iterator[FieldPattern]:
    """Yield patterns of the notation in tables: /4, pad 2, ×2, +16 channels."""
    for name, field in kind.fields.items():
        before, _, after = field.shown.partition("{}")
        if before or after:
            yield FieldPattern(name, re.compile(marker_regex(before) + VALUE + (rf"\s*{re.escape(after.strip())}\b" if after else "")))


def marker_regex(text: str) -> str:
    """Return a regular expression for the marker before a value."""
    if text in ("×", "*"):
        return r"(?:[×*]|x(?=\s*\d))\s*"
    words = r"\s+".join(map(re.escape, text.split()))
    return words + (r"\b\s*" if text[-1:].isspace() else r"\s*")


def name_patterns(kind: type[Layer]) -> Iterator[FieldPattern]:
    """Yield patterns with the name of the field: stride 2, stride=2, no bias."""
    for name, field in kind.fields.items():
        words = name.replace("_", "[_ ]")
        if isinstance(field.type, fields.Flag):
            yield FieldPattern(name, re.compile(rf"{words}\b\s*[=:]?\s*{TRUTH}"))
            yield FieldPattern(name, re.compile(rf"(?:no\s+|without\s+)?{words}\b"))
        else:
            yield FieldPattern(name, re.compile(rf"{words}\b\s*[=:]?\s*{VALUE}"))


def positional_matches(step: Mapping, kind: type[Layer], text: str, at: int) -> list[tuple[str, re.Match[str]]]:
    """Return the field of a value without a name: the first one without a value that accepts it."""
    match = re.compile(VALUE).match(text, at)
    if match is None:
        return []
    bare = [name for name, field in kind.fields.items() if name == kind.main or field.shown == "{}"]
    return [(name, match) for name in bare if not has_field(step, name) and looks_like_value(kind.fields[name].type, match.group(1))]


def split_numbers(type: FieldType, text: str) -> list[str]:
    """Split a value into its numbers: 11x11 for sides and edges, 0:16 for an interval."""
    if text.startswith("["):
        return [text]
    if isinstance(type, (fields.Sides, fields.Edges)):
        return TIMES.split(text)
    return text.split(":") if isinstance(type, fields.Interval) else [text]


def looks_like_value(type: FieldType, text: str) -> bool:
    """Return whether a value without a name looks like one of this type."""
    if isinstance(type, fields.Choice):
        return text in type.words
    if isinstance(type, (fields.Connections, fields.Flag)) or type.raw:
        return False
    numbers = split_numbers(type, text)
    if isinstance(type, fields.Interval) != (":" in text) or (len(numbers) == 1 and len(TIMES.split(text)) > 1):
        return False
    return all(part[:1].isdecimal() or part[:1] in ("-", "[", "(") or looks_like_symbol(part or "_") for part in numbers)


def usage(kind: type[Layer]) -> str:
    """Return an example of how a kind is written."""
    shown = [
        (field.shown or "{}").format(name.upper())
        for name, field in kind.fields.items()
        if not isinstance(field.type, (fields.Connections, fields.Flag))
    ]
    return f"as in: {' '.join([kind.kind, *shown])}"
