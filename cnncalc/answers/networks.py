"""The networks that answer sheets ask about, each computed once for all questions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cnncalc.answers.symbolic_repeat import GrowingReport, SymbolicRepeat
from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS, OF_LAYER, Meter
from cnncalc.spec import catalogue

if TYPE_CHECKING:
    from cnncalc.answers.questions import Counting
    from cnncalc.propagate.report import Report
    from cnncalc.spec.settings import Setting


class Networks:
    """Cached reports of networks, and the remaining work limit of the current sheet."""

    def __init__(self) -> None:
        self.reports: dict[Any, Report] = {}
        self.known: dict[str, Setting] = {}  # networks of the catalogue
        self.meter = Meter(operations=LIMITS.several)  # the work limit of the current sheet

    def renew(self) -> None:
        """Reset the work limit for the next sheet or student."""
        self.meter = Meter(operations=LIMITS.several)
        for report in self.reports.values():
            report.graph.symbols.meter = self.meter

    def report(self, setting: Setting, counting: Counting, batch: Any = 1, dtype: str = "float32") -> Report:
        """Return the report of a network under a counting convention."""
        from cnncalc.graph.build import build
        from cnncalc.propagate.walk import propagate

        if isinstance(setting, SymbolicRepeat):
            reports = [self.report(each, counting, batch, dtype) for each in setting.settings]
            ahead = len(self.report(setting.ahead, counting).rows) if setting.ahead is not None else 1
            return GrowingReport(setting, reports, ahead)  # type: ignore[return-value]  # it stands for a report
        key = (setting.network.source.name, id(setting.network) if setting.variant is None else setting.id, counting.flops, batch, dtype)
        if key not in self.reports:
            if self.meter.operations < 0:
                message = f"this sheet asks for more than {LIMITS.several:,} operations"
                raise SpecError(Problem(message, hint="split it; layers of networks and expressions in answers count"))
            report = self.reports[key] = propagate(setting, build(setting, self.meter), counting=counting.flops, batch=batch, dtype=dtype)
            self.meter.operations -= OF_LAYER * len(report.costs)
        self.reports[key].graph.symbols.meter = self.meter  # work on its formulas counts for this sheet
        return self.reports[key]


def network(name: str, folder: str, known: dict[str, Setting]) -> Setting:
    """Find a network by its name in a sheet of this folder; networks of the catalogue are cached in `known`."""
    if name not in known:
        setting = catalogue.find(name, base=folder)
        if os.path.dirname(setting.network.source.name):  # a file next to the sheet; in another folder it is a different file
            return setting
        known[name] = setting
    return known[name]
