"""Parses arithmetic."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.errors import suggestion
from cnncalc.limits import LIMITS
from cnncalc.spec import evaluation
from cnncalc.spec.evaluation import OperatorAndOperand, Subexpression
from cnncalc.spec.functions import FUNCTIONS, MANY, ROUNDING
from cnncalc.spec.operations import ExpressionError, OperationError, Value, Word
from cnncalc.spec.tokens import END, NAME, NUMBER, next_token, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.spec.evaluation import Environment, Run

__all__ = ["Expression", "ExpressionError", "Value", "Word", "parse"]


_CONDITION, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _OPERAND = range(7)
_LEVELS = {
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), _COMPARISON),
    **dict.fromkeys(("+", "-"), _SUM),
    **dict.fromkeys(("*", "/", "//", "%"), _PRODUCT),
    "and": _AND,
    "or": _OR,
    "if": _CONDITION,
}
_LETTERS = ("l", "d", "h", "w", "c")  # of the sides of a volume and its channels
_SIDES = {"height": "h", "width": "w", "length": "l", "depth": "c", "channels": "c", **{letter.upper(): letter for letter in _LETTERS}}
_NOWHERE: Mapping[str, int] = MappingProxyType({})


class Expression:
    """Parsed arithmetic. Can be shared and evaluated repeatedly."""

    __slots__ = ("_run", "constant", "names", "places", "size", "text")

    def __init__(self, text: str, run: Run, places: Mapping[str, int], constant: bool, size: int = 1) -> None:
        self.text = text
        self.names = frozenset(places)  # the names it looks up
        self.places = places  # index of the first use of each
        self.constant = constant  # without names and references
        self.size = size  # number of operators, numbers and names
        self._run = run

    def evaluate(self, scope: Environment) -> Value:
        """Compute the value, with names from the scope."""
        try:
            scope.operate(self.size)
            return self._run(scope)  # type: ignore[no-any-return]  # a Value
        except RecursionError:
            raise ExpressionError("nested too deeply", 0, len(self.text)) from None
        except OperationError as error:  # from the scope; errors of operations have a location already
            raise ExpressionError(error.message, 0, len(self.text), error.hint) from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def literal(text: str) -> Expression:
    """Return a text that stands for itself."""
    return Expression(text, evaluation.constant(Word(text)), _NOWHERE, True)


def parse(text: str, references: frozenset[str] = frozenset()) -> Expression:
    """Parse arithmetic; `references` are functions whose argument is raw text, passed to the scope."""
    if len(text) <= 18 and text.isdigit() and text.isascii():
        return Expression(text, evaluation.constant(int(text)), _NOWHERE, True)
    if len(text) > LIMITS.arithmetic_characters:
        raise ExpressionError(f"an expression of {len(text):,} characters; the limit is {LIMITS.arithmetic_characters:,}", 0)
    parser = _Parser(text, references)
    try:
        run = parser.all()
    except RecursionError:  # the stack was nearly used up before
        raise ExpressionError("nested too deeply", parser.at) from None
    return Expression(text, run, parser.places, parser.constant and not parser.places, parser.size)


class _Parser:
    """A recursive-descent parser; `sign` is the current token, from index `at` to `end`."""

    def __init__(self, text: str, references: frozenset[str]) -> None:
        self.text = text
        self.references = references
        self.places: dict[str, int] = {}
        self.constant = True
        self.depth = 0
        self.size = 3  # measured: the start costs as much as a few tokens
        self.before = 0  # end of the previous token
        self.sign, self.at, self.end = next_token(text, 0)

    def all(self) -> Run:
        part = self.operation(_CONDITION)
        if self.sign != END:
            raise self.unexpected()
        return part.run

    def advance(self) -> None:
        self.size += 1
        self.before = self.end
        self.sign, self.at, self.end = next_token(self.text, self.end)

    def error(self, message: str, hint: str = "") -> ExpressionError:
        return ExpressionError(message, self.at, self.end - self.at, hint)

    def unexpected(self, wanted: str = "") -> ExpressionError:
        missing = f": {wanted} is missing" if wanted else ""
        if self.sign == END:
            return ExpressionError(f"the expression is incomplete{missing}", max(0, self.before - 1))
        return self.error(f"{self.text[self.at : self.end][:40]!r} is not expected here{missing}")

    def close(self, sign: str, opened: int) -> None:
        if self.sign == END:
            raise ExpressionError(f"this {self.text[opened]!r} is never closed", opened)
        if self.sign != sign:
            raise self.unexpected(f"a {sign!r} or an operator")
        self.advance()

    def operation(self, level: int) -> Subexpression:
        """Parse operands with operators of at least this precedence."""
        part = self.operand()
        while (precedence := _LEVELS.get(self.sign, -1)) >= level:
            part = self.choice(part) if precedence == _CONDITION else self.chain(part, precedence)
        return part

    def deeper(self, level: int) -> Subexpression:
        """Parse an operation one level deeper: inside brackets, or after a repeatable prefix."""
        self.depth += 1
        if self.depth > LIMITS.brackets:
            raise self.error(f"nested too deeply: more than {LIMITS.brackets} levels")
        part = self.operation(level)
        self.depth -= 1
        return part

    def chain(self, first: Subexpression, level: int) -> Subexpression:
        """Parse a chain of operators with equal precedence in a loop, so that long sums do not nest."""
        links: list[OperatorAndOperand] = []
        start = first.place[0]
        left = first.place
        while _LEVELS.get(self.sign) == level:
            sign, place = self.sign, (self.at, self.end)
            self.advance()
            right = self.operation(level + 1)
            links.append(OperatorAndOperand(sign, right.run, left, place, right.place))
            left = right.place if level <= _COMPARISON else (start, right.place[1])
        make = evaluation.logic if level < _COMPARISON else evaluation.comparisons if level == _COMPARISON else evaluation.chain
        return Subexpression(make(self.text, first.run, tuple(links)), (start, self.before))

    def choice(self, first: Subexpression) -> Subexpression:
        """Parse `a if c else b`, with further conditions after the else."""
        cases: list[tuple[Subexpression, Run]] = []
        value = first
        while self.sign == "if":
            self.advance()
            condition = self.operation(_OR)
            if self.sign != "else":
                raise self.unexpected("'else'")
            self.advance()
            cases.append((condition, value.run))
            value = self.operation(_OR)
        return Subexpression(evaluation.choice(self.text, tuple(cases), value.run), (first.place[0], self.before))

    def operand(self) -> Subexpression:
        """Parse a primary with its prefixes (`not`, signs) and suffixes (dimensions, items, a power)."""
        if self.sign == "not":
            return self.negation()
        place = self.at, self.end
        sign = ""
        while self.sign in ("+", "-"):
            sign = "-" if (sign == "-") != (self.sign == "-") else "+"
            self.advance()
        part = self.primary()
        if self.sign in (".", "["):
            part = self.tail(part)
        if self.sign == "**":
            part = self.power(part)
        if not sign:
            return part
        link = OperatorAndOperand(sign, part.run, place, place, part.place)
        return Subexpression(evaluation.chain(self.text, evaluation.constant(0), (link,)), (place[0], self.before))

    def negation(self) -> Subexpression:
        at, odd = self.at, False
        while self.sign == "not":
            odd = not odd
            self.advance()
        return Subexpression(evaluation.negation(self.text, self.deeper(_COMPARISON), odd), (at, self.before))

    def power(self, base: Subexpression) -> Subexpression:
        place = self.at, self.end
        self.advance()
        exponent = self.deeper(_OPERAND)  # right-associative
        link = OperatorAndOperand("**", exponent.run, base.place, place, exponent.place)
        return Subexpression(evaluation.chain(self.text, base.run, (link,)), (base.place[0], self.before))

    def primary(self) -> Subexpression:
        at, end, sign = self.at, self.end, self.sign
        if sign not in (NUMBER, NAME, "(", "["):
            raise self.unexpected("a number or a name")
        self.advance()
        if sign == NUMBER:
            return Subexpression(evaluation.constant(number(self.text[at:end], at)), (at, end))
        if sign == NAME:
            return self.called(at, end) if self.sign == "(" else self.name(at, end)
        if sign == "(":
            part = self.deeper(_CONDITION)
            self.close(")", at)
            return Subexpression(part.run, (at, self.before))
        parts = self.parts("]", at)
        return Subexpression(evaluation.list_of(self.text, (at, self.before), parts), (at, self.before))

    def name(self, at: int, end: int) -> Subexpression:
        word = self.text[at:end].strip("\"'")
        if word in ("true", "false"):
            return Subexpression(evaluation.constant(word == "true"), (at, end))
        self.places.setdefault(word, at)
        return Subexpression(evaluation.lookup(word, at), (at, end))

    def called(self, at: int, end: int) -> Subexpression:
        function, opened = self.text[at:end], self.at
        if function in self.references:
            return self.reference(function, at)
        if function not in FUNCTIONS:
            hint = suggestion(function, [*FUNCTIONS, *self.references]) or f"write products with '*': {function[:40]} * (...)"
            raise ExpressionError(f"there is no function {function[:40]!r}", at, end - at, hint)
        self.advance()
        parts = self.parts(")", opened)
        if function == "log" and not (self.sign == ")" and self.text[:at].rstrip("( ").endswith(ROUNDING)):
            raise ExpressionError("a logarithm has to be rounded", at, end - at, "write round(log(x, base)), or floor or ceil")
        least, most, _ = FUNCTIONS[function]
        if not least <= len(parts) <= most:
            wanted = f"{least}" if least == most else f"at least {least}" if most == MANY else f"{least} to {most}"
            hint = f"{function} takes {wanted} argument{'' if wanted in ('1', 'at least 1') else 's'}"
            raise ExpressionError(f"{function} with {len(parts)} argument{'' if len(parts) == 1 else 's'}", at, end - at, hint)
        return Subexpression(evaluation.called(self.text, function, (at, end), parts), (at, self.before))

    def reference(self, function: str, at: int) -> Subexpression:
        """Parse a function whose argument is raw text up to the matching bracket."""
        opened = self.at
        unclosed, close = 1, opened + 1
        while unclosed:
            if close == len(self.text):
                raise ExpressionError("this '(' is never closed", opened)
            unclosed += {"(": 1, ")": -1}.get(self.text[close], 0)
            close += 1
        argument = self.text[opened + 1 : close - 1].strip()
        self.constant = False
        self.end = close
        self.advance()
        return Subexpression(lambda scope: scope.reference(function, argument), (at, close))

    def parts(self, closing: str, opened: int) -> tuple[Subexpression, ...]:
        """Parse comma-separated values up to the closing bracket."""
        found: list[Subexpression] = []
        while self.sign != closing:
            found.append(self.deeper(_CONDITION))
            if self.sign != ",":
                break
            self.advance()
        self.close(closing, opened)
        return tuple(found)

    def tail(self, part: Subexpression) -> Subexpression:
        """Parse dimensions (.h) and items ([0]) after a primary."""
        links: list[OperatorAndOperand] = []
        start = part.place[0]
        while self.sign in (".", "["):
            left, at, bracket = (start, self.before), self.at, self.sign == "["
            self.advance()
            if bracket:
                index = self.deeper(_CONDITION)
                self.close("]", at)
                links.append(OperatorAndOperand("[", index.run, left, (at, self.before), index.place))
            else:
                links.append(OperatorAndOperand(self.side(), evaluation.constant(0), left, (at, self.end), (self.at, self.end)))
                self.advance()
        return Subexpression(evaluation.tail(self.text, part.run, tuple(links)), (start, self.before))

    def side(self) -> str:
        name = self.text[self.at : self.end]
        if self.sign != NAME:
            raise self.unexpected("l, d, h, w or c")
        if name not in _LETTERS:
            hint = f"did you mean .{_SIDES[name]}?" if name in _SIDES else ""
            raise self.error(f"a volume has no {name[:40]!r}, only h, w and c (in 1-D: l and c; in 3-D: d, h, w and c)", hint)
        return name
