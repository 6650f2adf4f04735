"""What a kind of layer must say of itself: its fields, the volume it leaves, what it learns, and the work it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from cnncalc.layers.fields import AXES
from cnncalc.layers.operation_types import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.fields import FieldType
    from cnncalc.layers.operation_types import Operation
    from cnncalc.layers.window import Reach

OWN, IN_PLACE, VIEW = "own", "in place", "view"  # where a layer's output lives
INPUT, OUTPUT, MASK, PLACES = "input", "output", "mask", "places"  # what is kept of a layer until its gradient is computed


EXTENTS = {1: ("long",), 2: ("high", "wide"), 3: ("deep", "high", "wide")}  # the same in a sentence: a kernel 3 high
_LETTERS = {rank: tuple(axis[0] for axis in axes) for rank, axes in AXES.items()}


V = TypeVar("V", bound="Volume")


class Volume(tuple[Any, ...]):
    """What flows between layers: its sides, then the channels. 224×224×3 is a picture, 16000×1 is sound, 16×112×112×3 is a video."""

    __slots__ = ()

    def __new__(cls: type[V], *sizes: Dim, **named: Dim) -> V:
        """`Volume(224, 224, 3)`, or by name, `Volume(h=224, w=224, c=3)`."""
        if named:
            sizes = tuple([named.pop(letter) for letter in (*_LETTERS[len(named) - 1], "c")])
        return tuple.__new__(cls, sizes)

    def __getattr__(self, name: str) -> Dim:
        """A side by its letter: .h and .w of a picture, .l of a sequence, .d, .h and .w of a video."""
        letters = _LETTERS[self.rank]
        if name in letters:
            side: Dim = self[letters.index(name)]
            return side
        raise AttributeError(f"a volume {self} has no {name!r}, only {', '.join(letters)} and c")

    @property
    def sides(self) -> tuple[Dim, ...]:
        """The sizes without the channels."""
        return self[:-1]

    @property
    def c(self) -> Dim:
        """The channels."""
        channels: Dim = self[-1]
        return channels

    @property
    def rank(self) -> int:
        """The number of sides."""
        return len(self) - 1

    @property
    def places(self) -> Dim:
        """The positions along all sides."""
        return product(self[:-1])

    @property
    def size(self) -> Dim:
        """The elements."""
        return product(self)

    def __str__(self) -> str:
        return "×".join(str(side) if isinstance(side, int) else f"({side})" if " " in str(side) else str(side) for side in self)

    def __repr__(self) -> str:
        return f"Volume({', '.join([f'{letter}={size}' for letter, size in zip((*_LETTERS[self.rank], 'c'), self, strict=True)])})"


def product(sizes: Iterable[Dim]) -> Dim:
    """The product of numbers or formulas, from the first to the last."""
    result: Dim = 1
    for size in sizes:
        result = result * size
    return result


class Work(NamedTuple):
    """What one image costs in one layer, by the sort of operation; the counting conventions add them up."""

    macs: Dim = 0  # uses of a weight: one multiplication and one addition
    bias_adds: Dim = 0
    window: Dim = 0  # inputs of windows that are compared or added: pooling
    elements: Dim = 0  # values that are computed one by one: activations, norms, additions of volumes


NO_WORK = Work()
REQUIRED: Any = object()


class Arg:
    """One field of a kind: what may stand there, what stands there if nothing is said, and how people write it."""

    __slots__ = ("default", "doc", "like", "shown", "symbol", "type")

    def __init__(self, type: FieldType, doc: str, default: Any, like: str, symbol: str, shown: str) -> None:
        self.type = type
        self.doc = doc
        self.default = REQUIRED if default is REQUIRED or like else type.read(default) if default is not None else None
        self.like = like
        self.symbol = symbol
        self.shown = shown

    @property
    def required(self) -> bool:
        """Must be given, since there is nothing else to take."""
        return self.default is REQUIRED and not self.like


def arg(type: FieldType, doc: str, *, default: Any = REQUIRED, like: str = "", symbol: str = "", shown: str = "") -> Any:
    """Declare a field; `like` names the field whose value is the default, `shown` is its place in a short description."""
    return Arg(type, doc, default, like, symbol, shown)


F = TypeVar("F", bound="Callable[..., Any]")


def documented(text: str) -> Callable[[F], F]:
    """Attach what the manual of a kind says of a rule. (Its docstring would do, but under python -OO there is none.)"""

    def attach(rule: F) -> F:
        rule.__dict__["documentation"] = text
        return rule

    return attach


def nothing(*_: object) -> tuple[()]:
    """No conditions."""
    return ()


@documented("No numbers.")
def none(*_: object) -> int:
    return 0


class Layer:
    """A kind of layer with its fields filled in. Rules take the volume that arrives (a merge: several), and read fields."""

    kind: ClassVar[str] = ""
    summary: ClassVar[str] = ""  # what it does, in a sentence
    fields: ClassVar[dict[str, Arg]] = {}
    merges: ClassVar[bool] = False  # takes several volumes, by branches or as they flow
    splits: ClassVar[bool] = False  # leaves several volumes, all alike: its field `parts` says how many
    weighs: ClassVar[bool] = False  # counts as a weight layer of a network's depth
    storage: ClassVar[str] = OWN
    operation: ClassVar[Operation]  # what it is to tools that count
    keeps: ClassVar[tuple[str, ...]]  # what its gradient is computed from: INPUT, OUTPUT, MASK (of what was dropped), PLACES (of maxima)

    # The rules. A kind that costs nothing says so (see `Unlearned`): zero is never a default.
    output: Callable[..., Volume]
    weights: Callable[..., Dim]  # learned numbers that multiply
    biases: Callable[..., Dim]  # learned numbers that are added
    buffers: Callable[..., Dim]  # numbers kept but not learned
    work: Callable[..., Work]  # (*volumes in, volume out)
    requires: Callable[..., Iterable[Condition]] = nothing  # what must hold for the rules to make sense; may stay open for formulas

    def __init__(self, **values: Any) -> None:
        for name, field in self.fields.items():
            value = values.pop(name, field.default)
            setattr(self, name, values.get(field.like, getattr(self, field.like)) if value is REQUIRED and field.like else value)
        if values:
            raise TypeError(f"{self.kind} has no field {next(iter(values))!r}")

    def for_rank(self, rank: int) -> Layer:
        """The layer with its fields written for volumes of so many sides; a FieldError where a list has another number of values."""
        changed = {}
        for name, field in self.fields.items():
            value = getattr(self, name)
            if (fitting := field.type.for_rank(value, rank)) is not value:
                changed[name] = fitting
        return type(self)(**{**{name: getattr(self, name) for name in self.fields}, **changed}) if changed else self

    def reach(self, x: Volume) -> tuple[Reach, ...] | None:
        """What one output element sees of the input, by side; None where it sees just its own position."""
        return None

    def rests(self, x: Volume) -> tuple[Dim, ...]:
        """By side, the input rows or columns left over where kernels do not divide it evenly; 0 where they do."""
        return (0,) * x.rank

    def sound(self) -> Iterator[Condition]:
        """What must hold for fields that are formulas."""
        for name, field in self.fields.items():
            yield from field.type.requires(name, getattr(self, name))

    def stated(self) -> dict[str, Any]:
        """The fields that differ from their defaults, in order."""
        return {
            name: value
            for name, field in self.fields.items()
            if (value := getattr(self, name)) != (getattr(self, field.like) if field.like else field.default)
        }

    def describe(self) -> str:
        """The fields as a table shows them: 96 11×11 /4."""
        stated = self.stated()
        return " ".join(
            field.shown.format(field.type.text(stated[name])) for name, field in self.fields.items() if name in stated and field.shown
        )


class Unlearned(Layer):
    """Learns nothing and keeps nothing."""

    weights: Callable[..., Dim] = none
    biases: Callable[..., Dim] = none
    buffers: Callable[..., Dim] = none


class Unchanged(Layer):
    """Leaves a volume of the shape that arrived."""

    @documented("The same shape.")
    def output(self, x: Volume) -> Volume:
        return x


KINDS: dict[str, type[Layer]] = {}  # written once, as the modules of the kinds are imported
L = TypeVar("L", bound=Layer)


def layer(kind: str, summary: str, main: str = "") -> Callable[[type[L]], type[L]]:
    """Enter a class into the table of kinds, under the name that specs use; `summary` is what it does, for the manual.

    `main` is the field of the main argument, else the first.
    """

    def enter(cls: type[L]) -> type[L]:
        if kind in KINDS:
            raise ValueError(f"two classes for the kind {kind!r}")
        declared = [name for base in reversed(cls.__mro__) for name, value in vars(base).items() if isinstance(value, Arg)]
        cls.kind = kind
        cls.summary = summary
        cls.fields = {name: getattr(cls, name) for name in dict.fromkeys([main, *declared] if main else declared)}
        KINDS[kind] = cls
        return cls

    return enter


class Input(Unlearned, Unchanged):
    """What a network is given: the first row of every report. No spec writes it, so it is not in the table of kinds."""

    kind = "input"
    operation = NOTHING
    keeps = ()

    def work(self, *volumes: Volume) -> Work:
        """Nothing."""
        return NO_WORK
