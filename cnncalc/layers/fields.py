"""Types of fields: numbers, sizes, paddings, flags and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from cnncalc.dims import Poly, at_least, whole
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from cnncalc.dims import Condition, Dim


class FieldError(ValueError):
    """A value that a field does not accept; the message says what is expected."""


class LargeFieldError(FieldError):
    """A number has too many digits, whatever the field."""


P = TypeVar("P", bound="Padding")


class Padding(tuple[Any, ...]):
    """Amounts of padding or cropping at both ends of every side: top, bottom, left, right. `written` is as the file has it."""

    written: tuple[Dim, ...]

    def __new__(cls: type[P], *edges: Dim, written: tuple[Dim, ...] = ()) -> P:
        """Create the amounts at both ends of one side after the other."""
        made = tuple.__new__(cls, edges)
        made.written = written or edges
        return made

    def __hash__(self) -> int:
        """Keep 1 and [1, 1] apart in the cache of layers: they are not the same for every rank."""
        return hash((*self, self.written))

    @property
    def pairs(self) -> list[tuple[Dim, Dim]]:
        """Amounts before and after, by side."""
        return list(zip(self[::2], self[1::2], strict=True))


class Every(tuple[Any, ...]):
    """One number for all sides, whatever their number."""

    __slots__ = ()

    def __hash__(self) -> int:
        """Keep 3 and [3, 3] apart in the cache of layers: they are not the same for every rank."""
        return hash((Every, *self))


SAME = "same"  # padding that makes the output ceil(input / stride)
CAUSAL = "causal"  # padding ahead of a sequence only, so that no output depends on later inputs
AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}  # the sides of a volume, by their number


class FieldType:
    """The type of a field: reads, checks and writes its values."""

    expects: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    words: ClassVar[Collection[str]] = ()  # accepted words, besides numbers and arithmetic
    raw: ClassVar[bool] = False  # written as text, not as arithmetic
    always: bool = False  # shown in tables even if it is the default

    def read(self, value: Any) -> Any:
        """Convert a value for the rules; raise FieldError if it is not accepted."""
        raise NotImplementedError

    def requires(self, name: str, value: Any) -> Iterator[Condition]:
        """Yield the conditions on a value that is a formula; numbers are checked when they are read."""
        yield from ()

    def for_rank(self, value: Any, rank: int) -> Any:
        """Return the value for inputs with `rank` sides; raise FieldError if it has another number of values."""
        return value

    def named(self, symbol: str, value: Any, name: Callable[[str, Dim], Dim]) -> Any:
        """Replace each number of the value by `name(symbol, number)`."""
        return value

    def plain(self, value: Any) -> Any:
        """Return the value for JSON."""
        return value

    def text(self, value: Any) -> str:
        """Return the value for a table."""
        return str(self.plain(value))

    def refuse(self, value: Any) -> FieldError:
        """Return the error for a value that is not accepted."""
        return FieldError(f"expected {self.expects}, found {shown(value)}")


class Whole(FieldType):
    """A whole number, or a formula for one."""

    def __init__(self, least: int, most: int = LIMITS.size) -> None:
        self.least = least
        self.most = most
        self.expects = f"a whole number from {least} {'up' if most == LIMITS.size else f'to {most:,}'}"  # type: ignore[misc]  # differs by instance
        self.schema = {"type": ["integer", "string"], "minimum": least, "maximum": most}  # type: ignore[misc]  # the same

    def read(self, value: Any) -> Dim:
        """Refuse fractions, words, and numbers that are too small or too large."""
        if type(value) is int:
            if value > LIMITS.size:
                raise LargeFieldError(f"a number of more than {len(str(LIMITS.size)) - 1} digits: {shown(value)}")
            if not self.least <= value <= self.most:
                raise self.refuse(value)
            return value
        if isinstance(value, Poly):
            return value
        raise self.refuse(value)

    def requires(self, name: str, value: Dim) -> Iterator[Condition]:
        """Yield the conditions that a formula is whole and within the bounds."""
        if isinstance(value, Poly):
            message = f"{name}: {self.refuse(value)}"
            yield at_least(value, self.least, message)
            yield from whole(value, message)
            if self.most < LIMITS.size:
                yield at_least(self.most, value, message)

    def named(self, symbol: str, value: Dim, name: Callable[[str, Dim], Dim]) -> Dim:
        """Name the number."""
        return name(symbol, value)


class Parts(Whole):
    """A number of parts; a file may list their channels instead, and then each is a slice."""

    def __init__(self) -> None:
        super().__init__(1, LIMITS.windows)
        self.schema = {"anyOf": [self.schema, {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 2}]}  # type: ignore[misc]  # differs by instance


class Sides(FieldType):
    """One whole number for all sides, or one per side; with `all`, tables always show all sides."""

    def __init__(self, least: int, most: int = LIMITS.size, *, all: bool = False) -> None:
        self.one = Whole(least, most)
        self.all = self.always = all
        self.expects = f"{self.one.expects}, or one per side: [height, width]"  # type: ignore[misc]  # differs by instance
        self.schema = {  # type: ignore[misc]
            "anyOf": [self.one.schema, {"type": "array", "items": self.one.schema, "minItems": 1, "maxItems": len(AXES)}]
        }

    def read(self, value: Any) -> tuple[Dim, ...]:
        """Return a number per side; one number is for all sides."""
        if isinstance(value, list):
            if not 1 <= len(value) <= len(AXES):
                raise self.refuse(value)
            return tuple(self.one.read(side) for side in value)
        try:
            side = self.one.read(value)
        except LargeFieldError:
            raise
        except FieldError:
            raise self.refuse(value) from None
        return Every((side, side))

    def requires(self, name: str, value: tuple[Dim, ...]) -> Iterator[Condition]:
        """Yield the conditions of all sides."""
        for side in value:
            yield from self.one.requires(name, side)

    def for_rank(self, value: tuple[Dim, ...], rank: int) -> tuple[Dim, ...]:
        """Return as many numbers as there are sides."""
        if len(value) == rank:
            return value
        if isinstance(value, Every):
            return Every(value[:1] * rank)
        numbers = "one number for the length" if rank == 1 else f"one number, or {rank} ({', '.join(AXES[rank])})"
        raise FieldError(f"expected {numbers}, found {shown(list(value))}")

    def named(self, symbol: str, value: tuple[Dim, ...], name: Callable[[str, Dim], Dim]) -> tuple[Dim, ...]:
        """Name all sides F if they are equal, else F_h and F_w."""
        return several(symbol, value, name, suffixes(len(value)))

    def plain(self, value: Any) -> Any:
        """Return a list: [height, width]."""
        return list(value)

    def text(self, value: Any) -> str:
        """Return one number if the sides are equal, unless all are always shown: 3×3."""
        return str(value[0]) if len(set(value)) == 1 and not self.all else "×".join(map(str, value))


class Edges(FieldType):
    """Amounts at the edges: one number, one per side, two per side, or one of `words`."""

    def __init__(self, *words: str) -> None:
        self.words = words  # type: ignore[misc]  # differs by instance
        self.one = Whole(0)
        self.expects = "a whole number, [height, width] or [top, bottom, left, right]" + ", or " * bool(words) + " or ".join(words)  # type: ignore[misc]
        lists = [{"type": "array", "items": self.one.schema, "minItems": least, "maxItems": most} for least, most in ((1, 4), (6, 6))]
        shapes = [*({"const": word} for word in words), *lists]
        self.schema = {"anyOf": [self.one.schema, *shapes]}  # type: ignore[misc]

    def read(self, value: Any) -> Padding | str:
        """Return the amounts, or the word."""
        if value in self.words:
            return str(value)
        try:
            amounts = tuple([self.one.read(amount) for amount in (value if isinstance(value, list) else [value])])
        except LargeFieldError:
            raise
        except FieldError:
            raise self.refuse(value) from None
        if len(amounts) not in (1, 2, 3, 4, 6):
            raise self.refuse(value)
        return self._edges(amounts, 3 if len(amounts) in (3, 6) else 2)

    @staticmethod
    def _edges(written: tuple[Dim, ...], rank: int) -> Padding:
        """Return the amounts for `rank` sides."""
        if len(written) == 2 * rank:
            return Padding(*written)
        each = written * rank if len(written) == 1 else written
        return Padding(*[amount for side in each for amount in (side, side)], written=written)

    def for_rank(self, value: Padding | str, rank: int) -> Padding | str:
        """Return two amounts per side."""
        if isinstance(value, str) or len(value) == 2 * rank:
            return value
        if len(value.written) not in (1, rank, 2 * rank):
            amounts = ", or 2 (start, end)" if rank == 1 else f", {rank} ({', '.join(AXES[rank])}) or {2 * rank} (two per side)"
            raise FieldError(f"expected one number{amounts}, found {shown(list(value.written))}")
        return self._edges(value.written, rank)

    def requires(self, name: str, value: Padding | str) -> Iterator[Condition]:
        """Yield the conditions of all amounts."""
        for amount in () if isinstance(value, str) else value:
            yield from self.one.requires(name, amount)

    def named(self, symbol: str, value: Padding | str, name: Callable[[str, Dim], Dim]) -> Padding | str:
        """Use as few names as possible: P, else P_h and P_w, else one per edge."""
        if isinstance(value, str):
            return value
        if len(set(value)) == 1:
            return Padding(*(name(symbol, value[0]),) * len(value))
        rank = len(value) // 2
        found: list[Dim] = []
        for pair, side, ends in zip(value.pairs, suffixes(rank), EDGES[rank], strict=True):
            found += (name(f"{symbol}_{side}", pair[0]),) * 2 if pair[0] == pair[1] else several(symbol, pair, name, ends)
        return Padding(*found)

    def plain(self, value: Any) -> Any:
        """Return the shortest list."""
        if isinstance(value, str):
            return value
        return list(value[::2]) if value[::2] == value[1::2] else list(value)

    def text(self, value: Any) -> str:
        """Return one number if all amounts are equal."""
        if isinstance(value, str):
            return value
        return str(value[0]) if len(set(value)) == 1 else "×".join(str(amount) for amount in self.plain(value))


class Flag(FieldType):
    """A boolean."""

    expects = "true or false"
    schema: ClassVar[dict[str, Any]] = {"type": ["boolean", "string"]}
    words: ClassVar[dict[str, bool]] = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

    def read(self, value: Any) -> bool:
        """Accept booleans and the usual words."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in self.words:
            return self.words[value.lower()]
        raise self.refuse(value)


