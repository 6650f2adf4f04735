from __future__ import annotations

import math
import operator
import re
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cnncalc.dims import Poly, symbol
from cnncalc.layers import Volume
from cnncalc.limits import LIMITS
from cnncalc.spec.expressions import Expression, ExpressionError, Word, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

H, K = symbol("H"), symbol("K")
HALF = Fraction(1, 2)
PARTS = "only h, w and c (in 1-D: l and c; in 3-D: d, h, w and c)"
REFERENCES = frozenset(("params", "count"))


class Names:
    """A scope for tests."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def lookup(self, name: str) -> Any:
        return self.values[name]

    def names(self) -> Iterable[str]:
        return self.values

    def words(self) -> Iterable[str]:
        return ()

    def reference(self, function: str, argument: str) -> Any:
        assert function in REFERENCES
        return {"vgg16/conv1-1": 1792, "f(x)": 7, "vgg16, conv": 13}.get(argument, 1)

    def operate(self, amount: int) -> None:
        assert amount >= 0


SCOPE = Names({
    "in": Volume(14, 28, 256),
    "x": Volume(7, 7, 64),
    "big": Volume(H, 14, 3 * K),
    "width": 64,
    "stride": 2,
    "i": 1,
    "half": HALF,
    "flag": True,
    "depths": [3, 4, 6],
    "rows": [[1, 2], [3]],
    "gate": Word("relu"),
    "relu": Word("relu"),
    "unit": Word("bottleneck"),
    "H": H,
    "K": K,
    "λ": 5,
})  # fmt: skip


def value(text: str, names: Names = SCOPE) -> Any:
    return parse(text, REFERENCES).evaluate(names)


def error(text: str, names: Names = SCOPE) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        value(text, names)
    return caught.value


# Values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("64", 64),
        (" 64\n", 64),
        ("010", 10),
        ("1.4", Fraction(7, 5)),
        (".5", HALF),
        ("5.", 5),
        ("2.50", Fraction(5, 2)),
        ("1e3", 1000),
        ("1.5E+2", 150),
        ("25e-1", Fraction(5, 2)),
        ("4 * width", 256),
        ("2 × 3 · 4 − 1", 23),
        ("7 / 2", Fraction(7, 2)),
        ("6 / 2", 3),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("7 % -3", -2),
        ("half * 4", 2),
        ("half // 1", 0),
        ("2 ** 3 ** 2", 512),
        ("2 ^ 3 ^ 2", 512),
        ("-2 ** 2", -4),
        ("2 ** -2", Fraction(1, 4)),
        ("half ** 3", Fraction(1, 8)),
        ("half ** -2", 4),
        ("(2 ** 5) ** 2", 1024),
        ("0 ** 0", 1),
        ("- - 3", 3),
        ("-+-+3", 3),
        ("1 - 2 - 3", -4),
        ("16 / 4 / 2", 2),
        ("2 + 3 * 4 ** 2", 50),
        ("λ + 1", 6),
        ("true", True),
        ("false", False),
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("3 > 2 >= 2 == 2 != 1", True),
        ("1 == 1.0", True),
        ("half <= 1/2", True),
        ("not 1 > 2 and 3 or 4", 3),
        ("0 or 5", 5),
        ("0 and 5", 0),
        ("not 0", True),
        ("not not 2", True),
        ("not 1 == 2", True),
        ("1 if width > 3 else 2", 1),
        ("1 if 0 else 2 if 0 else 3", 3),
        ("1 if 0 else 2 if 1 else 3", 2),
        ("1 + 2 if 1 else 3 + 4", 3),
        ("stride if i == 1 else 1", 2),
        ("stride > 1 or in.c != 4 * width", True),
        ("in.h", 14),
        ("in . w", 28),
        ("in.c // 2", 128),
        ("x.h * x.w * x.c", 3136),
        ("depths[0]", 3),
        ("depths[-1]", 6),
        ("depths[i + 1]", 6),
        ("rows[0][1]", 2),
        ("[1, 2][1]", 2),
        ("[]", []),
        ("[1, [half, 2],]", [1, [HALF, 2]]),
        ("[1] + [2, 3]", [1, 2, 3]),
        ("depths == [3, 4, 6]", True),
        ("depths == [3, 4]", False),
        ("depths != [3, 4, 5]", True),
        ("x == in", False),
        ("in == in", True),
        ("flag == true", True),
        ("gate == relu", True),
        ("gate != unit", True),
        ("gate if flag else unit", Word("relu")),
        ("ceil(7 / 2)", 4),
        ("ceil(-7 / 2)", -3),
        ("floor(7 / 2)", 3),
        ("floor(-7 / 2)", -4),
        ("round(5 / 2)", 3),
        ("round(3 / 2)", 2),
        ("round(-5 / 2)", -2),
        ("round(7 / 3)", 2),
        ("round(4)", 4),
        ("min(3, 1, 2)", 1),
        ("max(depths)", 6),
        ("max(half, 1 / 3)", HALF),
        ("min(half)", HALF),
        ("sum(depths)", 13),
        ("sum([])", 0),
        ("sum(1, half, half)", 2),
        ("len(depths)", 3),
        ("len([])", 0),
        ("range(3)", [0, 1, 2]),
        ("range(1, 4)", [1, 2, 3]),
        ("range(5, 0, -2)", [5, 3, 1]),
        ("range(0)", []),
        ("range(-5)", []),
        ("divisible(37.5, 8)", 40),
        ("divisible(3, 8)", 8),
        ("divisible(3, 8, 4)", 4),
        ("divisible(20, 8, 32)", 32),
        ("params(vgg16/conv1-1) * 2", 3584),
        ("params( f(x) ) + count(vgg16, conv)", 20),
        ("in", Volume(14, 28, 256)),
    ],
)  # fmt: skip
def test_values(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H + 1 - H", 1),
        ("big.h", H),
        ("big.c / 3", K),
        ("H * H", H**2),
        ("H ^ 2", H**2),
        ("(H + 1) ** 2 - H ** 2", 2 * H + 1),
        ("(16 * H + 15) // 16", H),
        ("ceil(H / 2)", (H + 1) // 2),
        ("round(H)", H),
        ("H - H + half", HALF),
        ("H / H", 1),
        ("min(H, 0)", 0),
        ("max(1, H)", H),
        ("max([H, H + 1, 1])", H + 1),
        ("sum([H, K, 1])", H + K + 1),
        ("divisible(8 * H, 8)", 8 * H),
        ("H >= 1", True),
        ("H < 1", False),
        ("H == H", True),
        ("H + 1 == H", False),
        ("2 * K == K * 2", True),
        ("big == big", True),
        ("[H, 1] == [H, 2]", False),
        ("1 if H else 2", 1),
        ("K if H > 0 else 1", K),
    ],
)
def test_values_of_formulas(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_an_expression_knows_its_names() -> None:
    expression = parse("[c * conv + c, in.h] if flag else params(a) * true", REFERENCES)
    assert expression.names == {"c", "conv", "in", "flag"}
    assert expression.places == {"c": 1, "conv": 5, "in": 15, "flag": 24}
    assert not expression.constant
    assert repr(expression) == "Expression('[c * conv + c, in.h] if flag else params(a) * true')"


@pytest.mark.parametrize(
    ("text", "constant"), [("64", True), ("4 * (2 + 1)", True), ("[1, true]", True), ("len([1])", True), ("x", False), ("params(a)", False)]
)
def test_constants(text: str, constant: bool) -> None:
    assert parse(text, REFERENCES).constant is constant


def test_only_what_decides_is_looked_up() -> None:
    names = Names({"no": False, "yes": True})
    assert value("yes or missing", names) is True
    assert value("no and missing", names) is False
    assert value("1 if yes else missing", names) == 1
    assert value("missing if no else 2", names) == 2
    assert value("2 < 1 < missing", names) is False


def test_an_expression_can_be_shared() -> None:
    expression = parse("depths + [i]")
    first = expression.evaluate(SCOPE)
    assert expression.evaluate(SCOPE) == first == [3, 4, 6, 1]
    assert SCOPE.values["depths"] == [3, 4, 6]


# Errors, with the characters that are marked


@pytest.mark.parametrize(
    ("text", "marked", "message", "hint"),
    [
        # unknown names and functions
        ("4 * ^widht^", "widht", "unknown name 'widht'", "did you mean 'width'?"),
        ("^q^", "q", "unknown name 'q'", "known here: H, K, big, depths, flag, gate, half, i, in, relu, rows, stride, ..."),
        ("^max^ + 1", "max", "unknown name 'max'", "max is a function: max(...)"),
        ("1 + ^flor^(2)", "flor", "there is no function 'flor'", "did you mean 'floor'?"),
        ("^param^(vgg16)", "param", "there is no function 'param'", "did you mean 'params'?"),
        ("^q^(2)", "q", "there is no function 'q'", "write products with '*': q * (...)"),
        ("^range^()", "range", "range with 0 arguments", "range takes 1 to 3 arguments"),
        ("1 + ^len^(1, 2)", "len", "len with 2 arguments", "len takes 1 argument"),
        ("^divisible^(8)", "divisible", "divisible with 1 argument", "divisible takes 2 to 3 arguments"),
        ("^min^()", "min", "min with 0 arguments", "min takes at least 1 argument"),
        # signs and brackets
        ("2 ^$^ 3", "$", "'$' is not an operator", ""),
        ("i ^=^ 3", "=", "'=' is not an operator", "write '=='"),
        ("i ^≤^ 3", "≤", "'≤' is not an operator", "write '<='"),
        ("H^²^", "²", "'²' is not an operator", "write '^2'"),
        ("1 ^&^ 2", "&", "'&' is not an operator", "write 'and'"),
        ("^'^a", "'", '"\'" is not an operator', ""),
        ("1^_^000", "_", "a number cannot contain '_'", "remove it"),
        ("2^w^", "w", "a number cannot be followed by 'w'", "write products with '*', as in 2 * x"),
        ("3^x^3", "x", "a number cannot be followed by 'x'", "write products with '*', as in 2 * x"),
        ("1 + ^(^2", "(", "this '(' is never closed", ""),
        ("1 + ^[^2, 3", "[", "this '[' is never closed", ""),
        ("max^(^1, 2", "(", "this '(' is never closed", ""),
        ("depths^[^0", "[", "this '[' is never closed", ""),
        ("params^(^a(b)", "(", "this '(' is never closed", ""),
        ("(1 + 2^]^", "]", "']' is not expected here: a ')' or an operator is missing", ""),
        ("[1 ^2^]", "2", "'2' is not expected here: a ']' or an operator is missing", ""),
        ("1 + 2^)^", ")", "')' is not expected here", ""),
        ("width ^stride^", "stride", "'stride' is not expected here", ""),
        ("^*^ 2", "*", "'*' is not expected here: a number or a name is missing", ""),
        ("1 + ^)^", ")", "')' is not expected here: a number or a name is missing", ""),
        ("1 ^+^", "+", "the expression is incomplete: a number or a name is missing", ""),
        ("1 if ^2^", "2", "the expression is incomplete: 'else' is missing", ""),
        ("(1 if 2^)^", ")", "')' is not expected here: 'else' is missing", ""),
        ("^else^ 1", "else", "'else' is not expected here: a number or a name is missing", ""),
        ("x. ^3^", "3", "'3' is not expected here: l, d, h, w or c is missing", ""),
        ("[1,^,^]", ",", "',' is not expected here: a number or a name is missing", ""),
        # types
        ("^in^ + 1", "in", "the volume 14×28×256 is not a number", "did you mean in.c?"),
        ("1 + ^x^ * 2", "x", "the volume 7×7×64 is not a number", "did you mean x.c?"),
        ("in.^depth^", "depth", f"a volume has no 'depth', {PARTS}", "did you mean .c?"),
        ("in.^height^ + 1", "height", f"a volume has no 'height', {PARTS}", "did you mean .h?"),
        ("^in^.d + in.l", "in", "the volume 14×28×256 has no 'd', only h, w and c", ""),
        ("in.^z^", "z", f"a volume has no 'z', {PARTS}", ""),
        ("^width^.c", "width", "64 has no .c: it is not a volume", ""),
        ("^x.h^.h", "x.h", "7 has no .h: it is not a volume", ""),
        ("^[1, 2]^ + 1", "[1, 2]", "a list of 2 is not a number", "did you mean an item, [1, 2][0]?"),
        ("3 * ^depths^", "depths", "a list of 3 is not a number", "did you mean an item, depths[0]?"),
        ("1 + 2 - ^gate^", "gate", "the word 'relu' is not a number", ""),
        ("-^gate^", "gate", "the word 'relu' is not a number", ""),
        ("^(1 < 2)^ + 1", "(1 < 2)", "a condition (true) is not a number", ""),
        ("^gate^ < 1", "gate", "the word 'relu' is not a number", ""),
        ("gate ^==^ 1", "==", "the word 'relu' cannot be compared with 1", ""),
        ("1 ^!=^ in", "!=", "1 cannot be compared with the volume 14×28×256", ""),
        ("flag ^==^ 1", "==", "a condition (true) cannot be compared with 1", ""),
        ("not ^gate^", "gate", "the word 'relu' is not a condition", ""),
        ("1 if ^depths^ else 2", "depths", "a list of 3 is not a condition", ""),
        ("^in^ and 1", "in", "the volume 14×28×256 is not a condition", ""),
        ("0 or ^gate^ or 1", "gate", "the word 'relu' is not a condition", ""),
        ("depths[^3^]", "3", "there is no item 3 in a list of 3", "its items are 0 to 2"),
        ("depths[^-4^]", "-4", "there is no item -4 in a list of 3", "its items are 0 to 2"),
        ("[][^0^]", "0", "there is no item 0 in a list of 0", "it is empty"),
        ("depths[^half^]", "half", "an index must be a whole number, not 1/2", ""),
        ("depths[^H^]", "H", "an index must be a whole number, not H", "give H a number"),
        ("^width^[0]", "width", "64 is not a list", ""),
        ("^rows[0][0]^[0]", "rows[0][0]", "1 is not a list", ""),
        ("2 ** ^half^", "half", "an exponent must be a whole number, not 1/2", ""),
        ("2 ** ^(H + 1)^", "(H + 1)", "an exponent must be a whole number, not H + 1", "give H a number"),
        ("len(^in^)", "in", "the volume 14×28×256 is not a list", ""),
        ("max(1, ^depths^)", "depths", "a list of 3 is not a number", "did you mean an item, depths[0]?"),
        ("sum(^[1, [2]]^)", "[1, [2]]", "a list of 1 is not a number", "did you mean an item, [1, [2]][0]?"),
        ("min(^[]^)", "[]", "the min of an empty list", ""),
        ("ceil(^gate^)", "gate", "the word 'relu' is not a number", ""),
        ("range(1, 2, ^0^)", "0", "the step of range must not be 0", ""),
        ("range(1, ^half^)", "half", "a bound of range must be a whole number, not 1/2", ""),
        ("divisible(8, ^0^)", "0", "the divisor must be at least 1", ""),
        # numbers
        ("1 ^/^ 0", "/", "division by zero", ""),
        ("1 ^//^ (i - 1)", "//", "division by zero", ""),
        ("1 + 2 ^%^ 0", "%", "division by zero", ""),
        ("0 ^**^ -1", "**", "division by zero", ""),
        ("H ^/^ 0", "/", "division by zero", ""),
        ("H ^**^ -1", "**", "(1)/(H) is not a formula: H does not divide 1", "give its symbols numbers"),
        ("1 ^/^ (H + 1)", "/", "(1)/(H + 1) is not a formula: H + 1 does not divide 1", "give its symbols numbers"),
        ("1 + (H ^>^ 3)", ">", "H > 3 cannot be decided for all H", "give H a number"),
        ("big.h ^==^ 14", "==", "H == 14 cannot be decided for all H", "give H a number"),
        ("H ^!=^ K", "!=", "H == K cannot be decided for all H, K", "give H, K a number"),
        ("[1, H] ^==^ [1, 3]", "==", "H == 3 cannot be decided for all H", "give H a number"),
        ("1 if ^H - 1^ else 2", "H - 1", "H - 1 != 0 cannot be decided for all H", "give H a number"),
        ("1 + ^min^(3, H)", "min", "H <= 3 cannot be decided for all H", "give H a number"),
    ],
)  # fmt: skip
def test_errors(text: str, marked: str, message: str, hint: str) -> None:
    at = text.index(f"^{marked}^")
    text = text[:at] + marked + text[at + len(marked) + 2 :]
    found = error(text)
    assert (found.message, found.hint) == (message, hint)
    assert text[found.at : found.at + found.width] == marked
    assert found.at == at


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_is_not_arithmetic(text: str) -> None:
    found = error(text)
    assert (found.message, found.at, found.width) == ("the expression is incomplete: a number or a name is missing", 0, 1)


def test_references_are_only_known_where_they_are_given() -> None:
    with pytest.raises(ExpressionError, match="there is no function 'params'"):
        parse("params(vgg16)")


def test_a_scope_without_names_suggests_nothing() -> None:
    assert error("a", Names({})).hint == ""


# Limits


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("9 ^**^ 9**9", "**", "a number of more than 2,048 bits"),
        ("10 ** 10 ^**^ 10**10", "**", "a number of more than 2,048 bits"),
        ("2 ^**^ 2048", "**", "a number of more than 2,048 bits"),
        ("2 ^**^ -2048", "**", "a number of more than 2,048 bits"),
        ("half ^**^ 2048", "**", "a number of more than 2,048 bits"),
        ("2 ** 2047 ^*^ 2", "*", "a number of more than 2,048 bits"),
        ("2 ** 2047 ^+^ 2 ** 2047", "+", "a number of more than 2,048 bits"),
        ("-2 ** 2047 ^-^ 2 ** 2047", "-", "a number of more than 2,048 bits"),
        ("^1e9^", "1e9", ""),
        ("1 + ^1e617^", "1e617", "a number of more than 616 digits"),
        ("1 + ^1e99999999999^", "1e99999999999", "a number of more than 616 digits"),
        ("^1e-617^ + 1", "1e-617", "a number of more than 616 digits"),
        (f"1 + ^{'9' * 617}^", "9" * 617, "a number of more than 616 digits"),
        ("^99e615^", "99e615", "a number of more than 2,048 bits"),
        ("^range^(10 ** 9)", "range", "a list of more than 10,000 items"),
        ("^range^(0, 10 ** 600, 2)", "range", "a list of more than 10,000 items"),
        ("range(9000) ^+^ range(1001)", "+", "a list of more than 10,000 items"),
        ("1 if ^[range(6000), [range(6000)]]^ else 2", "[range(6000), [range(6000)]]", "a list of more than 10,000 items"),
        ("^range(3)^ * 3", "range(3)", "a list of 3 is not a number"),
        ("H ^**^ 10 ** 6", "**", "a power above 1,000 in a formula"),
    ],
)
def test_limits_of_values(text: str, marked: str, message: str) -> None:
    at = text.index(f"^{marked}^")
    text = text.replace(f"^{marked}^", marked)
    if not message:
        assert value(text) == 10**9
        return
    found = error(text)
    assert (found.message, found.at, found.width) == (message, at, len(marked))


@pytest.mark.parametrize(
    "text", ["2 ** 2047", "2 ** 2047 + (2 ** 2047 - 1)", "1e616", "1 / 2 ** 2047", "1 ** 10 ** 600", "-1 ** (10 ** 600 + 1)"]
)
def test_the_largest_numbers(text: str) -> None:
    assert value(text) == eval(text.replace("1e616", "10 ** 616").replace("1 /", "Fraction(1) /"), {"Fraction": Fraction})


def test_the_longest_lists() -> None:
    assert value("range(10000)") == list(range(10_000))
    assert value("sum(range(10000)) + max(range(10000)) - len(range(10000))") == 49995000 + 9999 - 10000


def test_long_values_are_shortened_in_messages() -> None:
    assert error("(2 ** 2000)[0]").message == f"{str(2**2000)[:60]}... is not a list"
    assert len(error("(H + K) ** 20 > 0 - (H - K) ** 21").message) < 150


@pytest.mark.parametrize("text", ["1" + " " * 10_000, "+".join("1" * 5_001)])
def test_characters(text: str) -> None:
    assert error(text).message == f"an expression of {len(text):,} characters; the limit is 10,000"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("[", "]"),
        ("1 + (", ")"),
        ("max(1, ", ")"),
        ("[0][", "]"),
        ("2 ** ", ""),
        ("2 ** -", ""),
        ("1 == not ", ""),
        ("-(", ")"),
    ],
)
def test_nesting(opening: str, closing: str) -> None:
    deepest = LIMITS.brackets
    inner = "0" if opening != "2 ** " else "1"
    assert isinstance(parse(opening * deepest + inner + closing * deepest), Expression)
    text = opening * (deepest + 1) + inner + closing * (deepest + 1)
    found = error(text)
    assert found.message == "nested too deeply: more than 100 levels"
    assert found.at <= len(text)
    assert "nested too deeply" in error(opening * (9_990 // len(opening))).message


def test_what_stands_side_by_side_is_not_nested() -> None:
    assert value("+".join("1" * 5_000)) == 5_000
    assert value("-" * 9_999 + "1") == -1
    assert value("not " * 2_000 + "1") is True
    assert value(" and ".join("1" * 1_600)) == 1
    assert value("1 if 0 else " * 800 + "2") == 2
    assert value("0" + " < 1" * 1 + " == 1" * 1_900) is True
    assert value("[" + "1," * 4_999 + "]") == [1] * 4_999
    assert error("x" + ".h" * 4_999).message == "7 has no .h: it is not a volume"


def test_a_stack_that_is_nearly_used_up() -> None:
    text = "(1 or 2 and 3 < 4 + 5 * -" * 90 + "1" + ")" * 90
    limit = sys.getrecursionlimit()

    def call_at(depth: int) -> Any:
        return call_at(depth - 1) if depth else error(text)

    found = call_at(limit - 400)
    assert found.message == "nested too deeply"
    assert 0 <= found.at <= len(text)
    expression = parse("[" * 99 + "]" * 99)

    def evaluate_at(depth: int) -> Any:
        return evaluate_at(depth - 1) if depth else expression.evaluate(SCOPE)

    with pytest.raises(ExpressionError, match="nested too deeply"):
        evaluate_at(limit - 150)


# Properties: Python evaluates the same text


class Exact:
    """A number of Python's whose / is exact."""

    def __init__(self, number: Any) -> None:
        self.number = Fraction(number)

    def __bool__(self) -> bool:
        return bool(self.number)


