"""--vary: a text like width=0.25:2:0.25 goes in, out comes an axis; axes span a grid, and every point of it is a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, Source, Span, SpecError, suggestion
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from cnncalc.propagate.report import Report
    from cnncalc.spec.model import Value
    from cnncalc.spec.settings import Setting

OPTIONS = ("input", "resolution", "batch", "dtype")  # what can be varied of every network


class Axis(NamedTuple):
    """A param (or the input, the batch, ...) and the values that it takes in turn, as options write them."""

    name: str
    values: tuple[str, ...]

    def ranks(self) -> dict[str, Any]:
        """What says which of two values is the larger: the number, or the place in the list where not all are numbers."""
        numbers = [number(each) for each in self.values]
        return dict(zip(self.values, range(len(numbers)) if None in numbers else numbers, strict=True))


class Point(NamedTuple):
    """One setting of a grid: the values of the axes, and the report, or why there is none."""

    values: dict[str, str]
    report: Report | None
    error: SpecError | None = None


def axis(text: str) -> Axis:
    """An axis as --vary writes it: width=0.25:2:0.25, depth=18,34,50, batch=1:8,16,32, depths=[2,2,2,2],[3,4,6,3]."""
    name, equals, listed = text.partition("=")
    source = Source("--vary", text, option=True)
    if not equals or not name.strip() or not listed.strip():
        hint = "from:to:step, or values between commas"
        raise SpecError(Problem(f"--vary takes a param and its values, width=0.25:2:0.25, not {text!r}", hint=hint))
    values: dict[str, None] = {}
    for at, item in _items(listed, len(name) + 1):
        span = Span(source, at, max(1, len(item)))
        for value in _range(item, span) if _top_level(item, ":") else [_spelt(item)]:
            if not value:
                raise SpecError(Problem("a value is missing here", span))
            values[value] = None
            if len(values) > LIMITS.points:
                raise SpecError(Problem(f"more than {LIMITS.points:,} values", span))
    return Axis(name.strip(), tuple(values))


def axes(texts: Iterable[str]) -> list[Axis]:
    """Several of them, which span a grid that is not too large."""
    found = [axis(text) for text in texts]
    if size(found) > LIMITS.points:
        raise SpecError(Problem(f"--vary: more than {LIMITS.points:,} settings"))
    for i, each in enumerate(found):
        if any(each.name == other.name for other in found[:i]):
            raise SpecError(Problem(f"--vary {each.name} is given twice"))
    return found


def size(along: Iterable[Axis]) -> int:
    """The points of a grid."""
    found = 1
    for each in along:
        found *= len(each.values)
    return found


def grid(along: Sequence[Axis]) -> Iterator[dict[str, str]]:
    """Every combination; the last axis moves first."""
    from itertools import product

    for values in product(*(each.values for each in along)):
        yield dict(zip((each.name for each in along), values, strict=True))


def points(setting: Setting, along: Sequence[Axis], asked: Mapping[str, Any]) -> Iterator[Point]:
    """The report of every combination, or why the network cannot be had so; `asked` holds the other options of analysis.report."""
    from cnncalc import analysis

    for values in grid(along):
        arguments = applied(setting, values, asked)
        try:
            yield Point(values, analysis.report(setting, **arguments))
        except SpecError as error:
            yield Point(values, None, error)


def applied(setting: Setting, values: Mapping[str, str], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The options of one combination; a name that means nothing is an error."""
    found: dict[str, Any] = {"input": None, "params": (), "changes": (), **asked, "variables": {}}
    for name, value in values.items():
        if name in setting.network.params:
            found["params"] = [*found["params"], f"{name}={value}"]
        elif name in ("batch", "dtype"):
            found[name] = value
        elif "." in name:
            found["changes"] = [*found["changes"], f"{name}={value}"]
        elif name in _variables(setting, asked):
            found["variables"][name] = value
        elif name in ("input", "resolution"):
            found["input"] = _input(setting, name, value, asked)
        else:
            known = [*setting.network.params, *OPTIONS]
            hint = suggestion(name, known) or f"known: {', '.join(known)}, and names that --set or --input use"
            raise SpecError(Problem(f"--vary: {setting.id} has no param {name!r}", hint=hint))
    return found


