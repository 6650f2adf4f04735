"""Reads --vary, such as width=0.25:2:0.25, and spans the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, Source, Span, SpecError, suggestion
from cnncalc.limits import LIMITS, Limits
from cnncalc.printed_number import exact_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from fractions import Fraction

    from cnncalc.propagate.report import Report
    from cnncalc.spec.model import Value
    from cnncalc.spec.settings import Setting

OPTIONS = ("input", "resolution", "batch", "dtype", "deployed")  # can be varied for every network
YES_OR_NO = {"yes": True, "no": False, "true": True, "false": False}


class Axis(NamedTuple):
    """A param (or the input, batch, ...) and its values, as text."""

    name: str
    values: tuple[str, ...]

    def ranks(self) -> dict[str, Any]:
        """Return a sort key for each value: the number itself, or its index if not all values are numbers."""
        numbers = [exact_number(each) for each in self.values]
        return dict(zip(self.values, range(len(numbers)) if None in numbers else numbers, strict=True))


class Point(NamedTuple):
    """One setting of a grid: the values of the axes, and a report or an error."""

    values: dict[str, str]
    report: Report | None
    error: SpecError | None = None


def axis(text: str, limits: Limits = LIMITS) -> Axis:
    """Parse a --vary option: width=0.25:2:0.25, depth=18,34,50, batch=1:8,16,32, depths=[2,2,2,2],[3,4,6,3]."""
    name, equals, listed = text.partition("=")
    source = Source("--vary", text, option=True)
    if not equals or not name.strip() or not listed.strip():
        hint = "from:to:step, or comma-separated values"
        raise SpecError(Problem(f"--vary takes a param and its values, width=0.25:2:0.25, not {text!r}", hint=hint))
    values: dict[str, None] = {}
    for at, item in _items(listed, len(name) + 1):
        span = Span(source, at, max(1, len(item)))
        for value in _range(item, span, limits.settings) if _top_level(item, ":") else [_spelt(item)]:
            if not value:
                raise SpecError(Problem("a value is missing here", span))
            values[value] = None
            if len(values) > limits.settings:
                raise SpecError(Problem(f"more than {limits.settings:,} values", span))
    return Axis(name.strip(), tuple(values))


def axes(texts: Iterable[str], limits: Limits = LIMITS) -> list[Axis]:
    """Parse several --vary options; raise an error if their grid is too large."""
    parsed = [axis(text, limits) for text in texts]
    check_size(parsed, limits)
    for i, each in enumerate(parsed):
        if any(each.name == other.name for other in parsed[:i]):
            raise SpecError(Problem(f"--vary {each.name} is given twice"))
    return parsed


def check_size(along: Iterable[Axis], limits: Limits = LIMITS) -> None:
    """Refuse a grid of too many points."""
    if (total := size(along)) > limits.settings:
        raise SpecError(Problem(f"--vary: {total:,} settings; the limit is {limits.settings:,}"))


def size(along: Iterable[Axis]) -> int:
    """Return the number of points in a grid."""
    total = 1
    for each in along:
        total *= len(each.values)
    return total


def grid(along: Sequence[Axis]) -> Iterator[dict[str, str]]:
    """Yield every combination of values; the last axis varies fastest."""
    from itertools import product

    for values in product(*(each.values for each in along)):
        yield dict(zip((each.name for each in along), values, strict=True))


def points(setting: Setting, along: Sequence[Axis], asked: Mapping[str, Any]) -> Iterator[Point]:
    """Yield the report or the error of every combination; `asked` holds the other options of analysis.report."""
    for values in grid(along):
        yield point(setting, values, asked)


def point(setting: Setting, values: dict[str, str], asked: Mapping[str, Any]) -> Point:
    """Return the report or the error of one combination."""
    from cnncalc import analysis

    arguments = applied(setting, values, asked)
    try:
        return Point(values, analysis.report(setting, **arguments))
    except SpecError as error:
        return Point(values, None, error)


def applied(setting: Setting, values: Mapping[str, str], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options for one combination; raise an error for an unknown name."""
    options: dict[str, Any] = {"input": None, "params": (), "changes": (), **asked, "variables": {}}
    for name, value in values.items():
        if name in setting.network.params:
            options["params"] = [*options["params"], f"{name}={value}"]
        elif name in ("batch", "dtype"):
            options[name] = value
        elif name == "deployed":
            if value not in YES_OR_NO:
                raise SpecError(Problem(f"--vary deployed is yes or no, not {value!r}", hint="deployed=no,yes"))
            options[name] = YES_OR_NO[value]
        elif "." in name:
            options["changes"] = [*options["changes"], f"{name}={value}"]
        elif name in _variables(setting, asked):
            options["variables"][name] = value
        elif name in ("input", "resolution"):
            options["input"] = _input(setting, name, value, asked)
        else:
            known = [*setting.network.params, *OPTIONS]
            hint = suggestion(name, known) or f"known: {', '.join(known)}, and names used by --set or --input"
            raise SpecError(Problem(f"--vary: {setting.id} has no param {name!r}", hint=hint))
    return options