class LearnedFlag(Flag):
    """Whether a layer learns a tensor; or `shared`: it uses one that is counted at another layer."""

    expects = "true, false or shared"
    words: ClassVar[dict[str, Any]] = {**Flag.words, "shared": "shared"}

    def read(self, value: Any) -> Any:
        """Also accept the word `shared`."""
        return "shared" if value == "shared" else super().read(value)


class Choice(FieldType):
    """One of several words."""

    words: ClassVar[tuple[str, ...]]

    def __init__(self, *words: str) -> None:
        self.words = words  # type: ignore[misc]  # differs by instance
        self.expects = " or ".join(words)  # type: ignore[misc]  # differs by instance
        self.schema = {"anyOf": [{"enum": list(words)}, {"type": "string"}]}  # type: ignore[misc]  # or the name of a param

    def read(self, value: Any) -> str:
        """Return the word."""
        if value in self.words:
            return str(value)
        raise self.refuse(value)


class Number(FieldType):
    """An exact number within bounds."""

    def __init__(self, least: int, most: int, expects: str) -> None:
        self.least = least
        self.most = most
        self.expects = expects  # type: ignore[misc]  # differs by instance
        self.schema = {"type": ["number", "string"], "minimum": least, "maximum": most}  # type: ignore[misc]

    def read(self, value: Any) -> Any:
        """Return the number or formula."""
        if isinstance(value, Poly) or (hasattr(value, "real") and not isinstance(value, bool) and self.least <= value <= self.most):
            return value
        raise self.refuse(value)

    def plain(self, value: Any) -> Any:
        """Return a number for JSON."""
        return value if isinstance(value, (int, Poly)) else float(value)

    def text(self, value: Any) -> str:
        """Return a decimal, or a fraction if no decimal is exact."""
        from fractions import Fraction

        plain = self.plain(value)
        return str(value if isinstance(plain, float) and Fraction(str(plain)) != value else plain)