def _lift(name: str) -> None:
    function = getattr(operator, name)

    def method(self: Exact, *others: Exact) -> Any:
        result = function(self.number, *(other.number for other in others))
        return result if isinstance(result, bool) else Exact(result)

    setattr(Exact, name, method)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "neg", "pos", "lt", "le", "gt", "ge", "eq", "ne"):
    _lift(f"__{_name}__")

PYTHON = {
    "E": Exact,
    "floor": lambda x: Exact(math.floor(x.number)),
    "ceil": lambda x: Exact(math.ceil(x.number)),
    "round": lambda x: Exact(math.floor(x.number + HALF)),
    "min": lambda *x: Exact(min(each.number for each in x)),
    "max": lambda *x: Exact(max(each.number for each in x)),
    "sum": lambda x: Exact(sum(each.number for each in x)),
    "len": lambda x: Exact(len(x)),
    "a": Exact(3),
    "b": Exact(Fraction(-7, 2)),
}
OURS = Names({"a": 3, "b": Fraction(-7, 2)})

literals = st.sampled_from(["0", "1", "2", "3", "7", "10", "0.5", "1.25", "1e2", "a", "b"])


def _numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    condition = _conditions(inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", " + ", " - "]), inner).map("".join),
        st.tuples(literals | inner.map("({})".format), st.sampled_from(["^", "**"]), st.sampled_from(["0", "1", "2", "3", "-1"])).map(
            "".join
        ),
        st.tuples(st.sampled_from("-+"), inner).map("".join),
        inner.map("({})".format),
        st.tuples(inner, condition, inner).map(lambda parts: "({} if {} else {})".format(*parts)),
        st.tuples(st.sampled_from(["floor", "ceil", "round"]), inner).map(lambda parts: "{}({})".format(*parts)),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda parts: "{}({}, {})".format(*parts)),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"sum([{', '.join(parts)}])"),
        st.lists(inner, max_size=3).map(lambda parts: f"len([{', '.join(parts)}])"),
    )


