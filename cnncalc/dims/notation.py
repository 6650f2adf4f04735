"""Writes formulas and derivations as text, LaTeX or the arithmetic of specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from cnncalc.dims.compact import compact
from cnncalc.dims.poly import Poly, is_whole
from cnncalc.dims.terms import Atom, Floor, FunctionCall, factors

if TYPE_CHECKING:
    from cnncalc.dims.terms import Number, Whole

Style: TypeAlias = Literal["text", "latex", "ascii"]

SUM, PRODUCT, ATOM = 1, 2, 3  # operator precedence of a piece of text
MINUS = {"text": "−", "latex": "-", "ascii": "-"}
TIMES = {"text": "·", "latex": r" \cdot ", "ascii": "*"}
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class FormulaNode(NamedTuple):
    """An operation on nodes, or a leaf: a `number`, or a `symbol` with its value."""

    op: str
    operands: tuple[FormulaNode, ...] = ()
    symbol: str = ""
    value: Number | Poly = 0


ONE = FormulaNode("number", value=1)


class RenderedPiece(NamedTuple):
    """Text with its precedence and the operation of its node."""

    text: str
    level: int
    op: str


def render(node: FormulaNode, style: Style = "text", *, worked: bool = False) -> str:
    """Render an expression with symbols or, with `worked`, their values."""
    return FormulaRenderer(style, worked=worked, close=True).piece(node).text


def show(dim: Whole, style: Style = "text") -> str:
    """Render a formula in compact form: as text (`27·C²`), LaTeX, or the spec's arithmetic."""
    return FormulaRenderer(style, worked=False, close=False).piece(tree(compact(dim))).text


def tree(dim: Number | Poly) -> FormulaNode:
    """Convert a formula to an expression."""
    if not isinstance(dim, Poly):
        return FormulaNode("number", value=dim)
    result: FormulaNode | None = None
    for number, monomial in dim.terms:
        size = -number if number < 0 else number
        parts = [FormulaNode("number", value=size)] if size != 1 or not monomial else []
        for atom, power in factors(monomial):
            base = part(atom) if isinstance(atom, Atom) else FormulaNode("symbol", symbol=atom)
            parts.append(base if power == 1 else FormulaNode("power", (base, FormulaNode("number", value=power))))
        term = parts[0]
        for factor in parts[1:]:
            term = FormulaNode("multiply", (term, factor))
        if result is None:
            result = FormulaNode("negate", (term,)) if number < 0 else term
        else:
            result = FormulaNode("subtract" if number < 0 else "add", (result, term))
    assert result is not None
    return result


def part(atom: Atom) -> FormulaNode:
    """Convert a floor or call to an expression; a whole number divided by 1 needs no rounding."""
    parts = tuple(map(tree, atom.parts))
    if isinstance(atom, FunctionCall):
        return FormulaNode({"max": "larger", "min": "smaller"}.get(atom.function, atom.function), parts)
    assert isinstance(atom, Floor)
    return parts[0] if atom.divisor == 1 and is_whole(atom.numerator) else FormulaNode("floor_div", parts)


