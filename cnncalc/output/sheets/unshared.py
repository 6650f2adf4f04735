"""Convolutions beside their other form, as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.explore.unshared import other_forms
from cnncalc.output.forms.numbers import NumberFormat, count
from cnncalc.output.forms.sheet import COUNT, SIGNED, TEXT, VOLUME, Column, Section, Sheet
from cnncalc.output.words import summary
from cnncalc.propagate.rows import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.explore.unshared import OtherForm
    from cnncalc.propagate.report import Report

NAMES = {"local": "without weight sharing", "fc": "fully connected"}


def table(report: Report, form: str) -> Sheet:
    """Return a table of the convolutions: their parameters and MACs, and those of the other form."""
    convolutions = other_forms(report, form)
    columns = [
        Column("name", "name", TEXT, 100),
        Column("layer", "layer", SIGNED, 60),
        Column("output", "output", VOLUME, 50),
        Column("params", "params", COUNT, 90),
        Column("macs", "MACs", COUNT, 70),
        Column(f"{form}_params", f"params as {form}", COUNT, 95),
        Column(f"{form}_macs", f"MACs as {form}", COUNT, 80),
    ]
    rows = [
        [row.path, f"{row.kind} {row.layer.describe()}", row.output, row.params, row.macs, params, macs]
        for row, params, macs in convolutions
    ]
    totals = _totals(convolutions)
    params, macs, other_params, other_macs = [count(total, NumberFormat()) for total in totals]
    work = f", and {other_macs} MACs instead of {macs}" if other_macs != macs else ""
    note = f"{NAMES[form].capitalize()}, these layers would have {other_params} parameters instead of {params}{work}."
    return Sheet(summary.title(report), columns, [Section(rows, ["total", "", None, *totals])], [note, *summary.conditions(report)])


def _totals(convolutions: Sequence[OtherForm]) -> list[Any]:
    pairs = [(each.row.params, each.row.macs, each.params, each.macs) for each in convolutions]
    return [sum(column) for column in zip(*pairs, strict=True)]


def document(report: Report, form: str) -> dict[str, Any]:
    """Return the JSON of the table."""
    convolutions = other_forms(report, form)
    keys = ("params", "macs", f"{form}_params", f"{form}_macs")
    return {
        **report.header(),
        "as": form,
        "layers": [
            {
                "path": each.row.path,
                "kind": each.row.kind,
                "output": plain(each.row.output),
                **dict(zip(keys, map(plain, (each.row.params, each.row.macs, each.params, each.macs)), strict=True)),
            }
            for each in convolutions
        ],
        "total": dict(zip(keys, map(plain, _totals(convolutions)), strict=True)),
    }
