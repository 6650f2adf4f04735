"""The interface of a kind of layer: fields, output volume, parameters and work."""

from __future__ import annotations

from math import prod
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from cnncalc.dims import at_least
from cnncalc.layers.fields import AXES, FieldError
from cnncalc.layers.operation_types import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.fields import FieldType
    from cnncalc.layers.operation_types import Operation
    from cnncalc.layers.window import Reach

OWN, IN_PLACE, VIEW, PARAMETER = "own", "in place", "view", "parameter"  # where a layer's output is stored
INPUT, OUTPUT, MASK, INDICES, MAP = "input", "output", "mask", "places", "map"  # what a layer keeps for the backward pass


LINES = {1: ("position",), 2: ("row", "column"), 3: ("slice", "row", "column")}  # what lies along each side
EXTENTS = {1: ("long",), 2: ("high", "wide"), 3: ("deep", "high", "wide")}  # adjectives in messages: a kernel 3 high
_LETTERS = {rank: tuple(axis[0] for axis in axes) for rank, axes in AXES.items()}


V = TypeVar("V", bound="Volume")


class Volume(tuple[Any, ...]):
    """The sides and channels of a layer's input or output: 224×224×3 for an image, 16000×1 for audio, 16×112×112×3 for a video."""

    __slots__ = ()
    _make: ClassVar[Any] = classmethod(tuple.__new__)  # from a list, as named tuples have it

    def __new__(cls: type[V], *sizes: Dim, **named: Dim) -> V:
        """`Volume(224, 224, 3)`, or by name, `Volume(h=224, w=224, c=3)`."""
        if named:
            letters = (*_LETTERS.get(len(named) - 1, ()), "c")
            if sizes or {*letters} != {*named}:
                raise TypeError(f"expected h, w and c (or l and c, or d, h, w and c), not {', '.join(named)}")
            sizes = tuple([named[letter] for letter in letters])
        return tuple.__new__(cls, sizes)

    def __getattr__(self, name: str) -> Dim:
        """A side by its letter: .h and .w of a picture, .l of a sequence, .d, .h and .w of a video."""
        letters = _LETTERS[self.rank]
        if name in letters:
            side: Dim = self[letters.index(name)]
            return side
        raise AttributeError(f"the volume {self} has no {name!r}, only {', '.join(letters)} and c")

    sides: tuple[Dim, ...] = property(itemgetter(slice(None, -1)))  # type: ignore[assignment]  # a property that costs no Python call
    c: Dim = property(itemgetter(-1))  # type: ignore[assignment]  # the channels

    @property
    def rank(self) -> int:
        """The number of sides."""
        return len(self) - 1

    @property
    def places(self) -> Dim:
        """The number of positions."""
        return prod(self.sides)

    @property
    def size(self) -> Dim:
        """The number of elements."""
        return prod(self)

    def __str__(self) -> str:
        return "×".join(str(side) if isinstance(side, int) else f"({side})" if " " in str(side) else str(side) for side in self)

    def __repr__(self) -> str:
        return f"Volume({', '.join([f'{letter}={size}' for letter, size in zip((*_LETTERS[self.rank], 'c'), self, strict=True)])})"


class ChannelsFirst(Volume):
    """A volume that is printed with its channels first; its order in the code is the same."""

    __slots__ = ()

    @property
    def printed(self) -> Volume:
        """The sizes in the order in which they are printed."""
        return Volume(self.c, *self.sides)

    def __str__(self) -> str:
        return str(self.printed)


LAYOUTS: dict[str, type[Volume]] = {"channels_last": Volume, "channels_first": ChannelsFirst}


def position(x: Volume, side: str) -> int:
    """Return the index in a volume of a side, by its word: height, width, channels."""
    return -1 if side == "channels" else AXES[x.rank].index(side)


def has_side(x: Volume, side: str) -> Iterator[Condition]:
    """Yield the condition that a volume has a side."""
    known = (*AXES[x.rank], "channels")
    yield at_least(int(side in known), 1, f"the volume {x} has no {side}: it has {', '.join(known)}")


class Work(NamedTuple):
    """The work of one layer for one image, by type of operation; the counting conventions add them up."""

    macs: Dim = 0  # multiply-accumulates: one multiplication and one addition per use of a weight
    bias_adds: Dim = 0
    window: Dim = 0  # elements compared or added in pooling windows
    elements: Dim = 0  # element-wise operations: activations, norms, additions of volumes
    products: Dim = 0  # those of `macs` that multiply activations with each other, as attention does


NO_WORK = Work()
REQUIRED: Any = object()


class Arg:
    """One field of a kind: its type, default value, description and notation."""

    __slots__ = ("default", "doc", "like", "required", "shown", "symbol", "type")

    def __init__(self, type: FieldType, doc: str, default: Any, like: str, symbol: str, shown: str) -> None:
        self.type = type
        self.doc = doc
        self.default = REQUIRED if default is REQUIRED or like else type.read(default) if default is not None else None
        self.like = like
        self.symbol = symbol
        self.shown = shown
        self.required = self.default is REQUIRED and not like


def arg(type: FieldType, doc: str, *, default: Any = REQUIRED, like: str = "", symbol: str = "", shown: str = "") -> Any:
    """Declare a field; `like` names the field whose value is the default, `shown` is its format in tables."""
    return Arg(type, doc, default, like, symbol, shown)


F = TypeVar("F", bound="Callable[..., Any]")


def documented(text: str) -> Callable[[F], F]:
    """Attach the manual's text to a rule. (Docstrings do not exist under python -OO.)"""

    def attach(rule: F) -> F:
        rule.__dict__["documentation"] = text
        return rule

    return attach


def no_conditions(*_: object) -> tuple[()]:
    """Return no conditions."""
    return ()


