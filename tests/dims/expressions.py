"""Random arithmetic for the tests: trees that can be worked out on any kind of number, and a reader of the printed form."""

from __future__ import annotations

import ast
import operator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from cnncalc.dims import symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NAMES = ("H", "W", "k")
SYMBOLS = {name: symbol(name) for name in (*NAMES, "h", "w", "C", "K", "g", "n", "N")}
Tree = Any  # a name, a number, or (operation, tree, tree)

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}

leaves = st.sampled_from(NAMES) | st.integers(-9, 9)
divisors = st.integers(1, 12)
formula_divisors = st.sampled_from(
    ["k", ("+", "k", 1), ("*", 2, "k"), ("*", "k", "W"), ("*", 3, ("*", "H", "W")), ("-", ("*", 2, "k"), 1), ("+", "H", "W")]
)


def grown(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Trees over trees."""
    return st.one_of(
        st.tuples(st.sampled_from("+-*"), children, children),
        st.tuples(st.sampled_from(["//", "%"]), children, divisors),
        st.tuples(st.sampled_from(["//", "%"]), children, formula_divisors),
        st.tuples(st.just("**"), st.sampled_from(NAMES), st.integers(0, 3)),
    )


def grown_by_numbers(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Trees whose divisors are numbers, as those of layers are."""
    return st.one_of(
        st.tuples(st.sampled_from("+-"), children, children),
        st.tuples(st.just("*"), children, st.integers(-5, 5)),
        st.tuples(st.just("//"), children, divisors),
    )


trees = st.recursive(leaves, grown, max_leaves=7)
linear_trees = st.recursive(leaves, grown_by_numbers, max_leaves=8)
points = st.fixed_dictionaries({name: st.integers(1, 40) for name in NAMES})


def worked_out(tree: Tree, values: Mapping[str, Any], operations: Mapping[str, Callable[[Any, Any], Any]] = OPERATIONS) -> Any:
    """What a tree comes to with these values for its names."""
    if isinstance(tree, str):
        return values[tree]
    if isinstance(tree, int):
        return tree
    operation, left, right = tree
    return operations[operation](worked_out(left, values, operations), worked_out(right, values, operations))


def written(tree: Tree) -> str:
    """A tree as a file writes it."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, int):
        return str(tree) if tree >= 0 else f"({tree})"
    operation, left, right = tree[0], written(tree[1]), written(tree[2])
    return f"{operation}({left}, {right})" if operation.isalpha() else f"({left} {operation} {right})"


def read(text: str, values: Mapping[str, Any] = SYMBOLS) -> Any:
    """What printed arithmetic comes to: the spec language's operators, with exact division."""
    return read_node(ast.parse(text.replace("^", "**"), mode="eval").body, values)


def read_node(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.USub)
        return -read_node(node.operand, values)
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return {"min": min, "max": max}[node.func.id](*(read_node(part, values) for part in node.args))
    assert isinstance(node, ast.BinOp), ast.dump(node)
    left, right = read_node(node.left, values), read_node(node.right, values)
    signs: dict[type, Callable[[Any, Any], Any]] = {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.FloorDiv: operator.floordiv,
        ast.Mod: operator.mod,
        ast.Pow: operator.pow,
        ast.Div: lambda a, b: Fraction(a, b) if isinstance(a, int) and isinstance(b, int) else a / b,
    }
    return signs[type(node.op)](left, right)
