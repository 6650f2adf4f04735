"""Random arithmetic on letters for fractions and for whole numbers: its normal form, and what is proved of it, against plain fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.dims import FRACTION, Inconclusive, Poly, SymbolScope, at_least, call_of, ceil_div, divides, symbol
from cnncalc.dims.bounds import at_least_zero, lower, positive, upper, zero
from cnncalc.output.sheets.python_code import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SCOPE = SymbolScope(domains={"v": FRACTION, "w": FRACTION})
LETTERS: dict[str, Any] = {name: symbol(name, SCOPE) for name in ("H", "v", "w")}

Tree = Any  # a letter, a number, or (function, tree, tree)

numbers = st.integers(-6, 12) | st.sampled_from([Fraction(1, 2), Fraction(3, 4), Fraction(-5, 3)])
steps = st.integers(1, 9)


def grown(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Trees over trees."""
    return st.one_of(
        st.tuples(st.sampled_from(["+", "-", "min", "max"]), children, children),
        st.tuples(st.just("*"), children, st.sampled_from([2, 8, 32, -3, Fraction(3, 2), "v", "w", "H"])),
        st.tuples(st.sampled_from(["//", "ceil", "round", "divisible"]), children, steps),
    )


def only_w(tree: Tree) -> Tree:
    """The tree with w for the other letters."""
    return tuple(map(only_w, tree)) if isinstance(tree, tuple) else "w" if tree in ("H", "v") else tree


trees = st.recursive(st.sampled_from(sorted(LETTERS)) | numbers, grown, max_leaves=6)
of_one_letter = st.recursive(st.just("w") | numbers, lambda children: grown(children).map(only_w), max_leaves=5)
fractions = st.fractions(Fraction(1, 50), 20, max_denominator=60)
points = st.lists(st.fixed_dictionaries({"H": st.integers(1, 60), "v": fractions, "w": fractions}), min_size=6, max_size=6)


def mobilenet(value: Fraction, step: int) -> int:
    """The reference code, which rounds to the nearest multiple, at least `step` and at least 90 % of the value."""
    nearest = max(step, floor((value + Fraction(step, 2)) / step) * step)
    return nearest + step if nearest < Fraction(9, 10) * value else nearest


def number_of(tree: Tree, point: Mapping[str, Any]) -> Fraction:
    """The value of a tree, by plain arithmetic of fractions."""
    if not isinstance(tree, tuple):
        return Fraction(point[tree] if isinstance(tree, str) else tree)
    function, one, other = tree[0], *(number_of(part, point) for part in tree[1:])
    functions: dict[str, Callable[[], Fraction | int]] = {
        "+": lambda: one + other,
        "-": lambda: one - other,
        "*": lambda: one * other,
        "min": lambda: min(one, other),
        "max": lambda: max(one, other),
        "//": lambda: floor(one / other),
        "ceil": lambda: ceil(one / other),
        "round": lambda: floor(one / other + Fraction(1, 2)),
        "divisible": lambda: mobilenet(one, int(other)),
    }
    return Fraction(functions[function]())


def formula_of(tree: Tree) -> Any:
    """The normal form of a tree."""
    if not isinstance(tree, tuple):
        return LETTERS[tree] if isinstance(tree, str) else tree
    function, one, other = tree[0], formula_of(tree[1]), formula_of(tree[2])
    if function in ("+", "-", "*"):
        return {"+": one + other, "-": one - other, "*": one * other}[function]
    if not isinstance(one, Poly) and not isinstance(other, Poly):
        return number_of((function, one, other), {})
    if function == "//":
        return one // other
    if function == "ceil":
        return ceil_div(one, other)
    return (2 * one + other) // (2 * other) if function == "round" else call_of(function, one, other)


def formula(tree: Tree) -> Any:
    """The normal form; None where it depends on letters for whole numbers which of two sides is the larger."""
    try:
        return formula_of(tree)
    except Inconclusive:
        return None


@settings(max_examples=80, deadline=None)
@given(trees, points)
def test_the_normal_form_is_the_same_number(tree: Tree, values: list[dict[str, Any]]) -> None:
    found = formula(tree)
    for point in values if isinstance(found, Poly) else ():
        assert found.at(point) == number_of(tree, point)


def proved(tree: Tree, values: list[dict[str, Any]]) -> None:
    """Check every verdict and bound of a tree at some points."""
    found = formula(tree)
    if not isinstance(found, Poly):
        return
    numbers = [number_of(tree, point) for point in values]
    verdicts: list[tuple[Any, Any]] = [(at_least_zero, lambda n: n >= 0), (positive, lambda n: n > 0), (zero, lambda n: n == 0)]
    for verdict, holds in verdicts:
        answer = verdict(found)
        assert answer is None or all(holds(number) == answer for number in numbers), (str(found), verdict, numbers)
    least, most = lower(found), upper(found)
    assert least is None or least <= min(numbers), (str(found), least)
    assert most is None or most >= max(numbers), (str(found), most)
    if found.whole:
        assert all(number.denominator == 1 for number in numbers)
    condition = at_least(found, 3, "")  # solved for the letter where that is possible
    assert all(condition.at(point) == (number >= 3) for point, number in zip(values, numbers, strict=True)), str(condition)
    condition = divides(2, found, "")
    assert all(condition.at(point) == (number % 2 == 0) for point, number in zip(values, numbers, strict=True)), str(condition)


@settings(max_examples=50, deadline=None)
@given(trees, points)
def test_what_is_proved_holds(tree: Tree, values: list[dict[str, Any]]) -> None:
    proved(tree, values)


@settings(max_examples=50, deadline=None)
@given(of_one_letter, points)
def test_what_is_proved_of_one_letter_holds(tree: Tree, values: list[dict[str, Any]]) -> None:
    proved(tree, values)


@settings(max_examples=40, deadline=None)
@given(trees, points)
def test_python_code_is_the_same_number(tree: Tree, values: list[dict[str, Any]]) -> None:
    found = formula(("//", ("*", tree, 7), 3))  # whole
    if not isinstance(found, Poly):
        return
    text = Code(["H", "v", "w"], ["v", "w"]).function("f", [""], found)
    names: dict[str, Any] = {}
    helpers = [definition for call, definition in Code.helpers.items() if call in text]
    exec("\n".join([*helpers, text]), names)  # our own text
    for point in values:
        assert names["f"](**point) == floor(number_of(tree, point) * 7 / 3)