def _conditions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    sign = st.sampled_from([" < ", " <= ", " > ", " >= ", " == ", " != ", "<", "=="])
    comparison = st.tuples(inner, sign, inner).map("".join) | st.tuples(inner, sign, inner, sign, inner).map("".join)
    single = comparison | comparison.map("not {}".format)
    return st.lists(single, min_size=1, max_size=3).flatmap(
        lambda parts: st.lists(st.sampled_from([" and ", " or ", " or not "]), min_size=len(parts) - 1, max_size=len(parts) - 1).map(
            lambda joints: "".join(part + joint for part, joint in zip(parts, [*joints, ""], strict=True))
        )
    )


numbers = st.recursive(literals, _numbers, max_leaves=12)


def python(text: str) -> Any:
    """The value of the text in Python, with every number exact."""
    return eval(re.sub(r"(?<![\w.])\d[\d.]*(e\d)?", r"E('\g<0>')", text).replace("^", "**"), dict(PYTHON))


def outcome(text: str, names: Names = OURS) -> Any:
    """Our value, or the error's message."""
    try:
        return value(text, names)
    except ExpressionError as found:
        return found.message


@settings(max_examples=400, deadline=None)
@given(numbers)
@example("-2^2")
@example("7//2*2-7%2")
def test_numbers_are_what_python_says(text: str) -> None:
    found = outcome(text)
    assume(found != "a number of more than 2,048 bits")
    try:
        expected = python(text).number
    except ZeroDivisionError:
        assert found == "division by zero"
    else:
        assert found == expected
        assert isinstance(found, int) == (expected.denominator == 1)


