"""Exact shapes and costs of convolutional networks."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would take most of the time here, during which Ctrl-C prints a traceback
if TYPE_CHECKING:
    from cnncalc.analysis import analyze, names
    from cnncalc.answers.marking import check
    from cnncalc.errors import SpecError
    from cnncalc.explore.space import space
    from cnncalc.propagate.report import Report
    from cnncalc.version import __version__

__all__ = ["SpecError", "__version__", "analyze", "check", "names", "space"]


MODULES = {
    "SpecError": "errors",
    "__version__": "version",
    "analyze": "analysis",
    "check": "answers.marking",
    "names": "analysis",
    "space": "explore.space",
}


def __getattr__(name: str) -> object:  # loads modules on first use
    if name not in MODULES:
        raise AttributeError(f"module 'cnncalc' has no attribute {name!r}")
    from importlib import import_module

    if name == "analyze":  # reports are independent of output
        from cnncalc.propagate.report import Report

        Report.to_html = _html
    return getattr(import_module(f"cnncalc.{MODULES[name]}"), name)


def _html(report: Report) -> str:
    from cnncalc.output.notebook import fragment

    return fragment(report)
