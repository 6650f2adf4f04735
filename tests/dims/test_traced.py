"""Traced numbers: their text, and that it evaluates to the number."""

from __future__ import annotations

import math
import operator
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.dims import Dim, Poly, Traced, ceil_div, exact_div, larger, smaller, symbol

from .expressions import read

if TYPE_CHECKING:
    from collections.abc import Callable

named = Traced.named
W, F, P, Q, S = named("W", 227), named("F", 11), named("P", 0), named("Q", 3), named("S", 4)
H, w = symbol("H"), symbol("w")
C, G, K, D = named("C", 96), named("G", 2), named("K", 256), named("D", 2)


def window(size: Dim, kernel: Dim, stride: Dim, before: Dim, after: Dim, dilation: Dim) -> Dim:
    """The window formula as a layer writes it."""
    return (size - (dilation * (kernel - 1) + 1) + (before + after)) // stride + 1


def traced(dim: Dim) -> Traced:
    """The traced number that it must be."""
    assert isinstance(dim, Traced)
    return dim


CASES: list[tuple[Dim, str, str, int]] = [
    (window(W, F, S, P, P, 1), "⌊(W − F + 2P)/S⌋ + 1", "⌊(227 − 11 + 2·0)/4⌋ + 1", 55),
    (window(W, F, S, P, Q, 1), "⌊(W − F + P + Q)/S⌋ + 1", "⌊(227 − 11 + 0 + 3)/4⌋ + 1", 55),
    (window(W, F, S, 0, 0, 1), "⌊(W − F)/S⌋ + 1", "⌊(227 − 11)/4⌋ + 1", 55),
    (window(W, F, 1, P, P, 1), "W − F + 2P + 1", "227 − 11 + 2·0 + 1", 217),
    (window(W, F, S, P, P, D), "⌊(W − D·(F − 1) − 1 + 2P)/S⌋ + 1", "⌊(227 − 2·(11 − 1) − 1 + 2·0)/4⌋ + 1", 52),
    (F * F * C * K, "F·F·C·K", "11·11·96·256", 11 * 11 * 96 * 256),
    (traced(F * F * C).grouped() * K, "(F·F·C)·K", "(11·11·96)·256", 11 * 11 * 96 * 256),
    (traced(F * F * C).grouped() * K + K, "(F·F·C)·K + K", "(11·11·96)·256 + 256", 11 * 11 * 96 * 256 + 256),
    (K * traced(F * F * C).grouped(), "K·(F·F·C)", "256·(11·11·96)", 11 * 11 * 96 * 256),
    (traced(F * F).grouped() + K, "F·F + K", "11·11 + 256", 377),
    (traced(F + K).grouped() + C, "F + K + C", "11 + 256 + 96", 363),
    (F.grouped() * K, "F·K", "11·256", 2816),
    (exact_div(C, G), "C/G", "96/2", 48),
    (F * F * exact_div(C, G) * K, "F·F·(C/G)·K", "11·11·(96/2)·256", 11 * 11 * 48 * 256),
    (exact_div(C * K, G), "C·K/G", "96·256/2", 12288),
    (exact_div(C, G * G), "C/(G·G)", "96/(2·2)", 24),
    (exact_div(exact_div(C, G), G), "(C/G)/G", "(96/2)/2", 24),
    (ceil_div(W, S), "⌈W/S⌉", "⌈227/4⌉", 57),
    (ceil_div(W - F, S) * 2, "⌈(W − F)/S⌉·2", "⌈(227 − 11)/4⌉·2", 108),
    (smaller(ceil_div(W, S), W - 1) + 1, "min(⌈W/S⌉, W − 1) + 1", "min(⌈227/4⌉, 227 − 1) + 1", 58),
    (larger(W, F), "max(W, F)", "max(227, 11)", 227),
    ((W - F) % S, "(W − F) mod S", "(227 − 11) mod 4", 0),
    (F - 2 * (W % S), "F − 2·(W mod S)", "11 − 2·(227 mod 4)", 5),
    (-W, "−W", "−227", -227),
    (-(W // S), "−⌊W/S⌋", "−⌊227/4⌋", -56),
    (-(W * S), "−W·S", "−227·4", -908),
    (-(W + S), "−(W + S)", "−(227 + 4)", -231),
    (F * -W, "F·(−W)", "11·(−227)", -2497),
    (F + -W, "F + (−W)", "11 + (−227)", -216),
    (F - (W - S), "F − (W − S)", "11 − (227 − 4)", -212),
    (F + (W - S), "F + W − S", "11 + 227 − 4", 234),
    (2 * F * 3, "2F·3", "2·11·3", 66),
    (2 * F * 60 * W, "2F·60·W", "2·11·60·227", 299_640),
    (-3 * F, "(−3)·F", "(−3)·11", -33),
    (2 * (F + 1), "2·(F + 1)", "2·(11 + 1)", 24),
    (5 - F, "5 − F", "5 − 11", -6),
    (5 + F, "5 + F", "5 + 11", 16),
    (0 - F, "−F", "−11", -11),
    ((W // S) // F, "⌊⌊W/S⌋/F⌋", "⌊⌊227/4⌋/11⌋", 5),
    (W // (S * F), "⌊W/(S·F)⌋", "⌊227/(4·11)⌋", 5),
    (W // (S + F), "⌊W/(S + F)⌋", "⌊227/(4 + 11)⌋", 15),
    (100 // F, "⌊100/F⌋", "⌊100/11⌋", 9),
    (100 % F, "100 mod F", "100 mod 11", 1),
    (named("x", -3) + F, "x + F", "−3 + 11", 8),
    (F + named("x", -3), "F + x", "11 + (−3)", 8),
    (F * named("x", -3), "F·x", "11·(−3)", -33),
    (P + P + P, "3P", "3·0", 0),
    (2 * F + F, "3F", "3·11", 33),
    (F + W + F, "F + W + F", "11 + 227 + 11", 249),
    (F * F + F * F, "F·F + F·F", "11·11 + 11·11", 242),
    (named("a", 1) + named("b", 2) + named("c", 3) + named("d", 4), "a + b + c + d", "1 + 2 + 3 + 4", 10),
    ((named("a", 1) + 2) + (named("b", 2) + 3), "a + 2 + b + 3", "1 + 2 + 2 + 3", 8),
]


@pytest.mark.parametrize(("dim", "rule", "worked", "value"), CASES, ids=[case[1] for case in CASES])
def test_the_rule_the_numbers_and_the_result(dim: Dim, rule: str, worked: str, value: int) -> None:
    number = traced(dim)
    assert number.rule() == rule
    assert number.worked() == worked
    assert number.value == value
    assert read(number.worked("ascii")) == value
    assert eval(number.worked("ascii").replace("^", "**")) == value
    assert read(number.rule("ascii"), NAMED) == value
    assert number.worked("ascii").isascii()
    for style in (number.rule("latex"), number.worked("latex")):
        assert style.isascii()
        assert style.count("{") == style.count("}")
        assert style.count(r"\left") == style.count(r"\right")


NAMED = {leaf.rule(): leaf.value for leaf in (W, F, P, Q, S, C, G, K, D)} | {"x": -3, "a": 1, "b": 2, "c": 3, "d": 4}


@pytest.mark.parametrize(
    ("dim", "latex"),
    [
        (window(W, F, S, P, P, 1), r"\left\lfloor \frac{W - F + 2P}{S} \right\rfloor + 1"),
        (exact_div(C, G), r"\frac{C}{G}"),
        (F * F * C, r"F \cdot F \cdot C"),
        (F * exact_div(C, G), r"F \cdot \frac{C}{G}"),
        (traced(F * exact_div(C, G)).grouped() * K, r"\left(F \cdot \frac{C}{G}\right) \cdot K"),
        (ceil_div(W + 1, S), r"\left\lceil \frac{W + 1}{S} \right\rceil"),
        (smaller(W, F), r"\min(W, F)"),
        (W % S, r"W \bmod S"),
        (named("width", 3) * named("C_in", 2), r"\mathrm{width} \cdot C_{\mathrm{in}}"),
        (named("C_out_left", 2) * 1, r"C_{\mathrm{out\_left}}"),
        (named("H'", 3) * named("pq", 2), r"H' \cdot \mathrm{pq}"),
    ],
)
def test_latex(dim: Dim, latex: str) -> None:
    assert traced(dim).rule("latex") == latex


def test_names_of_several_letters_are_plain_in_text() -> None:
    assert traced(named("width", 3) * named("C_in", 2)).rule() == "width·C_in"


def test_a_fraction_that_is_no_first_factor_stands_in_brackets() -> None:
    half: Any = Fraction(1, 2)
    assert (F * named("j", half)).worked() == "11·(1/2)"
    assert (named("j", half) * F).worked() == "1/2·11"


def test_ascii_is_the_arithmetic_of_the_spec_language() -> None:
    assert traced(window(W, F, S, P, P, 1)).worked("ascii") == "(227 - 11 + 2*0)//4 + 1"
    assert traced(window(W, F, S, P, P, 1)).rule("ascii") == "(W - F + 2*P)//S + 1"
    assert traced(ceil_div(W - F, S)).rule("ascii") == "-(-(W - F)//S)"
    assert traced(F * (W // S)).rule("ascii") == "F*(W//S)"
    assert traced(-(W // S)).rule("ascii") == "-(W//S)"


@pytest.mark.parametrize(
    ("dim", "rule"),
    [
        (W + 0, "W"),
        (0 + W, "W"),
        (W - 0, "W"),
        (W * 1, "W"),
        (1 * W, "W"),
        (W // 1, "W"),
        (ceil_div(W, 1), "W"),
        (exact_div(W, 1), "W"),
        (W * 0, "0"),
        (0 * W, "0"),
        (W % 1, "0"),
        ((W - 1) + 1, "W"),
        ((W + 3) - 5, "W − 2"),
        ((W - 3) + 5, "W + 2"),
        (W - (F - 1), "W − F + 1"),
        (W - (F + 2) + 2, "W − F"),
        (1 * (F - 1) + 1, "F"),
        (W * 0 + F, "F"),
        (W + W * 0, "W"),
        ((W * 0 + 5) * 2, "10"),
        (-(W * 0 + 5), "−5"),
    ],
)
def test_plain_numbers_that_change_nothing_leave_no_trace(dim: Dim, rule: str) -> None:
    assert traced(dim).rule() == rule


def test_names_stay_whatever_their_value() -> None:
    one = named("S", 1)
    assert traced(W // one + P * F + 1).rule() == "⌊W/S⌋ + P·F + 1"
    assert traced(P + 0 * W).rule() == "P"
    assert traced(one * W).worked() == "1·227"


def test_formulas_stand_in_brackets_among_numbers() -> None:
    size = window(named("W", (H + 3) // 4), named("F", 3), named("S", 2), named("P", 1), named("P", 1), 1)
    assert traced(size).rule() == "⌊(W − F + 2P)/S⌋ + 1"
    assert traced(size).worked() == "⌊(⌊(H + 3)/4⌋ − 3 + 2·1)/2⌋ + 1"
    assert traced(size).value == (H + 7) // 8
    product = named("C", 64 * w) * named("K", w) * named("G", w + 1)
    assert product.worked() == "(64·w)·w·(w + 1)"
    assert read(product.worked("ascii")) == product.value == 64 * w**2 * (w + 1)
    assert (product * w).rule() == "C·K·G·w"
    assert (w * product).value == (product * w).value
    assert traced(w - named("K", 3)).worked() == "w − 3"
    assert named("K", w) + 0 == w


def test_comparisons_are_of_the_values() -> None:
    assert W == 227
    assert W != F
    assert named("F", 3) == named("K", 3)
    assert hash(W) == hash(227)
    assert F < W
    assert not F < 11
    assert F <= 11
    assert W > F
    assert not W > 227
    assert int(W) == 227
    assert W >= 227
    assert H - H + 5 < W
    assert bool(W)
    assert not P
    assert smaller(W, F) == 11
    assert max(W, F) is W
    assert named("H", H) >= 1
    assert named("F", 1) <= H


def test_how_it_shows_itself() -> None:
    assert str(W + 1) == "228"
    assert repr(W // S) == "Traced(W//S = 227//4 = 56)"
    assert +W is W


def test_a_long_sum_is_flat() -> None:
    total: Dim = 0
    for number in range(3000):
        total = total + named(f"c{number % 7}", number)
    assert traced(total).rule().count(" + ") == 2999
    product: Dim = 1
    for _ in range(3000):
        product = product * named("c", 1)
    assert traced(product).rule().count("·") == 2999


@pytest.mark.parametrize("other", ["x", 1.5, None])
def test_other_things_are_not_added(other: Any) -> None:
    for operation in (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod):
        with pytest.raises(TypeError):
            operation(W, other)
        with pytest.raises(TypeError):
            operation(None, W)
    assert other != W


leaves = st.sampled_from([W, F, P, Q, S, C, G, K, D]) | st.integers(-4, 4)
binary: list[Callable[[Any, Any], Any]] = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.floordiv,
    operator.mod,
    ceil_div,
    smaller,
    larger,
]
unary: list[Callable[[Any], Any]] = [operator.neg, lambda dim: dim.grouped() if isinstance(dim, Traced) else dim]


@st.composite
def sums(draw: st.DrawFn, depth: int = 4) -> Any:
    """A sum of random operations; one that divides by zero is no case."""
    if not depth or draw(st.booleans()):
        return draw(leaves)
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(unary))(draw(sums(depth - 1)))
    left, right = draw(sums(depth - 1)), draw(sums(depth - 1))
    try:
        return draw(st.sampled_from(binary))(left, right)
    except ZeroDivisionError:
        assume(False)


@given(sums())
def test_what_is_printed_comes_to_the_value(dim: Any) -> None:
    if not isinstance(dim, Traced):
        return
    assert read(dim.worked("ascii")) == dim.value
    assert read(dim.rule("ascii"), NAMED) == dim.value
    assert read_signs(dim.worked()) == dim.value
    assert read_signs(dim.rule("text"), NAMED) == dim.value


def read_signs(text: str, values: dict[str, Any] | None = None) -> Any:
    """What the text style comes to, its signs taken for Python's."""
    plain = re.sub(r"(?<=\d)(?=[A-Z])", "*", text)
    for sign, python in {"−": "-", "·": "*", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", " mod ": " % "}.items():
        plain = plain.replace(sign, python)
    plain = re.sub(r"\d+", r"Fraction(\g<0>)", plain)
    names = {name: Fraction(value) for name, value in (values or {}).items()}
    return eval(plain, {"floor": math.floor, "ceil": math.ceil, "Fraction": Fraction, "min": min, "max": max, **names})


def test_traced_and_formula_mix() -> None:
    for operation in (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod):
        assert operation(H, S).value == operation(H, 4)
        assert operation(S, H).value == operation(4, H)
    assert isinstance((H + S).value, Poly)
