"""The question the other way round: what is known of a window goes in, with what it should give; out come all settings that give it."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.layers import KINDS, FieldError, Volume

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.layers import Layer
    from cnncalc.propagate.report import Report, Row
    from cnncalc.spec.settings import Setting

MOST = 200_000  # settings that are tried
SIZES = 4096  # the largest input side that is tried
BOUNDS: Mapping[str, range] = {"kernel": range(1, 12), "stride": range(1, 5), "pad": range(6), "dilation": range(1, 2)}
DEFAULTS: Mapping[str, int] = {"stride": 1, "pad": 0, "dilation": 1}


class Solution(NamedTuple):
    """One setting: what was varied, what it gives, and whether its windows tile."""

    values: Mapping[str, Any]
    input: Volume
    output: Volume
    exact: bool
    layer: Layer


class Target(NamedTuple):
    """What should come out; None where anything may."""

    height: int | None = None
    width: int | None = None
    depth: int | None = None
    params: int | None = None
    macs: int | None = None

    def misses(self, y: Volume, params: Any, macs: Any) -> int:
        """How far a result is off; 0 where it is what was asked for."""
        wanted: tuple[tuple[int | None, Any], ...] = (
            (self.height, y.h),
            (self.width, y.w),
            (self.depth, y.c),
            (self.params, params),
            (self.macs, macs),
        )
        return sum(abs(want - got) for want, got in wanted if want is not None)


class Answers(NamedTuple):
    """The settings that give what was asked for, simplest first; where there are none, the nearest misses."""

    found: list[Solution]
    nearest: list[Solution]
    tried: int


def numbers(text: str, what: str) -> list[int] | None:
    """The values in an option: 5, 3,5,7, or 1:11 (both ends); None for a question mark."""
    if text.strip() == "?":
        return None
    found: list[int] = []
    for piece in text.split(","):
        first, colon, rest = piece.strip().partition(":")
        last, _, step = rest.partition(":")
        ends = [first, last if colon else first, step or "1"]
        if not all(end.isdecimal() and len(end) <= 6 for end in ends):
            raise SpecError(Problem(f"{what}: expected a number, a list 3,5,7, a range 1:11, or ?, not {text!r}"))
        found += range(int(ends[0]), int(ends[1]) + 1, max(1, int(ends[2])))
        if len(found) > MOST:
            raise SpecError(Problem(f"{what}: more than {MOST:,} values"))
    if not found:
        raise SpecError(Problem(f"{what}: the range {text!r} is empty"))
    return found


def windows(kind: str, known: Mapping[str, Any], sizes: Sequence[Volume] | None, target: Target, fixed: Mapping[str, Any]) -> Answers:
    """All settings of a layer's window. `known` holds values for each field, None for the unknown; `sizes` are inputs, None for unknown."""
    cls = KINDS[kind]
    choices = {name: values if values is not None else list(BOUNDS[name]) for name, values in known.items()}
    inputs = sizes if sizes is not None else _possible_inputs(choices, target)
    total = len(inputs)
    for values in choices.values():
        total *= len(values)
    if total > MOST:
        raise SpecError(Problem(f"{total:,} settings are too many to try", hint="give one of them a value, or a shorter range"))
    names = list(choices)
    renamed = {"kernel": "size"} if "size" in cls.fields else {}
    padded = known.get("pad") is None  # only zeros under the whole window are no padding that anybody means
    tried = (
        solution
        for values in product(*choices.values())
        for x in inputs
        if not (padded and values[names.index("pad")] >= max(values[names.index("kernel")], 1))
        and (shown := dict(zip(choices, values, strict=True)))
        and (solution := attempt(cls, fields_for(cls, shown, renamed, fixed), x, shown)) is not None
    )
    return sorted_out(tried, target, total)


