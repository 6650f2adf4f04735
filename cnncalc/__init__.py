"""Exact shapes and costs of convolutional networks."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would take most of the time here, during which Ctrl-C prints a traceback
if TYPE_CHECKING:
    from cnncalc.analysis import analyze, names
    from cnncalc.answers.marking import check
    from cnncalc.errors import SpecError
    from cnncalc.explore.space import space
    from cnncalc.propagate.report import Report

__version__ = "0.1.0"
__all__ = ["SpecError", "__version__", "analyze", "check", "names", "space"]


def __getattr__(name: str) -> object:  # loads modules on first use
    if name in ("analyze", "names"):
        from cnncalc import analysis

        if name == "analyze":  # reports are independent of output
            from cnncalc.propagate.report import Report

            Report.to_html = _html
        return getattr(analysis, name)
    if name == "check":
        from cnncalc.answers.marking import check

        return check
    if name == "space":
        from cnncalc.explore.space import space

        return space
    if name == "SpecError":
        from cnncalc.errors import SpecError

        return SpecError
    raise AttributeError(f"module 'cnncalc' has no attribute {name!r}")


def _html(report: Report) -> str:
    from cnncalc.output.notebook import fragment

    return fragment(report)
