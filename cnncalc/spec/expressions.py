"""Parses arithmetic."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.errors import suggestion
from cnncalc.spec import evaluation
from cnncalc.spec.evaluation import Link, Part
from cnncalc.spec.operations import FUNCTIONS, MANY, ExpressionError, OperationError, Value, Word
from cnncalc.spec.tokens import END, NAME, NUMBER, next_token, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.spec.evaluation import Environment, Run

__all__ = ["Expression", "ExpressionError", "Value", "Word", "parse"]

CHARACTERS = 10_000  # of a text
DEPTH = 100  # of brackets, powers and negations inside each other

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
    """Arithmetic that is parsed; may be shared and evaluated any number of times."""

    __slots__ = ("_run", "constant", "names", "places", "size", "text")

    def __init__(self, text: str, run: Run, places: Mapping[str, int], constant: bool, size: int = 1) -> None:
        self.text = text
        self.names = frozenset(places)  # those that it looks up
        self.places = places  # where each of them stands first
        self.constant = constant  # neither names nor references in it
        self.size = size  # in signs, numbers and names
        self._run = run

    def evaluate(self, scope: Environment) -> Value:
        """The value, with names looked up in the scope."""
        try:
            scope.operate(self.size)
            return self._run(scope)  # type: ignore[no-any-return]  # a Value
        except RecursionError:
            raise ExpressionError("nested too deeply", 0, len(self.text)) from None
        except OperationError as error:  # of the scope: those of operations have got their places
            raise ExpressionError(error.message, 0, len(self.text), error.hint) from None

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def parse(text: str, references: frozenset[str] = frozenset()) -> Expression:
    """Parse arithmetic; `references` are functions whose argument is raw text, handed to the scope."""
    if len(text) <= 18 and text.isdigit() and text.isascii():
        return Expression(text, evaluation.constant(int(text)), _NOWHERE, True)
    if len(text) > CHARACTERS:
        raise ExpressionError(f"arithmetic of {len(text):,} characters; at most {CHARACTERS:,} are read", 0)
    parser = _Parser(text, references)
    try:
        run = parser.all()
    except RecursionError:  # the brackets are few, so their levels or the caller have used up the stack
        raise ExpressionError("nested too deeply", parser.at) from None
    return Expression(text, run, parser.places, parser.constant and not parser.places, parser.size)


class _Parser:
    """Reads token after token and makes parts of them; `sign` is the current token, from `at` to `end`."""

    def __init__(self, text: str, references: frozenset[str]) -> None:
        self.text = text
        self.references = references
        self.places: dict[str, int] = {}
        self.constant = True
        self.depth = 0
        self.size = 3  # measured: to begin costs as much as a few signs
        self.before = 0  # the end of the token before this one
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
            return ExpressionError(f"the arithmetic ends too early{missing}", max(0, self.before - 1))
        return self.error(f"{self.text[self.at : self.end][:40]!r} is not expected here{missing}")

    def close(self, sign: str, opened: int) -> None:
        if self.sign == END:
            raise ExpressionError(f"this {self.text[opened]!r} is never closed", opened)
        if self.sign != sign:
            raise self.unexpected(f"a {sign!r} or a sign of arithmetic")
        self.advance()

    def operation(self, level: int) -> Part:
        """Operands, and between them signs that bind at least as tightly as `level`."""
        part = self.operand()
        while (own := _LEVELS.get(self.sign, -1)) >= level:
            part = self.choice(part) if own == _CONDITION else self.chain(part, own)
        return part

    def deeper(self, level: int) -> Part:
        """The same inside brackets, or behind a sign that can follow itself for ever."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"nested too deeply: more than {DEPTH} levels")
        part = self.operation(level)
        self.depth -= 1
        return part

    def chain(self, first: Part, level: int) -> Part:
        """One operand after another with signs of one level: a loop, so that a long sum is not a deep one."""
        links: list[Link] = []
        start = first.place[0]
        left = first.place
        while _LEVELS.get(self.sign) == level:
            sign, place = self.sign, (self.at, self.end)
            self.advance()
            right = self.operation(level + 1)
            links.append(Link(sign, right.run, left, place, right.place))
            left = right.place if level <= _COMPARISON else (start, right.place[1])
        make = evaluation.logic if level < _COMPARISON else evaluation.comparisons if level == _COMPARISON else evaluation.chain
        return Part(make(self.text, first.run, tuple(links)), (start, self.before))

    def choice(self, first: Part) -> Part:
        """`a if c else b`, and further ones behind the else."""
        cases: list[tuple[Part, Run]] = []
        value = first
        while self.sign == "if":
            self.advance()
            condition = self.operation(_OR)
            if self.sign != "else":
                raise self.unexpected("'else'")
            self.advance()
            cases.append((condition, value.run))
            value = self.operation(_OR)
        return Part(evaluation.choice(self.text, tuple(cases), value.run), (first.place[0], self.before))

    def operand(self) -> Part:
        """A primary with what stands before and behind it: `not`, signs, sides and items, a power."""
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
        link = Link(sign, part.run, place, place, part.place)
        return Part(evaluation.chain(self.text, evaluation.constant(0), (link,)), (place[0], self.before))

    def negation(self) -> Part:
        at, odd = self.at, False
        while self.sign == "not":
            odd = not odd
            self.advance()
        return Part(evaluation.negation(self.text, self.deeper(_COMPARISON), odd), (at, self.before))

    def power(self, base: Part) -> Part:
        place = self.at, self.end
        self.advance()
        exponent = self.deeper(_OPERAND)  # where a further power belongs to
        link = Link("**", exponent.run, base.place, place, exponent.place)
        return Part(evaluation.chain(self.text, base.run, (link,)), (base.place[0], self.before))

    def primary(self) -> Part:
        at, end, sign = self.at, self.end, self.sign
        if sign not in (NUMBER, NAME, "(", "["):
            raise self.unexpected("a number or a name")
        self.advance()
        if sign == NUMBER:
            return Part(evaluation.constant(number(self.text[at:end], at)), (at, end))
        if sign == NAME:
            return self.called(at, end) if self.sign == "(" else self.name(at, end)
        if sign == "(":
            part = self.deeper(_CONDITION)
            self.close(")", at)
            return Part(part.run, (at, self.before))
        parts = self.parts("]", at)
        return Part(evaluation.listing(self.text, (at, self.before), parts), (at, self.before))

    def name(self, at: int, end: int) -> Part:
        word = self.text[at:end]
        if word in ("true", "false"):
            return Part(evaluation.constant(word == "true"), (at, end))
        self.places.setdefault(word, at)
        return Part(evaluation.lookup(word, at), (at, end))

    def called(self, at: int, end: int) -> Part:
        function, opened = self.text[at:end], self.at
        if function in self.references:
            return self.reference(function, at)
        if function not in FUNCTIONS:
            hint = suggestion(function, [*FUNCTIONS, *self.references]) or f"a product needs its sign: {function[:40]} * (...)"
            raise ExpressionError(f"there is no function {function[:40]!r}", at, end - at, hint)
        self.advance()
        parts = self.parts(")", opened)
        least, most, _ = FUNCTIONS[function]
        if not least <= len(parts) <= most:
            wanted = f"{least}" if least == most else f"at least {least}" if most == MANY else f"{least} to {most}"
            hint = f"{function} takes {wanted} argument{'' if wanted in ('1', 'at least 1') else 's'}"
            raise ExpressionError(f"{function} with {len(parts)} argument{'' if len(parts) == 1 else 's'}", at, end - at, hint)
        return Part(evaluation.called(self.text, function, (at, end), parts), (at, self.before))

    def reference(self, function: str, at: int) -> Part:
        """A function whose argument is the text up to the bracket that matches."""
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
        return Part(lambda scope: scope.reference(function, argument), (at, close))

    def parts(self, closing: str, opened: int) -> tuple[Part, ...]:
        """What stands between brackets, parted by commas."""
        found: list[Part] = []
        while self.sign != closing:
            found.append(self.deeper(_CONDITION))
            if self.sign != ",":
                break
            self.advance()
        self.close(closing, opened)
        return tuple(found)

    def tail(self, part: Part) -> Part:
        """Sides (.h) and items ([0]) of what stands before them, in a loop as well."""
        links: list[Link] = []
        start = part.place[0]
        while self.sign in (".", "["):
            left, at, bracket = (start, self.before), self.at, self.sign == "["
            self.advance()
            if bracket:
                index = self.deeper(_CONDITION)
                self.close("]", at)
                links.append(Link("[", index.run, left, (at, self.before), index.place))
            else:
                links.append(Link(self.side(), evaluation.constant(0), left, (at, self.end), (self.at, self.end)))
                self.advance()
        return Part(evaluation.tail(self.text, part.run, tuple(links)), (start, self.before))

    def side(self) -> str:
        name = self.text[self.at : self.end]
        if self.sign != NAME:
            raise self.unexpected("l, d, h, w or c")
        if name not in _LETTERS:
            hint = f"did you mean .{_SIDES[name]}?" if name in _SIDES else ""
            raise self.error(f"a volume has no part {name[:40]!r}, only h, w and c (in 1-D: l and c; in 3-D: d, h, w and c)", hint)
        return name
