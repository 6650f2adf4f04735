"""Parses values, names and words, and collects errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, Source, Span, SpecError, suggestion
from cnncalc.limits import LIMITS
from cnncalc.spec.expressions import ExpressionError, parse
from cnncalc.spec.model import Template, Value
from cnncalc.spec.reader import Mapping, Scalar, Sequence, inside
from cnncalc.spec.scope import ONLY_FIELDS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnncalc.spec.expressions import Expression
    from cnncalc.spec.reader import YamlNode


class Names:
    """The names that expressions can use; `open` if some names are known only when the network is expanded."""

    __slots__ = ("counted", "known", "open", "outer", "steps")

    def __init__(self, known: Iterable[str] = (), outer: Names | None = None, steps: Iterable[str] = ()) -> None:
        self.known = {*known, *steps}
        self.steps = set(steps)  # those with volumes
        self.counted: set[str] = set()  # names in loops, which define unit1, unit2 and so on
        self.outer = outer
        self.open: bool = outer.open if outer is not None else False

    def __contains__(self, name: str) -> bool:
        if name in self.known or self._counts(name):
            return True
        return self.outer is not None and name in self.outer

    def _counts(self, name: str) -> bool:
        """Return whether a name is one of a loop with its number."""
        stem = name.rstrip("0123456789")
        return bool(self.counted) and (stem in self.counted or stem.removesuffix("_") in self.counted)

    def is_step(self, name: str) -> bool:
        """Return whether a step or an input has this name."""
        if name in self.steps or self._counts(name):
            return True
        return self.outer is not None and self.outer.is_step(name)

    def all_steps(self) -> set[str]:
        """Return the names of all steps and inputs."""
        return self.steps | self.outer.all_steps() if self.outer is not None else self.steps

    def all(self) -> set[str]:
        """Return all names."""
        return self.known | self.outer.all() if self.outer is not None else self.known


class ProblemCollector:
    """A source with the errors found in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def note(self, message: str, node: YamlNode, hint: str = "", width: int = 0) -> None:
        """Report an error at a node."""
        width = width or (len(node.text) if isinstance(node, Scalar) else 1)
        self.add(Problem(message, Span(self.source, node.at, max(width, 1)), hint))

    def add(self, problem: Problem) -> None:
        """Add an error; stop if there are too many."""
        self.problems.append(problem)
        if len(self.problems) >= LIMITS.problems:
            raise SpecError(self.problems)

    def value(self, node: YamlNode, names: Names, words: Iterable[str] = (), hint: str = "") -> Value | None:
        """Parse an expression or a list. `words` are names of kinds and blocks; `hint` is for unknown names without a suggestion."""
        if isinstance(node, Mapping):
            self.note("expected a value or a list, found a mapping", node, hint)
            return None
        if isinstance(node, Sequence):
            items = [self.value(item, names, words, hint) for item in node.items]
            return Value(self.source, node.at, None, tuple(item for item in items if item is not None))
        if not node.text:
            self.note("a value is missing here", node)
            return None
        return self.arithmetic(node, node.text, 0, names, words, hint)

    def arithmetic(self, node: Scalar, text: str, offset: int, names: Names, words: Iterable[str] = (), hint: str = "") -> Value | None:
        """Parse an expression that starts at an offset of the node's text, and check its names."""
        try:
            expression: Expression = self.source.parsed.get(text) or self._parse(text)
        except ExpressionError as error:
            self.add(Problem(error.message, inside(self.source, node, offset + error.at, error.width), error.hint))
            if self.source.signs > LIMITS.signs:  # everything that follows would report the same
                raise SpecError(self.problems) from None
            return None
        unknown = [
            name
            for name in expression.names
            if name not in names and (name not in WORDS or name in ONLY_FIELDS) and name not in words and name != "in"
        ]
        if unknown and not names.open:
            for name in sorted(unknown):
                place = inside(self.source, node, offset + expression.places[name], len(name))
                known = f"known here: {listed_names({'in', *names.all()})}"
                near = (
                    suggestion(name, [*names.all(), *(WORDS.keys() - ONLY_FIELDS)])
                    or (hint and f"{hint}; {known}")
                    or suggestion(name, words)
                    or known
                )
                self.add(Problem(f"unknown name {name!r}", place, near))
            return None
        return Value(self.source, inside(self.source, node, offset).at, expression)

    def _parse(self, text: str) -> Expression:
        """Parse a new expression."""
        expression = self.source.parsed[text] = self.counted(parse(text))
        return expression

    def counted(self, expression: Expression) -> Expression:
        """Count an expression towards the limit of its file."""
        self.source.signs += expression.size
        if self.source.signs > LIMITS.signs:
            message = f"more than {LIMITS.signs:,} operators, names and numbers in the expressions of this file"
            raise ExpressionError(message, 0, len(expression.text), "equal texts count once")
        return expression

    def word(self, node: YamlNode, what: str) -> str | None:
        """Parse a text."""
        if not isinstance(node, Scalar) or not node.text:
            self.note(f"expected {what}", node)
            return None
        return node.text

    def line(self, node: YamlNode, what: str) -> str | None:
        """Parse a text and join its lines, since a title with several lines could imitate other output."""
        text = self.word(node, what)
        if text is not None and len(text) > LIMITS.line_characters:
            self.note(f"{what} of {len(text):,} characters; the limit is {LIMITS.line_characters:,}", node, width=1)
            return None
        return None if text is None else " ".join(text.split())

    def identifier(self, node: YamlNode, what: str) -> str | None:
        """Parse a name that expressions can use."""
        if not isinstance(node, Scalar) or not (node.text.isidentifier() and node.text.isascii()):
            self.note(f"expected {what}: letters, digits and _, starting with a letter", node)
            return None
        if node.text in RESERVED:
            self.note(f"{node.text!r} is reserved in expressions; choose another name for {what}", node)
            return None
        return node.text

    def identifiers(self, node: YamlNode, what: str) -> tuple[str, ...]:
        """Parse one name or a list of distinct names."""
        found: dict[str, None] = {}
        for item in node.items if isinstance(node, Sequence) else [node]:
            name = self.identifier(item, what)
            if name in found:
                self.note(f"{name!r} is given twice", item)
            elif name is not None:
                found[name] = None
        return tuple(found)

    def template(self, node: YamlNode, names: Names, *, path: bool = False) -> Template | None:
        """Parse a name, or a path, with optional expressions in braces."""
        if not isinstance(node, Scalar) or not node.text:
            self.note("expected a name", node)
            return None
        text = node.text
        parts = self._parts(node, text, names) if "{" in text or "}" in text else (text,)
        if parts is None:
            return None
        slash = not path and "/" in text and any("/" in part for part in parts if isinstance(part, str))  # in braces it means division
        if slash or not text.isprintable() or len(text) > LIMITS.name_characters:
            self.note(f"a name has at most {LIMITS.name_characters} characters, all printable{'' if path else ', and no /'}", node)
            return None
        return Template(self.source, node.at, text, parts)

    def _parts(self, node: Scalar, text: str, names: Names) -> tuple[str | Value, ...] | None:
        """Split a name into its text and the expressions in braces."""
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
            self.note("unmatched brace: write expressions in a name as {block}-{i}", node)
            return None
        return tuple([part for part in parts if part != ""])

    def entries(self, node: YamlNode, what: str) -> list[tuple[Scalar, YamlNode]]:
        """Return the pairs of a mapping; an empty value counts as an empty mapping."""
        if isinstance(node, Mapping):
            return list(zip(node.keys, node.values, strict=True))
        if not isinstance(node, Scalar) or node.text:
            self.note(f"expected {what}", node)
        return []


RESERVED = frozenset(("in", "and", "or", "not", "if", "else", "true", "false"))


def listed_names(names: Iterable[str], most: int = 12) -> str:
    """List names for a hint, at most `most`."""
    found = sorted(names)
    return ", ".join(found[:most]) + (" …" if len(found) > most else "") if found else "none"