def typed(text: str) -> Any:
    """Return a value as a number, if one that JSON and Python write the same way."""
    exact = exact_number(text)
    if exact is None or (exact.denominator != 1 and "/" in text):
        return text
    return int(exact) if exact.denominator == 1 else float(exact)


def spelt(value: Fraction | int) -> str:
    """Format a number for options: 1.4, or 1/3 if it has no finite decimal form."""
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
    """Return the names used in the values of --set and --input."""
    from cnncalc.spec.settings import option_params

    names = set(_shape(setting, asked).names)
    for value in option_params(asked.get("params", ())).values():
        names |= value.names
    return frozenset(names)


def _shape(setting: Setting, asked: Mapping[str, Any]) -> Value:
    """Return the input as written in --input or the file."""
    from cnncalc.spec.settings import option_input

    return option_input(asked["input"]) if asked.get("input") else setting.shape


def _input(setting: Setting, name: str, value: str, asked: Mapping[str, Any]) -> str:
    """Return a square input with this side length, or an input written in full."""
    if "x" in value:
        if name == "resolution":
            hint = f"to give all three dimensions, use --vary input={value}x3"
            raise SpecError(Problem(f"--vary resolution takes one number for height and width, not {value!r}", hint=hint))
        return value
    *sides, depth = [item.expression.text.replace("*", "") if item.expression else "" for item in _shape(setting, asked).items]
    layout = asked.get("layout") or setting.about.layout
    if (layout if asked.get("input") else setting.about.layout) == "channels_first":
        depth, *sides = *sides, depth
    if not depth:
        raise SpecError(
            Problem(
                f"--vary {name}: the number of input channels is unknown", hint="give the whole input: --vary input=224x224x3,299x299x3"
            )
        )
    sides = [*sides[:-2], *[value] * len(sides[-2:])]  # a video keeps its frames
    return "x".join([depth, *sides] if layout == "channels_first" else [*sides, depth])


def _items(text: str, at: int) -> Iterator[tuple[int, str]]:
    """Split at commas outside of brackets, and yield each item with its position."""
    start = depth = 0
    for i, sign in enumerate(text + ","):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and (depth <= 0 or i == len(text)):
            item = text[start:i]
            yield at + start + len(item) - len(item.lstrip()), item.strip()
            start = i + 1


def _top_level(text: str, sign: str) -> bool:
    return sign in text and not any(bracket in text for bracket in "[(")


def _range(text: str, span: Span, most: int) -> Iterator[str]:
    """Yield the numbers of from:to or from:to:step, including the end if a step reaches it."""
    parts = [exact_number(part.strip()) for part in text.split(":")]
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
        raise SpecError(Problem(f"steps of {spelt(step)} do not go from {spelt(first)} to {spelt(last)}", span))
    steps = (last - first) // step
    if steps >= most:
        raise SpecError(Problem(f"{int(steps) + 1:,} values; the limit is {most:,}", span))
    for i in range(int(steps) + 1):
        yield spelt(first + i * step)


def _spelt(text: str) -> str:
    exact = exact_number(text)
    return text if exact is None else spelt(exact)
