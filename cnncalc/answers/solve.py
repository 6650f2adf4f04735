"""Finds the kernel, stride, padding or other fields for which a layer has a given output."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.dims import Poly
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.layers import KINDS, FieldError, Volume
from cnncalc.layers.fields import Choice, Flag
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnncalc.layers import Layer
    from cnncalc.propagate.rows import Row

SIZES = 4096  # the largest input side and number of filters to try
BOUNDS: Mapping[str, range] = {"kernel": range(1, 12), "stride": range(1, 5), "pad": range(6), "dilation": range(1, 4)}
OTHERS = range(1, SIZES + 1)  # for filters, features, groups
ANY = ("any", "?")  # unlike ?, `any` is not a shell pattern
NEAREST = 3  # number of near misses shown if nothing is found


class Solution(NamedTuple):
    """A combination of values, with its input, output and remainders along both axes."""

    values: Mapping[str, Any]
    input: Volume
    output: Volume
    remainders: tuple[Any, ...]
    layer: Layer

    @property
    def exact(self) -> bool:
        """Whether the kernel divides the input evenly."""
        return not any(self.remainders)


class Target(NamedTuple):
    """The required output; None for dimensions without a requirement."""

    height: int | None = None
    width: int | None = None
    depth: int | None = None
    params: int | None = None
    macs: int | None = None

    @property
    def anything(self) -> bool:
        """Whether nothing is required, so that all combinations are listed."""
        return all(value is None for value in self)

    def misses(self, y: Volume, params: Any, macs: Any) -> int:
        """Return the distance from the target; 0 if it is met."""
        wanted: tuple[tuple[int | None, Any], ...] = (
            (self.height, y[0]),
            (self.width, y[1]),
            (self.depth, y.c),
            (self.params, params),
            (self.macs, macs),
        )
        return sum(abs(want - got) for want, got in wanted if want is not None)


class Answers(NamedTuple):
    """The combinations that meet the target, simplest first, or else the nearest misses."""

    found: list[Solution]
    nearest: list[Solution]
    tried: Mapping[str, Sequence[Any]]  # the values of each field
    anything: bool = False  # the target has no requirements


def numbers(text: str, what: str) -> list[int] | None:
    """Parse the values of an option: 5, 3,5,7 or 1:11 (inclusive); None for `any` (or ?)."""
    if text.strip() in ANY:
        return None
    found: list[int] = []
    for piece in text.split(","):
        first, colon, rest = piece.strip().partition(":")
        last, _, step = rest.partition(":")
        ends = [first, last if colon else first, step or "1"]
        if not all(end.isascii() and end.isdecimal() and len(end) <= 6 for end in ends):
            raise SpecError(Problem(f"{what}: expected a number, a list 3,5,7, a range 1:11, or any, not {text!r}"))
        values = range(int(ends[0]), int(ends[1]) + 1, max(1, int(ends[2])))
        if len(found) + len(values) > LIMITS.solutions:
            raise SpecError(Problem(f"{what}: more than {LIMITS.solutions:,} values"))
        found += values
    if not found:
        raise SpecError(Problem(f"{what}: the range {text!r} is empty"))
    return found


def windows(kind: str, known: Mapping[str, Any], sizes: Sequence[Volume] | None, target: Target, fixed: Mapping[str, Any]) -> Answers:
    """Solve for the fields of a kernel. `known` has the values of each field (None: unknown), `sizes` the inputs (None: unknown)."""
    cls = KINDS[kind]
    choices = {name: values if values is not None else list(BOUNDS[name]) for name, values in known.items()}
    inputs = sizes if sizes is not None else _possible_inputs(choices, target)
    check_combinations([*choices.values(), inputs])
    renamed = {"kernel": "size"} if "size" in cls.fields else {}
    padded = known.get("pad") is None  # a kernel that covers only padding is not sensible
    tried = (
        solution
        for values in product(*choices.values())
        if (shown := dict(zip(choices, values, strict=True))) and not (padded and shown["pad"] >= shown["kernel"])
        for x in inputs
        if (solution := attempt(cls, _fields(cls, shown, renamed, fixed), x, shown)) is not None
    )
    return sort_solutions(tried, target, choices)


def check_combinations(choices: Sequence[Sequence[Any]]) -> None:
    """Refuse too many combinations."""
    total = 1
    for values in choices:
        total *= len(values)
    if total > LIMITS.solutions:
        raise SpecError(Problem(f"{total:,} combinations are too many to try", hint="give one of the unknowns a value or a shorter range"))


def _fields(cls: type[Layer], values: Mapping[str, Any], renamed: Mapping[str, str], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a kind; pooling layers call the kernel `size`."""
    named = {renamed.get(name, name): value for name, value in values.items()}
    return {**fixed, **{name: value for name, value in named.items() if name in cls.fields}}


