"""What may stand in a field of a layer: in goes a value (a number, a list, a word), out comes one that rules can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from cnncalc.dims import Poly, at_least, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.dims import Condition, Dim


class FieldError(ValueError):
    """A value that does not fit its field; the text says what would."""


P = TypeVar("P", bound="Padding")


class Padding(tuple[Any, ...]):
    """Zeros, or crops, at both ends of every side: top, bottom, left, right. `written` is what a file writes for them."""

    written: tuple[Dim, ...]

    def __new__(cls: type[P], *edges: Dim, written: tuple[Dim, ...] = ()) -> P:
        """The amounts at both ends of one side after the other."""
        made = tuple.__new__(cls, edges)
        made.written = written or edges
        return made

    @property
    def pairs(self) -> list[tuple[Dim, Dim]]:
        """The amounts before and after each side."""
        return list(zip(self[::2], self[1::2], strict=True))


class Every(tuple[Any, ...]):
    """One number for all sides, whatever their number."""

    __slots__ = ()


LARGEST = 10**18  # of the whole numbers in fields, and of the sides of volumes
SAME = "same"  # as many zeros as make the output ceil(input / stride)
CAUSAL = "causal"  # as many zeros ahead of a sequence that no output sees what comes after it
AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}  # the sides of a volume, by their number


class FieldType:
    """One way of writing a field."""

    expects: ClassVar[str]
    schema: ClassVar[dict[str, Any]]

    def read(self, value: Any) -> Any:
        """The value as rules want it, or a FieldError."""
        raise NotImplementedError

    def requires(self, name: str, value: Any) -> Iterator[Condition]:
        """What must hold for a value that is a formula; numbers were checked when they were read."""
        yield from ()

    def for_rank(self, value: Any, rank: int) -> Any:
        """The value for volumes of so many sides."""
        return value

    def named(self, symbol: str, value: Any, name: Callable[[str, Dim], Dim]) -> Any:
        """The value with a name on each of its numbers: what `name` makes of a symbol and a number."""
        return value

    def plain(self, value: Any) -> Any:
        """The value as JSON has it."""
        return value

    def text(self, value: Any) -> str:
        """The value as a table has it."""
        return str(self.plain(value))

    def refuse(self, value: Any) -> FieldError:
        """The error that says what was found and what was expected."""
        return FieldError(f"expected {self.expects}, found {shown(value)}")


class Whole(FieldType):
    """A whole number, or a formula that stands for one."""

    schema: ClassVar[dict[str, Any]] = {"type": ["integer", "string"]}

    def __init__(self, least: int, most: int = LARGEST) -> None:
        self.least = least
        self.most = most
        self.expects = f"a whole number from {least} {'up' if most == LARGEST else f'to {most:,}'}"  # type: ignore[misc]  # told apart by both

    def read(self, value: Any) -> Dim:
        """Refuses fractions, words, and numbers that are too small or too large."""
        if type(value) is int:
            if value > LARGEST:
                raise FieldError(f"a number of more than {len(str(LARGEST)) - 1} digits: {shown(value)}")
            if not self.least <= value <= self.most:
                raise self.refuse(value)
            return value
        if isinstance(value, Poly):
            return value
        raise self.refuse(value)

    def requires(self, name: str, value: Dim) -> Iterator[Condition]:
        """A formula is as large as a number has to be, and whole."""
        if isinstance(value, Poly):
            message = f"{name}: {self.refuse(value)}"
            yield at_least(value, self.least, message)
            yield from whole(value, message)
            if self.most < LARGEST:
                yield at_least(self.most, value, message)

    def named(self, symbol: str, value: Dim, name: Callable[[str, Dim], Dim]) -> Dim:
        """One name."""
        return name(symbol, value)


class Sides(FieldType):
    """One whole number for all sides, or one for each; `all` says that a table always shows it, and all of them."""

    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": ["integer", "string"]},
            {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1, "maxItems": 3},
        ]
    }

    def __init__(self, least: int, most: int = LARGEST, *, all: bool = False) -> None:
        self.one = Whole(least, most)
        self.all = self.always = all
        self.expects = f"{self.one.expects}, or one for each side: [height, width]"  # type: ignore[misc]  # told apart by its bounds

    def read(self, value: Any) -> tuple[Dim, ...]:
        """A number for every side; one number counts for all."""
        if isinstance(value, list):
            if not 1 <= len(value) <= len(AXES):
                raise self.refuse(value)
            return tuple(self.one.read(side) for side in value)
        try:
            side = self.one.read(value)
        except FieldError:
            raise self.refuse(value) from None
        return Every((side, side))

    def requires(self, name: str, value: tuple[Dim, ...]) -> Iterator[Condition]:
        """All sides are."""
        for side in value:
            yield from self.one.requires(name, side)

    def for_rank(self, value: tuple[Dim, ...], rank: int) -> tuple[Dim, ...]:
        """As many numbers as there are sides."""
        if len(value) == rank:
            return value
        if isinstance(value, Every):
            return Every(value[:1] * rank)
        raise FieldError(f"expected one number, or {rank} ({', '.join(AXES[rank])}), found {shown(list(value))}")

    def named(self, symbol: str, value: tuple[Dim, ...], name: Callable[[str, Dim], Dim]) -> tuple[Dim, ...]:
        """One name where all are equal: F, else F_h and F_w."""
        return several(symbol, value, name, suffixes(len(value)))

    def plain(self, value: Any) -> Any:
        """Always a list: [height, width]."""
        return list(value)

    def text(self, value: Any) -> str:
        """One number where all sides are equal, unless all belong in a table: 3×3."""
        return str(value[0]) if len(set(value)) == 1 and not self.all else "×".join(map(str, value))


class Edges(FieldType):
    """Amounts at the edges: one number, one for each side, or two for each side; perhaps a word."""

    schema: ClassVar[dict[str, Any]] = {
        "anyOf": [
            {"type": ["integer", "string"]},
            {"type": "array", "items": {"type": ["integer", "string"]}, "minItems": 1, "maxItems": 6},
        ]
    }

    def __init__(self, *words: str) -> None:
        self.words = words
        self.one = Whole(0)
        self.expects = "a whole number, [height, width] or [top, bottom, left, right]" + "".join(f", or {word}" for word in words)  # type: ignore[misc]

    def read(self, value: Any) -> Padding | str:
        """The edges, or a word."""
        if value in self.words:
            return str(value)
        try:
            amounts = tuple([self.one.read(amount) for amount in (value if isinstance(value, list) else [value])])
        except FieldError:
            raise self.refuse(value) from None
        if len(amounts) == 4 and amounts[0] == amounts[1] and amounts[2] == amounts[3]:
            amounts = amounts[::2]
        if len(amounts) not in (1, 2, 3, 4, 6):
            raise self.refuse(value)
        return self._edges(amounts, 3 if len(amounts) in (3, 6) else 2)

    @staticmethod
    def _edges(written: tuple[Dim, ...], rank: int) -> Padding:
        """What is written, for so many sides."""
        if len(written) == 2 * rank:
            return Padding(*written)
        each = written * rank if len(written) == 1 else written
        return Padding(*[amount for side in each for amount in (side, side)], written=written)

    def for_rank(self, value: Padding | str, rank: int) -> Padding | str:
        """Two amounts for each side."""
        if isinstance(value, str) or len(value) == 2 * rank:
            return value
        if len(value.written) not in (1, rank, 2 * rank):
            edges = "two" if rank == 1 else f"{rank} ({', '.join(AXES[rank])}) or {2 * rank}"
            raise FieldError(f"expected one number, or {edges}, found {shown(list(value.written))}")
        return self._edges(value.written, rank)

    def requires(self, name: str, value: Padding | str) -> Iterator[Condition]:
        """All edges are."""
        for amount in () if isinstance(value, str) else value:
            yield from self.one.requires(name, amount)

    def named(self, symbol: str, value: Padding | str, name: Callable[[str, Dim], Dim]) -> Padding | str:
        """As few names as tell them apart: P, else P_h and P_w, else one an edge."""
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
        """The shortest list that says it."""
        if isinstance(value, str):
            return value
        return list(value[::2]) if value[::2] == value[1::2] else list(value)

    def text(self, value: Any) -> str:
        """One number where all edges are equal."""
        if isinstance(value, str):
            return value
        return str(value[0]) if len(set(value)) == 1 else "×".join(str(amount) for amount in self.plain(value))


class Flag(FieldType):
    """Yes or no."""

    expects = "true or false"
    schema: ClassVar[dict[str, Any]] = {"type": ["boolean", "string"]}
    words: ClassVar[dict[str, bool]] = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

    def read(self, value: Any) -> bool:
        """A condition's result, or one of the usual words."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in self.words:
            return self.words[value.lower()]
        raise self.refuse(value)


