"""The work that one file may ask for."""

from __future__ import annotations

from typing import Any

from cnncalc.spec.operations import OperationError

LAYERS = 10_000  # that loops and blocks may add to the steps that a file writes
STEPS = 5  # for each of those layers, also steps that leave nothing
CONNECTIONS = 10  # between layers, for each of them
OPERATIONS = 100  # of arithmetic, for each of them: a sign or a name is one, so are some items of a list, or bits of a number
SEVERAL = 6_000_000  # operations for all networks of an answer sheet, its claims, answers and slips; or for the variants of a file
OF_STEP = 40  # operations that a step is worth
OF_LAYER = 400  # those of a layer that is worked out
OF_VISIT = 80  # those of a layer that is worked out with a mistake
OF_SIGN = 8  # those of reading a sign of arithmetic
DIFFERENT = 5_000  # layers not like another one that loops and blocks may add: each is worked out on its own
ADDED = f"loops and blocks may add {LAYERS:,} layers to those that the file writes"


class Effort:
    """What is left of the work that a file of so many steps may ask for."""

    __slots__ = ("connections", "different", "layers", "most", "operations", "steps")

    def __init__(self, written: int = 0, operations: int = 0) -> None:
        self.layers = LAYERS + written
        self.steps = STEPS * self.layers
        self.different = DIFFERENT + written
        self.connections = CONNECTIONS * self.layers
        self.most = self.operations = operations or OPERATIONS * self.layers

    @property
    def spent(self) -> int:
        """The work that was done so far, in operations."""
        return self.most - self.operations + OF_STEP * (STEPS * self.layers - self.steps)

    def operate(self, amount: int) -> None:
        """Some operations of arithmetic more."""
        self.operations -= amount
        if self.operations < 0:
            raise OperationError(f"more than {self.most:,} operations", "items of lists and terms of formulas count as well")


def of_value(value: Any) -> int:
    """The operations of going through a value once: measured, one is about a quarter of a microsecond."""
    if isinstance(value, int):
        return value.bit_length() // 32
    if isinstance(value, list):
        return len(value) // 2 if set(map(type, value)) == {int} else sum(map(of_value, value)) + 10 * len(value)
    if hasattr(value, "numerator"):
        return 20 + int(value.numerator.bit_length() + value.denominator.bit_length()) // 12
    return 40 * terms(value)


def of_operation(sign: str, left: Any, right: Any) -> int:
    """The operations of one sign between two values."""
    products = terms(left) * terms(right)
    return of_value(left) + of_value(right) + (6 * products if sign == "*" else products)


def of_power(base: Any, result: Any) -> int:
    """The operations of a power: a formula is multiplied with itself on the way."""
    return of_value(result) + (2 * terms(result) ** 2 if terms(base) > 1 else 0)


def of_question(value: Any) -> int:
    """The operations of asking a formula, or those in a list or volume, how large it is: floors make that long."""
    if hasattr(value, "symbols"):
        return 160 * int(value.length) * (1 + len(value.floors)) ** 2
    several = isinstance(value, tuple) or (isinstance(value, list) and set(map(type, value)) != {int})
    return sum(map(of_question, value)) if several else 0


def terms(value: Any) -> int:
    """The terms of a formula; a volume has those of its sides, a number none."""
    if hasattr(value, "symbols"):
        return int(value.length)
    return sum(map(terms, value)) if isinstance(value, tuple) else 0
