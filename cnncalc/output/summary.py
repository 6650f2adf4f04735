"""What there is to say of a report beside its rows: title, where the cost sits, what was published, what does not tile."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report


def title(report: Report) -> list[str]:
    about = report.setting.about
    return [", ".join(str(part) for part in (about.title or report.setting.id, about.year, about.paper) if part)]


def notes(report: Report, fold: int) -> list[str]:
    return [*(report.setting.about.notes or ())]
