"""Values that come of counting the wrong layers or branches: one left out, only one counted, another volume flattened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.layers import Volume
from cnncalc.propagate.counting import CONVENTIONS
from cnncalc.propagate.figures import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row

SUMMED = {figure.key for figure in SUMS}
FLATTENED = ("params", "weights", "macs")
BEFORE = 8  # layers before a fully connected one whose output may have been flattened
NAMED = 4  # layers with the same value that are named
MOST = 200  # layers of a network of which one may be left out


class PartialCount(NamedTuple):
    """A value, the tag of its slip, and a sentence; one without names for students who may not see the answer."""

    value: Any
    tag: str
    words: str
    hidden: str


def partial_counts(report: Report, row: Row | None, quantity: str, right: Any) -> Iterator[PartialCount]:
    """Yield the values that come of counting the wrong parts of a layer or network."""
    if quantity == "output":
        yield from of_branches(row or report.rows[report.graph.outputs[-1]])
    if row is None and quantity in SUMMED:
        yield from of_layers(report, quantity, right)
    if quantity in ("macs", "flops"):
        for name, convention in CONVENTIONS.items():
            count = sum(convention(each.cost) for each in ([row] if row is not None else [each for each in report if not each.side]))
            yield PartialCount(report.batch * count, "convention", f"that is what {name} counts", f"that is what {name} counts")
    if quantity in FLATTENED:
        yield from flattened(report, row, quantity, right)


def of_layers(report: Report, quantity: str, right: Any) -> Iterator[PartialCount]:
    """Yield the totals with one layer left out, or with only one."""
    rows = [
        each for each in report if not each.side and getattr(each, quantity) != 0 and (each.stored or quantity not in ("values", "bytes"))
    ]
    if not 1 < len(rows) <= MOST:
        return
    for value, names in grouped({each.path: getattr(each, quantity) for each in rows}):
        yield PartialCount(right - value, "layer-left-out", f"{names} is left out", "one layer is left out")
        yield PartialCount(value, "one-layer-only", f"only {names} is counted", "only one layer is counted")
    for value, names in grouped({each.path: each.biases for each in rows if each.biases != 0} if quantity == "params" else {}):
        yield PartialCount(
            right - value, "one-bias-left-out", f"the biases of {names} are left out", "the biases of one layer are left out"
        )


def of_branches(row: Row) -> Iterator[PartialCount]:
    """Yield the output of a concatenation with one branch left out, or only one."""
    if row.kind != "concat" or len(row.inputs) < 2:
        return
    sides, depth = row.output.sides, row.output.c
    for c in dict.fromkeys(x.c for x in row.inputs):
        yield PartialCount(Volume(*sides, depth - c), "branch-left-out", *["the depth of one branch is left out"] * 2)
        yield PartialCount(Volume(*sides, c), "one-branch-only", *["that is the depth of one branch; a concatenation has the sum"] * 2)


def grouped(values: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield every value with the names that have it: a, b or c."""
    names: dict[Any, list[str]] = {}
    for name, value in values.items():
        names.setdefault(value, []).append(name)
    for value, same in names.items():
        shown = same if len(same) <= NAMED else [*same[: NAMED - 1], f"{len(same) - NAMED + 1} others"]
        yield value, " or ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def flattened(report: Report, row: Row | None, quantity: str, right: Any) -> Iterator[PartialCount]:
    """Yield the values of the first fully connected layer if the output of an earlier layer was flattened."""
    dense: Any = row or next((each for each in report if each.kind == "fc"), None)
    if dense is None or dense.kind != "fc" or dense.inputs[0].places == 1:
        return
    own = dense.inputs[0].size
    for each in report.rows[max(0, dense.at - BEFORE) : dense.at]:
        if each.output.size != own:
            value = right + (each.output.size - own) * dense.layer.features * (report.batch if quantity == "macs" else 1)
            yield PartialCount(
                value, "flattened-elsewhere", f"the output of {each.path} was flattened", "the output of another layer was flattened"
            )


def of_claim(parts: Mapping[str, Any], value: Any) -> Iterator[PartialCount]:
    """Yield a sum in a claim without one of its terms."""
    for part, names in grouped(parts):
        yield PartialCount(value - part, "term-left-out", f"the sum leaves out {names}", "one term of the sum is left out")
