"""Scopes of names for expressions, and evaluation of a layer's fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import SymbolScope
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.layers import KINDS, FieldError, Volume
from cnncalc.layers.fields import SIDE
from cnncalc.limits import LimitError, Meter
from cnncalc.spec.expressions import Word
from cnncalc.spec.operations import OperationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cnncalc.layers import Layer
    from cnncalc.spec.model import Call, Fork, Value

# Words used in fields and flags; variables of the same name take precedence.
WORDS: dict[str, Any] = {
    **{word: Word(word) for kind in KINDS.values() for field in kind.fields.values() for word in field.type.words},
    "rest": Word("rest"),  # of the channels, in a split
    **dict.fromkeys(("true", "yes", "on", "True"), True),
    **dict.fromkeys(("false", "no", "off", "False"), False),
}
ONLY_FIELDS = frozenset(SIDE.words)  # known only in the fields that take them: elsewhere, depth is meant to be a param


class Scope:
    """The names of a list, a loop or a block; others are looked up in the outer scope."""

    __slots__ = ("arriving", "outer", "steps", "symbols", "values")

    def __init__(self, values: dict[str, Any], outer: Scope | None = None, symbols: SymbolScope | None = None) -> None:
        self.values = values
        self.outer = outer
        self.symbols: SymbolScope = symbols or (SymbolScope(Meter()) if outer is None else outer.symbols)  # shared by nested scopes
        self.arriving: Any = None  # the volume called `in`
        self.steps: dict[str, tuple[int, ...]] = {}  # outputs of named steps

    def flow(self, name: str) -> tuple[int, ...] | None:
        """Return the outputs of the nearest step with this name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.steps:
                return scope.steps[name]
            scope = scope.outer
        return None

    def flows(self) -> Iterator[str]:
        """Yield the names of all steps in scope."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.steps
            scope = scope.outer

    def lookup(self, name: str) -> Any:
        """Return the value of a name, from the innermost scope outwards; raise KeyError if it is unknown."""
        if name == "in":
            return self._input()
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.outer
        return WORDS[name]

    def _input(self) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if scope.arriving is not None:
                return scope.arriving
            scope = scope.outer
        raise KeyError("in")

    def names(self) -> Iterator[str]:
        """Yield all names in scope."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.values
            if scope.arriving is not None:
                yield "in"
            scope = scope.outer

    def words(self) -> Iterator[str]:
        """Yield the words used in fields, which have a meaning without being names."""
        return (word for word in WORDS if word.islower())

    def reference(self, function: str, argument: str) -> Any:
        """Refuse references, which only answer sheets have; the parser has reported them."""
        raise NotImplementedError

    def operate(self, amount: int) -> None:
        """Count some operations of arithmetic."""
        try:
            self.symbols.meter.operate(amount)
        except LimitError as error:
            raise OperationError(error.message, error.hint) from None


def fill(cls: type[Layer], call: Call | Fork, scope: Scope, changes: Mapping[str, Value]) -> Layer:
    """Create a layer from the fields of a step; `changes` override them."""
    values = read_fields(cls, {**call.defaults.get(cls.kind, {}), **written(cls.fields, call, changes)}, scope)
    missing = [name for name, field in cls.fields.items() if field.required and name not in values]
    if missing:
        raise SpecError(Problem(f"{cls.kind} needs {missing[0]!r}", call.span, fields_of(cls.fields)))
    return cls(**values)


def read_fields(cls: type[Layer], values: Mapping[str, Value], scope: Scope) -> dict[str, Any]:
    """Evaluate and check the fields of a kind."""
    fields: dict[str, Any] = {}
    for name, value in values.items():
        field = cls.fields.get(name)
        is_size = field is None and cls.names_sizes
        if is_size:
            field = cls.fields["sizes"]
        if field is None:
            hint = suggestion(name, cls.fields) or fields_of(cls.fields)
            raise SpecError(Problem(f"{cls.kind} has no field {name!r}", value.name_span(name), hint))
        found = value.evaluate(scope)
        try:
            if is_size:
                fields["sizes"] = field.type.read([*fields.get("sizes", ()), (name, found)])
            else:
                fields[name] = field.type.read(found)
        except FieldError as error:
            raise SpecError(Problem(f"{name}: {error}", value.span, _field_hint(found, value))) from None
    return fields


def _field_hint(found: Any, value: Value) -> str:
    """Return a hint for a value that is not a whole number."""
    text = value.expression.text if value.expression is not None else ""
    if isinstance(found, Volume) and text:
        return f"for its channels, write {text}.c"
    if not isinstance(found, int) and hasattr(found, "denominator"):
        return "'//' divides and rounds down" if "/" in text else "floor, ceil, round and divisible make whole numbers"
    return ""


def written(names: Iterable[str], call: Call | Fork, changes: Mapping[str, Value]) -> dict[str, Value]:
    """Return the arguments of a step by name; the unnamed value is that of the first."""
    arguments = dict(call.arguments)
    if call.main is not None:
        first = next(iter(names), None)
        if first is None:
            raise SpecError(Problem(f"{call.word} takes no value", call.main.span))
        if first in arguments:
            raise SpecError(Problem(f"{first!r} is given twice: as {call.word!r} and by name", arguments[first].span))
        arguments = {first: call.main, **arguments}
    return {**arguments, **changes}


def fields_of(names: Iterable[str]) -> str:
    """List the fields of a kind or block for a hint."""
    listed = ", ".join(names)
    return f"it takes {listed}" if listed else "it takes no fields"
