"""Reads a table of printed numbers."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, Source, Span, SpecError
from cnncalc.explore.reconcile import reconcile
from cnncalc.spec.opened import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.explore.reconcile import Reconciliation
    from cnncalc.propagate.report import Report

COLUMNS = ("network", "quantity", "number")


def reconcile_table(path: str, options: Mapping[str, Any]) -> list[Reconciliation]:
    """Return what was counted for every row of a CSV file; SpecError has the problems of all rows.

    Networks are names of the catalogue, or files in its folder or below, since the table may come from a stranger.
    """
    from cnncalc import analysis
    from cnncalc.spec import catalogue

    try:
        text = read_bytes(path, path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError(Problem(f"{path}: not UTF-8")) from None
    source = Source(path, text)
    lines = text.splitlines(keepends=True)
    delimiter = max(",;\t", key=(lines or [""])[0].count)
    order: tuple[str, ...] = COLUMNS
    reports: dict[str, Report] = {}
    found: list[Reconciliation] = []
    problems: list[Problem] = []
    at = 0
    for i, line in enumerate(lines):
        span, at = Span(source, at, max(len(line.rstrip()), 1)), at + len(line)
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error as error:
            raise SpecError(Problem(f"not a row of CSV: {error}", span)) from None
        if not any(cells):
            continue
        if i == 0 and "number" in (named := [cell.lower() for cell in cells]):
            order = tuple(named)
            if "network" not in named:
                raise SpecError(Problem("no column 'network'", span, f"columns: {', '.join(COLUMNS)}"))
            continue
        row = dict(zip(order, cells, strict=False))
        if not row.get("number"):
            problems.append(Problem("a row has a network, a quantity and a number", span, "vgg16,macs,15.5G"))
            continue
        try:
            name = row["network"]
            if name not in reports:
                reports[name] = analysis.report(catalogue.find(name, base=os.path.dirname(path)), **options)  # as in answer sheets
            found.append(reconcile(reports[name], row["number"], row.get("quantity") or None))
        except SpecError as error:
            problems += [Problem(each.message, span, each.hint) for each in error.problems]
    if problems:
        raise SpecError(problems)
    if not found:
        raise SpecError(Problem(f"{path}: no numbers", hint=f"columns: {', '.join(COLUMNS)}"))
    return found
