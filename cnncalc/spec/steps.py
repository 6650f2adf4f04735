"""Parses the steps of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import SpecError, suggestion
from cnncalc.layers import KINDS
from cnncalc.limits import LIMITS
from cnncalc.spec.calls import GROUPS, MODIFIERS, CallParser
from cnncalc.spec.model import Body, FixedLayer, Fork, Group, Loop, Modifiers, Value
from cnncalc.spec.reader import Mapping, Scalar, Sequence
from cnncalc.spec.values import Names, listed_names

if TYPE_CHECKING:
    from cnncalc.spec.model import Step, Template
    from cnncalc.spec.reader import YamlNode

OPTIONAL = frozenset(("names", "first", "weights"))  # modifiers that may also be arguments of a block
FIELDS = frozenset().union(*(kind.fields for kind in KINDS.values()))


class StepParser(CallParser):
    """Parses lists of steps."""

    def body(self, node: YamlNode, names: Names) -> Body:
        """Parse a step or a list of steps, with its own scope of names."""
        inner = Names((), names)
        nodes = node.items if type(node) is Sequence else [node]
        self.source.steps += len(nodes)
        self.places.update([each.at for each in nodes])
        if self.source.steps > LIMITS.written_steps:
            self.note(f"more than {LIMITS.written_steps:,} steps in this file", node)
            raise SpecError(self.problems)
        steps = [step for item in nodes if (step := self.step(item, inner)) is not None]
        return tuple(steps)

    def step(self, node: YamlNode, names: Names) -> Step | None:
        """Parse a step; None if it has errors."""
        kind = type(node)
        if kind is Mapping:
            return self._known(node, names) or self._mapping(node, names)  # type: ignore[arg-type]  # it is a Mapping
        if kind is Sequence:
            return Group(self.source, node.at, self.body(node, names), None, None)
        word = self.word(node, "a step: a kind of layer, a block or a list of steps")
        if word is None:
            return None
        known = self.layers.get((word,))
        if known is not None and word not in names:
            return FixedLayer(self.source, node.at, known, None, None)
        return self._call(node, word, None, {}, None, None, names)  # type: ignore[arg-type]  # checked by `word`

    def _known(self, node: Mapping, names: Names) -> Step | None:
        """Reuse the layer of an earlier step with the same words, which saves time in long files."""
        name: YamlNode | None = None
        words: list[str] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if type(value) is not Scalar:
                return None
            if key.text == "name":
                name = value
            else:
                words += (key.text, value.text)
        layer = self.layers.get(tuple(words))
        if layer is None:
            return None
        template = None if name is None else self.template(name, names)
        self._define(template, names)
        return FixedLayer(self.source, node.at, layer, template, None)

    @staticmethod
    def _define(name: Template | None, names: Names, *, loop: bool = False) -> None:
        """Declare the name of a step; a name with braces is known only when the network is expanded."""
        if name is not None and name.plain:
            names.known.add(name.text)
            names.steps.add(name.text)
            if loop:
                names.counted.add(name.text)
        elif name is not None:
            names.open = True

    def _mapping(self, node: Mapping, names: Names) -> Step | None:
        """Parse a step with a main key, fields and modifiers."""
        entries = {key.text: (key, value) for key, value in zip(node.keys, node.values, strict=True)}
        loop, inner = self._loop(entries, names)
        back = "from" in entries and all(text in MODIFIERS and text != "do" for text in entries)
        key = None if back else self._main_key(node, entries, inner)
        if key is None and not back:
            return None
        arguments = {} if key is None else self._arguments(key.text, entries)
        modifiers = self._modifiers(entries, loop, names, inner)
        name = None
        if "name" in entries:
            name = self.template(entries["name"][1], inner)
        step: Step | None
        if key is None:  # goes back to other volumes, without a layer
            step = Group(self.source, node.at, (), name, modifiers)
        else:
            fields = {text: pair for text, pair in entries.items() if text not in MODIFIERS and text != key.text}
            step = self._step(node, key, entries[key.text][1], {**fields, **arguments}, name, modifiers, inner)
            if "first" in entries and key.text != "first" and step is not None and modifiers is not None:
                modifiers.first = self._first(node, key, entries, fields, name, modifiers, inner)
        self._define(name, names, loop=loop is not None)
        if modifiers is not None:
            names.known.update(modifiers.names)
            names.steps.update(modifiers.names)
        return step

    def _inside(self, word: str, main: Mapping, fields: dict[str, tuple[Scalar, YamlNode]]) -> dict[str, tuple[Scalar, YamlNode]]:
        """Return the fields of a kind with those that its value holds: {resize: {to: 7x7}}."""
        for key in main.keys:
            if key.text in fields:
                self.note(f"{key.text!r} is given twice: beside {word!r} and inside", key)
        return {**fields, **{key.text: (key, value) for key, value in zip(main.keys, main.values, strict=True)}}

    def _arguments(self, word: str, entries: dict[str, tuple[Scalar, YamlNode]]) -> dict[str, tuple[Scalar, YamlNode]]:
        """Take the optional modifiers that are arguments of a block out of the entries."""
        arguments = {}
        for text in OPTIONAL:
            if (
                text in entries
                and text != word
                and (text in self._takes(word) or (text == "first" and not isinstance(entries[text][1], Mapping)))
            ):
                arguments[text] = entries.pop(text)
        return arguments

    def _first(
        self,
        node: Mapping,
        key: Scalar,
        entries: dict[str, tuple[Scalar, YamlNode]],
        fields: dict[str, tuple[Scalar, YamlNode]],
        name: Template | None,
        modifiers: Modifiers,
        names: Names,
    ) -> Step | None:
        """Parse the step of the first round, with the fields under `first`."""
        at, given = entries["first"]
        if "repeat" not in entries:
            self.note("'first' without 'repeat': it has the fields of the first round", at)
        other = {field.text: (field, value) for field, value in self.entries(given, "the fields of the first round")}
        main = other.pop(key.text, (key, entries[key.text][1]))[1]
        return self._step(node, key, main, {**fields, **other}, name, modifiers, names)

    def _step(
        self,
        node: Mapping,
        key: Scalar,
        main: YamlNode,
        fields: dict[str, tuple[Scalar, YamlNode]],
        name: Template | None,
        modifiers: Modifiers | None,
        names: Names,
    ) -> Step | None:
        word = key.text
        if isinstance(main, Mapping) and word in KINDS and not KINDS[word].merges:
            fields, main = self._inside(word, main, fields), Scalar("", key.at, plain=True)
        if word in GROUPS or self._has_branches(word, main):
            takes = KINDS[word].fields if word in KINDS else {}
            for field, _ in fields.values():
                if field.text in takes:
                    continue
                hint = suggestion(field.text, MODIFIERS) or f"besides its steps it takes {', '.join(MODIFIERS[:-1])}"
                self.note(f"{word} has no field {field.text!r}", field, hint)
            if word in GROUPS:
                return Group(self.source, key.at, self.body(main, names), name, modifiers, side=word == "side")
            given = {**(self.defaults.get(word) or {}), **fields}
            values = {text: self._value(value, word, text, names) for text, (_, value) in given.items() if text in takes}
            arguments = {text: value for text, value in values.items() if value is not None}
            return Fork(self.source, key.at, word, name, modifiers, self._branches(main, names), arguments)
        step = self._call(key, word, main, fields, name, modifiers, names)
        if type(step) is FixedLayer and modifiers is None and all(type(value) is Scalar for value in node.values):
            words = [each.text for pair in zip(node.keys, node.values, strict=True) if pair[0].text != "name" for each in pair]  # type: ignore[union-attr]
            self.layers[tuple(words)] = step.layer
        return step

    def _has_branches(self, word: str, main: YamlNode) -> bool:
        """Return whether the value of a word is branches: for a merge, or a variable that may name one."""
        if word in KINDS:
            return KINDS[word].merges and (not isinstance(main, Scalar) or bool(main.text))
        if word in self.blocks:
            return False
        return isinstance(main, Mapping) or (isinstance(main, Sequence) and any(_holds_steps(item) for item in main.items))

    def _branches(self, node: YamlNode, names: Names) -> tuple[tuple[Template | None, Body], ...]:
        if isinstance(node, Mapping):
            return tuple((self.template(key, names), self.body(value, names)) for key, value in zip(node.keys, node.values, strict=True))
        if isinstance(node, Sequence):
            return tuple((None, self.body(item, names)) for item in node.items)
        self.note("expected branches: a list, or a mapping from names to branches", node)
        return ()

    def _main_key(self, node: Mapping, entries: dict[str, tuple[Scalar, YamlNode]], names: Names) -> Scalar | None:
        """Return the key with the kind, block or group of the step."""
        words = {*self.blocks, *names.all()} if entries.keys() & OPTIONAL else ()
        rest = [key for key in node.keys if key.text not in MODIFIERS or (key.text in OPTIONAL and key.text in words)]
        known = [key for key in rest if key.text in KINDS or key.text in self.blocks or key.text == "side"]
        if len(known) > 1 or (known and "do" in entries):  # a field can have the name of a kind, such as bn's scale
            fitting = [key for key in known if all(other is key or other.text in self._takes(key.text) for other in known)]
            known = fitting or known
            if "do" in entries:
                known.append(entries["do"][0])
            if len(known) > 1:
                hint = "start each step with '- ', or put it in its own { }"
                self.note(f"a step has one kind, found two: {known[0].text} and {known[1].text}", known[1], hint)
                return None
        if known:
            return known[0]
        if "do" in entries:
            return entries["do"][0]
        variable = [key for key in rest if self.inherits or key.text in names]
        if variable:  # of several variables, prefer one that is not a field
            fields = FIELDS.union(*self.blocks.values())
            return next((key for key in variable if key.text not in fields), variable[0])
        where = rest[0] if rest else node
        word = rest[0].text if rest else ""
        if word in FIELDS:
            self.note(f"a step without a kind: {word!r} is a field", where, "start with the kind or block: {conv: 64, kernel: 3}")
        elif word:
            self.note(f"unknown kind or block {word!r}", where, self._suggest_kind(word, names))
        else:
            self.note("a step without a kind", where, "start with a kind or block: {conv: 64, kernel: 3}")
        return None

    def _loop(self, entries: dict[str, tuple[Scalar, YamlNode]], names: Names) -> tuple[Loop | None, Names]:
        """Parse the loop of a step; also return the names inside it."""
        if not entries.keys() & {"repeat", "each", "in"}:
            return None, names
        variables: tuple[str, ...] = ()
        rows = repeat = None
        columns: tuple[Value, ...] = ()
        if "in" in entries and isinstance(entries["in"][1], Mapping):
            variables, columns = self._columns(entries, entries["in"][1], names)
        elif "each" in entries:
            variables = self.identifiers(entries["each"][1], "a loop variable")
            if "in" in entries:
                rows = self.value(entries["in"][1], names, self.words)
            else:
                self.note("'each' without 'in': give the list of rows", entries["each"][0])
        elif "in" in entries:
            self.note("'in' without 'each': give the names of the variables", entries["in"][0])
        inner = Names(variables, names)
        if "repeat" in entries:
            repeat = self.value(entries["repeat"][1], inner)
            inner.known.add("i")
        return Loop(variables, rows, repeat, columns), inner

    def _columns(
        self, entries: dict[str, tuple[Scalar, YamlNode]], node: Mapping, names: Names
    ) -> tuple[tuple[str, ...], tuple[Value, ...]]:
        """Parse lists by the names of their variables, which `each` may list as well."""
        columns = {}
        for key, item in zip(node.keys, node.values, strict=True):
            name, value = self.identifier(key, "a loop variable"), self.value(item, names, self.words)
            if name is not None and value is not None:
                columns[name] = value
        if "each" in entries and set(self.identifiers(entries["each"][1], "a loop variable")) != {key.text for key in node.keys}:
            self.note("'each' and 'in' have different names", entries["each"][0], "leave out 'each': 'in' has the names")
        return tuple(columns), tuple(columns.values())

    def _modifiers(self, entries: dict[str, tuple[Scalar, YamlNode]], loop: Loop | None, outer: Names, names: Names) -> Modifiers | None:
        if loop is None and not entries.keys() & {"from", "when", "else", "names", "first", "weights"}:
            return None
        start: list[Template] = []
        if "from" in entries:
            node = entries["from"][1]
            if isinstance(node, Sequence) and not node.items:
                self.note("from: expected the name of a step, or a list of names", node)
            for item in node.items if isinstance(node, Sequence) else [node]:
                name = self.template(item, outer)
                if name is not None:
                    start.append(name)
                    step = name.text.partition("[")[0] if name.text.endswith("]") else name.text
                    if name.plain and not outer.open and not outer.is_step(step) and not outer.is_step(name.text):
                        known = outer.all_steps()
                        self.note(
                            f"no step named {name.text!r} comes before",
                            item,
                            suggestion(name.text, known) or f"names so far: {listed_names(known)}",
                        )
        when = otherwise = None
        if "when" in entries:
            when = self.value(entries["when"][1], names, self.words)
        if "else" in entries:
            otherwise = self.body(entries["else"][1], names)
            if when is None and "when" not in entries:
                self.note("'else' without 'when'", entries["else"][0])
        parts = self.identifiers(entries["names"][1], "the name of a part") if "names" in entries else ()
        weights = self.template(entries["weights"][1], names, path=True) if "weights" in entries else None
        return Modifiers(tuple(start), when, otherwise, loop, parts, weights)


def _holds_steps(node: YamlNode) -> bool:
    """Return whether a node must be steps, not a value."""
    return isinstance(node, Mapping) or (isinstance(node, Sequence) and any(_holds_steps(item) for item in node.items))
