"""Title and notes of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.output.forms.numbers import Look, count, memory, percent, size, volume
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.propagate.figures import FIGURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnncalc.dims import Condition
    from cnncalc.output.words.concentration import Run
    from cnncalc.propagate.figures import Figure
    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.study.folding import Line

PLAIN = Look()
FEW = 4  # parts of a network; where there are not more, its layers are looked at
NAMED = 3  # layers that do not tile and are mentioned by name
SITTING = tuple(FIGURES[name] for name in ("params", "memory", "macs"))  # what the summary says it of


def title(report: Report) -> list[str]:
    """Name and year; paper; what makes this network another than its file's."""
    about = report.setting.about
    name = about.title or report.setting.id
    head = f"{name}, {about.year}" if about.year else name
    return [line for line in (head, about.paper or "", ", ".join(settings(report))) if line]


def settings(report: Report, *, variant: bool = True) -> Iterator[str]:
    """How the network is set, where that goes without saying nowhere else; `variant` for what its name stands for, too."""
    from cnncalc.layers import shown

    setting = report.setting
    if setting.input is not None:
        yield f"input {volume(report.input, PLAIN)}"
    elif not all(isinstance(side, int) for side in report.input):
        yield f"input {volume(report.input, PLAIN)} (any, without --input)"
    chosen = {**(setting.variant.params if setting.variant and variant else {}), **setting.params}
    for name, value in report.graph.params.items():
        if name in chosen:
            yield f"{name} = {shown(value)}"
    for step, fields in setting.changes.items():
        for field, value in fields.items():
            if value is not setting.network.but.get(step, {}).get(field):
                yield f"{step}.{field} = {value.expression.text if value.expression else 'changed'}"
    if report.batch != 1:
        yield f"batch {size(report.batch, PLAIN)}"
    if report.dtype != "float32":
        yield report.dtype
    if not report.bias:
        yield "biases left out"


def notes(report: Report, lines: Sequence[Line], units: str = "") -> list[str]:
    """The lines below a table: what it comes to, where it sits, what was printed of it, and for which sizes that holds."""
    return [line for line in (facts(report, units), sits(lines), published(report), *conditions(report)) if line]


def asides(report: Report, lines: Sequence[Line], *, notes: bool = True) -> list[str]:
    """The lines below those: where input is lost, what is folded, and what the file has to say."""
    told = [f"Note: {note}" for note in report.setting.about.notes or ()]
    if told and not notes:
        told = [f"{len(told)} note{'s' if len(told) > 1 else ''} on this network: --notes shows {'them' if len(told) > 1 else 'it'}."]
    return [line for line in (rests(report.inexact), folded(report, lines), *told) if line]


def facts(report: Report, units: str) -> str:
    """Depth, and what the parameters, activations and operations come to."""
    total, look = report.total, Look(units)
    said = [f"{total.weight_layers} weight layer{'s' if total.weight_layers != 1 else ''}"]
    if isinstance(total.param_bytes, int):
        said.append(f"parameters take {memory(total.param_bytes, look)}")
    if isinstance(total.bytes, int):
        said.append(f"activations {memory(total.bytes, look)}")
    called = CONVENTIONS[report.counting].prints
    if isinstance(total.flops, int) and called:
        flops = count(total.flops, look if units else Look("si"))
        glued = flops[-1].isalpha() and called == "FLOPs"  # GFLOPs, but G connections
        said.append(f"{flops}{'' if glued else ' '}{called} ({report.counting})")
    return ", ".join(said) + "."