class Choice(FieldType):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.expects = " or ".join(words)  # type: ignore[misc]  # told apart by its words
        self.schema = {"type": "string"}  # type: ignore[misc]  # a param's name may stand for the word

    def read(self, value: Any) -> str:
        """The word itself."""
        if value in self.words:
            return str(value)
        raise self.refuse(value)


class Number(FieldType):
    """An exact number between two others; nothing is computed from it."""

    schema: ClassVar[dict[str, Any]] = {"type": ["number", "string"]}

    def __init__(self, least: int, most: int, expects: str) -> None:
        self.least = least
        self.most = most
        self.expects = expects  # type: ignore[misc]  # told apart by its bounds

    def read(self, value: Any) -> Any:
        """The number, or a formula."""
        if isinstance(value, Poly) or (hasattr(value, "real") and not isinstance(value, bool) and self.least <= value <= self.most):
            return value
        raise self.refuse(value)

    def plain(self, value: Any) -> Any:
        """A JSON number."""
        return value if isinstance(value, (int, Poly)) else float(value)

    def text(self, value: Any) -> str:
        """As a decimal, or as a fraction where no decimal is exact."""
        from fractions import Fraction

        plain = self.plain(value)
        return str(value if isinstance(plain, float) and Fraction(str(plain)) != value else plain)