class Interval(FieldType):
    """A range of channels, counted from 0; the end is exclusive."""

    expects = "two whole numbers, [first, end], with end > first"
    schema: ClassVar[dict[str, Any]] = {"type": ["array", "string"], "items": {"type": ["integer", "string"]}, "minItems": 2, "maxItems": 2}

    def read(self, value: Any) -> tuple[Dim, Dim]:
        """Return first and end."""
        if not isinstance(value, list) or len(value) != 2:
            raise self.refuse(value)
        try:
            first, end = (NATURAL.read(channel) for channel in value)
        except FieldError:
            raise self.refuse(value) from None
        if isinstance(first, int) and isinstance(end, int) and first >= end:
            raise self.refuse(value)
        return first, end

    def requires(self, name: str, value: tuple[Dim, Dim]) -> Iterator[Condition]:
        """Yield the conditions that both are whole numbers; the layer checks that the channels exist."""
        for channel in value:
            yield from NATURAL.requires(name, channel)

    def named(self, symbol: str, value: tuple[Dim, Dim], name: Callable[[str, Dim], Dim]) -> tuple[Dim, Dim]:
        """Name the numbers `first` and `end`."""
        return name("first", value[0]), name("end", value[1])

    def plain(self, value: Any) -> Any:
        """Return a list."""
        return list(value)

    def text(self, value: Any) -> str:
        """Return first:end."""
        return f"{value[0]}:{value[1]}"