@settings(max_examples=300, deadline=None)
@given(_conditions(numbers))
def test_conditions_are_what_python_says(text: str) -> None:
    found = outcome(text)
    assume(found != "a number of more than 2,048 bits")
    try:
        expected = python(text)
    except ZeroDivisionError:
        assert found == "division by zero"
    else:
        assert found is expected


AROUND = ["ceil({} / 2)", "round({} / 3)", "({}) ^ 2", "max({}, 0)", "divisible({}, 8)"]
whole = st.recursive(
    st.sampled_from(["H", "K", "1", "2", "5"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from([" + ", " - ", " * "]), inner).map(lambda parts: "({}{}{})".format(*parts))
        | st.tuples(inner, st.sampled_from([" // ", " % "]), st.sampled_from("2357")).map(lambda parts: "({}{}{})".format(*parts))
        | st.tuples(inner, st.sampled_from(AROUND)).map(lambda parts: parts[1].format(parts[0]))
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(whole, st.sampled_from(["", " >= 3", " == 7", " < 0"]), st.integers(1, 50), st.integers(1, 50))
def test_formulas_are_the_numbers_that_they_stand_for(text: str, relation: str, height: int, filters: int) -> None:
    """A formula with values substituted, and a verdict, are what the numbers give on their own; or the formula says that it is open."""
    formula = outcome(text + relation, Names({"H": H, "K": K}))
    if isinstance(formula, str):
        assert "cannot be decided" in formula
        return
    number = value(text + relation, Names({"H": height, "K": filters}))
    assert (formula.at({"H": height, "K": filters}) if isinstance(formula, Poly) else formula) == number


@given(st.integers(1, 3000), st.integers(1, 64), st.none() | st.integers(1, 100))
def test_divisible_is_the_reference_code(number: int, by: int, least: int | None) -> None:
    """_make_divisible of TensorFlow's MobileNet, with its float arithmetic, which is exact for such numbers."""
    expected = max(by if least is None else least, int(number + by / 2) // by * by)
    if 10 * expected < 9 * number:
        expected += by
    assert value(f"divisible({number}, {by}{'' if least is None else f', {least}'})") == expected


WORDS = """in x big width depths rows gate flag half H K λ .h .w .c .depth ( ) [ ] , + - * / // % ** ^ < <= == != = and or not if else
0 1 2 7 1.5 1e3 .5 1_0 9**9 max( min( sum( len( range( ceil( round( divisible( params(f(x)) × ÷ ² ' $ true"""
words = st.lists(st.sampled_from(re.split(r"\s", WORDS)), max_size=14)
KINDS = (int, Fraction, Poly, list, Volume, Word)


@settings(max_examples=1_000, deadline=None)
@given(words.map("".join) | words.map(" ".join) | st.text(max_size=15))
def test_any_text_gives_a_value_or_an_error_with_a_place_inside_it(text: str) -> None:
    problem: ExpressionError | None = None
    try:
        found = value(text)
    except ExpressionError as raised:
        problem = raised
    else:
        assert isinstance(found, KINDS)
        assert not isinstance(found, Fraction) or found.denominator > 1
    if problem:
        assert problem.message
        assert 0 <= problem.at <= len(text)
        assert 1 <= problem.width <= max(1, len(text) - problem.at)


@settings(max_examples=200, deadline=None)
@given(numbers, st.data())
def test_a_spoiled_text_has_its_error_near(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    found = error(text[:at] + "$" + text[at:], OURS)
    assert found.at <= at
    assert found.message == "'$' is not an operator" or found.at < at
