"""What a network file says, with the place of every word: frozen after the parser has made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, Span, SpecError
from cnncalc.layers.fields import shown
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.errors import Source
    from cnncalc.layers import Layer
    from cnncalc.spec.expressions import Expression, Scope
    from cnncalc.spec.expressions import Value as Result


class Value:
    """Something that a file writes where a value is expected: arithmetic, or a list of values."""

    __slots__ = ("at", "expression", "items", "size", "source")

    def __init__(self, source: Source, at: int, expression: Expression | None, items: tuple[Value, ...] = ()) -> None:
        self.source = source
        self.at = at
        self.expression = expression
        self.items = items
        self.size: int = 1 + sum([item.size for item in items]) if items else 1  # in values that are written

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.at, len(self.expression.text) if self.expression else 1)

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads."""
        if self.expression is not None:
            return self.expression.names
        return frozenset().union(*(item.names for item in self.items))

    def evaluate(self, scope: Scope) -> Result:
        """What it comes to; a SpecError at its place where it comes to nothing."""
        from cnncalc.spec.operations import ExpressionError, OperationError, limited

        try:
            # Lists of lists of lists could grow with every name in them.
            return self.expression.evaluate(scope) if self.expression is not None else limited(self._listed(scope), self.size)
        except ExpressionError as error:
            raise SpecError(Problem(error.message, Span(self.source, self.at + error.at, error.width), error.hint)) from None
        except OperationError as error:
            raise SpecError(Problem(error.message, self.span)) from None

    def _listed(self, scope: Scope) -> list[Result]:
        return [item.evaluate(scope) if item.expression is not None else item._listed(scope) for item in self.items]


PLAIN: frozenset[str] = frozenset()


class Template:
    """A name that may hold arithmetic in braces: conv{block}-{i}."""

    __slots__ = ("at", "names", "parts", "plain", "source", "text")

    def __init__(self, source: Source, at: int, text: str, parts: tuple[str | Value, ...]) -> None:
        self.source = source
        self.at = at
        self.text = text
        self.parts = parts
        self.plain = parts == (text,)  # has no braces
        # The names that its braces read.
        self.names = PLAIN if self.plain else PLAIN.union(*(part.names for part in parts if isinstance(part, Value)))

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.at, len(self.text))

    def fill(self, scope: Scope) -> str:
        """The name with its braces worked out."""
        if self.plain:
            return self.text
        name = "".join([part if isinstance(part, str) else self._filled(part, scope) for part in self.parts])
        if len(name) > LIMITS.name_characters:
            raise SpecError(Problem(f"a name of more than {LIMITS.name_characters} characters", self.span))
        return name

    @staticmethod
    def _filled(part: Value, scope: Scope) -> str:
        value = part.evaluate(scope)
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            return str(value)
        raise SpecError(Problem(f"a name takes whole numbers and words, not {shown(value)}", part.span))


class Loop:
    """How often a step is taken, and what its variables hold each time."""

    __slots__ = ("names", "repeat", "rows")

    def __init__(self, names: tuple[str, ...], rows: Value | None, repeat: Value | None) -> None:
        self.names = names
        self.rows = rows
        self.repeat = repeat


class Modifiers:
    """What may stand on any step beside its kind."""

    __slots__ = ("loop", "otherwise", "start", "when")

    def __init__(self, start: tuple[Template, ...], when: Value | None, otherwise: Body | None, loop: Loop | None) -> None:
        self.start = start
        self.when = when
        self.otherwise = otherwise
        self.loop = loop


class Step:
    """One step of a list: a kind or block by its word, or a group."""

    __slots__ = ("at", "modifiers", "name", "source", "word")

    def __init__(self, source: Source, at: int, word: str, name: Template | None, modifiers: Modifiers | None) -> None:
        self.source = source
        self.at = at
        self.word = word
        self.name = name
        self.modifiers = modifiers

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.source, self.at, len(self.word) or 1)


