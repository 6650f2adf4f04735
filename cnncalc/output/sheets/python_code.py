"""Functions of Python that compute formulas."""

from __future__ import annotations

from keyword import kwlist
from math import lcm
from typing import TYPE_CHECKING, Any, ClassVar

from cnncalc.dims import Floor, Poly
from cnncalc.dims.compact import compact
from cnncalc.dims.poly import is_whole
from cnncalc.dims.terms import Atom, FunctionCall, factors
from cnncalc.output.forms.breaking import rows, split
from cnncalc.output.sheets.formula_forms import READABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnncalc.dims.terms import Monomial, Number, Whole


class Code:
    """The body of a function: what is used more than once is computed first, and has a name. This class writes Python."""

    comment = "#"
    reserved: Iterable[str] = (*kwlist, "Fraction", "divisible", "max", "min", "str", "whole")
    helpers: ClassVar[Mapping[str, str]] = {
        "Fraction(": "from fractions import Fraction\n",
        "divisible(": """\
def divisible(value, step):
    nearest = max(step, (2 * value + step) // (2 * step) * step)
    return nearest + step if 10 * nearest < 9 * value else nearest
""",
        "whole(": """\
def whole(value, divisor):
    if value % divisor:
        raise ValueError("the number is not whole: the formula does not hold for these values")
    return int(value // divisor)
""",
    }

    def __init__(self, names: Sequence[str], fractions: Sequence[str]) -> None:
        self.names: dict[str, str] = {}  # of symbols, and of atoms that are used more than once
        self.taken = {*self.reserved}
        for name in names:
            self.names[name] = self.unused(name)
        self.parameters = list(self.names.values())
        self.fractions = fractions  # symbols
        self.lines: list[str] = []
        self.uses: dict[str, int] = {}
        self.breaks = False

    def unused(self, name: str) -> str:
        """Return a name that has no other meaning in the function."""
        from unicodedata import normalize

        name = normalize("NFKC", name)  # as Python reads it
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def count(self, value: Whole) -> None:
        """Count how often the atoms of a formula are used, each inside another once."""
        for monomial in () if isinstance(value, int) else value._terms:
            for atom, _ in monomial:
                self.uses[atom] = self.uses.get(atom, 0) + 1
                if isinstance(atom, Atom) and self.uses[atom] == 1:
                    for part in atom.parts:
                        self.count(part)

    def sum(self, value: Whole, degree: int = 0) -> str:
        """Return the text of a formula with whole coefficients; in languages without fractions, times the degree-th power of `q`."""
        text = ""
        terms: Iterable[tuple[Number, Monomial]] = value.terms if isinstance(value, Poly) else ((value, ()),)
        for number, monomial in terms:
            parts = [self.power(self.factor(atom), power) for atom, power in factors(monomial)]
            missing = degree - sum(self.degree_of(atom) * power for atom, power in monomial)
            if missing:
                parts.append(self.power("q", missing))
            size = -number if number < 0 else number
            if size != 1 or not parts or (number < 0 and not text):
                parts.insert(0, self.literal(size))
            sign = (" + ", " - ")[number < 0] if text else "-" * (number < 0)
            text += sign + "*".join(parts)
        return text

    def factor(self, atom: str) -> str:
        """Return the text of an atom; one that is used more than once gets a name."""
        if atom not in self.names and isinstance(atom, Atom):
            text = self.atom(atom)
            if self.uses.get(atom, 0) < 2 or text.isidentifier():
                return text
            self.names[atom] = self.unused(f"v{len(self.lines) + 1}")
            self.lines.append(self.assigned(self.names[atom], text))
        return self.names[atom]

    def atom(self, atom: Atom) -> str:
        """Return the text of a floor or call."""
        if isinstance(atom, FunctionCall):
            return self.call(atom)
        assert isinstance(atom, Floor)
        if atom.divisor == 1 and is_whole(atom.numerator):
            return f"({self.sum(atom.numerator)})"
        return self.floor(atom)

    def value(self, value: Any) -> str:
        """Return the text of a number, a formula or a tuple of them."""
        if isinstance(value, tuple):
            return self.listed([self.value(each) for each in value])
        if not isinstance(value, Poly):  # text stands in place of a number where there is none, as for a view
            return self.result(self.literal(value if isinstance(value, int) else 0))
        value = compact(value)
        parts = lcm(*(number.denominator for number in value._terms.values()))
        value = value * parts
        degree = self.degree(value)
        text = self.sum(value, degree)
        if parts == 1 and is_whole(value):
            return self.result(text)
        divisor = self.literal(parts) + (f"*{self.power('q', degree)}" if degree else "")
        return self.result(f"whole({text}, {divisor})")

    def function(self, name: str, about: Sequence[str], values: Any) -> str:
        """Return the text of a function; values can be in a dictionary of dictionaries."""
        for value in leaves(values):
            if isinstance(value, Poly):
                self.count(compact(value))
        opening = self.opening()
        self.breaks = isinstance(values, Poly)
        text = self.nested(values) if isinstance(values, dict) else self.value(values)
        return self.definition(name, about, [*opening, *self.lines], text)

    def in_lines(self, text: str) -> str:
        """Break a long sum into lines, where that is asked for."""
        terms = list(split(text))
        if not self.breaks or len(text) <= READABLE or len(terms) == 1:
            return text
        lines = [" ".join([terms[at] for at in row]) for row in rows(list(map(len, terms)), READABLE, ())]
        return "\n" + "".join([f"        {line}\n" for line in lines]) + "    "

    def nested(self, values: Mapping[str, Mapping[str, Any]]) -> str:
        """Return the text of a dictionary of dictionaries."""
        lines = ["{\n"]
        for place, here in values.items():
            inner = "".join([f"            {self.key(name)}: {self.value(value)},\n" for name, value in here.items()])
            lines.append(f"        {self.key(place)}: {{\n{inner}        }},\n")
        return "".join([*lines, "    }"])

    # What differs between languages.

    def literal(self, number: Number) -> str:
        """Return the text of a whole number."""
        return str(number)

    def power(self, base: str, power: int) -> str:
        """Return the text of a power."""
        return base if power == 1 else f"{base}**{power}"

    def degree(self, value: Whole) -> int:
        """Return the power of the common denominator of all fractions in the denominator of a formula; 0 where fractions are numbers."""
        return 0

    def degree_of(self, atom: str) -> int:
        """Return the same of an atom."""
        return 0

    def floor(self, atom: Floor) -> str:
        """Return the text of a floor."""
        above, below = (text if text.isalnum() else f"({text})" for text in map(self.sum, atom.parts))
        return f"({above}//{below})"

    def call(self, call: FunctionCall) -> str:
        """Return the text of a call."""
        return f"{call.function}({', '.join(map(self.sum, call.parts))})"

    def assigned(self, name: str, text: str) -> str:
        """Return the statement that computes what is used more than once."""
        return f"{name} = {text[1:-1] if text[0] == '(' else text}"

    def opening(self) -> list[str]:
        """Return the statements that make the arguments exact."""
        return [f"{self.names[name]} = Fraction(str({self.names[name]}))" for name in self.fractions]

    def key(self, name: str) -> str:
        """Return the text of a key in a dictionary."""
        return repr(name)

    def listed(self, texts: Sequence[str]) -> str:
        """Return the text of a tuple."""
        return f"({', '.join(texts)}{',' * (len(texts) == 1)})"

    def result(self, text: str) -> str:
        """Return the text of a result."""
        lines = self.in_lines(text)
        return f"({lines})" if lines != text else text

    def definition(self, name: str, about: Sequence[str], lines: Sequence[str], text: str) -> str:
        """Return the text of a whole function."""
        doc = "\n".join([f'    """{" ".join(about)}"""', *[f"    {line}" for line in lines]])
        return f"def {name}({', '.join(self.parameters)}):\n{doc}\n    return {text}\n"


def leaves(value: Any) -> Iterator[Any]:
    """Yield the numbers and formulas in dictionaries and tuples."""
    if isinstance(value, (dict, tuple)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value
