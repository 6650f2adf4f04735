"""Formulas: they compute like numbers, equal ones have equal text, and the text parses back."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.dims import Dim, Floor, Inconclusive, Poly, SymbolScope, at, same, symbol
from cnncalc.dims.bounds import at_least_zero
from cnncalc.dims.domains import ANYWHERE
from cnncalc.limits import LimitError, Limits, Meter

from .expressions import NAMES, SYMBOLS, Tree, linear_trees, points, read, trees, worked_out

if TYPE_CHECKING:
    from collections.abc import Callable

H, W, k, w, C, K, g, h = (SYMBOLS[name] for name in ("H", "W", "k", "w", "C", "K", "g", "h"))


def poly(dim: Dim) -> Poly:
    """The formula that it must be."""
    assert isinstance(dim, Poly)
    return dim


def formula(tree: Tree) -> Any:
    """The tree as a formula; a case where Python itself divides by zero is no case."""
    try:
        return worked_out(tree, SYMBOLS)
    except ZeroDivisionError:
        assume(False)


@given(trees, points)
def test_a_formula_evaluated_is_the_plain_arithmetic(tree: Tree, point: dict[str, int]) -> None:
    value = at(formula(tree), point)
    assert value == worked_out(tree, point)
    assert type(value) is int


@given(trees, points, st.sampled_from(NAMES))
def test_values_put_in_one_by_one_give_the_same(tree: Tree, point: dict[str, int], first: str) -> None:
    step = at(formula(tree), {first: point[first]})
    assert first not in getattr(step, "symbols", ())
    assert at(step, point) == worked_out(tree, point)


@given(trees, points, st.dictionaries(st.sampled_from(NAMES), st.tuples(st.integers(1, 8), st.integers(0, 8)), min_size=1))
def test_formulas_put_in_for_symbols_give_the_same(tree: Tree, point: dict[str, int], lines: dict[str, tuple[int, int]]) -> None:
    inner = {name: a * h + b for name, (a, b) in lines.items()}
    outer = at(formula(tree), inner)
    for number in (1, 5):
        assert at(outer, {**point, "h": number}) == worked_out(
            tree, {**point, **{name: at(dim, {"h": number}) for name, dim in inner.items()}}
        )


@given(trees)
def test_what_is_printed_is_read_back(tree: Tree) -> None:
    value = formula(tree)
    assert read(str(value)) == value
    assert str(read(str(value))) == str(value)


@given(trees, st.fractions(-3, 3, max_denominator=7))
def test_fractions_print_and_read_back_too(tree: Tree, number: Fraction) -> None:
    value = number * formula(tree)
    assert read(str(value)) == value


@given(trees, trees, trees)
def test_the_laws_of_arithmetic_hold_in_the_normal_form(left: Tree, right: Tree, third: Tree) -> None:
    a, b, c = formula(left), formula(right), formula(third)
    assert a + b == b + a
    assert a * b == b * a
    assert (a + b) - b == a
    assert (a + b) + c == a + (b + c)
    assert a * (b + c) == a * b + a * c
    assert 0 - (0 - a) == a
    assert hash(a + b) == hash(b + a)
    assert a + Fraction(1, 2) - Fraction(1, 2) == a


@given(trees, trees, st.integers(1, 20))
def test_whole_multiples_of_the_divisor_come_out_of_a_floor(left: Tree, right: Tree, divisor: int) -> None:
    a, b = formula(left), formula(right)
    assert (a + divisor * b) // divisor == a // divisor + b
    assert (a + divisor * b) % divisor == a % divisor
    assert a // divisor * divisor + a % divisor == a
    assert (divisor * a) // divisor == a


@given(trees, st.integers(1, 12), st.integers(1, 12), st.integers(-30, 30))
def test_a_floor_of_a_floor_is_one_floor(tree: Tree, b: int, d: int, c: int) -> None:
    a = formula(tree)
    nested, flat = (a // b + c) // d, (a + b * c) // (b * d)
    assert same(nested, flat) is not False
    if not (isinstance(a, Poly) and a.floors):  # of several floors in one numerator none is the first
        assert nested == flat


def test_the_identity_of_nested_floors_on_every_small_case() -> None:
    for b in range(1, 7):
        for d in range(1, 7):
            for c in range(-7, 8):
                value = (H // b + c) // d
                assert value == (H + b * c) // (b * d)
                assert len(value.floors) == (b * d > 1) if isinstance(value, Poly) else b * d > 1
                for number in range(1, 45):
                    assert at(value, {"H": number}) == (number // b + c) // d


def test_both_signs_of_a_floor_are_the_same_value() -> None:
    for b in range(2, 9):
        for a in range(1, b):
            assert same((a * H + 1) // b, -((b - 2 - a * H) // b)) is True


@given(linear_trees)
def test_sympy_agrees(tree: Tree) -> None:
    value = formula(tree)
    names = {name: sympy.Symbol(name, integer=True, positive=True) for name in NAMES}
    operations: dict[str, Any] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "//": lambda a, b: sympy.floor(a / b),
    }

    def theirs(tree: Tree) -> Any:
        if isinstance(tree, str):
            return names[tree]
        return sympy.Integer(tree) if isinstance(tree, int) else operations[tree[0]](theirs(tree[1]), theirs(tree[2]))

    expected = theirs(tree)
    ours = in_sympy(value, names)
    for point in ({"H": 1, "W": 1, "k": 1}, {"H": 17, "W": 5, "k": 3}, {"H": 224, "W": 299, "k": 12}):
        substitution = {names[name]: number for name, number in point.items()}
        assert ours.subs(substitution) == expected.subs(substitution)
    if not (isinstance(value, Poly) and value.floors) and not expected.has(sympy.floor):
        assert sympy.expand(ours - expected) == 0


def in_sympy(dim: Dim, names: dict[str, Any]) -> Any:
    """A formula rebuilt from its terms."""
    if not isinstance(dim, Poly):
        return sympy.Integer(int(str(dim)))
    total: Any = 0
    for number, monomial in dim.terms:
        term: Any = sympy.Rational(number.numerator, number.denominator)
        for atom, power in monomial:
            base = sympy.floor(in_sympy(atom.numerator, names) / in_sympy(atom.divisor, names)) if isinstance(atom, Floor) else names[atom]
            term *= base**power
        total += term
    return total


VGG_MACS = "38592*H*W + 221184*(H//2)*(W//2) + 1474560*(H//4)*(W//4) + 5898240*(H//8)*(W//8) + 7077888*(H//16)*(W//16)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3 * (3**2 * C**2), "27*C^2"),
        ((7 * C) ** 2, "49*C^2"),
        (read(VGG_MACS), VGG_MACS),
        ((H + 31) // 32, "(H + 31)//32"),
        (-(H // 2), "-(H//2)"),
        (H - H // 2, "H - H//2"),
        (2 * (H // 2) + 1, "2*(H//2) + 1"),
        ((H // 2) ** 2, "(H//2)^2"),
        (-(C**2), "-C^2"),
        (3 - H, "-H + 3"),
        (Fraction(3, 2) * k, "3/2*k"),
        (k**2 / 2, "1/2*k^2"),
        (-k / 2, "-1/2*k"),
        (k / 3 + Fraction(1, 2), "1/3*k + 1/2"),
        (H // w, "H//w"),
        ((H + 1) // (w + 1), "(H + 1)//(w + 1)"),
        (64 // g, "64//g"),
        ((H * W) // 7, "(H*W)//7"),
        ((3 * H) // 7, "(3*H)//7"),
        (C * (H // w), "C*(H//w)"),
        (W + H + 1, "H + W + 1"),
        (H + 5 * W, "5*W + H"),
        (2 * W - 9 * H, "-9*H + 2*W"),
        (W + 7 * (H // w), "W + 7*(H//w)"),  # H/w grows with neither
        (9 * (5 // w) + H // w, "9*(5//w) + H//w"),
        (3 * (H // 4) + 2 * (H // 2) + H, "H + 2*(H//2) + 3*(H//4)"),  # fine floors ahead of coarse ones
        (5 * W + 9 * (H // 4) + H // 2, "H//2 + 9*(H//4) + 5*W"),
        (5 * W + (H // 2) ** 2, "(H//2)^2 + 5*W"),
        (H * (H // 3) + (H // 2) ** 2, "H*(H//3) + (H//2)^2"),  # 3 is finer than 2·2
        (H**2 * (H // 7) + (H // 2) ** 3, "H^2*(H//7) + (H//2)^3"),
        (H * True + True, "H + 1"),
        (H * (H // 2) // 3, "(H*(H//2))//3"),
    ],
)
def test_how_formulas_look(value: Dim, text: str) -> None:
    assert str(value) == text
    assert read(text) == value
    if isinstance(value, Poly):
        assert repr(value) == f"Poly('{text}')"


def test_five_halvings_are_one_floor() -> None:
    side: Dim = H
    for _ in range(5):
        side = (side - 1) // 2 + 1
    assert str(side) == "(H + 31)//32"
    assert isinstance(side, Poly)
    assert side.at({"H": 32 * h}) == h
    assert side.at({"H": 224}) == 7


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((H - 1) // 2 + 1, (H + 1) // 2),
        (-(-H // 4), H - (3 * H) // 4),
        ((4 * H + 3) // 8, H // 2),
        ((6 * H + 4) // 8, (3 * H + 2) // 4),
        ((H * W * 4 + 3 * H) // 4, H * W + (3 * H) // 4),
        ((H // 2 + W) // 3, (H + 2 * W) // 6),
        ((W - H // 2) // 3, (2 * W - H + 1) // 6),
        ((H // w) // 2, H // (2 * w)),
        ((H // 2) // w, H // (2 * w)),
        ((H * w + 3 * w) // (2 * w), (H + 3) // 2),
        ((H * w + k) // w, H + k // w),
        ((w**2 + w + 1) // (w + 1), w),
        ((4 * H + 3) // (8 * w), H // (2 * w)),
        ((C * g) / g, C),
        ((C**2 - 1) / (C + 1 + 2 * g - 2 * g), C - 1),
        ((H / 2) // 3, H // 6),
        ((H / 2 + Fraction(1, 3)) // Fraction(1, 2), (6 * H + 4) // 6),
        (H % 1, 0),
        ((4 * H + 6) % 4, 2),
        ((6 * H) % 4, 6 * H - 4 * ((3 * H) // 2)),
        (7 % (H + 7), 7),
        ((-H) // (-W), H // W),
        ((-H) // -3, H // 3),
        (1 // (H + 1), 0),
        (H + Fraction(1, 2) + Fraction(1, 2), H + 1),
        (Fraction(1, 2) * H + H / 2, H),
        (5 - (H - H), 5),
        (H**0, 1),
        ((H + W) ** 2, H**2 + 2 * H * W + W**2),
        (True + H, H + 1),
    ],
)
def test_equal_formulas_have_one_form(left: Dim, right: Dim) -> None:
    assert left == right
    assert hash(left) == hash(right)
    assert type(left) is type(right)


def test_constants_are_numbers() -> None:
    assert type(H - H + 7) is int
    assert type(H * 0) is int
    assert type(H.at({"H": 5})) is int
    assert type(at(k / 2, {"k": 6})) is int
    half = at(k / 2, {"k": 1})
    assert isinstance(half, Poly)
    assert half == Fraction(1, 2) == half.constant
    assert hash(half) == hash(Fraction(1, 2))
    assert str(half) == "1/2"
    assert half + Fraction(1, 2) == 1
    assert half * 2 == 1
    assert 1 / half == 2
    assert half.at({}) == half
    assert at(H / 2 + half, {"H": 3}) == 2
    assert at(7, {"H": 3}) == 7
    assert +half is half
    assert 3 // half == 6
    assert half // half == 1
    assert half // -3 == -1
    assert H.constant is None


def test_equality_is_of_form_and_never_raises() -> None:
    assert H != W
    assert H != 3
    assert (H == 3) is False
    assert H != "H"
    assert Fraction(1, 2) != H
    assert {H: 1, H + 1: 2}[symbol("H")] == 1
    assert len({H + W, W + H, H * 1 + W}) == 1


def test_terms_are_in_order_and_deterministic() -> None:
    value = poly(5 + H * W + W**2 * 3 + (H // 2) * W + H * k - 7 * H)
    assert value.terms == (
        (3, (("W", 2),)),
        (1, (("H", 1), ("W", 1))),
        (1, ((Floor(H, 2), 1), ("W", 1))),
        (1, (("H", 1), ("k", 1))),
        (-7, (("H", 1),)),
        (5, ()),
    )


def test_degrees() -> None:
    value = poly(H**2 * (W // 2) + (H // 2) ** 3 + k)
    assert [value.degree(name) for name in ("H", "W", "k", "z")] == [3, 1, 1, 0]
    assert value.total_degree == 3
    assert poly((H * w) // (w + 1)).degree("w") == 0
    assert poly(64 // g).degree("g") == 0


def test_symbols_and_floors() -> None:
    value = poly((H // k) * W + (C + (W // 2) * 3) // 5)
    assert value.symbols == ("C", "H", "W", "k")
    assert value.floors == ("(3*(W//2) + C)//5", "H//k")
    assert value.depth == 2
    (floor,) = poly(H // 2).floors
    assert (floor.numerator, floor.divisor) == (H, 2)


@pytest.mark.parametrize(
    "make", [lambda: H // 0, lambda: H % 0, lambda: H / 0, lambda: H / (W - W), lambda: (k / 2) // 0, lambda: at(H // W, {"W": 0})]
)
def test_division_by_zero(make: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        make()


def test_division_by_what_may_be_zero_is_not_decided() -> None:
    with pytest.raises(Inconclusive, match="H - 3 >= 1 cannot be decided for all H") as caught:
        W // (H - 3)
    assert caught.value.relation == "H - 3 >= 1"
    assert caught.value.symbols == ("H",)


def test_what_is_divided_exactly_has_to_be_divided_by_something() -> None:
    """At k = 5 there is no quotient, so it is not 0 for all k."""
    for value in (0, H, H * (5 - k)):
        with pytest.raises(Inconclusive, match=r"-k \+ 5 != 0 cannot be decided for all k"):
            value / (5 - k)
    tall = symbol("H", ANYWHERE.narrowed({"H": 4}))
    assert (tall**2 - 9) / (tall - 3) == tall + 3


def test_a_quotient_that_is_no_formula_says_so() -> None:
    with pytest.raises(ArithmeticError, match=r"\(C\)/\(g\) is not a formula"):
        C / g
    with pytest.raises(ArithmeticError, match="not a formula"):
        1 / H
    with pytest.raises(ArithmeticError, match="not a whole power"):
        H**-1


@pytest.mark.parametrize("other", ["x", 1.5, None, [1]])
def test_other_things_are_not_added(other: Any) -> None:
    for operation in ("+", "-", "*", "//", "%", "/"):
        with pytest.raises(TypeError):
            eval(f"H {operation} other", {"H": H, "other": other})
        with pytest.raises(TypeError):
            eval(f"other {operation} H", {"H": H, "other": other})
    with pytest.raises(TypeError):
        other > H  # noqa: B015  # it must raise
    with pytest.raises(TypeError):
        H**other


def test_formulas_that_explode_are_refused() -> None:
    many = sum((symbol(f"s{number}") for number in range(60)), start=H)
    with pytest.raises(LimitError, match="more than 2,000 terms"):
        many**4
    with pytest.raises(LimitError, match="more than 2,000 terms"):
        sum((symbol(f"s{number}") for number in range(2100)), start=H)
    with pytest.raises(LimitError, match="more than 2,048 bits"):
        (10**100 * H) ** 40
    with pytest.raises(LimitError, match="more than 2,048 bits"):
        H * 10**700
    with pytest.raises(LimitError, match="more than 2,048 bits"):
        at(k / 2, {"k": 1}) ** (10**18)  # at once
    with pytest.raises(LimitError, match="more than 2,048 bits"):
        H * Fraction(1, 2**2_049)
    with pytest.raises(LimitError, match="power above 1,000"):
        H ** (10**9)
    with pytest.raises(LimitError, match="power above 1,000"):
        (H**900) * H**900
    wide = sum((symbol(f"s{number}") for number in range(501)), start=H)
    with pytest.raises(LimitError, match="more than 2,000 terms"):
        wide * wide


def test_what_is_just_not_too_large() -> None:
    assert H**1000 == H**500 * H**500
    with pytest.raises(LimitError, match="power above 1,000"):
        H**1001
    with pytest.raises(LimitError, match="power above 1,000"):
        H**501 * H**500
    assert H * (2**2048 - 1) - H * (2**2048 - 2) == H
    with pytest.raises(LimitError, match="more than 2,048 bits"):
        H * 2**2047 + H * 2**2047


def test_floors_in_floors_end_at_some_depth() -> None:
    def deep(step: Callable[[Dim], Dim]) -> None:
        side: Dim = H
        for _ in range(100):
            side = step(side)

    with pytest.raises(LimitError, match="more than 20 nested floors"):
        deep(lambda side: (side * W + 1) // 2)
    with pytest.raises(LimitError, match="a floor of more than 2,000 characters"):
        deep(lambda side: (3 * side + 1) // 2)


def test_formulas_can_be_copied_and_pickled() -> None:
    value = poly(3 * ((H + 3) // 4) * W)
    assert copy.deepcopy(value) == value == pickle.loads(pickle.dumps(value))
    (floor,) = value.floors
    assert pickle.loads(pickle.dumps(floor)).divisor == 4


def test_work_is_counted_where_it_is_done() -> None:
    def work(operation: Callable[[Poly], Any]) -> int:
        scope = SymbolScope(Meter(operations=10**6))
        long = sum((symbol(f"s{number}", scope) for number in range(40)), start=symbol("H", scope))
        assert isinstance(long, Poly)
        before = scope.meter.operations
        operation(long)
        return before - scope.meter.operations

    once = work(lambda long: long + 1)
    assert once > 40
    assert work(lambda long: long * long) > 40 * once
    assert work(lambda long: long - long) > 0
    assert work(lambda long: long // 7) > once
    assert work(lambda long: at_least_zero(long - 50)) > 10 * once
    assert work(lambda long: long.at({"H": long})) > 40
    assert work(lambda long: long.at(dict.fromkeys(long.symbols, 9))) == 0  # nobody runs out of putting in numbers


def test_work_without_end_is_refused() -> None:
    h = symbol("H", SymbolScope(Meter(operations=1_000)))
    with pytest.raises(LimitError, match="more than 1,000 operations"):
        (h + 1) ** 40


def test_limits_of_formulas_are_those_of_their_scope() -> None:
    small = Limits(terms=3, power=4, bits=5, floors=1, floor_characters=9)
    h, w = (symbol(name, SymbolScope(Meter(limits=small))) for name in "HW")
    cases: list[tuple[Callable[[], Any], str]] = [
        (lambda: (h + w + 1) * h + w, "more than 3 terms"),
        (lambda: h**2 * h**3, "a power above 4"),
        (lambda: h * 31 + h, "more than 5 bits"),
        (lambda: h * Fraction(1, 32), "more than 5 bits"),
        (lambda: (h // 2 * w) // 3, "more than 1 nested floors"),
        (lambda: (w * 17 + h) // 20, "a floor of more than 9 characters"),
        (lambda: h**4 + at(h**4, {"H": 3}), "more than 5 bits"),
    ]
    for make, message in cases:
        with pytest.raises(LimitError, match=message):
            make()
