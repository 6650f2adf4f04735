"""Division, minimum and maximum for numbers, formulas and traced numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.dims.poly import Inconclusive, Poly

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import TypeAlias

    from cnncalc.dims.terms import Number
    from cnncalc.dims.traced import Traced

    Dim: TypeAlias = int | Poly | Traced


def ceil_div(value: Dim, divisor: Dim) -> Dim:
    """The quotient rounded up."""
    if isinstance(value, int) and isinstance(divisor, int):
        return -(-value // divisor)
    if isinstance(value, (int, Poly)) and isinstance(divisor, (int, Poly)):
        from cnncalc.dims.division import ceil_divide

        return ceil_divide(value, divisor)
    return remembered("ceil_div", value, divisor)


def exact_div(value: Dim, divisor: Dim) -> Dim:
    """The quotient where a condition beside it says that the divisor divides the value."""
    if isinstance(value, int) and isinstance(divisor, int):
        return value // divisor
    if isinstance(value, (int, Poly)) and isinstance(divisor, (int, Poly)):
        from cnncalc.dims.division import quotient_of

        quotient = quotient_of(value, divisor)
        return value // divisor if quotient is None else quotient
    return remembered("exact_div", value, divisor)


def one_part(parts: Dim) -> Dim | Fraction:
    """One of so many parts of 1, exactly. A formula has no such part that is a formula: Inconclusive."""
    if isinstance(parts, int) and parts != 1:
        from fractions import Fraction

        return Fraction(1, parts)
    if isinstance(parts, int):
        return 1
    if isinstance(parts, Poly):
        raise Inconclusive(f"1/({parts})", parts, lambda _: None)
    return parts.part()


def grouped(dim: Dim) -> Dim:
    """The same size; one that remembers its sum keeps it in brackets as a factor of a product."""
    return dim if isinstance(dim, (int, Poly)) else dim.grouped()


def smaller(left: Dim, right: Dim) -> Dim:
    """The smaller of two sizes, where it is the same one for all values of their symbols."""
    if isinstance(left, int) and isinstance(right, int):
        return min(left, right)
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        return left if ordered(left, right) else right
    return remembered("smaller", left, right)


def larger(left: Dim, right: Dim) -> Dim:
    """The larger of two sizes, where it is the same one for all values of their symbols."""
    if isinstance(left, int) and isinstance(right, int):
        return max(left, right)
    if isinstance(left, (int, Poly)) and isinstance(right, (int, Poly)):
        return right if ordered(left, right) else left
    return remembered("larger", left, right)


def ordered(left: int | Poly, right: int | Poly) -> bool:
    """Whether left <= right for all values of the symbols, or left >= right."""
    difference = right - left
    answer = order(difference)
    if answer is None:
        raise Inconclusive(f"{left} <= {right}", difference, order)
    return answer


def order(difference: Number | Poly) -> bool | None:
    """True where it is never negative, False where it is never positive, None where neither is known."""
    from cnncalc.dims.bounds import at_least_zero

    if at_least_zero(difference):
        return True
    return False if at_least_zero(-difference) else None


def remembered(operation: str, left: Dim, right: Dim) -> Traced:
    """The result of an operation one side of which is traced."""
    from cnncalc.dims.traced import combine

    result = combine(operation, left, right)
    if result is NotImplemented:
        raise TypeError(f"{operation} is for sizes, not for {left!r} and {right!r}")
    return result
