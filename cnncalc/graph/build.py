"""Expands the steps of a network into nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.collector import uncollected
from cnncalc.dims import SymbolScope
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.graph.assumptions import build_with_assumptions
from cnncalc.graph.cut import selected
from cnncalc.graph.network_graph import Graph
from cnncalc.graph.parts import part_channels
from cnncalc.graph.paths import Folder, StepContext, is_called
from cnncalc.graph.places import LayerPlacer
from cnncalc.graph.rounds import rounds
from cnncalc.graph.weights import Weights
from cnncalc.layers import KINDS, shown
from cnncalc.limits import ADDED, LIMITS, LimitError, Meter
from cnncalc.spec.expressions import Word
from cnncalc.spec.model import Call, FixedLayer, Fork, Group
from cnncalc.spec.operations import OperationError, truth
from cnncalc.spec.scope import Scope, fields_of, fill, read_fields, written
from cnncalc.spec.values import listed_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cnncalc.dims import Condition
    from cnncalc.errors import Span
    from cnncalc.graph.places import Flow
    from cnncalc.layers import Layer
    from cnncalc.limits import Limits
    from cnncalc.spec.model import Block, Body, Modifiers, Step, Template, Value
    from cnncalc.spec.settings import Setting


@uncollected
def build(setting: Setting, account: Meter | None = None, limits: Limits = LIMITS) -> Graph:
    """Build the graph of a network with its params and input. The work also counts for `account`, which several networks may share."""
    written = setting.network.written
    meter = Meter(written, limits=limits)
    try:
        scope = SymbolScope(meter, setting.domains())
        graph = build_with_assumptions(lambda symbols, conditions: Builder(setting, symbols, conditions).graph(), scope)
        graph.symbols.meter = Meter(written, limits=limits)  # later work on the graph has its own limit
        return graph
    except RecursionError:
        raise SpecError(Problem("steps are nested too deeply")) from None
    finally:
        if account is not None:
            account.operations -= meter.spent


class Builder:
    """Expands the steps of a network; every list, loop and block has its own scope."""

    def __init__(self, setting: Setting, symbols: SymbolScope, conditions: dict[Condition, str]) -> None:
        self.setting = setting
        self.symbols = symbols
        self.meter = symbols.meter
        self.blocks = setting.network.blocks
        self.file, x, self.params = setting.resolve(symbols)
        self.words = Scope({word: Word(word) for word in (*KINDS, *self.blocks)}, symbols=symbols)  # all that a library sees
        self.places = LayerPlacer(x, conditions, self.meter)
        self.nodes = self.places.nodes
        self.weights = Weights(self.nodes)
        self.repeats: dict[str, str] = {}
        self.changed: set[str] = set()
        self.depth = 0

    def graph(self) -> Graph:
        """Build the whole graph."""
        folder = Folder("")
        folder.taken["input"] = None
        outer = Scope({}, self.file)
        if "input" not in self.file.values:
            self._remember("input", (0,), outer)
        flow = self.body(self.setting.network.layers, (0,), outer, StepContext(folder, None, side=False))[0]
        unused = [name for name in self.setting.changes if name not in self.changed]
        if unused:
            value = next(iter(self.setting.changes[unused[0]].values()), None)
            names = {part for node in self.nodes for part in node.path.split("/")}
            hint = suggestion(unused[0], names) or "only steps with names can be changed"
            raise SpecError(Problem(f"no step is named {unused[0]!r}", value.name_span(unused[0]) if value else None, hint))
        graph = Graph(self.nodes, flow, self.params, self.places.conditions, self.repeats, self.symbols)
        return selected(graph, self.setting, self.weights)

    # Steps

    def body(self, body: Body, flow: Flow, outer: Scope, context: StepContext) -> tuple[Flow, Scope]:
        """Expand the steps of a list in order; also return its scope, with the names of its steps."""
        scope = Scope({}, outer)
        if body:
            self._tick(len(body), body[0])
        for step in body:
            flow = self.step(step, flow, scope, context)
        return flow, scope

    def step(self, step: Step, flow: Flow, scope: Scope, context: StepContext) -> Flow:
        """Expand a step with its modifiers, and define its name for later steps."""
        modifiers = step.modifiers
        if modifiers is None:
            flow = self.take(step, flow, scope, scope, context)
        else:
            if modifiers.start:
                self._arrive(flow, scope)
                flow = self.places.side_by_side(self._start(modifiers.start, scope), step)
            if modifiers.loop is None:
                flow = self._choose(step, modifiers, flow, scope, scope, context)
            else:
                inside = context.looping((*modifiers.loop.names, "i"))
                self._arrive(flow, scope)
                for values in rounds(modifiers.loop, scope, self._operate):
                    self._tick(1, step)
                    taken = modifiers.first if modifiers.first is not None and values.get("i") == 1 else step
                    flow = self._choose(taken, modifiers, flow, Scope(values, scope), scope, inside)
                    self._arrive(flow, scope)
            if modifiers.names:
                self._name_parts(step, modifiers.names, flow, scope)
        if step.name is not None and step.name.plain:
            self._remember(step.name.text, flow, scope)
        return flow

    def _name_parts(self, step: Step, names: tuple[str, ...], flow: Flow, scope: Scope) -> None:
        """Define the names of the volumes that a step leaves."""
        if len(names) != len(flow):
            raise self.problem(f"{len(names)} names, but {len(flow)} volume{'s' * (len(flow) > 1)}", step.span)
        for name, node in zip(names, flow, strict=True):
            self._remember(name, (node,), scope)

    def _choose(self, step: Step, modifiers: Modifiers, flow: Flow, scope: Scope, names: Scope, context: StepContext) -> Flow:
        """Expand the step if its condition holds, otherwise the steps under `else`."""
        if modifiers.when is not None:
            self._arrive(flow, scope)
            if not self._holds("when", modifiers.when, scope):
                if modifiers.otherwise is not None:
                    flow = self.body(modifiers.otherwise, flow, scope, context)[0]
                if step.name is not None and not step.name.plain:
                    self._remember(step.name.fill(scope), flow, names)
                return flow
        return self.take(step, flow, scope, names, context)

    def _holds(self, word: str, condition: Value, scope: Scope) -> bool:
        """Decide the condition of a modifier."""
        try:
            return truth(condition.evaluate(scope))
        except OperationError as error:
            raise self.problem(f"{word}: {error.message}", condition.span, error.hint) from None

    def take(self, step: Step, flow: Flow, scope: Scope, names: Scope, context: StepContext) -> Flow:
        """Expand a step once; its values are evaluated in `scope`, its name is defined in `names`."""
        kind, start = type(step), len(self.nodes)
        if kind is not FixedLayer or self.setting.changes or (step.name is not None and not step.name.plain):
            self._arrive(flow, scope)
        if kind is FixedLayer:
            path = context.path(step, scope, names, step.word)
            layer = step.layer if not self.setting.changes else self._changed(step, scope, path)  # type: ignore[arg-type, attr-defined]  # it is a FixedLayer
            flow = self.places.place(layer, flow, path, step, side=context.side)
        elif kind is Call:
            word = self._meant(step, scope)
            path = context.path(step, scope, names, word)
            flow = self._call(step, word, flow, scope, context, path)  # type: ignore[arg-type]  # likewise
        else:
            word = self._meant(step, scope) if kind is Fork else step.word
            path = "" if kind is Group and step.name is None else context.path(step, scope, names, word)
            for field, value in self._changes(step, path).items():
                raise self.problem(f"{path}: {'a group' if kind is Group else step.word} has no fields to change", value.name_span(field))
            if kind is Fork:
                flow = self._fork(step, word, flow, scope, context, path)  # type: ignore[arg-type]  # likewise
            else:
                flow = self._group(step, flow, scope, context.inside(path) if path else context)  # type: ignore[arg-type]  # the only other type
        modifiers = step.modifiers
        if modifiers is not None and modifiers.weights is not None:
            name, named = modifiers.weights.fill(scope), step.name is not None or kind is Group
            self.weights.share(name, context.folder.prefix, start, modifiers.weights.span, named=named)
        if modifiers is not None and modifiers.trainable is not None and not self._holds("trainable", modifiers.trainable, scope):
            self.weights.freeze(range(start, len(self.nodes)))
        if step.name is not None and (step.modifiers is not None or not step.name.plain):
            self._remember(path.rpartition("/")[2], flow, names)
        return flow

    def _call(self, step: Call, word: str, flow: Flow, scope: Scope, context: StepContext, path: str) -> Flow:
        changes = self._changes(step, path)
        if word in self.blocks:
            return self._block(self.blocks[word], step, changes, flow, scope, context.inside(path))
        if KINDS[word].merges and step.main is not None:
            hint = f"{{{step.word}: {{a: relu, b: bn}}}}"
            raise self.problem(f"{step.word}: branches that are single words need names if the kind is a variable", step.main.span, hint)
        if KINDS[word].splits and "parts" in (values := written(KINDS[word].fields, step, changes)):
            sizes = values["parts"].evaluate(scope)
            if isinstance(sizes, list):
                return self._slices(step, values["parts"].span, sizes, flow, context.inside(path))
        layer = self.places.one(fill(KINDS[word], step, scope, changes))
        return self.places.place(layer, flow, path, step, side=context.side)

    def _slices(self, step: Call, span: Span, sizes: list[Any], flow: Flow, context: StepContext) -> Flow:
        """Split the channels into unequal parts, each a slice of the input."""
        names = step.modifiers.names if step.modifiers is not None else ()
        left: Flow = ()
        for i, part in enumerate(part_channels(sizes, self.nodes[flow[0]].placed.output.c, span)):
            path = context.folder.prefix + names[i] if i < len(names) else context.folder.count("slice", "slice")
            layer = self.places.one(KINDS["slice"](channels=part))
            left += self.places.place(layer, flow, path, step, side=context.side)
        return self.places.side_by_side(left, step)

    def _group(self, step: Group, flow: Flow, scope: Scope, context: StepContext) -> Flow:
        with self._deeper(step.span):
            if not step.side:
                return self.body(step.body, flow, scope, context)[0]
            self.body(step.body, flow, scope, context.aside())
            return flow

    def _fork(self, step: Fork, word: str, flow: Flow, scope: Scope, context: StepContext, path: str) -> Flow:
        if word not in KINDS or not KINDS[word].merges:
            merges = ", ".join(kind for kind in KINDS if KINDS[kind].merges)
            raise self.problem(f"{step.word!r} is {word}, which has no branches", step.span, f"merges are {merges}")
        merge = context.inside(path)
        arriving: list[int] = []
        labels: list[str] = []
        with self._deeper(step.span):
            for name, body in step.branches:
                label = "" if name is None else name.fill(scope)
                branch = merge if name is None else merge.inside(merge.claim(name, label))
                left = self.body(body, flow, scope, branch)[0]
                arriving += left
                labels += [label or self.nodes[each].path for each in left]
        inputs = self.places.side_by_side(tuple(arriving), step)
        layer = fill(KINDS[word], step, scope, {})
        return self.places.place(self.places.one(layer), inputs, path, step, side=context.side, labels=labels)

    def _meant(self, step: Step, scope: Scope) -> str:
        """Return the kind or block that a step's word names, directly or as the value of a variable."""
        if step.word in KINDS or step.word in self.blocks:
            return step.word
        try:
            value = scope.lookup(step.word)
        except KeyError:
            hint = suggestion(step.word, [*KINDS, *self.blocks, *scope.names(), *scope.words()])
            raise self.problem(f"unknown kind or block {step.word!r}", step.span, hint) from None
        if isinstance(value, Word) and (value in KINDS or value in self.blocks):
            return str(value)
        raise self.problem(f"{step.word!r} is {shown(value)}, not the name of a kind or block", step.span)

    def _block(self, block: Block, step: Call, changes: Mapping[str, Value], flow: Flow, scope: Scope, context: StepContext) -> Flow:
        self.repeats[context.folder.prefix[:-1]] = block.name
        inner = Scope({}, self.words if block.of_library else self.file)
        self._arrive(flow, inner)
        if block.inputs:
            if len(block.inputs) != len(flow):
                takes = f"block {block.name!r} has {len(block.inputs)} input{'s' * (len(block.inputs) > 1)}"
                raise self.problem(f"{takes}, but is given {len(flow)}", step.span)
            for name, node in zip(block.inputs, flow, strict=True):
                self._remember(name, (node,), inner)
        values = written(block.args, step, changes)
        for name, value in values.items():
            if name not in block.args:
                hint = suggestion(name, block.args) or fields_of(block.args)
                raise self.problem(f"block {block.name!r} has no argument {name!r}", value.span, hint)
        for name, default in block.args.items():
            if name in values:
                inner.values[name] = values[name].evaluate(scope)
            elif default is None:
                raise self.problem(f"block {block.name!r} needs {name!r}", step.span, fields_of(block.args))
            else:
                inner.values[name] = default.evaluate(inner)
        with self._deeper(step.span):
            left, names = self.body(block.body, flow, inner, context)
        return self.places.side_by_side(self._start(block.outputs, names), step) if block.outputs else left

    # Changes

    def _changes(self, step: Step, path: str) -> Mapping[str, Value]:
        """Return the changes under `but` to a step."""
        if not self.setting.changes:
            return {}
        meant: dict[str, Value] = {}
        self._operate(4 * len(self.setting.changes), step.span)
        for name, fields in self.setting.changes.items():
            if is_called(name, path, None if step.name is None else step.name.text):
                self.changed.add(name)
                meant.update(fields)
        return meant

    def _changed(self, step: FixedLayer, scope: Scope, path: str) -> Layer:
        """Return a layer with its fields changed as `but` says."""
        changes = self._changes(step, path)
        layer = step.layer
        return (
            self.places.one(type(layer)(**{**layer.non_default_fields(), **read_fields(type(layer), changes, scope)})) if changes else layer
        )

    # Names

    def _remember(self, name: str, flow: Flow, scope: Scope) -> None:
        """Define a name for these volumes; in arithmetic it is the first of them."""
        scope.steps[name] = flow
        scope.values[name] = self.nodes[flow[0]].placed.output

    def _start(self, templates: tuple[Template, ...], scope: Scope) -> Flow:
        """Return the outputs of the steps with these names."""
        flow: list[int] = []
        self._operate(4 * len(templates), templates[0].span)
        for template in templates:
            name = template.fill(scope)
            found = scope.flow(name) or self._part(name, scope)
            if not found:
                known = set(scope.flows())
                hint = suggestion(name, known) or f"names so far: {listed_names(known)}"
                raise self.problem(f"no step named {name!r} comes before", template.span, hint)
            flow += found
            self._operate(len(found) // 8, template.span)
        return tuple(flow)

    @staticmethod
    def _part(name: str, scope: Scope) -> Flow:
        """Return one of the volumes that a step leaves, as in `s[0]`; empty if there is none."""
        step, _, index = name.removesuffix("]").rpartition("[")
        at = int(index) if name.endswith("]") and index.isdecimal() and len(index) < 6 else -1
        return (scope.flow(step) or ())[at : at + 1] if at >= 0 else ()

    def _arrive(self, flow: Flow, scope: Scope) -> None:
        """Set the volume that arithmetic calls `in`."""
        scope.arriving = self.nodes[flow[0]].placed.output

    # Limits

    def _tick(self, steps: int, step: Step) -> None:
        """Count steps and iterations of loops, including those without layers."""
        self.meter.steps -= steps
        if self.meter.steps < 0:
            raise self.problem(f"more than {self.meter.limits.steps * self.meter.layers:,} steps", step.span, ADDED)

    def _operate(self, amount: int, span: Span) -> None:
        """Count work besides arithmetic, which a short file could repeat many times."""
        try:
            self.meter.operate(amount)
        except LimitError as error:
            raise self.problem(error.message, span, error.hint) from None

    def _deeper(self, span: Span) -> NestingLevel:
        if self.depth >= LIMITS.depth:
            raise self.problem(f"steps nested more than {LIMITS.depth} deep", span, "does a block use itself?")
        return NestingLevel(self)

    def problem(self, message: str, span: Span | None, hint: str = "") -> SpecError:
        """Return the error that ends the expansion."""
        return SpecError(Problem(message, span, hint))


class NestingLevel:
    """Context manager for one more level of nesting."""

    __slots__ = ("builder",)

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __enter__(self) -> None:
        self.builder.depth += 1

    def __exit__(self, *_: object) -> None:
        self.builder.depth -= 1
