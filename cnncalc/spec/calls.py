"""Parses calls: a kind or a block with its fields, and the defaults of fields."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.dims import SymbolScope
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.layers import KINDS
from cnncalc.layers.fields import SIDE
from cnncalc.limits import Meter
from cnncalc.spec.expressions import literal
from cnncalc.spec.model import Call, FixedLayer, Value
from cnncalc.spec.reader import Scalar, Sequence
from cnncalc.spec.scope import WORDS, Scope, fields_of, fill
from cnncalc.spec.values import Names, ProblemCollector

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from cnncalc.errors import Source
    from cnncalc.layers import Layer
    from cnncalc.spec.model import Modifiers, Step, Template
    from cnncalc.spec.reader import YamlNode

SIZES = re.compile(r"\d+([x×]\d+)+")
SIDE_BY_SIDE = re.compile("[x×]")
NAMES = re.compile(r"[^\W\d]\w*")
MODIFIERS = ("name", "names", "from", "when", "else", "weights", "repeat", "first", "each", "in", "do")
GROUPS = ("do", "side")


class CallParser(ProblemCollector):
    """Parses calls, given the names of blocks."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.blocks: dict[str, dict[str, None]] = {}  # with the names of their arguments
        self.words = set(KINDS)  # names of kinds and blocks
        self.inherits = False  # unknown words may be blocks of the file that this one is like
        self.defaults: dict[str, dict[str, tuple[Scalar, YamlNode]]] = {}  # fields by kind
        self.layers: dict[tuple[str, ...], Layer] = {}  # by the words of the step, to reuse equal layers
        self.made: dict[tuple[Any, ...], Layer] = {}  # by the values of the fields, likewise
        self.places: set[int] = set()  # of steps in the text
        self.nowhere = Scope({}, symbols=SymbolScope(Meter(len(source.text) // 20)))  # for layers whose fields use no names

    def add_defaults(self, node: YamlNode) -> None:
        """Parse other defaults of fields, for the steps that follow."""
        self.defaults, self.layers = dict(self.defaults), {}
        for kind, fields in self.entries(node, "fields by kind, as in {conv: {bias: false}}"):
            if kind.text not in KINDS:
                self.note(f"defaults of {kind.text!r}, which is not a kind", kind, self._suggest_kind(kind.text, Names()))
                continue
            known = KINDS[kind.text].fields
            given = dict(self.defaults.get(kind.text, {}))
            for field, value in self.entries(fields, f"the fields of {kind.text}"):
                if field.text not in known:
                    self.note(f"{kind.text} has no field {field.text!r}", field, suggestion(field.text, known) or fields_of(known))
                elif self.value(value, Names(), self.words) is not None:
                    given[field.text] = field, value
            self.defaults[kind.text] = given

    def _takes(self, word: str) -> Iterable[str]:
        if word in KINDS:
            return KINDS[word].fields
        return self.blocks.get(word) or ()

    def _suggest_kind(self, word: str, names: Names) -> str:
        from cnncalc.spec.foreign import named_here

        near = named_here(word) or suggestion(word, [*KINDS, *self.blocks, *GROUPS, *names.all()])
        return near or "cnncalc layers lists the kinds"

    def _call(
        self,
        key: Scalar,
        word: str,
        main: YamlNode | None,
        fields: dict[str, tuple[Scalar, YamlNode]],
        name: Template | None,
        modifiers: Modifiers | None,
        names: Names,
    ) -> Step | None:
        """Parse a kind, a block, or a variable with the name of one."""
        found = len(self.problems)
        first = KINDS[word].main if word in KINDS else ""
        own = self.defaults.get(word) if word in KINDS else None
        if own:
            has_main = main is not None and (not isinstance(main, Scalar) or main.text)
            fields = {**{text: pair for text, pair in own.items() if not (has_main and text == first)}, **fields}
        value = None if main is None or (isinstance(main, Scalar) and not main.text) else self._value(main, word, first, names)
        arguments = {text: given for text, (_, node) in fields.items() if (given := self._value(node, word, text, names)) is not None}
        call = Call(self.source, key.at, word, name, modifiers, value, arguments)
        if word in KINDS:
            return self._kind(call, key, fields, names, valid=len(self.problems) == found)
        if self.defaults and word not in self.blocks:
            call.defaults = {
                kind: {text: given for text, (_, node) in fields.items() if (given := self.value(node, Names(), self.words)) is not None}
                for kind, fields in self.defaults.items()
            }
        if word in self.blocks:
            self._check_block(call, key, fields)
        elif word not in names and not self.inherits:
            self.note(f"unknown kind or block {word!r}", key, self._suggest_kind(word, names))
            return None
        return call

    def _value(self, node: YamlNode, word: str, field: str, names: Names) -> Value | None:
        """Parse the value of a field or an argument."""
        declared = KINDS[word].fields.get(field) if word in KINDS else None
        if declared is None:
            return self.value(node, names, self.words)
        if isinstance(node, Scalar) and declared.type.raw:
            return Value(self.source, node.at, literal(node.text))
        if isinstance(node, Scalar) and SIZES.fullmatch(node.text):
            return self.value(Sequence([Scalar(size, node.at, plain=True) for size in SIDE_BY_SIDE.split(node.text)], node.at), names)
        words = [*self.words, *declared.type.words] if declared.type is SIDE else self.words
        return self.value(node, names, words, f"{field}: expected {declared.type.expects}")

    def _kind(self, call: Call, key: Scalar, fields: dict[str, tuple[Scalar, YamlNode]], names: Names, *, valid: bool) -> Step | None:
        """Create the layer if its fields use no names; otherwise only check the names of its fields."""
        cls = KINDS[call.word]
        for text, (field, _) in fields.items():
            takes = self._names_in(call) if cls.names_sizes else cls.fields
            if text not in takes:
                hint = suggestion(text, [*takes, *MODIFIERS]) or fields_of(takes)
                self.note(f"{call.word} has no field {text!r}", field, hint)
                valid = False
        if cls.splits and call.main is not None and (call.main.items or not call.main.expression.text.isdecimal()):  # type: ignore[union-attr]
            return call  # unequal parts are slices of the input
        used = frozenset().union(*(value.names for value in call.arguments.values()), call.main.names if call.main else ())
        if not valid or not all(name in WORDS and name not in names for name in used):
            return call
        try:
            layer = fill(cls, call, self.nowhere, {})
        except SpecError as error:
            self.add(error.problems[0])
            if self.nowhere.symbols.meter.operations < 0:  # every further layer would report the same
                raise SpecError(self.problems) from None
            return None
        layer = self.made.setdefault((cls, *vars(layer).values()), layer)
        if not fields and call.main is None and isinstance(key, Scalar):
            self.layers[(call.word,)] = layer
        return FixedLayer(self.source, key.at, layer, call.name, call.modifiers)

    @staticmethod
    def _names_in(call: Call) -> list[str]:
        """Return the fields of a rearrangement: its pattern and the names in it."""
        pattern = call.main or call.arguments.get("pattern")
        text = pattern.expression.text if pattern is not None and pattern.expression is not None else ""
        return ["pattern", *dict.fromkeys(NAMES.findall(text))]

    def _check_block(self, call: Call, key: Scalar, fields: dict[str, tuple[Scalar, YamlNode]]) -> None:
        takes = self.blocks[call.word]
        for text, (field, _) in fields.items():
            if text not in takes:
                self.note(
                    f"block {call.word!r} has no argument {text!r}", field, suggestion(text, [*takes, *MODIFIERS]) or fields_of(takes)
                )
        if call.main is not None and not takes:
            self.add(Problem(f"block {call.word!r} takes no value", call.main.span, "it has no args"))
