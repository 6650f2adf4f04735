"""A report as HTML in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.output.forms.formats import fragment as drawn
from cnncalc.output.sheets.overview import Arrangement, overview

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report


def fragment(report: Report) -> str:
    """Return the table of `show` as HTML."""
    return drawn(overview(report, Arrangement()))
