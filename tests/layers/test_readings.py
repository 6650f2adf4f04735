"""Three readings of one rule: numbers, formulas with values substituted, and numbers that remember their sum come to the same."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnncalc.dims import Inconclusive, Poly, Traced, at, symbol
from cnncalc.layers import KINDS, Volume, fields, volume_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnncalc.layers import FieldType, Layer

sides = st.integers(1, 4)
RULES = ("weights", "biases", "buffers", "remainders", "reach")
FORMULAS = ("conv", "depthwise", "upconv", "maxpool", "fc", "gn", "shuffle", "pixelshuffle", "upsample")  # their fields may be formulas


def values(type: FieldType, channels: int) -> st.SearchStrategy[Any]:
    """What may stand in a field, as a spec has it."""
    if isinstance(type, fields.Whole):
        return st.sampled_from([n for n in (0, 1, 2, 3, 4, channels) if n >= type.least])
    if isinstance(type, fields.Sides):
        return st.one_of(st.integers(max(type.one.least, 1), 4), st.lists(sides, min_size=2, max_size=2))
    if isinstance(type, fields.Edges):
        amounts = st.integers(0, 3)
        written = st.one_of(amounts, st.lists(amounts, min_size=2, max_size=2), st.lists(amounts, min_size=4, max_size=4))
        return st.one_of(written, st.just("same")) if type.words else written
    if isinstance(type, fields.Flag):
        return st.booleans()
    if isinstance(type, fields.Choice):
        return st.sampled_from(type.words)
    if isinstance(type, fields.Interval):
        return st.lists(st.integers(0, channels), min_size=2, max_size=2, unique=True).map(sorted)
    if type is volume_fields.PATTERN:
        return st.sampled_from(
            ["h w c -> h w c", "h w c -> w h c", "h w c -> (h w) c", "(h a) w c -> h w (a c)", "h w (g c) -> (g h) (w c) 1"]
        )
    if type is volume_fields.NAMED_SIZES:
        return st.sampled_from([[("a", 1)], [("a", 2), ("g", 2)], [("g", 1), ("a", 3)]])
    if type is volume_fields.SHAPE:
        return st.lists(sides, min_size=3, max_size=3)
    if type is volume_fields.SIZE:
        return st.tuples(sides, sides, sides).map(lambda sizes: Volume(*sizes))
    if isinstance(type, fields.Connections):
        return st.just(None)
    return st.just(Fraction(1, 2))


@st.composite
def placed(draw: st.DrawFn, kind: str) -> tuple[Layer, tuple[Volume, ...]]:
    """A layer of a kind with volumes that it takes."""
    cls = KINDS[kind]
    x = Volume(draw(st.integers(1, 9)), draw(st.integers(1, 9)), draw(st.sampled_from((1, 2, 4, 6))))
    given: dict[str, Any] = {}
    sizes = ("to", "factor", "like") if kind == "resize" else ()  # of which it takes one
    given_size = draw(st.sampled_from(sizes)) if sizes else ""
    for name, field in cls.fields.items():
        if field.required or (name == given_size if name in sizes else draw(st.booleans())):
            value = draw(values(field.type, int(str(x.c))))
            given[name] = value if value is None else field.type.read(value)
    layer = cls(**given)
    xs: tuple[Volume, ...] = (x,)
    if cls.several:
        xs = (x, x, x)
    elif cls.merges:
        others = draw(st.lists(st.sampled_from((x, Volume(1, 1, x.c) if kind == "multiply" else x)), min_size=1, max_size=2))
        xs = (x, *others)
    assume(all(condition.holds for condition in (*layer.field_conditions(), *layer.requires(*xs))))
    return layer, xs


def figures(layer: Layer, xs: tuple[Volume, ...]) -> dict[str, Any]:
    """The answers of all rules."""
    y = layer.output(*xs)
    found: dict[str, Any] = {"output": y, "work": layer.work(*xs, y), "size": y.size}
    for rule in RULES:
        if not ((layer.merges or layer.several) and rule in ("remainders", "reach")):
            found[rule] = getattr(layer, rule)(*xs)
    return found


def plain(value: Any, number: Callable[[Any], Any]) -> Any:
    """An answer with something done to each of its numbers."""
    if isinstance(value, tuple):
        return tuple(plain(each, number) for each in value)
    return value if value is None else number(value)


def named_fields(layer: Layer, name: Callable[[str, Any], Any]) -> Layer:
    """The same layer with each of its numbers replaced."""
    return type(layer)(
        **{
            field: declared.type.named(declared.symbol or field, getattr(layer, field), name) if getattr(layer, field) is not None else None
            for field, declared in layer.fields.items()
        }
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_numbers_that_remember_their_sum(kind: str, data: st.DataObject) -> None:
    layer, xs = data.draw(placed(kind))
    traced = named_fields(layer, Traced.named)
    volumes = tuple(Volume(*map(Traced.named, "HWC", x)) for x in xs)
    assert all(condition.holds for condition in traced.requires(*volumes))
    expected = figures(layer, xs)
    found = figures(traced, volumes)
    for rule, answer in found.items():
        assert plain(answer, lambda number: number.value if isinstance(number, Traced) else number) == expected[rule], rule


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_formulas_with_numbers_put_in(kind: str, data: st.DataObject) -> None:
    layer, xs = data.draw(placed(kind))
    chosen = data.draw(st.sets(st.sampled_from("HWC"), min_size=1))
    numbers: dict[str, Any] = {name: side for name, side in zip("HWC", xs[0], strict=True) if name in chosen}
    volumes = tuple(
        Volume(
            *(symbol(name) if name in chosen and side == of_first else side for name, side, of_first in zip("HWC", x, xs[0], strict=True))
        )
        for x in xs
    )
    holding = [condition for condition in layer.requires(*volumes) if condition.holds is None]
    assert all(condition.at(numbers) for condition in holding)
    try:
        found = figures(layer, volumes)
    except Inconclusive:
        assume(False)  # a rule may decline to answer for all sizes at once
    expected = figures(layer, xs)
    if found.get("reach") is not None:  # where a window starts may stay open
        pairs = zip(expected["reach"], found["reach"], strict=True)
        expected["reach"] = tuple(one._replace(start=None) if formula.start is None else one for one, formula in pairs)
    for rule, answer in found.items():
        assert plain(answer, lambda number: at(number, numbers) if isinstance(number, Poly) else number) == expected[rule], rule


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(FORMULAS))
def test_fields_as_formulas(data: st.DataObject, kind: str) -> None:
    layer, xs = data.draw(placed(kind))
    numbers: dict[str, Any] = {}

    def name(symbol_: str, number: Any) -> Any:
        if number < 1 or symbol_ in numbers or data.draw(st.booleans()):
            return number
        numbers[symbol_] = number
        return symbol(symbol_)

    formula = named_fields(layer, name)
    try:
        assert not any(condition.holds is False for condition in (*formula.field_conditions(), *formula.requires(*xs)))
        found = figures(formula, xs)
    except Inconclusive:
        assume(False)
    expected = figures(layer, xs)
    for rule in ("output", "weights", "biases", "work", "size"):
        assert plain(found[rule], lambda number: at(number, numbers) if isinstance(number, Poly) else number) == expected[rule], rule


def test_the_formula_of_a_convolution_is_the_textbooks() -> None:
    import sympy

    filters, side, height, width, channels = sympy.symbols("K F H W C", positive=True, integer=True)
    layer = KINDS["conv"](filters=symbol("K"), kernel=(symbol("F"), symbol("F")))
    x = Volume(symbol("H"), symbol("W"), symbol("C"))
    y = layer.output(x)
    places = (height - side + 1) * (width - side + 1)
    for found, expected in (
        (y.h, height - side + 1),
        (layer.weights(x), side**2 * channels * filters),
        (layer.work(x, y).macs, side**2 * channels * filters * places),
        (layer.work(x, y).bias_adds, filters * places),
    ):
        names = {"K": filters, "F": side, "H": height, "W": width, "C": channels}
        assert sympy.expand(sympy.sympify(str(found).replace("^", "**"), locals=names) - expected) == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(sides, sides, st.integers(0, 2)), min_size=1, max_size=5), st.integers(20, 300))
def test_a_stack_of_windows_is_one_formula(stack: list[tuple[int, int, int]], size: int) -> None:
    import sympy

    height = sympy.symbols("H", positive=True, integer=True)
    x = Volume(symbol("H"), 1, 1)
    expected: Any = height
    for kernel, stride, pad in stack:
        layer = KINDS["conv"](filters=1, kernel=(kernel, 1), stride=(stride, 1), pad=fields.Padding(pad, pad, 0, 0))
        x = layer.output(x)
        expected = sympy.floor((expected - kernel + 2 * pad) / stride) + 1
    assert at(x.h, {"H": size}) == expected.subs(height, size)  # type: ignore[arg-type]  # nothing is traced here
    assert str(x.h).count("//") <= 1  # nested floors become one
