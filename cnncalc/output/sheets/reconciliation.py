"""What was counted where a number was printed, as tables and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.output.forms.sheet import COUNT, TEXT, VALUE, Column, Section, Sheet
from cnncalc.output.sheets.conventions import SIGNED_COUNT
from cnncalc.output.words import summary
from cnncalc.propagate.figures import FIGURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.explore.reconcile import FoundCause, Reconciliation

CAUSE = (
    Column("cause", "cause", TEXT, 90),
    Column("value", "value", TEXT, 80),
    Column("gives", "gives", COUNT, 100),
    Column("difference", "to ours", SIGNED_COUNT, 60),
)
TABLE = (
    Column("network", "network", TEXT, 100), Column("quantity", "quantity", TEXT, 90), Column("number", "number", VALUE, 100),
    Column("computed", "computed", COUNT, 80), *CAUSE[:2], CAUSE[2], Column("words", "what is counted", TEXT, 70, wraps=True),
)  # fmt: skip


def table(found: Reconciliation) -> Sheet:
    """Return a table with a row per cause, and a sentence for each."""
    rows = [[*_named(each), each.gives, each.gives - found.computed] for each in found.causes] or [["none", "", None, None]]
    return Sheet(summary.title(found.report), CAUSE, [Section(rows)], sentences(found))


def sentences(found: Reconciliation) -> list[str]:
    """Return, e.g., 4,133,742,592: thop counts 4 operations for each batch-norm output and average pooling."""
    words = FIGURES[found.quantity].words
    here = f"here {found.computed:,} {words}" if found.quantity != "memory" else f"here {found.computed:,} bytes"
    if not found.causes:
        return [f"No known cause gives {found.number.text}; {here}.", *filter(None, [found.hint])]
    return [f"{each.gives:,}: {each.words.rstrip('.')}." for each in found.causes]


def listing(found: Sequence[Reconciliation]) -> Sheet:
    """Return a table with a row per printed number, and its first cause."""
    rows = []
    for each in found:
        start = [each.report.setting.id, each.quantity, each.number.text, each.computed]
        first = each.causes[0] if each.causes else None
        rows.append([*start, *_named(first), first.gives, first.words] if first else [*start, "none", "", None, each.hint])
    return Sheet([], TABLE, [Section(rows)], [f"{sum(bool(each.causes) for each in found)} of {len(found)} numbers have a cause."])


def _named(found: FoundCause) -> list[str]:
    return [" + ".join([each.cause for each in found.causes]), " + ".join([each.value for each in found.causes])]


def document(found: Reconciliation) -> dict[str, Any]:
    """Return the JSON of a printed number and its causes."""
    return {
        "network": found.report.setting.id,
        "number": found.number.text,
        "quantity": found.quantity,
        "computed": found.computed,
        "causes": [_cause(each) for each in found.causes],
        **({"hint": found.hint} if found.hint else {}),
    }


def _cause(found: FoundCause) -> dict[str, Any]:
    first, *others = found.causes
    written: dict[str, Any] = {"cause": first.cause, "value": first.value, "gives": found.gives, "words": found.words}
    written["parts"] = [{"what": what, "adds": adds} for what, adds in found.parts]
    if others:
        written["and"] = [{"cause": each.cause, "value": each.value} for each in others]
    return written