class Connections(FieldType):
    """For each filter, the input channels it is connected to, counted from 0."""

    expects = "for each filter, a list of input channels: [[0, 1, 2], [1, 2, 3]]"
    schema: ClassVar[dict[str, Any]] = {"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}}

    def read(self, value: Any) -> tuple[tuple[int, ...], ...]:
        """Accept lists of distinct whole numbers."""
        if not isinstance(value, list) or not value:
            raise self.refuse(value)
        for seen in value:
            if not isinstance(seen, list) or not seen or not all(type(each) is int and each >= 0 for each in seen):
                raise self.refuse(value)
            if len(set(seen)) != len(seen):
                raise FieldError(f"a filter lists the same channel twice: {shown(seen)}")
        return tuple(tuple(seen) for seen in value)

    def plain(self, value: Any) -> Any:
        """Return lists."""
        return [list(seen) for seen in value]

    def text(self, value: Any) -> str:
        """Return the number of connections."""
        return f"{sum(map(len, value))} kernels"


EDGES = {1: (("s", "e"),), 2: (("t", "b"), ("l", "r")), 3: (("f", "k"), ("t", "b"), ("l", "r"))}  # start and end; top, left, front


def suffixes(rank: int) -> tuple[str, ...]:
    """Return the suffixes of the sides in the names of a derivation: F_h, F_w."""
    return tuple(axis[0] for axis in AXES[rank])


def several(symbol: str, values: tuple[Dim, ...], name: Callable[[str, Dim], Dim], ends: tuple[str, ...]) -> tuple[Dim, ...]:
    """Use one name for equal numbers, else names with suffixes."""
    if all(value == values[0] for value in values):
        return (name(symbol, values[0]),) * len(values)
    return tuple([name(f"{symbol}_{end}", value) for end, value in zip(ends, values, strict=True)])


def shown(value: Any) -> str:
    """Quote a value for a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        text = "[" + ", ".join(shown(each) for each in value[:21]) + "]"
    elif isinstance(value, str):
        text = repr(str(value))
    elif hasattr(value, "c"):
        return f"the volume {value}"
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


POSITIVE = Whole(1)
PARTS = Parts()
NATURAL = Whole(0)
KERNEL = Sides(1, all=True)
PLACES = Sides(1, LIMITS.windows, all=True)
STEP = Sides(1)
EXTRA = Sides(0)
PAD = Edges(SAME, CAUSAL)
POOL_PAD = Edges(SAME)
AMOUNTS = Edges()
FLAG = Flag()
LEARNED = LearnedFlag()
PADDING = Choice("zeros", "reflect", "replicate")
INTERPOLATION = Choice("nearest", "bilinear", "bicubic")
SIDE = Choice("channels", *dict.fromkeys(axis for axes in AXES.values() for axis in axes))
OUTPUT_SIZE = Sides(1)
GROWTH = Number(0, LIMITS.size, "a number above 0")
SHARE = Number(0, 1, "a number from 0 to 1")
FACTOR = Number(-LIMITS.size, LIMITS.size, "a number")
INTERVAL = Interval()
CONNECTIONS = Connections()
