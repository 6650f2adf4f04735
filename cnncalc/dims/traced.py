"""Numbers that record the expression they were computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import arithmetic
from cnncalc.dims.arithmetic import value_of
from cnncalc.dims.notation import FormulaNode, render
from cnncalc.dims.poly import Poly

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from cnncalc.dims.notation import Style
    from cnncalc.dims.terms import Whole

    Dim: TypeAlias = "int | Poly | Traced"

ZERO = FormulaNode("number", value=0)
OPERATIONS: dict[str, Callable[[Whole, Whole], Dim]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "floor_div": lambda a, b: a // b,
    "modulo": lambda a, b: a % b,
    "ceil_div": arithmetic.ceil_div,
    "exact_div": arithmetic.exact_div,
    "smaller": arithmetic.smaller,
    "larger": arithmetic.larger,
}


class Traced:
    """A number (or formula) with the expression it was computed from; it compares as its value.

    Plain numbers without effect (`1 * x`, `x + 0`) leave no trace; named numbers always do.
    """

    __slots__ = ("node", "value")

    def __init__(self, value: Whole, node: FormulaNode) -> None:
        self.value = value
        self.node = node

    @classmethod
    def named(cls, symbol: str, value: Whole) -> Traced:
        """Return a number with a name, shown by `rule`; `worked` shows its value instead."""
        return cls(value, FormulaNode("symbol", symbol=symbol, value=value))

    def grouped(self) -> Traced:
        """Return the number, kept in brackets as a factor of a product."""
        return Traced(self.value, FormulaNode("group", (self.node,)))

    def part(self) -> Traced:
        """Return 1 / self."""
        part: Any = arithmetic.one_part(self.value)
        return Traced(part, FormulaNode("exact_div", (FormulaNode("number", value=1), self.node)))

    def rule(self, style: Style = "text") -> str:
        """Return the expression with symbols: `⌊(W − F + 2P)/S⌋ + 1`."""
        return render(self.node, style, worked=False)

    def worked(self, style: Style = "text") -> str:
        """Return the expression with values: `⌊(227 − 11 + 2·0)/4⌋ + 1`."""
        return render(self.node, style, worked=True)

    def __add__(self, other: Dim) -> Traced:
        return combine("add", self, other)

    def __radd__(self, other: Dim) -> Traced:
        return combine("add", other, self)

    def __sub__(self, other: Dim) -> Traced:
        return combine("subtract", self, other)

    def __rsub__(self, other: Dim) -> Traced:
        return combine("subtract", other, self)

    def __mul__(self, other: Dim) -> Traced:
        return combine("multiply", self, other)

    def __rmul__(self, other: Dim) -> Traced:
        return combine("multiply", other, self)

    def __floordiv__(self, other: Dim) -> Traced:
        return combine("floor_div", self, other)

    def __rfloordiv__(self, other: Dim) -> Traced:
        return combine("floor_div", other, self)

    def __mod__(self, other: Dim) -> Traced:
        return combine("modulo", self, other)

    def __rmod__(self, other: Dim) -> Traced:
        return combine("modulo", other, self)

    def __neg__(self) -> Traced:
        negative = -self.value
        return Traced(negative, FormulaNode("number", value=negative) if self.node.op == "number" else FormulaNode("negate", (self.node,)))

    def __pos__(self) -> Traced:
        return self

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, Traced) else other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: Dim) -> bool:
        return self.value < value_of(other)

    def __le__(self, other: Dim) -> bool:
        return self.value <= value_of(other)

    def __gt__(self, other: Dim) -> bool:
        return self.value > value_of(other)

    def __ge__(self, other: Dim) -> bool:
        return self.value >= value_of(other)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __int__(self) -> int:
        return int(self.value)  # type: ignore[arg-type]  # int() of a formula raises; the number of repetitions of a rule leaves no trace

    def __str__(self) -> str:
        return str(self.value)

    def __repr__(self) -> str:
        return f"Traced({self.rule('ascii')} = {self.worked('ascii')} = {self.value})"


def combine(op: str, left: Dim, right: Dim) -> Traced:
    """Apply an operation to two sizes and record it."""
    if not (isinstance(left, (int, Poly, Traced)) and isinstance(right, (int, Poly, Traced))):
        return NotImplemented
    value = value_of(OPERATIONS[op](value_of(left), value_of(right)))
    a, b = node_of(left), node_of(right)
    if a.op == b.op == "number":
        return Traced(value, FormulaNode("number", value=value))
    return Traced(value, SIMPLER[op](a, b) if op in SIMPLER else FormulaNode(op, (a, b)))


def node_of(dim: Dim) -> FormulaNode:
    """Return the expression of a size."""
    return dim.node if isinstance(dim, Traced) else FormulaNode("number", value=dim)


def plain(node: FormulaNode, number: int) -> bool:
    """Return whether a node is this plain number, as opposed to a name with this value."""
    return node.op == "number" and node.value == number


def added(a: FormulaNode, b: FormulaNode) -> FormulaNode:
    """Return the expression a + b, with constants moved to the end and equal names combined."""
    if plain(a, 0):
        return b
    if b.op == "number" and isinstance(b.value, int):
        return raised(a, b.value)
    times, name = counted(b)
    had, before = counted(a)
    if name.op == "symbol" and before == name:
        return FormulaNode("multiply", (FormulaNode("number", value=had + times), name))
    return FormulaNode("add", (a, b))


def subtracted(a: FormulaNode, b: FormulaNode) -> FormulaNode:
    """Return the expression a - b, where a - (x + 1) becomes a - x - 1."""
    if plain(a, 0):
        return FormulaNode("negate", (b,))
    if b.op == "number" and isinstance(b.value, int):
        return raised(a, -b.value)
    if b.op in ("add", "subtract"):
        first, last = b.operands
        if last.op == "number" and isinstance(last.value, int):
            return raised(subtracted(a, first), -last.value if b.op == "add" else last.value)
    return FormulaNode("subtract", (a, b))


def raised(node: FormulaNode, number: int) -> FormulaNode:
    """Add a plain number to a node: (F - 1) + 1 becomes F."""
    if node.op in ("add", "subtract"):
        first, last = node.operands
        if last.op == "number" and isinstance(last.value, int):
            return raised(first, number + (last.value if node.op == "add" else -last.value))
    if not number:
        return node
    return FormulaNode("add" if number > 0 else "subtract", (node, FormulaNode("number", value=abs(number))))


def counted(node: FormulaNode) -> tuple[int, FormulaNode]:
    """Split a node into a coefficient and a node: 2P into 2 and P."""
    if node.op == "multiply":
        number, rest = node.operands
        if number.op == "number" and isinstance(number.value, int):
            return number.value, rest
    return 1, node


def multiplied(a: FormulaNode, b: FormulaNode) -> FormulaNode:
    """Return the expression a * b."""
    if plain(a, 0) or plain(b, 0):
        return ZERO
    if plain(a, 1):
        return b
    return a if plain(b, 1) else FormulaNode("multiply", (a, b))


def divided(op: str) -> Callable[[FormulaNode, FormulaNode], FormulaNode]:
    """Return a function that builds a division; dividing by a plain 1, or dividing a plain 0, leaves no trace."""
    return lambda a, b: a if plain(b, 1) or plain(a, 0) else FormulaNode(op, (a, b))


def remainder(a: FormulaNode, b: FormulaNode) -> FormulaNode:
    """Return the expression a % b."""
    return ZERO if plain(b, 1) else FormulaNode("modulo", (a, b))


SIMPLER: dict[str, Callable[[FormulaNode, FormulaNode], FormulaNode]] = {
    "add": added,
    "subtract": subtracted,
    "multiply": multiplied,
    "floor_div": divided("floor_div"),
    "ceil_div": divided("ceil_div"),
    "exact_div": divided("exact_div"),
    "modulo": remainder,
}
