"""Functions of JavaScript that compute formulas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from cnncalc.dims.terms import Atom, FunctionCall
from cnncalc.output.sheets.python_code import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cnncalc.dims import Floor
    from cnncalc.dims.terms import Number, Whole


WORDS_OF_JAVASCRIPT = """
await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if
implements import in instanceof interface let new null package private protected public return static super switch this throw true
try typeof var void while with yield arguments async undefined BigInt Number Object RangeError
q divisible floorDiv fractions larger number smaller whole
"""


class JavaScript(Code):
    """Computes with BigInt, and with fractions as whole numbers over their common denominator q; results are Numbers."""

    comment = "//"
    reserved = WORDS_OF_JAVASCRIPT.split()
    helpers: ClassVar[Mapping[str, str]] = {
        "number(": """\
function number(value) { // computed with BigInt, returned as a Number
  if (!Number.isSafeInteger(Number(value))) throw new RangeError(`${value} is beyond Number.MAX_SAFE_INTEGER`);
  return Number(value);
}
""",
        "fractions(": """\
function fractions(...values) { // whole numbers over a common denominator, which is the last: 0.75, "3/4" and 2 are 3/4, 3/4 and 8/4
  const pairs = values.map(value => {
    const [, whole, part = "", below = "1"] = /^(\\d+)(?:\\.(\\d+))?(?:\\/(\\d+))?$/.exec(value) ?? [];
    if (whole === undefined) throw new RangeError(`${value} is no positive number such as 0.75 or "3/4"`);
    return [BigInt(whole + part), BigInt(below) * 10n ** BigInt(part.length)];
  });
  const common = pairs.reduce((product, [, below]) => product * below, 1n);
  return [...pairs.map(([above, below]) => above * common / below), common];
}
""",
        "floorDiv(": """\
function floorDiv(value, divisor) { // rounds down; the divisor is positive
  return value / divisor - (value % divisor < 0n ? 1n : 0n);
}
""",
        "divisible(": """\
function divisible(value, below, step) { // of value/below
  const nearest = larger(step, (2n * value + step * below) / (2n * step * below) * step);
  return 10n * nearest * below < 9n * value ? nearest + step : nearest;
}
""",
        "whole(": """\
function whole(value, divisor) {
  if (value % divisor !== 0n) throw new RangeError("the number is not whole: the formula does not hold for these values");
  return value / divisor;
}
""",
        "larger(": "const larger = (a, b) => a > b ? a : b;\n",
        "smaller(": "const smaller = (a, b) => a < b ? a : b;\n",
    }

    def literal(self, number: Number) -> str:
        """Return the text of a BigInt."""
        return f"{number}n"

    def power(self, base: str, power: int) -> str:
        """Return the text of a power of BigInt."""
        return base if power == 1 else f"{base}**{power}n"

    def degree(self, value: Whole) -> int:
        """Return the highest number of fractions in a product."""
        monomials = () if isinstance(value, int) else value._terms
        return max((sum(self.degree_of(atom) * power for atom, power in monomial) for monomial in monomials), default=0)

    def degree_of(self, atom: str) -> int:
        """Return the number of fractions in an atom."""
        if not isinstance(atom, Atom):
            return int(atom in self.fractions)
        choice = isinstance(atom, FunctionCall) and atom.function != "divisible"
        return max(map(self.degree, atom.parts)) if choice else 0

    def floor(self, atom: Floor) -> str:
        """Return a call of floorDiv, since / rounds to 0."""
        degree = max(map(self.degree, atom.parts))
        return f"floorDiv({', '.join([self.sum(part, degree) for part in atom.parts])})"

    def call(self, call: FunctionCall) -> str:
        """Return a call of one of the functions above."""
        degree = max(map(self.degree, call.parts))
        if call.function == "divisible":
            value, step = call.parts
            return f"divisible({self.sum(value, degree)}, {self.power('q', degree) if degree else '1n'}, {self.sum(step)})"
        name = {"max": "larger", "min": "smaller"}[call.function]
        return f"{name}({', '.join([self.sum(part, degree) for part in call.parts])})"

    def assigned(self, name: str, text: str) -> str:
        """Return a constant."""
        return f"const {name} = {text};"

    def opening(self) -> list[str]:
        """Return the statements that make the arguments BigInt."""
        wholes = [f"{text} = BigInt({text});" for name, text in self.names.items() if name not in self.fractions]
        if not self.fractions:
            return wholes
        inside = [self.names[name] for name in self.fractions]
        for name in self.fractions:
            self.names[name] = self.unused(f"{self.names[name]}_above")
        return [*wholes, f"const [{', '.join([*map(self.names.__getitem__, self.fractions), 'q'])}] = fractions({', '.join(inside)});"]

    def key(self, name: str) -> str:
        """Return the text of a key in an object."""
        text = json.dumps(name).replace("<", "\\u003c")
        return f"[{text}]" if name == "__proto__" else text

    def listed(self, texts: Sequence[str]) -> str:
        """Return the text of an array."""
        return f"[{', '.join(texts)}]"

    def result(self, text: str) -> str:
        """Return the text of a Number."""
        return f"number({self.in_lines(text)})"

    def definition(self, name: str, about: Sequence[str], lines: Sequence[str], text: str) -> str:
        """Return the text of a whole function, with comments above it."""
        doc = "".join([f"// {line}\n" for line in about])
        return (
            f"{doc}function {name}({', '.join(self.parameters)}) {{\n"
            + "".join([f"    {line}\n" for line in lines])
            + f"    return {text};\n}}\n"
        )
