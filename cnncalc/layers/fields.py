"""Types of fields: numbers, sizes, paddings, flags and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from cnncalc.dims import Poly, at_least, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from cnncalc.dims import Condition, Dim


class FieldError(ValueError):
    """A value that a field does not accept; the message says what is expected."""


class Padding(NamedTuple):
    """Amounts of padding or cropping at the four edges."""

    top: Dim
    bottom: Dim
    left: Dim
    right: Dim


LARGEST = 10**18  # limit of numbers in fields and of the dimensions of volumes
SAME = "same"  # padding that makes the output ceil(input / stride)


class FieldType:
    """The type of a field: reads, checks and writes its values."""

    expects: ClassVar[str]
    schema: ClassVar[dict[str, Any]]
    words: ClassVar[Collection[str]] = ()  # accepted words, besides numbers and arithmetic
    always: bool = False  # shown in tables even if it is the default

    def read(self, value: Any) -> Any:
        """Convert a value for the rules; raise FieldError if it is not accepted."""
        raise NotImplementedError

    def requires(self, name: str, value: Any) -> Iterator[Condition]:
        """Yield the conditions on a value that is a formula; numbers are checked when they are read."""
        yield from ()

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

    def __init__(self, least: int, most: int = LARGEST) -> None:
        self.least = least
        self.most = most
        self.expects = f"a whole number from {least} {'up' if most == LARGEST else f'to {most:,}'}"  # type: ignore[misc]  # differs by instance
        self.schema = {"type": ["integer", "string"], "minimum": least, "maximum": most}  # type: ignore[misc]  # the same

    def read(self, value: Any) -> Dim:
        """Refuse fractions, words, and numbers that are too small or too large."""
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
        """Yield the conditions that a formula is whole and within the bounds."""
        if isinstance(value, Poly):
            message = f"{name}: {self.refuse(value)}"
            yield at_least(value, self.least, message)
            yield from whole(value, message)
            if self.most < LARGEST:
                yield at_least(self.most, value, message)

    def named(self, symbol: str, value: Dim, name: Callable[[str, Dim], Dim]) -> Dim:
        """Name the number."""
        return name(symbol, value)


class Sides(FieldType):
    """One whole number for both sides, or [height, width]; with `both`, tables always show both sides."""

    def __init__(self, least: int, most: int = LARGEST, *, both: bool = False) -> None:
        self.one = Whole(least, most)
        self.both = self.always = both
        self.expects = f"{self.one.expects}, or [height, width]"  # type: ignore[misc]  # differs by instance
        self.schema = {"anyOf": [self.one.schema, {"type": "array", "items": self.one.schema, "minItems": 2, "maxItems": 2}]}  # type: ignore[misc]

    def read(self, value: Any) -> tuple[Dim, Dim]:
        """Return both sides, even if one number is given."""
        if isinstance(value, list):
            if len(value) != 2:
                raise self.refuse(value)
            return self.one.read(value[0]), self.one.read(value[1])
        try:
            side = self.one.read(value)
        except FieldError:
            raise self.refuse(value) from None
        return side, side

    def requires(self, name: str, value: tuple[Dim, Dim]) -> Iterator[Condition]:
        """Yield the conditions of both sides."""
        for side in value:
            yield from self.one.requires(name, side)

    def named(self, symbol: str, value: tuple[Dim, Dim], name: Callable[[str, Dim], Dim]) -> tuple[Dim, Dim]:
        """Name both sides F if they are equal, else F_h and F_w."""
        return both(symbol, value, name, ("h", "w"))

    def plain(self, value: Any) -> Any:
        """Return [height, width]."""
        return list(value)

    def text(self, value: Any) -> str:
        """Return one number if the sides are equal, unless both are always shown: 3×3."""
        height, width = value
        return str(height) if height == width and not self.both else f"{height}×{width}"


class Edges(FieldType):
    """Amounts at the edges: one number, [height, width] or [top, bottom, left, right], or the word `same`."""

    def __init__(self, *, same: bool) -> None:
        self.same = same
        self.one = Whole(0)
        self.expects = "a whole number, [height, width] or [top, bottom, left, right]" + (", or same" if same else "")  # type: ignore[misc]
        self.words = (SAME,) if same else ()  # type: ignore[misc]  # differs by instance
        shapes = [*({"const": word} for word in self.words), {"type": "array", "items": self.one.schema, "minItems": 1, "maxItems": 4}]
        self.schema = {"anyOf": [self.one.schema, *shapes]}  # type: ignore[misc]

    def read(self, value: Any) -> Padding | str:
        """Return the four amounts, or SAME."""
        if self.same and value == SAME:
            return SAME
        amounts = value if isinstance(value, list) else [value]
        try:
            amounts = [self.one.read(amount) for amount in amounts]
        except FieldError:
            raise self.refuse(value) from None
        if len(amounts) == 1:
            return Padding(*amounts * 4)
        if len(amounts) == 2:
            height, width = amounts
            return Padding(height, height, width, width)
        if len(amounts) == 4:
            return Padding(*amounts)
        raise self.refuse(value)

    def requires(self, name: str, value: Padding | str) -> Iterator[Condition]:
        """Yield the conditions of all amounts."""
        for amount in () if isinstance(value, str) else value:
            yield from self.one.requires(name, amount)

    def named(self, symbol: str, value: Padding | str, name: Callable[[str, Dim], Dim]) -> Padding | str:
        """Use as few names as possible: P, else P_h and P_w, else one per edge."""
        if isinstance(value, str):
            return value
        top, bottom, left, right = value
        if top == bottom == left == right:
            return Padding(*(name(symbol, top),) * 4)
        down = (name(f"{symbol}_h", top),) * 2 if top == bottom else both(symbol, (top, bottom), name, ("t", "b"))
        across = (name(f"{symbol}_w", left),) * 2 if left == right else both(symbol, (left, right), name, ("l", "r"))
        return Padding(*down, *across)

    def plain(self, value: Any) -> Any:
        """Return the shortest list."""
        if value == SAME:
            return SAME
        top, bottom, left, right = value
        return [top, left] if (top, left) == (bottom, right) else [top, bottom, left, right]

    def text(self, value: Any) -> str:
        """Return one number if all amounts are equal."""
        if value == SAME:
            return SAME
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


def both(symbol: str, pair: tuple[Dim, Dim], name: Callable[[str, Dim], Dim], suffixes: tuple[str, str]) -> tuple[Dim, Dim]:
    """Use one name for two equal numbers, else two names with suffixes."""
    if pair[0] == pair[1]:
        one = name(symbol, pair[0])
        return one, one
    first, second = suffixes
    return name(f"{symbol}_{first}", pair[0]), name(f"{symbol}_{second}", pair[1])


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


MANY = 1_000  # limit of numbers for which a loop runs, such as the parts of a split
POSITIVE = Whole(1)
PARTS = Whole(1, MANY)
NATURAL = Whole(0)
KERNEL = Sides(1, both=True)
PLACES = Sides(1, MANY, both=True)
STEP = Sides(1)
EXTRA = Sides(0)
PAD = Edges(same=True)
AMOUNTS = Edges(same=False)
FLAG = Flag()
SHARE = Number(0, 1, "a number from 0 to 1")
FACTOR = Number(-LARGEST, LARGEST, "a number")
INTERVAL = Interval()
CONNECTIONS = Connections()