def fields_for(cls: type[Layer], values: Mapping[str, Any], renamed: Mapping[str, str], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a kind, where a pool calls its kernel its size."""
    named = {renamed.get(name, name): value for name, value in values.items()}
    return {**fixed, **{name: value for name, value in named.items() if name in cls.fields}}


def of_layer(row: Row, fields: Mapping[str, Sequence[Any]], target: Target) -> Answers:
    """All settings of some fields of a layer in its network, on the input that it has there."""
    total = 1
    for values in fields.values():
        total *= len(values)
    if total > MOST:
        raise SpecError(Problem(f"{total:,} settings are too many to try", hint="give a shorter range"))
    stated = row.layer.stated()
    tried = (
        solution
        for values in product(*fields.values())
        if (shown := dict(zip(fields, values, strict=True)))
        and (solution := attempt(type(row.layer), {**stated, **shown}, row.inputs[0], shown)) is not None
    )
    return sorted_out(tried, target, total)


def attempt(cls: type[Layer], fields: Mapping[str, Any], x: Volume, shown: Mapping[str, Any]) -> Solution | None:
    """One setting, by the layer's own rules; None where the layer cannot be."""
    try:
        typed = {
            name: cls.fields[name].type.read(value) if isinstance(value, (int, str, list)) else value for name, value in fields.items()
        }
    except FieldError:
        return None
    layer = cls(**typed)
    if any(condition.holds is False for condition in layer.requires(x)):
        return None
    return Solution(shown, x, layer.output(x), not any(layer.rests(x)), layer)


def sorted_out(tried: Iterator[Solution], target: Target, total: int) -> Answers:
    """The solutions by simplicity, or what came nearest."""
    found: list[Solution] = []
    near: list[tuple[int, tuple[Any, ...], Solution]] = []
    for solution in tried:
        layer, x, y = solution.layer, solution.input, solution.output
        off = target.misses(y, layer.weights(x) + layer.biases(x), layer.work(x, y).macs)
        if off == 0:
            found.append(solution)
        elif not found:
            near.append((off, simplicity(solution), solution))
    found.sort(key=simplicity)
    near.sort(key=lambda each: each[:2])
    return Answers(found, [] if found else [solution for _, _, solution in near[:3]], total)


def simplicity(solution: Solution) -> tuple[Any, ...]:
    """Windows that tile come first, then what people write first: no dilation, a small stride, a small window, little padding."""
    values = solution.values
    return (
        not solution.exact,
        values.get("dilation", 1),
        values.get("stride", 1),
        values.get("kernel", values.get("size", 1)),
        str(values.get("pad", 0)),
        solution.input,
    )


def _possible_inputs(choices: Mapping[str, Sequence[Any]], target: Target) -> list[Volume]:
    """Every input side from which an output side can come: a window takes at most stride × places + span of them."""
    wanted = [side for side in (target.height, target.width) if side is not None]
    if not wanted:
        raise SpecError(Problem("neither the input nor the output is known", hint="give --in or --out"))
    span = max(choices["dilation"]) * (max(choices["kernel"]) - 1) + 1
    most = min(SIZES, max(choices["stride"]) * max(wanted) + span)
    sides = range(1, most + 1)
    if len(set(wanted)) > 1:
        return [Volume(high, wide, 1) for high in sides for wide in sides]
    return [Volume(side, side, 1) for side in sides]


class Interval(NamedTuple):
    """Input sides in a row that all give the output asked for."""

    first: int
    last: int


def inputs(setting: Setting, path: str, target: Target) -> tuple[list[Interval], list[tuple[int, Volume]]]:
    """The square inputs with which a layer of a network gives an output; where there are none, the nearest by size."""
    found: list[int] = []
    near: list[tuple[int, int, Volume]] = []
    for size, y in outputs_by_size(setting, path):
        off = target.misses(y, None, None)
        if off == 0:
            found.append(size)
        else:
            near.append((off, size, y))
    near.sort(key=lambda each: each[:2])
    return list(intervals(found)), [] if found else [(size, y) for _, size, y in near[:3]]


def outputs_by_size(setting: Setting, path: str) -> Iterator[tuple[int, Volume]]:
    """What a layer leaves for every square input: from its formula where it has one, else by trying sizes."""
    try:
        report = _square(setting, "S")
        volume = _output(report, path)
    except SpecError as error:
        if any("cannot be decided" in problem.message for problem in error.problems):
            yield from _tried(setting, path)
            return
        raise
    from cnncalc.dims import Inconclusive, at

    conditions = list(report.conditions)
    for size in range(1, SIZES + 1):
        numbers = {"S": size}
        try:
            if all(condition.at(numbers) for condition in conditions):
                sides: tuple[Any, ...] = volume
                yield size, Volume(*(at(side, numbers) for side in sides))
        except Inconclusive:
            continue


def _tried(setting: Setting, path: str) -> Iterator[tuple[int, Volume]]:
    for size in range(1, SIZES // 8 + 1):
        try:
            yield size, _output(_square(setting, str(size)), path)
        except SpecError:  # noqa: PERF203  # too small, or branches that do not meet
            continue


def _square(setting: Setting, size: str) -> Report:
    from cnncalc import analysis

    depth = setting.resolve()[1].c
    return analysis.report(setting, input=f"{size}x{size}x{depth}")


def _output(report: Report, path: str) -> Volume:
    from cnncalc.answers.quantities import layer

    if path:
        return layer(report, path).output
    # "At the end" means the last volume that still has places, ahead of global pooling and the classifier.
    wide = [row.output for row in report if not row.side and (row.output.h, row.output.w) != (1, 1)]
    return wide[-1]


def intervals(sizes: Sequence[int]) -> Iterator[Interval]:
    """Whole numbers in a row, by their ends."""
    start = 0
    for i, size in enumerate(sizes):
        if i + 1 == len(sizes) or sizes[i + 1] != size + 1:
            yield Interval(sizes[start], size)
            start = i + 1
