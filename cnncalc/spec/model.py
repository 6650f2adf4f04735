"""The syntax tree of a network file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cnncalc.errors import Problem, Span, SpecError
from cnncalc.layers.fields import shown
from cnncalc.limits import LIMITS
from cnncalc.spec.operations import ExpressionError, OperationError, limited

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.errors import Source
    from cnncalc.layers import Layer
    from cnncalc.spec.evaluation import Environment
    from cnncalc.spec.expressions import Expression
    from cnncalc.spec.expressions import Value as Result

DOMAINS = ("whole", "fraction")  # of params: what letters for them stand for


class Value:
    """A value in a file: an expression, or a list of values."""

    __slots__ = ("at", "domain", "expression", "items", "size", "source")

    def __init__(self, source: Source, at: int, expression: Expression | None, items: tuple[Value, ...] = ()) -> None:
        self.source = source
        self.at = at
        self.expression = expression
        self.items = items
        self.domain = ""  # whole or fraction, as declared for a param
        self.size: int = 1 + sum([item.size for item in items]) if items else 1  # number of values, including those in lists

    @property
    def span(self) -> Span:
        """Its location in the file."""
        return Span(self.source, self.at, len(self.expression.text) if self.expression else 1)

    def name_span(self, name: str) -> Span:
        """Return the location of its name in an option NAME=VALUE; in a file, that of the value."""
        at = self.source.text.rfind(name, 0, self.at) if self.source.option else -1
        return Span(self.source, at, len(name)) if at >= 0 else self.span

    @property
    def names(self) -> frozenset[str]:
        """The names it uses."""
        if self.expression is not None:
            return self.expression.names
        return frozenset().union(*(item.names for item in self.items))

    def evaluate(self, scope: Environment) -> Result:
        """Compute the value; errors have its location."""
        try:
            # Nested lists could grow with every name in them.
            return self.expression.evaluate(scope) if self.expression is not None else limited(self._listed(scope), self.size)
        except ExpressionError as error:
            raise SpecError(Problem(error.message, Span(self.source, self.at + error.at, error.width), error.hint)) from None
        except OperationError as error:
            raise SpecError(Problem(error.message, self.span)) from None

    def _listed(self, scope: Environment) -> list[Result]:
        return [item.evaluate(scope) if item.expression is not None else item._listed(scope) for item in self.items]


PLAIN: frozenset[str] = frozenset()


class Template:
    """A name that may contain expressions in braces: conv{block}-{i}."""

    __slots__ = ("at", "names", "parts", "plain", "source", "text")

    def __init__(self, source: Source, at: int, text: str, parts: tuple[str | Value, ...]) -> None:
        self.source = source
        self.at = at
        self.text = text
        self.parts = parts
        self.plain = parts == (text,)  # without braces
        # names used in its braces
        self.names = PLAIN if self.plain else PLAIN.union(*(part.names for part in parts if isinstance(part, Value)))

    @property
    def span(self) -> Span:
        """Its location in the file."""
        return Span(self.source, self.at, len(self.text))

    def fill(self, scope: Environment) -> str:
        """Return the name with its braces evaluated."""
        if self.plain:
            return self.text
        name = "".join([part if isinstance(part, str) else self._filled(part, scope) for part in self.parts])
        if len(name) > LIMITS.name_characters:
            raise SpecError(Problem(f"a name of more than {LIMITS.name_characters} characters", self.span))
        return name

    @staticmethod
    def _filled(part: Value, scope: Environment) -> str:
        value = part.evaluate(scope)
        if isinstance(value, (int, str)) and not isinstance(value, bool):
            return str(value)
        raise SpecError(Problem(f"a name can contain whole numbers and words, not {shown(value)}", part.span))


class Loop:
    """The repetition of a step, and the values of its variables in each iteration: `rows`, or a list for each in `columns`."""

    __slots__ = ("columns", "names", "repeat", "rows")

    def __init__(self, names: tuple[str, ...], rows: Value | None, repeat: Value | None, columns: tuple[Value, ...] = ()) -> None:
        self.names = names
        self.rows = rows
        self.repeat = repeat
        self.columns = columns


class Modifiers:
    """The modifiers of a step: from, when, else, names, weights, trainable and loops; `first` is the step of the first round."""

    __slots__ = ("first", "loop", "names", "otherwise", "start", "trainable", "weights", "when")

    def __init__(
        self,
        start: tuple[Template, ...],
        when: Value | None,
        otherwise: Body | None,
        loop: Loop | None,
        names: tuple[str, ...] = (),
        weights: Template | None = None,
        trainable: Value | None = None,
    ) -> None:
        self.start = start
        self.when = when
        self.otherwise = otherwise
        self.loop = loop
        self.names = names  # of the volumes that it leaves
        self.weights = weights  # the layer or block whose weights it uses
        self.trainable = trainable  # whether training changes its weights
        self.first: Step | None = None


class Step:
    """A step: a kind, a block or a group."""

    __slots__ = ("at", "modifiers", "name", "source", "word")

    def __init__(self, source: Source, at: int, word: str, name: Template | None, modifiers: Modifiers | None) -> None:
        self.source = source
        self.at = at
        self.word = word
        self.name = name
        self.modifiers = modifiers

    @property
    def span(self) -> Span:
        """Its location in the file."""
        return Span(self.source, self.at, len(self.word) or 1)


class FixedLayer(Step):
    """A layer whose fields use no names, and is created only once."""

    __slots__ = ("layer",)

    def __init__(self, source: Source, at: int, layer: Layer, name: Template | None, modifiers: Modifiers | None) -> None:
        super().__init__(source, at, layer.kind, name, modifiers)
        self.layer = layer


class Call(Step):
    """A kind, a block, or a variable with the name of one, and the values of its fields; `main` is the value without a name."""

    __slots__ = ("arguments", "defaults", "main")

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
        self.defaults: Mapping[str, Mapping[str, Value]] = {}  # for a variable: other defaults of the kinds that it may name


class Fork(Step):
    """A merge with the values of its fields and its branches: optional names and steps."""

    __slots__ = ("arguments", "branches")
    main: ClassVar[None] = None  # its value is the branches
    defaults: ClassVar[Mapping[str, Mapping[str, Value]]] = {}  # those of its kind are among the arguments

    def __init__(
        self,
        source: Source,
        at: int,
        word: str,
        name: Template | None,
        modifiers: Modifiers | None,
        branches: tuple[tuple[Template | None, Body], ...],
        arguments: Mapping[str, Value],
    ) -> None:
        super().__init__(source, at, word, name, modifiers)
        self.branches = branches
        self.arguments = arguments


class Group(Step):
    """A group of steps; with `side`, an auxiliary head."""

    __slots__ = ("body", "side")

    def __init__(
        self, source: Source, at: int, body: Body, name: Template | None, modifiers: Modifiers | None, *, side: bool = False
    ) -> None:
        super().__init__(source, at, "side" if side else "do", name, modifiers)
        self.body = body
        self.side = side


Body = tuple[Step, ...]


class Block:
    """A block: named steps with arguments, inputs and outputs."""

    __slots__ = ("args", "at", "body", "inputs", "name", "of_library", "outputs", "source")

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
        self.of_library = False  # it does not see the params of the file that uses it


class UsedBlocks:
    """The blocks of libraries that a file uses, by name, and the problems of finding them."""

    __slots__ = ("blocks", "made", "problems")

    def __init__(self, blocks: dict[str, Block], problems: Sequence[Problem], made: dict[tuple[Any, ...], Layer]) -> None:
        self.blocks = blocks
        self.problems = problems
        self.made = made  # layers by their fields, shared with the file


class Variant:
    """A named set of params, with optional metadata of its own."""

    __slots__ = ("about", "input", "name", "params")

    def __init__(self, name: str, params: Mapping[str, Value], input: Value | None, about: Metadata) -> None:
        self.name = name
        self.params = params
        self.input = input
        self.about = about


class Metadata:
    """The metadata of a network; None for what is not given."""

    __slots__ = ("layout", "notes", "paper", "published", "title", "year")

    def __init__(
        self,
        title: str | None = None,
        year: int | None = None,
        paper: str | None = None,
        published: Mapping[str, str] | None = None,
        notes: tuple[str, ...] | None = None,
        layout: str | None = None,
    ) -> None:
        self.layout = layout  # the order in which the file writes volumes
        self.title = title
        self.year = year
        self.paper = paper
        self.published = published
        self.notes = notes

    def over(self, below: Metadata) -> Metadata:
        """Fill in missing metadata from `below`; an empty text counts as given."""
        return Metadata(
            *(
                value if (value := getattr(self, name)) is not None else getattr(below, name)
                for name in ("title", "year", "paper", "published", "notes", "layout")
            )
        )


class Network:
    """A parsed network file."""

    __slots__ = ("about", "blocks", "but", "id", "input", "layers", "like", "params", "source", "variants", "written")

    def __init__(
        self,
        id: str,
        source: Source,
        about: Metadata,
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
        self.written = written  # steps in the file; what a YAML alias repeats counts once
