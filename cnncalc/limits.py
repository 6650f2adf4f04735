"""Limits on what a file, a sheet or a formula may ask for, and the meter that counts work where it is done."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.errors import Problem, SpecError

SEVERAL = 6_000_000  # operations for all networks of an answer sheet, its claims, answers and slips; or for the variants of a file
ENDLESS = 1 << 62  # operations, where no file from a stranger asks for them
OF_STEP = 40  # operations that a step is worth
OF_LAYER = 400  # those of a layer that is worked out
OF_VISIT = 80  # those of a layer that is worked out with a mistake
OF_SIGN = 8  # those of reading a sign of arithmetic


class Limits(NamedTuple):
    """The limits of one file; a test may replace some of them."""

    layers: int = 10_000  # that loops and blocks may add to the steps that a file writes
    steps: int = 5  # for each of those layers, also steps that leave nothing
    connections: int = 10  # between layers, for each of them
    operations: int = 100  # for each of them: an operation takes about a quarter of a microsecond
    different: int = 5_000  # layers not like another one that loops and blocks may add: each is worked out on its own
    terms: int = 2_000  # of a formula
    power: int = 1_000  # of a symbol in a formula
    bits: int = 2_048  # of a number in a formula
    floors: int = 20  # inside each other in a formula
    floor_characters: int = 2_000  # ⌊3x/2⌋ of itself, again and again, doubles with every floor


LIMITS = Limits()
ADDED = f"loops and blocks may add {LIMITS.layers:,} layers to those that the file writes"


class LimitError(SpecError, ArithmeticError):
    """A limit is exceeded; the message says which one."""

    def __init__(self, message: str, hint: str = "give some of the symbols a number") -> None:
        super().__init__(Problem(message, hint=hint))
        self.message = message
        self.hint = hint


class Meter:
    """The work that a file of so many steps, or a sheet, may still ask for. It is counted, not timed, so that it ends alike everywhere."""

    __slots__ = ("connections", "different", "largest", "layers", "limits", "most", "operations", "steps")

    def __init__(self, written: int = 0, operations: int = 0, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.largest = 1 << limits.bits  # is no number of a formula
        self.layers = limits.layers + written
        self.steps = limits.steps * self.layers
        self.different = limits.different + written
        self.connections = limits.connections * self.layers
        self.most = self.operations = operations or limits.operations * self.layers

    @property
    def spent(self) -> int:
        """The work that was done so far, in operations."""
        return self.most - self.operations + OF_STEP * (self.limits.steps * self.layers - self.steps)

    def operate(self, amount: int) -> None:
        """Count some operations of arithmetic."""
        self.operations -= amount
        if self.operations < 0:
            raise LimitError(f"more than {self.most:,} operations", "items of lists and terms of formulas count as well")

    def check_terms(self, count: int) -> None:
        """Refuse a formula of too many terms."""
        if count > self.limits.terms:
            raise LimitError(f"a formula of more than {self.limits.terms:,} terms")