class FormulaRenderer:
    """Writes nodes in one style; `close` sets a number right before a symbol, `2P`."""

    __slots__ = ("close", "style", "worked")

    def __init__(self, style: Style, *, worked: bool, close: bool) -> None:
        self.style = style
        self.worked = worked
        self.close = close and style != "ascii"

    def piece(self, node: FormulaNode) -> RenderedPiece:
        """Return the text of a node; the methods below are named as the operations."""
        while node.op == "group":
            (node,) = node.operands
        if node.op == "symbol":
            return self.number(node) if self.worked else RenderedPiece(self.name(node.symbol), ATOM, "symbol")
        piece: RenderedPiece = getattr(self, node.op)(node)
        return piece

    def number(self, node: FormulaNode) -> RenderedPiece:
        """Render a number; a formula gets brackets unless it is a single symbol."""
        value = node.value
        if isinstance(value, Poly):
            inner = FormulaRenderer(self.style, worked=False, close=False).piece(tree(compact(value)))
            return inner if inner.level == ATOM else RenderedPiece(self.brackets(inner.text), ATOM, "group")
        sign = MINUS[self.style] if value < 0 else ""
        size = -value if value < 0 else value
        if size.denominator == 1:
            return RenderedPiece(f"{sign}{size}", SUM if sign else ATOM, "number")
        if self.style == "latex":
            return RenderedPiece(rf"{sign}\frac{{{size.numerator}}}{{{size.denominator}}}", SUM if sign else ATOM, "fraction")
        return RenderedPiece(f"{sign}{size}", SUM if sign else PRODUCT, "fraction")

    def name(self, symbol: str) -> str:
        """Render a symbol; in LaTeX, longer names are upright so that they do not look like products."""
        if self.style == "ascii":
            return symbol.replace("'", "_out")  # valid in the spec's arithmetic
        if self.style != "latex" or len(symbol.rstrip("'")) == 1:
            return symbol
        base, _, index = symbol.partition("_")
        head = base if len(base) == 1 else rf"\mathrm{{{base}}}"
        index = index.replace("_", r"\_")
        return rf"{head}_{{\mathrm{{{index}}}}}" if index else head

    def brackets(self, text: str) -> str:
        """Put text in round brackets."""
        return rf"\left({text}\right)" if r"\frac" in text else f"({text})"

    def bracketed(self, node: FormulaNode, level: int) -> str:
        """Render an operand, in brackets if its precedence is below `level`."""
        piece = self.piece(node)
        return piece.text if piece.level >= level else self.brackets(piece.text)

    def add(self, node: FormulaNode) -> RenderedPiece:
        """Render a sum without nested brackets."""
        text = ""
        waiting = [("+", node)]
        while waiting:
            sign, part = waiting.pop()
            if sign == "+" and part.op in ("add", "subtract"):
                first, last = part.operands
                waiting += [("+" if part.op == "add" else MINUS[self.style], last), ("+", first)]
            elif text:
                text += f" {sign} {self.bracketed(part, PRODUCT)}"
            else:
                text = self.piece(part).text
        return RenderedPiece(text, SUM, "add")

    subtract = add

    def multiply(self, node: FormulaNode) -> RenderedPiece:
        """Render a product without brackets, except around groups."""
        text, before = "", ""
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if part.op == "multiply":
                waiting += reversed(part.operands)
                continue
            piece = self.piece(part)
            loose = piece.level < ATOM and (text or piece.op != "fraction")
            shown = self.brackets(piece.text) if loose else piece.text
            joint = "" if not text or (self.close and before == "number" and piece.op == "symbol") else TIMES[self.style]
            before = piece.op if not text and not loose else "factor"  # only a leading number needs no dot: 2F·60·H
            text += joint + shown
        return RenderedPiece(text, PRODUCT, "multiply")

    def negate(self, node: FormulaNode) -> RenderedPiece:
        """Render a negation."""
        (part,) = node.operands
        return RenderedPiece(MINUS[self.style] + self.bracketed(part, PRODUCT if part.op == "multiply" else ATOM), SUM, "negate")

    def power(self, node: FormulaNode) -> RenderedPiece:
        """Render a power."""
        base, exponent = node.operands
        held = self.bracketed(base, ATOM)
        if self.style == "text":
            raised = str(exponent.value).translate(SUPERSCRIPTS)
        else:
            raised = f"^{{{exponent.value}}}" if self.style == "latex" else f"^{exponent.value}"
        return RenderedPiece(held + raised, ATOM, self.piece(base).op)

    def fraction(self, node: FormulaNode) -> str:
        """Render a fraction."""
        above, below = node.operands
        if self.style == "latex":
            return rf"\frac{{{self.piece(above).text}}}{{{self.piece(below).text}}}"
        return f"{self.bracketed(above, PRODUCT if above.op == 'multiply' else ATOM)}/{self.bracketed(below, ATOM)}"

    def floor_div(self, node: FormulaNode) -> RenderedPiece:
        """Render a floor division."""
        if self.style == "ascii":
            above, below = node.operands
            return RenderedPiece(f"{self.bracketed(above, ATOM)}//{self.bracketed(below, ATOM)}", PRODUCT, node.op)
        left, right = (r"\left\lfloor ", r" \right\rfloor") if self.style == "latex" else "⌊⌋"
        if node.operands[1] == ONE:
            return RenderedPiece(left + self.piece(node.operands[0]).text + right, ATOM, node.op)
        return RenderedPiece(left + self.fraction(node) + right, ATOM, node.op)

    def ceil_div(self, node: FormulaNode) -> RenderedPiece:
        """Render a ceiling division."""
        if self.style == "ascii":
            above, below = node.operands
            return RenderedPiece(f"-(-{self.bracketed(above, ATOM)}//{self.bracketed(below, ATOM)})", SUM, node.op)
        left, right = (r"\left\lceil ", r" \right\rceil") if self.style == "latex" else "⌈⌉"
        return RenderedPiece(left + self.fraction(node) + right, ATOM, node.op)

    def exact_div(self, node: FormulaNode) -> RenderedPiece:
        """Render an exact division."""
        return RenderedPiece(self.fraction(node), ATOM if self.style == "latex" else PRODUCT, node.op)

    def modulo(self, node: FormulaNode) -> RenderedPiece:
        """Render a remainder."""
        left, right = (self.bracketed(part, ATOM) for part in node.operands)
        sign = {"text": "mod", "latex": r"\bmod", "ascii": "%"}[self.style]
        return RenderedPiece(f"{left} {sign} {right}", PRODUCT, node.op)

    def smaller(self, node: FormulaNode) -> RenderedPiece:
        """Render a minimum."""
        return self.call("min", node)

    def larger(self, node: FormulaNode) -> RenderedPiece:
        """Render a maximum."""
        return self.call("max", node)

    def divisible(self, node: FormulaNode) -> RenderedPiece:
        """Render the nearest multiple of a number; LaTeX has no sign for it."""
        return self.call(r"operatorname{divisible}" if self.style == "latex" else "divisible", node)

    def call(self, function: str, node: FormulaNode) -> RenderedPiece:
        """Render a function call; nested calls of the same function are merged."""
        parts: list[str] = []
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if part.op == node.op:
                waiting += reversed(part.operands)
            else:
                parts.append(self.piece(part).text)
        shown = ", ".join(parts)
        return RenderedPiece(f"{chr(92) if self.style == 'latex' else ''}{function}({shown})", ATOM, "call")
