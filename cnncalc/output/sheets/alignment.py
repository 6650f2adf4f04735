"""Two networks stage by stage, as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import together
from cnncalc.explore.stages import align
from cnncalc.output.forms.numbers import NumberFormat, volume
from cnncalc.output.forms.sheet import COUNT, SIGNED, TEXT, Column, Section, Sheet
from cnncalc.output.sheets.conventions import SIGNED_COUNT
from cnncalc.propagate.rows import plain
from cnncalc.study import folding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.dims import Dim
    from cnncalc.explore.compare import ComparedNetwork
    from cnncalc.explore.stages import Pair, Stage
    from cnncalc.propagate.report import Report
    from cnncalc.study.folding import Line

PLAIN = NumberFormat()
EQUAL = 3  # equal consecutive layers that are shown as one line
FIGURES = ("params", "macs")


def aligned(one: Report, other: Report, fold: int | None) -> list[Stage[Line]]:
    """Return the stages of two networks."""
    return list(align(_lines(one, fold), _lines(other, fold)))


def _lines(report: Report, fold: int | None) -> list[Line]:
    return folding.folded(report, fold)([row for row in report.rows if report.sides or not row.side])


def table(one: ComparedNetwork, other: ComparedNetwork, fold: int | None, *, machine: bool = False) -> Sheet:
    """Return a table with a section per stage: the layers of each network, and their differences."""
    stages = aligned(one.report, other.report, fold)
    names = one.label, other.label
    columns = [
        Column("first", names[0], TEXT, 100),
        Column("first_what", "layer", SIGNED, 40),
        Column("first_params", "params", COUNT, 60),
        Column("first_macs", "MACs", COUNT, 50),
        Column("second", names[1], TEXT, 99),
        Column("second_what", "layer", SIGNED, 39),
        Column("second_params", "params", COUNT, 59),
        Column("second_macs", "MACs", COUNT, 49),
        Column("params_difference", "± params", SIGNED_COUNT, 80),
        Column("macs_difference", "± MACs", SIGNED_COUNT, 70),
    ]
    if machine:
        rows = [[volume(stage.size, NumberFormat("", "ascii")), *_row(*_sides(pair))] for stage in stages for pair in stage.pairs]
        return Sheet((), [Column("size", "size", TEXT, 100), *columns], [Section(rows)])
    sections = [Section([_row(*each) for each in _shown(stage.pairs)], _sum([stage]), f"{volume(stage.size, PLAIN)}") for stage in stages]
    sections.append(Section([_sum(stages)], None, "All"))
    return Sheet([f"{names[0]} and {names[1]}"], columns, sections, [], list(_asides(one, other, stages)), "")


def _sides(pair: Pair[Line]) -> tuple[list[Line], list[Line]]:
    return [pair.one] if pair.one is not None else [], [pair.other] if pair.other is not None else []


def _shown(pairs: Sequence[Pair[Line]]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Yield the pairs of a stage; equal consecutive ones are combined."""
    run: list[Pair[Line]] = []
    for pair in [*pairs, None]:
        if pair is not None and _alike(pair):
            run.append(pair)
            continue
        if len(run) >= EQUAL:
            yield [each.one for each in run if each.one is not None], [each.other for each in run if each.other is not None]
        else:
            yield from map(_sides, run)
        run = []
        if pair is not None:
            yield _sides(pair)


def _alike(pair: Pair[Line]) -> bool:
    """Return whether both layers are equal and have the same cost."""
    one, other = pair.one, pair.other
    if one is None or other is None:
        return False
    return (one.what, one.output) == (other.what, other.output) and all(getattr(one, name) == getattr(other, name) for name in FIGURES)


def _row(one: Sequence[Line], other: Sequence[Line]) -> list[Any]:
    return [*_cells(one), *_cells(other), *_differences(one, other)]


def _cells(lines: Sequence[Line]) -> list[Any]:
    """Return path, description, parameters and MACs of one or several equal layers."""
    if not lines:
        return [None, None, None, None]
    path, what = lines[0].path, lines[0].what
    if len(lines) > 1:
        path, what = f"{path} … {lines[-1].path}", f"{len(lines)} rows, equal"
    return [path, what, *(_figure(lines, name) for name in FIGURES)]


def _figure(lines: Sequence[Line], name: str) -> Dim:
    total: Dim = sum(getattr(line, name) for line in lines)
    return total


def _differences(one: Sequence[Line], other: Sequence[Line]) -> list[Dim]:
    pairs = [together(_figure(one, name), _figure(other, name)) for name in FIGURES]
    return [theirs - ours for ours, theirs in pairs]


def _both(stages: Sequence[Stage[Line]]) -> tuple[list[Line], list[Line]]:
    pairs = [pair for stage in stages for pair in stage.pairs]
    return [pair.one for pair in pairs if pair.one is not None], [pair.other for pair in pairs if pair.other is not None]


def _sum(stages: Sequence[Stage[Line]]) -> list[Any]:
    """Return the total of several stages."""
    one, other = _both(stages)
    mine, its = ([_figure(lines, name) for name in FIGURES] if lines else [None, None] for lines in (one, other))
    return ["total", None, *mine, None, None, *its, *_differences(one, other)]


def _asides(one: ComparedNetwork, other: ComparedNetwork, stages: Sequence[Stage[Line]]) -> Iterator[str]:
    """Yield hints if few stages match or blocks are folded."""
    if sum(stage.meets for stage in stages) <= 2 and one.report.input != other.report.input:
        yield f"Few sizes are the same, as the inputs differ: --input {'x'.join(str(side) for side in one.report.input)} for both."
    if any(len(line.rows) > 1 for lines in _both(stages) for line in lines):
        yield "Blocks are folded; --fold none shows every layer."


def document(one: ComparedNetwork, other: ComparedNetwork, fold: int | None) -> dict[str, Any]:
    """Return the JSON of the stages."""
    from cnncalc.version import __version__

    stages = aligned(one.report, other.report, fold)
    return {
        "cnncalc": __version__,
        "networks": [one.label, other.label],
        "stages": [
            {"size": plain(stage.size), **_facts(*_both([stage])), "pairs": [_pair(pair) for pair in stage.pairs]} for stage in stages
        ],
        "total": _facts(*_both(stages)),
    }


def _facts(one: Sequence[Line], other: Sequence[Line]) -> dict[str, Any]:
    sums = {"first": one, "second": other}
    facts: dict[str, Any] = {key: {name: plain(_figure(lines, name)) for name in FIGURES} for key, lines in sums.items()}
    facts["difference"] = {name: plain(value) for name, value in zip(FIGURES, _differences(one, other), strict=True)}
    return facts


def _pair(pair: Pair[Line]) -> dict[str, Any]:
    one, other = _sides(pair)
    sides: dict[str, Any] = {}
    for key, lines in (("first", one), ("second", other)):
        sides[key] = (
            {"path": lines[0].path, "what": lines[0].what, **{name: plain(getattr(lines[0], name)) for name in FIGURES}} if lines else None
        )
    return sides