@documented("None.")
def zero(*_: object) -> int:
    return 0


class Layer:
    """A kind of layer, with values for its fields. Its rules take the input volume (a merge: several)."""

    kind: ClassVar[str] = ""
    summary: ClassVar[str] = ""  # what it does, in one sentence
    fields: ClassVar[dict[str, Arg]] = {}
    main: ClassVar[str] = ""  # the field that is written without its name; the value of a merge is its branches
    merges: ClassVar[bool] = False  # has several inputs, and in specs branches
    several: ClassVar[bool] = False  # has several inputs without being a merge
    splits: ClassVar[bool] = False  # has several outputs of equal shape; its field `parts` is their number
    names_sizes: ClassVar[bool] = False  # takes sizes as fields with names of their own, kept in `sizes`
    is_source: ClassVar[bool] = False  # has no input
    stated: ClassVar[bool] = False  # its costs are stated by the author of the file, not computed
    modelled: bool = True  # whether its costs are known
    is_weight_layer: ClassVar[bool] = False  # counts towards the network's depth in weight layers
    storage: ClassVar[str] = OWN
    operation: ClassVar[Operation]  # as which tools count it
    keeps: ClassVar[tuple[str, ...]]  # needed backwards: INPUT, OUTPUT, MASK (of dropout), INDICES (of maxima), MAP (of attention)

    # The rules. A kind without parameters or work says so (see `Unlearned`): zero is never a default.
    output: Callable[..., Volume]
    weights: Callable[..., Dim]  # learnable parameters that multiply
    biases: Callable[..., Dim]  # learnable parameters that are added
    buffers: Callable[..., Dim]  # stored numbers that are not learned
    work: Callable[..., Work]  # (*volumes in, volume out)
    requires: Callable[..., Iterable[Condition]] = no_conditions  # what must hold for the rules to apply; can be undecided for formulas

    def __init__(self, **values: Any) -> None:
        own = vars(self)
        for name, field in self.fields.items():
            if name in values:
                own[name] = values[name]
            else:
                own[name] = values.get(field.like, own.get(field.like)) if field.like else field.default
        if values.keys() - own.keys():
            raise TypeError(f"{self.kind} has no field {next(iter(values.keys() - own.keys()))!r}")

    def for_rank(self, rank: int) -> Layer:
        """Return the layer with its fields for inputs with `rank` sides; raise FieldError if a list has another number of values."""
        changed = {}
        for name, field in self.fields.items():
            value = getattr(self, name)
            try:
                fitting = value if value is None else field.type.for_rank(value, rank)
            except FieldError as error:
                raise FieldError(f"{name}: {error}") from None
            if fitting is not value:
                changed[name] = fitting
        return type(self)(**{**{name: getattr(self, name) for name in self.fields}, **changed}) if changed else self

    def reach(self, x: Volume) -> tuple[Reach, ...] | None:
        """Return the input region that each output unit depends on, by side; None if it is the same position only."""
        return None

    def remainders(self, x: Volume) -> tuple[Dim, ...]:
        """Return the elements left over if the kernel does not divide the input evenly, by side; else 0."""
        return (0,) * x.rank

    def field_conditions(self) -> Iterator[Condition]:
        """Yield the conditions on fields that are formulas."""
        for name, field in self.fields.items():
            if (value := getattr(self, name)) is not None:
                yield from field.type.requires(name, value)

    def non_default_fields(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, in order."""
        return {
            name: value
            for name, field in self.fields.items()
            if not _equal(value := getattr(self, name), getattr(self, field.like) if field.like else field.default)
        }

    def describe(self) -> str:
        """Format the fields for a table: 96 11×11 /4. The kernel size is always included."""
        changed = self.non_default_fields()
        return " ".join(
            field.shown.format(field.type.text(getattr(self, name)))
            for name, field in self.fields.items()
            if field.shown and (name in changed or field.type.always)
        )


def _equal(value: Any, default: Any) -> bool:
    """Return whether a field has its default, which is read for two sides."""
    return bool(value == default) or (
        isinstance(value, tuple) and isinstance(default, tuple) and bool(default) and len({*value, *default}) == 1
    )


class Unlearned(Layer):
    """A layer without parameters and buffers."""

    weights: Callable[..., Dim] = zero
    biases: Callable[..., Dim] = zero
    buffers: Callable[..., Dim] = zero


class Unchanged(Layer):
    """A layer whose output has the shape of its input."""

    @documented("The same shape.")
    def output(self, x: Volume) -> Volume:
        return x


KINDS: dict[str, type[Layer]] = {}  # filled by the decorator `layer`
L = TypeVar("L", bound=Layer)


def layer(kind: str, summary: str, main: str = "") -> Callable[[type[L]], type[L]]:
    """Register a class as a kind, under its name in specs; `summary` is its sentence in the manual.

    `main` is the field that is written without its name; by default the first.
    """

    def register(cls: type[L]) -> type[L]:
        if kind in KINDS:
            raise ValueError(f"two classes for the kind {kind!r}")
        declared = [name for base in reversed(cls.__mro__) for name, value in vars(base).items() if isinstance(value, Arg)]
        cls.kind = kind
        cls.summary = summary
        cls.fields = {name: getattr(cls, name) for name in dict.fromkeys([main, *declared] if main else declared)}
        cls.main = "" if cls.merges else next(iter(cls.fields), "")
        KINDS[kind] = cls
        return cls

    return register


class Input(Unlearned, Unchanged):
    """The input of a network: the first row of every report. It is not in the table of kinds, since specs do not write it."""

    kind = "input"
    operation = NOTHING
    keeps = ()

    def work(self, *volumes: Volume) -> Work:
        """Return no work."""
        return NO_WORK
