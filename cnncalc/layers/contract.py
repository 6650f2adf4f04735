"""The interface of a kind of layer: fields, output volume, parameters and work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from cnncalc.layers.operation_types import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnncalc.dims import Condition, Dim
    from cnncalc.layers.fields import FieldType
    from cnncalc.layers.operation_types import Operation
    from cnncalc.layers.window import Reach

OWN, IN_PLACE, VIEW = "own", "in place", "view"  # where a layer's output is stored
INPUT, OUTPUT, MASK, INDICES = "input", "output", "mask", "places"  # what a layer keeps for the backward pass


class Volume(NamedTuple):
    """Height, width and channels of a layer's input or output."""

    h: Dim
    w: Dim
    c: Dim

    @property
    def size(self) -> Dim:
        """The number of elements."""
        return self.h * self.w * self.c

    def __str__(self) -> str:
        return "×".join(str(side) if isinstance(side, int) else f"({side})" if " " in str(side) else str(side) for side in self)


class Work(NamedTuple):
    """The work of one layer for one image, by type of operation; the counting conventions add them up."""

    macs: Dim = 0  # multiply-accumulates: one multiplication and one addition per use of a weight
    bias_adds: Dim = 0
    window: Dim = 0  # elements compared or added in pooling windows
    elements: Dim = 0  # element-wise operations: activations, norms, additions of volumes


NO_WORK = Work()
REQUIRED: Any = object()


class Arg:
    """One field of a kind: its type, default value, description and notation."""

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
        """Whether the field has no default."""
        return self.default is REQUIRED and not self.like


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
    merges: ClassVar[bool] = False  # has several inputs
    splits: ClassVar[bool] = False  # has several outputs of equal shape; its field `parts` is their number
    is_weight_layer: ClassVar[bool] = False  # counts towards the network's depth in weight layers
    storage: ClassVar[str] = OWN
    operation: ClassVar[Operation]  # as which tools count it
    keeps: ClassVar[tuple[str, ...]]  # what the backward pass needs: INPUT, OUTPUT, MASK (of dropout), INDICES (of maxima)

    # The rules. A kind without parameters or work says so (see `Unlearned`): zero is never a default.
    output: Callable[..., Volume]
    weights: Callable[..., Dim]  # learnable parameters that multiply
    biases: Callable[..., Dim]  # learnable parameters that are added
    buffers: Callable[..., Dim]  # stored numbers that are not learned
    work: Callable[..., Work]  # (*volumes in, volume out)
    requires: Callable[..., Iterable[Condition]] = no_conditions  # what must hold for the rules to apply; can be undecided for formulas

    def __init__(self, **values: Any) -> None:
        for name, field in self.fields.items():
            value = values.pop(name, field.default)
            setattr(self, name, values.get(field.like, getattr(self, field.like)) if value is REQUIRED and field.like else value)
        if values:
            raise TypeError(f"{self.kind} has no field {next(iter(values))!r}")

    def reach(self, x: Volume) -> tuple[Reach, Reach] | None:
        """Return the input region that each output unit depends on, by axis; None if it is the same position only."""
        return None

    def remainders(self, x: Volume) -> tuple[Dim, Dim]:
        """Return the rows and columns left over if the kernel does not divide the input evenly, by axis; else 0."""
        return 0, 0

    def field_conditions(self) -> Iterator[Condition]:
        """Yield the conditions on fields that are formulas."""
        for name, field in self.fields.items():
            yield from field.type.requires(name, getattr(self, name))

    def non_default_fields(self) -> dict[str, Any]:
        """Return the fields that differ from their defaults, in order."""
        return {
            name: value
            for name, field in self.fields.items()
            if (value := getattr(self, name)) != (getattr(self, field.like) if field.like else field.default)
        }

    def describe(self) -> str:
        """Format the fields for a table: 96 11×11 /4. The kernel size is always included."""
        changed = self.non_default_fields()
        return " ".join(
            field.shown.format(field.type.text(getattr(self, name)))
            for name, field in self.fields.items()
            if field.shown and (name in changed or field.type.always)
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
