"""The scope of symbols: formulas can be combined when they have the same one."""

from __future__ import annotations

from cnncalc.limits import Meter

ENDLESS = 1 << 62  # operations: where no file from a stranger asks


class SymbolScope:
    """What the formulas of one network share: the meter that counts the work on them."""

    __slots__ = ("meter",)

    def __init__(self, meter: Meter | None = None) -> None:
        self.meter = meter or Meter(operations=ENDLESS)


ANYWHERE = SymbolScope()  # for symbols that belong to no network
