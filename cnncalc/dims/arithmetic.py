"""Division, minimum and maximum for numbers, formulas and traced numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cnncalc.dims.poly import Inconclusive, Poly, fractional

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import TypeAlias

    from cnncalc.dims.terms import Number
    from cnncalc.dims.traced import Traced

    Dim: TypeAlias = int | Poly | Traced


def ceil_div(value: Dim, divisor: Dim) -> Dim:
    """Divide and round up."""
    if isinstance(value, int) and isinstance(divisor, int):
        return -(-value // divisor)
    if isinstance(value, (int, Poly)) and isinstance(divisor, (int, Poly)):
        from cnncalc.dims.division import ceil_divide

        return ceil_divide(value, divisor)
    return traced_result("ceil_div", value, divisor)


def exact_div(value: Dim, divisor: Dim) -> Dim:
    """Divide exactly; a separate condition ensures that the divisor divides the value."""
    if isinstance(value, int) and isinstance(divisor, int):
        return value // divisor
    if isinstance(value, (int, Poly)) and isinstance(divisor, (int, Poly)):
        from cnncalc.dims.division import quotient_of

        quotient = quotient_of(value, divisor)
        return value // divisor if quotient is None else quotient
    return traced_result("exact_div", value, divisor)


def one_part(parts: Dim) -> Dim | Fraction:
    """Return 1 / parts exactly; raise Inconclusive for a formula, whose reciprocal is not a formula."""
    if isinstance(parts, int) and parts != 1:
        from fractions import Fraction

        return Fraction(1, parts)
    if isinstance(parts, int):
        return 1
    if isinstance(parts, Poly):
        raise Inconclusive(f"1/({parts})", parts, lambda _: None)
    return parts.part()


def grouped(dim: Dim) -> Dim:
    """Return the size; a traced number is kept in brackets as a factor of a product."""
    return dim if isinstance(dim, (int, Poly)) else dim.grouped()


def smaller(left: Dim, right: Dim) -> Dim:
    """Return the smaller of two sizes; raise Inconclusive if that depends on the symbols."""
    if isinstance(left, int) and isinstance(right, int):
        return min(left, right)
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        return extreme("min", left, right)
    return traced_result("smaller", left, right)


def larger(left: Dim, right: Dim) -> Dim:
    """Return the larger of two sizes; raise Inconclusive if that depends on the symbols."""
    if isinstance(left, int) and isinstance(right, int):
        return max(left, right)
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        return extreme("max", left, right)
    return traced_result("larger", left, right)


def extreme(function: Literal["max", "min"], left: int | Poly, right: int | Poly) -> int | Poly:
    """Return the larger or smaller of two sizes. If that depends on the symbols, it is a call for fractions; else raise Inconclusive."""
    difference = right - left
    rises = order(difference)
    if rises is None:
        if fractional(difference):
            from cnncalc.dims.calls import chosen

            return chosen(function, left, right)
        raise Inconclusive(f"{left} <= {right}", difference, order)
    return right if rises == (function == "max") else left


def order(difference: Number | Poly) -> bool | None:
    """Return True if the difference is never negative, False if it is never positive, None if undecided."""
    from cnncalc.dims.bounds import at_least_zero

    if at_least_zero(difference):
        return True
    return False if at_least_zero(-difference) else None


def value_of(dim: Dim) -> int | Poly:
    """Return the value of a size, without its trace. Does not load the class of traced numbers, which only derivations need."""
    return getattr(dim, "value", dim)  # type: ignore[arg-type]  # only traced numbers have this attribute


def traced_result(operation: str, left: Dim, right: Dim) -> Traced:
    """Apply an operation with a traced operand."""
    from cnncalc.dims.traced import combine

    result = combine(operation, left, right)
    if result is NotImplemented:
        raise TypeError(f"{operation} is for sizes, not for {left!r} and {right!r}")
    return result