def number(text: str) -> Fraction | None:
    """A value that is a number, exactly."""
    from fractions import Fraction

    if not _numeric(text):
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def spelt(value: Fraction | int) -> str:
    """A number as options write it: 1.4, or 1/3 where it has no last digit."""
    top, below = value.numerator, value.denominator
    places = 0
    while below % 10 == 0 or below % 5 == 0 or below % 2 == 0:
        top, below = (top, below // 10) if below % 10 == 0 else (top * 2, below // 5) if below % 5 == 0 else (top * 5, below // 2)
        places += 1
    if below != 1:
        return f"{value.numerator}/{value.denominator}"
    if not places:
        return str(top)
    whole, part = divmod(abs(top), 10**places)
    return f"{'-' * (top < 0)}{whole}.{part:0{places}}"


def _variables(setting: Setting, asked: Mapping[str, Any]) -> frozenset[str]:
    """The names that --set and the input leave to be filled in."""
    from cnncalc.spec.settings import option_params

    names = set(_shape(setting, asked).names)
    for value in option_params(asked.get("params", ())).values():
        names |= value.names
    return frozenset(names)


def _shape(setting: Setting, asked: Mapping[str, Any]) -> Value:
    """The input as --input or the file writes it."""
    from cnncalc.spec.settings import option_input

    return option_input(asked["input"]) if asked.get("input") else setting.shape


def _input(setting: Setting, name: str, value: str, asked: Mapping[str, Any]) -> str:
    """The input with sides of one length, or as it is written out."""
    if "x" in value:
        if name == "resolution":
            hint = f"--vary input={value}x3 writes all three"
            raise SpecError(Problem(f"--vary resolution takes the length of both sides, not {value!r}", hint=hint))
        return value
    depth = _shape(setting, asked).items[2].expression
    if depth is None:
        raise SpecError(
            Problem(f"--vary {name}: the input's channels are not known", hint="write it out: --vary input=224x224x3,299x299x3")
        )
    return f"{value}x{value}x{depth.text.replace('*', '')}"


def _items(text: str, at: int) -> Iterator[tuple[int, str]]:
    """The parts between commas that stand in no brackets, each with its place."""
    start = depth = 0
    for i, sign in enumerate(text + ","):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and (depth <= 0 or i == len(text)):
            item = text[start:i]
            yield at + start + len(item) - len(item.lstrip()), item.strip()
            start = i + 1


def _top_level(text: str, sign: str) -> bool:
    return sign in text and not any(bracket in text for bracket in "[(")


def _range(text: str, span: Span) -> Iterator[str]:
    """The numbers of from:to or from:to:step, the end with them where a step meets it."""
    parts = [number(part.strip()) for part in text.split(":")]
    if len(parts) not in (2, 3) or any(part is None for part in parts):
        raise SpecError(Problem(f"expected from:to or from:to:step, three numbers, found {text!r}", span))
    first, last, step = (*parts, None)[:3]
    assert first is not None and last is not None  # noqa: PT018  # seen above
    if step is None:
        from fractions import Fraction

        step = Fraction(1 if last >= first else -1)
    if first == last:
        yield spelt(first)
        return
    if not step or (last - first) / step < 0:
        raise SpecError(Problem(f"steps of {spelt(step)} do not lead from {spelt(first)} to {spelt(last)}", span))
    steps = (last - first) // step
    if steps >= LIMITS.points:
        raise SpecError(Problem(f"more than {LIMITS.points:,} values", span))
    for i in range(int(steps) + 1):
        yield spelt(first + i * step)


def _spelt(text: str) -> str:
    exact = number(text)
    return text if exact is None else spelt(exact)


def _numeric(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and all(each in "0123456789./-+" for each in text)
