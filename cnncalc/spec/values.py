"""Parses values, names and words, and collects problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, Source, Span, SpecError, suggestion
from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.model import NAME, Template, Value
from cnncalc.spec.reader import PROBLEMS, Mapping, Scalar, Sequence, inside
from cnncalc.spec.scope import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.spec.expressions import Expression
    from cnncalc.spec.reader import YamlNode

LINE = 2_000  # characters of a title, a note or a question
SIGNS = 100_000  # signs, names and numbers in the arithmetic of a file, equal texts counted once


class Names:
    """The names that arithmetic may use at a place; `open` once a name is there that only building can tell."""

    __slots__ = ("counted", "known", "open", "outer")

    def __init__(self, known: Iterable[str] = (), outer: Names | None = None) -> None:
        self.known = set(known)
        self.counted: set[str] = set()  # names of loops: unit1, unit2 and so on may stand behind them
        self.outer = outer
        self.open: bool = outer.open if outer is not None else False

    def __contains__(self, name: str) -> bool:
        if name in self.known or (self.counted and name.rstrip("0123456789") in self.counted):
            return True
        return self.outer is not None and name in self.outer

    def all(self) -> set[str]:
        """Every one of them."""
        return self.known | self.outer.all() if self.outer is not None else self.known


class Notes:
    """A source and the problems found in it so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def note(self, message: str, node: YamlNode, hint: str = "", width: int = 0) -> None:
        """One more problem, at a node."""
        width = width or (len(node.text) if isinstance(node, Scalar) else 1)
        self.add(Problem(message, Span(self.source, node.at, max(width, 1)), hint))

    def add(self, problem: Problem) -> None:
        """One more problem; after many, reading ends."""
        self.problems.append(problem)
        if len(self.problems) >= PROBLEMS:
            raise SpecError(self.problems)

    def value(self, node: YamlNode, names: Names, words: Iterable[str] = (), hint: str = "") -> Value | None:
        """Arithmetic or a list; `words` are names of kinds and blocks, which stand for themselves; `hint` is for names near no other."""
        if isinstance(node, Mapping):
            self.note("expected a value or a list, found keys and values", node, hint)
            return None
        if isinstance(node, Sequence):
            items = [self.value(item, names, words, hint) for item in node.items]
            return Value(self.source, node.at, None, tuple(item for item in items if item is not None))
        if not node.text:
            self.note("a value is missing here", node)
            return None
        return self.arithmetic(node, node.text, 0, names, words, hint)

    def arithmetic(self, node: Scalar, text: str, offset: int, names: Names, words: Iterable[str] = (), hint: str = "") -> Value | None:
        """The text, or a part of it that begins at an offset, as arithmetic over names that are known."""
        try:
            expression: Expression = self.source.parsed.get(text) or self._parse(text)
        except ExpressionError as error:
            self.add(Problem(error.message, inside(self.source, node, offset + error.at, error.width), error.hint))
            if self.source.signs > SIGNS:  # whatever follows would say the same
                raise SpecError(self.problems) from None
            return None
        unknown = [name for name in expression.names if name not in names and name not in WORDS and name not in words and name != "in"]
        if unknown and not names.open:
            for name in sorted(unknown):
                place = inside(self.source, node, offset + expression.places[name], len(name))
                known = f"known here: {listing({'in', *names.all()})}"
                near = suggestion(name, [*names.all(), *WORDS]) or (hint and f"{hint}; {known}") or suggestion(name, words) or known
                self.add(Problem(f"unknown name {name!r}", place, near))
            return None
        return Value(self.source, inside(self.source, node, offset).at, expression)

    def _parse(self, text: str) -> Expression:
        """Arithmetic that is seen for the first time."""
        expression = self.source.parsed[text] = self.counted(parse(text))
        return expression

    def counted(self, expression: Expression) -> Expression:
        """The expression, where those of the file are not too many."""
        self.source.signs += expression.size
        if self.source.signs > SIGNS:
            message = f"more than {SIGNS:,} signs, names and numbers in the arithmetic of this file"
            raise ExpressionError(message, 0, len(expression.text), "equal texts count once")
        return expression

    def word(self, node: YamlNode, what: str) -> str | None:
        """A plain text."""
        if not isinstance(node, Scalar) or not node.text:
            self.note(f"expected {what}", node)
            return None
        return node.text

    def line(self, node: YamlNode, what: str) -> str | None:
        """A plain text in one line, whatever lines it is written in: a title that had several could pretend to be something else."""
        text = self.word(node, what)
        if text is not None and len(text) > LINE:
            self.note(f"{what} of {len(text):,} characters; at most {LINE:,} are read", node, width=1)
            return None
        return None if text is None else " ".join(text.split())

    def identifier(self, node: YamlNode, what: str) -> str | None:
        """A name that arithmetic can use."""
        if not isinstance(node, Scalar) or not (node.text.isidentifier() and node.text.isascii()):
            self.note(f"expected {what}: letters, digits and _, a letter first", node)
            return None
        if node.text in RESERVED:
            self.note(f"{node.text!r} is a word of arithmetic; {what} must be another", node)
            return None
        return node.text

    def identifiers(self, node: YamlNode, what: str) -> tuple[str, ...]:
        """One name or a list of names, none twice."""
        found: dict[str, None] = {}
        for item in node.items if isinstance(node, Sequence) else [node]:
            name = self.identifier(item, what)
            if name in found:
                self.note(f"{name!r} is given twice", item)
            elif name is not None:
                found[name] = None
        return tuple(found)

    def template(self, node: YamlNode, names: Names) -> Template | None:
        """A name, perhaps with arithmetic in braces."""
        if not isinstance(node, Scalar) or not node.text:
            self.note("expected a name", node)
            return None
        text = node.text
        parts = self._parts(node, text, names) if "{" in text or "}" in text else (text,)
        if parts is None:
            return None
        slash = "/" in text and any("/" in part for part in parts if isinstance(part, str))  # in braces it divides
        if slash or not text.isprintable() or len(text) > NAME:
            self.note(f"a name has up to {NAME} characters that can be printed, and no /", node)
            return None
        return Template(self.source, node.at, text, parts)

    def _parts(self, node: Scalar, text: str, names: Names) -> tuple[str | Value, ...] | None:
        """What stands outside braces, and the arithmetic inside them."""
        parts: list[str | Value] = []
        at = 0
        while (start := text.find("{", at)) >= 0 and (end := text.find("}", start)) >= 0:
            value = self.arithmetic(node, text[start + 1 : end], start + 1, names)
            if value is None:
                return None
            parts += (text[at:start], value)
            at = end + 1
        parts.append(text[at:])
        if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
            self.note("a brace is open: a name holds arithmetic as {block}-{i}", node)
            return None
        return tuple([part for part in parts if part != ""])

    def entries(self, node: YamlNode, what: str) -> list[tuple[Scalar, YamlNode]]:
        """The pairs of a mapping; nothing at all counts as an empty one."""
        if isinstance(node, Mapping):
            return list(zip(node.keys, node.values, strict=True))
        if not isinstance(node, Scalar) or node.text:
            self.note(f"expected {what}", node)
        return []


RESERVED = frozenset(("in", "and", "or", "not", "if", "else", "true", "false"))


def listing(names: Iterable[str], most: int = 12) -> str:
    """Names for a hint, not too many."""
    found = sorted(names)
    return ", ".join(found[:most]) + (" …" if len(found) > most else "") if found else "none"
