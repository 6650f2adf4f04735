"""Types of fields that hold the shape of a volume, or say how it is rearranged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from cnncalc.layers.fields import AXES, POSITIVE, FieldError, FieldType, several, suffixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnncalc.dims import Condition, Dim

DIMENSION = re.compile(r"\([^()]*\)|[^\s()]+|[()]")  # of a pattern: a name, or several in parentheses


class Size(FieldType):
    """The sides of another volume, as the name of its step, or several numbers: [height, width]."""

    expects = "the name of an earlier step"
    schema: ClassVar[dict[str, Any]] = {"type": "string"}

    def read(self, value: Any) -> tuple[Dim, ...]:
        """Accept a volume."""
        if not hasattr(value, "c"):
            raise self.refuse(value)
        return tuple(value.sides)

    def for_rank(self, value: tuple[Dim, ...], rank: int) -> tuple[Dim, ...]:
        """Refuse a volume with another number of sides."""
        if len(value) != rank:
            raise FieldError(f"expected a volume with {rank} side{'s' if rank > 1 else ''}, found {len(value)}")
        return value

    def named(self, symbol: str, value: tuple[Dim, ...], name: Callable[[str, Dim], Dim]) -> tuple[Dim, ...]:
        """Use one name for equal sides, else one per side."""
        return several(symbol, value, name, suffixes(len(value)))

    def plain(self, value: Any) -> Any:
        """Return a list."""
        return list(value)

    def text(self, value: Any) -> str:
        """Return height×width."""
        return "×".join(map(str, value))


class Shape(tuple[Any, ...]):
    """The sizes of a volume; as the rule of an output, they return that volume."""

    __slots__ = ()

    def __call__(self, x: Any) -> Any:
        """Return the volume."""
        return type(x)(*self)


class VolumeShape(FieldType):
    """The sides and channels of a volume."""

    expects = "the sides and channels of a volume, as in 7x7x256 or [7, 7, C]"
    schema: ClassVar[dict[str, Any]] = {"type": ["array", "string"], "items": {"type": ["integer", "string"]}, "minItems": 2, "maxItems": 4}

    def read(self, value: Any) -> Shape:
        """Accept a list, or another volume."""
        if not isinstance(value, list) and not hasattr(value, "c"):
            raise self.refuse(value)
        if len(value) - 1 not in AXES:
            raise self.refuse(value)
        try:
            return Shape([POSITIVE.read(size) for size in value])
        except FieldError:
            raise self.refuse(list(value)) from None

    def requires(self, name: str, value: tuple[Dim, ...]) -> Iterator[Condition]:
        """Yield the conditions of all sizes."""
        for size in value:
            yield from POSITIVE.requires(name, size)

    def named(self, symbol: str, value: tuple[Dim, ...], name: Callable[[str, Dim], Dim]) -> Shape:
        """Use one name per size: V_h, V_w, V_c."""
        return Shape([name(f"{symbol}_{end}", size) for end, size in zip((*suffixes(len(value) - 1), "c"), value, strict=True)])

    def plain(self, value: Any) -> Any:
        """Return a list."""
        return list(value)

    def text(self, value: Any) -> str:
        """Return height×width×channels."""
        return "×".join(map(str, value))


class Pattern(NamedTuple):
    """The two sides of a rearrangement: by dimension, the names that it consists of."""

    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]


class EinopsPattern(FieldType):
    """A pattern of einops."""

    expects = 'dimensions before and after, as in "h w (g c) -> h w (c g)"'
    schema: ClassVar[dict[str, Any]] = {"type": "string"}
    raw = True

    def read(self, value: Any) -> Pattern:
        """Parse the pattern; raise FieldError where the two sides differ in their names."""
        halves = str(value).split("->") if isinstance(value, str) else []
        if len(halves) != 2:
            raise self.refuse(value)
        before, after = map(self._dimensions, halves)
        for half in (before, after):
            names = [name for group in half for name in group]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                raise FieldError(f"{twice} is named twice on one side of the pattern")
        lost = {name for group in before for name in group} ^ {name for group in after for name in group}
        if lost:
            raise FieldError(f"{min(lost)} is on one side of the pattern only; elements can be neither lost nor repeated")
        for half in (before, after):
            if len(half) - 1 not in AXES:
                raise FieldError(f"a volume has one to three sides and channels, the pattern has {len(half)} dimensions")
        return Pattern(before, after)

    def _dimensions(self, text: str) -> tuple[tuple[str, ...], ...]:
        """Parse one side."""
        found: list[tuple[str, ...]] = []
        for group in DIMENSION.findall(text):
            names = tuple(group.strip("()").split())
            if group in ("(", ")") or not all(name == "1" or (name.isidentifier() and name.isascii()) for name in names):
                raise FieldError(f"{group!r} is not a name, several in parentheses, or 1")
            found.append(tuple(name for name in names if name != "1"))
        return tuple(found)

    def plain(self, value: Any) -> Any:
        """Return the pattern as einops writes it."""
        return " -> ".join(
            " ".join("(" + " ".join(group) + ")" if len(group) > 1 else "".join(group) or "1" for group in half) for half in value
        )


class NamedSizes(FieldType):
    """Sizes of names, which are fields of their own: a: 2, b: 2."""

    expects = "sizes of names"
    schema: ClassVar[dict[str, Any]] = {"type": "object"}

    def read(self, value: Any) -> tuple[tuple[str, Dim], ...]:
        """Accept pairs of a name and a size."""
        return tuple([(name, POSITIVE.read(size)) for name, size in value])

    def requires(self, name: str, value: tuple[tuple[str, Dim], ...]) -> Iterator[Condition]:
        """Yield the conditions of all sizes."""
        for each, size in value:
            yield from POSITIVE.requires(each, size)

    def named(self, symbol: str, value: tuple[tuple[str, Dim], ...], name: Callable[[str, Dim], Dim]) -> Any:
        """Use the names of the pattern."""
        return tuple([(each, name(each, size)) for each, size in value])

    def plain(self, value: Any) -> Any:
        """Return a mapping."""
        return dict(value)

    def text(self, value: Any) -> str:
        """Return a=2 b=2."""
        return " ".join(f"{name}={size}" for name, size in value)


SIZE = Size()
SHAPE = VolumeShape()
PATTERN = EinopsPattern()
NAMED_SIZES = NamedSizes()
