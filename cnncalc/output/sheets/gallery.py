"""The catalogue as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.forms.sheet import COUNT, PERCENT, TEXT, VALUE, Column, Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.spec.catalogue_index import CatalogueEntry


TOLD = (
    Column("name", "name", TEXT, 100),
    Column("title", "title", TEXT, 40, wraps=True),
    Column("year", "year", VALUE, 50),
    Column("paper", "paper", TEXT, 10),
)
COMPUTED = (Column("params", "params", COUNT, 90), Column("macs", "MACs", COUNT, 80), Column("top1_error", "top-1 error", PERCENT, 60))


def gallery(entries: Iterable[CatalogueEntry], reports: Mapping[str, Report] | None) -> Sheet:
    """Return the catalogue as a table, for readers and csv."""
    columns = TOLD if reports is None else (*TOLD[:3], *COMPUTED, TOLD[3])
    rows = [[network.get(column.name) for column in columns] for network in facts(entries, reports)]
    asides = [] if len(rows) < 2 else [f"{len(rows)} networks. cnncalc show NAME shows one."]
    return Sheet((), columns, [Section(rows)], (), asides)


def facts(entries: Iterable[CatalogueEntry], reports: Mapping[str, Report] | None) -> list[dict[str, Any]]:
    """Return the networks for JSON: metadata, and metrics if they were computed."""
    networks = []
    for entry in entries:
        row: dict[str, Any] = {"name": entry.name, "title": entry.title, "year": entry.year, "paper": entry.paper}
        if reports is not None:
            total = reports[entry.name].total
            row.update(params=total.params, macs=total.macs, top1_error=entry.published.get("top1_error"))
        networks.append(row)
    return networks


def chosen(entries: Iterable[CatalogueEntry], words: Sequence[str], years: tuple[int, int] | None) -> list[CatalogueEntry]:
    """Return the entries that contain all words and are from these years, with families in order of their first year."""
    known = list(entries)
    first: dict[str, int] = {}
    for entry in known:
        first[entry.file] = min(entry.year or 9999, first.get(entry.file, 9999))
    wanted = [word.casefold() for word in words]
    return sorted(
        (
            entry
            for entry in known
            if all(word in f"{entry.name} {entry.title} {entry.paper}".casefold() for word in wanted)
            and (years is None or (entry.year is not None and years[0] <= entry.year <= years[1]))
        ),
        key=lambda entry: (first[entry.file], entry.file),
    )