def formulas(names: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Totals that are formulas, a line each: they are too long for a column."""
    for heading, value in names:
        if value is not None and not isinstance(value, int):
            yield f"total {heading}{' in bytes' if heading == 'memory' else ''} = {size(value, PLAIN)}"


class CostRun(NamedTuple):
    """A run of the parts of a network that holds much of a cost."""

    run: Run
    parts: Sequence[CostPart]

    @property
    def share(self) -> str:
        """How much of the whole it holds."""
        return percent(self.run.part, self.run.whole)

    @property
    def held(self) -> Sequence[CostPart]:
        """The parts in it."""
        return self.parts[self.run.start : self.run.end]

    @property
    def where(self) -> str:
        """Its place: before a part, or from one to another."""
        if self.run.start == 0 and 1 < self.run.end < len(self.parts):
            return f"before {self.parts[self.run.end].name}"
        first, last = self.held[0].name, self.held[-1].name
        return f"in {first if first == last else f'{first} to {last}'}"


def spot(lines: Sequence[Line], figure: Figure) -> CostRun | None:
    """Where much of a figure is; None where it is nowhere much, and for formulas."""
    from cnncalc.output.words.concentration import densest

    units = parts(lines, figure)
    if any(not isinstance(unit.cost, int) for unit in units):
        return None
    run = densest([unit.cost for unit in units], [unit.layers for unit in units])
    return CostRun(run, units) if run is not None else None


def sits(lines: Sequence[Line]) -> str:
    """Where parameters, activation memory and MACs are, as far as they are somewhere."""
    return said((figure, spot(lines, figure)) for figure in SITTING)


def said(spots: Iterable[tuple[Figure, CostRun | None]]) -> str:
    """Where figures are, in a sentence."""
    told = []
    for figure, found in spots:
        if found is not None:
            be, come = ("are", "come") if figure.plural else ("is", "comes")
            told.append(f"{found.share} of the {figure.words} {come if found.where.startswith('before ') else be} {found.where}")
    return "; ".join(told) + "." if told else ""


class CostPart(NamedTuple):
    """A part of a network with some cost: in how many layers, and how much."""

    name: str
    layers: int
    cost: Any


def parts(lines: Sequence[Line], figure: Figure) -> list[CostPart]:
    """The parts that cost anything: what has a name of its own in the network, or where these are few, each line."""
    found = [CostPart(line.path, *_cost(line, figure)) for line in lines]
    found = [part for part in found if part.layers]
    outer: dict[str, CostPart] = {}
    for name, layers, cost in found:
        head = name.partition("/")[0]
        known = outer.get(head, CostPart(head, 0, 0))
        outer[head] = CostPart(head, known.layers + layers, known.cost + cost)
    return list(outer.values()) if len(outer) >= FEW else found


def _cost(line: Line, figure: Figure) -> tuple[int, Any]:
    """In how many layers, and how much."""
    costs = [cost for row in line.rows if (cost := getattr(row, figure.key)) != 0 and (row.stored or not figure.stored)]
    return len(costs), sum(costs)


def published(report: Report) -> str:
    """The figures that were printed, each beside the computed one where they differ."""
    setting = report.setting
    told = setting.about.published
    if not told or setting.input is not None or setting.params or setting.changes != setting.network.but or not report.bias:
        return ""
    said = []
    for name, word in (("params", "parameters"), ("macs", "MACs")):
        if name in told:
            here = getattr(report.total, name) if name == "params" or report.batch == 1 else None
            text = f"{int(told[name]):,}" if told[name].isdecimal() else told[name]
            said.append(f"{text} {word}{_differs(told[name], here)}")
    said += [f"{told[name]}% {word}" for name, word in (("top1_error", "top-1 error"), ("top5_error", "top-5 error")) if name in told]
    source = f" ({told['source']})" if "source" in told else ""
    return f"Published: {', '.join(said)}{source}." if said else ""


def _differs(text: str, here: Any) -> str:
    from cnncalc.printed_number import printed_number

    printed = printed_number(text)
    if printed is None or not isinstance(here, int) or printed.agrees(here):
        return ""
    return f" (here {here:,})"


def conditions(report: Report) -> Iterator[str]:
    """What symbols must be for the figures to hold."""
    yield from required(report.conditions)


def required(conditions: Iterable[Condition]) -> Iterator[str]:
    """Conditions in a sentence; of several bounds for one size, the highest."""
    least: dict[Any, Any] = {}
    others: list[str] = []
    for condition in conditions:
        if condition.relation == "at_least" and isinstance(condition.right, int):
            known = least.get(condition.left)
            least[condition.left] = condition.right if known is None else max(known, condition.right)
        else:
            others.append(spoken(condition))
    said = [f"{size(side, PLAIN)} ≥ {bound}" for side, bound in least.items()] + others
    if said:
        yield f"For {', '.join(said)}."


def spoken(condition: Condition) -> str:
    """A condition in signs."""
    left, right = size(condition.left, PLAIN), size(condition.right, PLAIN)
    if condition.relation == "divides":
        return f"{right} even" if left == "2" else f"{right} divisible by {left}"
    if condition.relation == "at_least" and isinstance(condition.left, int):
        return f"{right} ≤ {left}"
    return f"{left} {'≥' if condition.relation == 'at_least' else '='} {right}"


def rests(inexact: Sequence[Row]) -> str:
    """The layers that do not see all of their input, and what would divide evenly; of those with the same to say, the first."""
    losing = [row for row in inexact if any(row.lost)]
    if not losing:
        return ""
    said: dict[str, str] = {}
    for row in losing:
        said.setdefault("; ".join(rest(row)), row.path)
    named = [f"{path}: {text}" for text, path in said.items()][:NAMED]
    others = len(losing) - len(named)
    if others:
        named.append(f"{others} more layer{'s' if others > 1 else ''} leave{'' if others > 1 else 's'} input unused")
    return f"* Kernels do not divide the input evenly. {'. '.join(named)}."


def rest(row: Row) -> list[str]:
    """What stays unused of the input or its padding, by axis (once where both are alike), and the nearest sizes that divide evenly."""
    said: dict[tuple[str, str], list[str]] = {}
    windows = row.layer.windows  # type: ignore[attr-defined]  # only kernels leave a remainder
    for axis, side, left, lost, window in zip(("row", "column"), row.inputs[0], row.cost.rests, row.lost, windows, strict=False):
        if isinstance(left, int) and left:
            fitting = " or ".join(window.would_fit(side))
            count = lost or left
            what = f"of the {'input' if lost else 'padding'}"
            if window.ceil:
                what, count = "of the last window lie past the edge", (window.places(side) - 1) * window.stride - window.room(side)
            said.setdefault((what, fitting), []).append(f"{count} {axis}{'s' if count != 1 else ''}")
    return [
        f"{' and '.join(counts)} {what}{'' if 'edge' in what else ' is unused' if counts in (['1 row'], ['1 column']) else ' are unused'}"
        f"{f'; {fitting} would divide evenly' if fitting else ''}"
        for (what, fitting), counts in said.items()
    ]


def folded(report: Report, lines: Sequence[Line]) -> str:
    """What rows of several layers mean."""
    if all(len(line.rows) == 1 for line in lines):
        return ""
    rows = sum(len(line.rows) for line in lines)
    return f"{rows} layers in {len(lines)} rows; --fold none shows every layer."