class Fixed(Step):
    """A layer whose fields hold no names: made once, wherever it stands."""

    __slots__ = ("layer",)

    def __init__(self, source: Source, at: int, layer: Layer, name: Template | None, modifiers: Modifiers | None) -> None:
        super().__init__(source, at, layer.kind, name, modifiers)
        self.layer = layer


class Call(Step):
    """A kind, a block, or a variable that holds the name of one, with the values of its fields; `main` came without a name."""

    __slots__ = ("arguments", "main")

    def __init__(
        self,
        source: Source,
        at: int,
        word: str,
        name: Template | None,
        modifiers: Modifiers | None,
        main: Value | None,
        arguments: Mapping[str, Value],
    ) -> None:
        super().__init__(source, at, word, name, modifiers)
        self.main = main
        self.arguments = arguments


class Fork(Step):
    """A merge with its branches, each a name (or none) and steps."""

    __slots__ = ("branches",)

    def __init__(
        self,
        source: Source,
        at: int,
        word: str,
        name: Template | None,
        modifiers: Modifiers | None,
        branches: tuple[tuple[Template | None, Body], ...],
    ) -> None:
        super().__init__(source, at, word, name, modifiers)
        self.branches = branches


class Group(Step):
    """Steps that stand together; with `side`, an exit beside the flow."""

    __slots__ = ("body", "side")

    def __init__(
        self, source: Source, at: int, body: Body, name: Template | None, modifiers: Modifiers | None, *, side: bool = False
    ) -> None:
        super().__init__(source, at, "side" if side else "do", name, modifiers)
        self.body = body
        self.side = side


Body = tuple[Step, ...]


class Block:
    """Steps with a name, arguments, and names for what arrives and leaves."""

    __slots__ = ("args", "at", "body", "inputs", "name", "outputs", "source")

    def __init__(
        self,
        source: Source,
        at: int,
        name: str,
        args: Mapping[str, Value | None],
        inputs: tuple[str, ...],
        outputs: tuple[Template, ...],
        body: Body,
    ) -> None:
        self.source = source
        self.at = at
        self.name = name
        self.args = args
        self.inputs = inputs
        self.outputs = outputs
        self.body = body


class Variant:
    """A named set of params; may say of itself what a file says of its network."""

    __slots__ = ("about", "input", "name", "params")

    def __init__(self, name: str, params: Mapping[str, Value], input: Value | None, about: About) -> None:
        self.name = name
        self.params = params
        self.input = input
        self.about = about


class About:
    """What is told of a network beside its layers; None where nothing is told."""

    __slots__ = ("notes", "paper", "published", "title", "year")

    def __init__(
        self,
        title: str | None = None,
        year: int | None = None,
        paper: str | None = None,
        published: Mapping[str, str] | None = None,
        notes: tuple[str, ...] | None = None,
    ) -> None:
        self.title = title
        self.year = year
        self.paper = paper
        self.published = published
        self.notes = notes

    def over(self, below: About) -> About:
        """This, and the other where this says nothing; an empty word says that there is nothing to tell."""
        return About(
            *(
                mine if (mine := getattr(self, name)) is not None else getattr(below, name)
                for name in ("title", "year", "paper", "published", "notes")
            )
        )


class Network:
    """One network file."""

    __slots__ = ("about", "blocks", "but", "id", "input", "layers", "like", "params", "source", "variants", "written")

    def __init__(
        self,
        id: str,
        source: Source,
        about: About,
        input: Value | None,
        params: Mapping[str, Value | None],
        variants: Mapping[str, Variant],
        blocks: Mapping[str, Block],
        layers: Body,
        like: Template | None,
        but: Mapping[str, Mapping[str, Value]],
        written: int,
    ) -> None:
        self.id = id
        self.source = source
        self.about = about
        self.input = input
        self.params = params
        self.variants = variants
        self.blocks = blocks
        self.layers = layers
        self.like = like
        self.but = but
        self.written = written  # steps; what a YAML alias repeats is written once