def of_layer(row: Row, fields: Mapping[str, Sequence[Any]], target: Target) -> Answers:
    """Solve for fields of a layer in its network, with its input there."""
    if any(isinstance(side, Poly) for x in row.inputs for side in x):
        raise SpecError(
            Problem(
                f"{row.path} has the input {row.inputs[0]}, which is not a number", hint="give the symbols numbers with --input and --set"
            )
        )
    check_combinations(list(fields.values()))
    stated = row.layer.non_default_fields()
    tried = (
        solution
        for values in product(*fields.values())
        if (shown := dict(zip(fields, values, strict=True)))
        and (solution := attempt(type(row.layer), {**stated, **shown}, row.inputs[0], shown)) is not None
    )
    return sort_solutions(tried, target, fields)


def values_of(row: Row, asked: str, target: Target) -> tuple[str, Sequence[Any]]:
    """Return a field of a layer and the values to try: those in FIELD=VALUES, else the usual ones."""
    name, equals, text = asked.partition("=")
    fields = row.layer.fields
    if name == "kernel" and name not in fields and "size" in fields:
        name = "size"
    if name not in fields:
        hint = suggestion(name, fields) or (f"it has {', '.join(fields)}" if fields else "it has none")
        raise SpecError(Problem(f"{row.path} ({row.kind}) has no field {name!r}", hint=hint))
    kind = fields[name].type
    if isinstance(kind, (Choice, Flag)):
        usual: Sequence[Any] = kind.words if isinstance(kind, Choice) else ("true", "false")
        return name, [word for word in usual if word in text.split(",")] if equals and text not in ANY else usual
    values = numbers(text, f"--vary {name}") if equals else None
    if values is None and name in ("filters", "features") and target.depth is not None:
        values = [target.depth]
    return name, values or BOUNDS.get({"size": "kernel"}.get(name, name), OTHERS)


def attempt(cls: type[Layer], fields: Mapping[str, Any], x: Volume, shown: Mapping[str, Any]) -> Solution | None:
    """Return the solution for one combination; None if the layer is invalid."""
    try:
        typed = {
            name: cls.fields[name].type.read(value) if isinstance(value, (int, str, list)) else value for name, value in fields.items()
        }
    except FieldError:
        return None
    layer = cls(**typed)
    if any(condition.holds is False for condition in layer.requires(x)):
        return None
    return Solution(shown, x, layer.output(x), layer.remainders(x), layer)


def sort_solutions(tried: Iterator[Solution], target: Target, choices: Mapping[str, Sequence[Any]]) -> Answers:
    """Sort the solutions by simplicity, or return the nearest misses; without a target, keep the order."""
    found: list[Solution] = []
    near: list[tuple[int, tuple[Any, ...], Solution]] = []
    for solution in tried:
        layer, x, y = solution.layer, solution.input, solution.output
        off = target.misses(y, layer.weights(x) + layer.biases(x), layer.work(x, y).macs)
        if off == 0:
            found.append(solution)
        elif not found:
            near.append((off, simplicity(solution), solution))
    if not target.anything:
        found.sort(key=simplicity)
    near.sort(key=lambda each: each[:2])
    return Answers(found, [] if found else [solution for _, _, solution in near[:NEAREST]], choices, target.anything)


def simplicity(solution: Solution) -> tuple[Any, ...]:
    """Return the sort key: kernels that divide evenly first, then no dilation, small stride, small kernel and little padding."""
    values = solution.values
    return (
        not solution.exact,
        values.get("dilation", 1),
        values.get("stride", 1),
        values.get("kernel", values.get("size", 1)),
        str(values.get("pad", 0)),
        solution.input,
        tuple(str(value) for value in values.values()),
    )


def _possible_inputs(choices: Mapping[str, Sequence[Any]], target: Target) -> list[Volume]:
    """Return all inputs that can have the target output: at most stride × positions + span wide."""
    wanted = [side for side in (target.height, target.width) if side is not None]
    if not wanted:
        raise SpecError(Problem("neither the input nor the output is known", hint="give --in or --out"))
    span = max(choices["dilation"]) * (max(choices["kernel"]) - 1) + 1
    most = min(SIZES, max(choices["stride"]) * max(wanted) + span)
    sides = range(1, most + 1)
    if len(set(wanted)) > 1:
        check_combinations([*choices.values(), sides, sides])  # before creating them
        return [Volume(high, wide, 1) for high in sides for wide in sides]
    return [Volume(side, side, 1) for side in sides]