class Interval(FieldType):
    """Channels from the first, counted from 0, up to but without the end."""

    expects = "two whole numbers, [first, end], the end above the first"
    schema: ClassVar[dict[str, Any]] = {"type": ["array", "string"], "items": {"type": ["integer", "string"]}, "minItems": 2, "maxItems": 2}

    def read(self, value: Any) -> tuple[Dim, Dim]:
        """First and end."""
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
        """Both are whole numbers; the layer says which channels there are."""
        for channel in value:
            yield from NATURAL.requires(name, channel)

    def named(self, symbol: str, value: tuple[Dim, Dim], name: Callable[[str, Dim], Dim]) -> tuple[Dim, Dim]:
        """The field's own words."""
        return name("first", value[0]), name("end", value[1])

    def plain(self, value: Any) -> Any:
        """A list again."""
        return list(value)

    def text(self, value: Any) -> str:
        """From and to."""
        return f"{value[0]}:{value[1]}"


class Connections(FieldType):
    """For every filter the list of inputs that it sees, counted from 0."""

    expects = "a list for every filter, of the inputs that it sees: [[0, 1, 2], [1, 2, 3]]"
    schema: ClassVar[dict[str, Any]] = {"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}}

    def read(self, value: Any) -> tuple[tuple[int, ...], ...]:
        """Tuples of distinct whole numbers."""
        if not isinstance(value, list) or not value:
            raise self.refuse(value)
        for seen in value:
            if not isinstance(seen, list) or not seen or not all(type(each) is int and each >= 0 for each in seen):
                raise self.refuse(value)
            if len(set(seen)) != len(seen):
                raise FieldError(f"a filter sees the same input twice: {shown(seen)}")
        return tuple(tuple(seen) for seen in value)

    def plain(self, value: Any) -> Any:
        """Lists again."""
        return [list(seen) for seen in value]

    def text(self, value: Any) -> str:
        """How many there are."""
        return f"{sum(map(len, value))} kernels"


EDGES = {1: (("s", "e"),), 2: (("t", "b"), ("l", "r")), 3: (("f", "k"), ("t", "b"), ("l", "r"))}  # start and end; top, left, front


def suffixes(rank: int) -> tuple[str, ...]:
    """What tells the sides apart in the names of a derivation: F_h, F_w."""
    return tuple(axis[0] for axis in AXES[rank])


def several(symbol: str, values: tuple[Dim, ...], name: Callable[[str, Dim], Dim], ends: tuple[str, ...]) -> tuple[Dim, ...]:
    """Numbers under one name where they are equal, else with suffixes."""
    if all(value == values[0] for value in values):
        return (name(symbol, values[0]),) * len(values)
    return tuple([name(f"{symbol}_{end}", value) for end, value in zip(ends, values, strict=True)])


def shown(value: Any) -> str:
    """A value as a message quotes it."""
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


MANY = 1_000  # windows along an axis, or volumes side by side, that are looked at one by one
POSITIVE = Whole(1)
PARTS = Whole(1, MANY)
NATURAL = Whole(0)
KERNEL = Sides(1, all=True)
PLACES = Sides(1, MANY, all=True)
STEP = Sides(1)
EXTRA = Sides(0)
PAD = Edges(SAME, CAUSAL)
POOL_PAD = Edges(SAME)
AMOUNTS = Edges()
FLAG = Flag()
SHARE = Number(0, 1, "a share from 0 to 1")
FACTOR = Number(-LARGEST, LARGEST, "a number")
INTERVAL = Interval()
CONNECTIONS = Connections()
