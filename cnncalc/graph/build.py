"""The walk that writes a network out: steps go in, in order, and every layer comes out in its place with its volume known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import Inconclusive
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.graph.graph import Folder, Graph, Node, Placed
from cnncalc.layers import KINDS, Input, Layer, Volume, shown
from cnncalc.spec.expressions import Word
from cnncalc.spec.model import Call, Fixed, Fork, Group
from cnncalc.spec.scope import Scope, fields_of, fill, read_fields, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cnncalc.errors import Span
    from cnncalc.spec.model import Block, Body, Loop, Modifiers, Step, Template, Value
    from cnncalc.spec.settings import Setting

    Flow = tuple[int, ...]  # the nodes whose volumes arrive at a step

NODES = 200_000  # layers of a network written out
STEPS = 1_000_000  # steps taken, also those that leave nothing
NESTED = 100  # blocks, groups and branches inside each other
ROUNDS = 100_000  # of one loop


def build(setting: Setting) -> Graph:
    """Write a network out, with its params and input as they are set."""
    builder = Builder(setting)
    try:
        return builder.graph()
    except RecursionError:
        raise SpecError(Problem("steps are nested too deeply")) from None


class Spot:
    """Where steps stand: the folder of their paths, and the variables of the loops around them that share it."""

    __slots__ = ("folder", "looped", "side")

    def __init__(self, folder: Folder, looped: frozenset[str] | None, *, side: bool) -> None:
        self.folder = folder
        self.looped = looped
        self.side = side

    def inside(self, path: str) -> Spot:
        """The folder of a named group, a branch or a block."""
        return Spot(Folder(path + "/"), None, side=self.side)


class Builder:
    """Keeps the nodes placed so far. The same layer on the same volumes is worked out once."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.blocks = setting.network.blocks
        self.nodes: list[Node] = []
        self.placed: dict[tuple[Layer, tuple[Volume, ...]], Placed] = {}
        self.layers: dict[tuple[Any, ...], Layer] = {}
        self.conditions: dict[Any, str] = {}
        self.repeats: dict[str, str] = {}
        self.changed: set[str] = set()
        self.taken = 0
        self.depth = 0

    def graph(self) -> Graph:
        """All of it."""
        scope, x, params = self.setting.resolve()
        self.file = scope
        self.nodes.append(Node("input", (), Placed(Input(), (x,), x), side=False))
        flow = self.body(self.setting.network.layers, (0,), scope, Spot(Folder(""), None, side=False))[0]
        unused = [name for name in self.setting.changes if name not in self.changed]
        if unused:
            value = next(iter(self.setting.changes[unused[0]].values()), None)
            names = {part for node in self.nodes for part in node.path.split("/")}
            hint = suggestion(unused[0], names) or "only steps with a name can be changed"
            raise SpecError(Problem(f"no step is named {unused[0]!r}", value.span if value else None, hint))
        return Graph(self.nodes, flow, params, self.conditions, self.repeats)

    # Steps

    def body(self, body: Body, flow: Flow, outer: Scope, spot: Spot) -> tuple[Flow, Scope]:
        """The steps of a list one after the other, and the names they leave behind."""
        scope = Scope({}, outer)
        for step in body:
            flow = self.step(step, flow, scope, spot)
        return flow, scope

    def step(self, step: Step, flow: Flow, scope: Scope, spot: Spot) -> Flow:
        """One step with its modifiers; what it leaves is known by its name from here on."""
        self.taken += 1
        if self.taken > STEPS:
            raise self.problem(f"more than {STEPS:,} steps", step.span)
        modifiers = step.modifiers
        if modifiers is None:
            flow = self.take(step, flow, scope, scope, spot)
        else:
            if modifiers.start:
                flow = self._start(modifiers.start, scope)
            if modifiers.loop is None:
                flow = self._choose(step, modifiers, flow, scope, scope, spot)
            else:
                variables = frozenset((*modifiers.loop.names, "i")) | (spot.looped or frozenset())
                inside = Spot(spot.folder, variables, side=spot.side)
                for values in self._rounds(modifiers.loop, scope, flow):
                    flow = self._choose(step, modifiers, flow, Scope(values, scope), scope, inside)
        if step.name is not None and len(step.name.parts) == 1:
            self._remember(step.name.text, flow, scope)
        return flow

    def _choose(self, step: Step, modifiers: Modifiers, flow: Flow, scope: Scope, names: Scope, spot: Spot) -> Flow:
        """The step where its condition holds, what stands under `else` where not."""
        if modifiers.when is not None:
            self._arrive(flow, scope)
            holds = modifiers.when.evaluate(scope)
            if not isinstance(holds, bool):
                raise self.problem(f"expected a condition, found {shown(holds)}", modifiers.when.span)
            if not holds:
                return flow if modifiers.otherwise is None else self.body(modifiers.otherwise, flow, scope, spot)[0]
        return self.take(step, flow, scope, names, spot)

    def take(self, step: Step, flow: Flow, scope: Scope, names: Scope, spot: Spot) -> Flow:
        """One step, as often as it is called; its values are read in `scope`, its name is left in `names`."""
        path = ""
        if type(step) is Fixed:
            path = self._path(step, scope, spot, step.word)
            layer = step.layer if not self.setting.changes else self._changed(step, scope, path)
            flow = self.place(layer, flow, path, step, spot)
        elif type(step) is Call:
            self._arrive(flow, scope)
            word = self._meant(step, scope)
            path = self._path(step, scope, spot, word)
            if word in self.blocks:
                flow = self._block(self.blocks[word], step, flow, scope, spot, path)
            else:
                layer = self._interned(fill(KINDS[word], step, scope, self._changes(path)))
                flow = self.place(layer, flow, path, step, spot)
        elif type(step) is Fork:
            path = self._path(step, scope, spot, step.word)
            flow = self._fork(step, flow, scope, spot, path)
        elif type(step) is Group:
            inside = spot
            if step.name is not None:
                path = self._path(step, scope, spot, step.word)
                inside = spot.inside(path)
            flow = self._group(step, flow, scope, inside)
        if (step.name is not None and step.modifiers is not None) or (step.name is not None and step.name.names):
            self._remember(path.rpartition("/")[2], flow, names)
        return flow

    def _group(self, step: Group, flow: Flow, scope: Scope, spot: Spot) -> Flow:
        with self._deeper(step.span):
            if not step.side:
                return self.body(step.body, flow, scope, spot)[0]
            self.body(step.body, flow, scope, Spot(spot.folder, spot.looped, side=True))
            return flow

    def _fork(self, step: Fork, flow: Flow, scope: Scope, spot: Spot, path: str) -> Flow:
        merge = spot.inside(path)
        arriving: list[int] = []
        labels: list[str] = []
        with self._deeper(step.span):
            for name, body in step.branches:
                branch = merge.inside(f"{path}/{name}") if name else merge
                left = self.body(body, flow, scope, branch)[0]
                arriving += left
                labels += [name or self.nodes[each].path for each in left]
        return self.place(self._plain(KINDS[step.word]), tuple(arriving), path, step, spot, labels)

    def _meant(self, step: Call, scope: Scope) -> str:
        """The kind or block that a step's word names, or that a variable of this name holds."""
        if step.word in KINDS or step.word in self.blocks:
            return step.word
        try:
            value = scope.lookup(step.word)
        except KeyError:
            hint = suggestion(step.word, [*KINDS, *self.blocks, *scope.names()])
            raise self.problem(f"unknown kind or block {step.word!r}", step.span, hint) from None
        if isinstance(value, Word) and (value in KINDS or value in self.blocks):
            return str(value)
        raise self.problem(f"{step.word!r} is {shown(value)}, not the name of a kind or block", step.span)

    def _block(self, block: Block, step: Call, flow: Flow, scope: Scope, spot: Spot, path: str) -> Flow:
        self.repeats[path] = block.name
        inner = Scope({}, self.file)
        values = written(block.args, step, self._changes(path))
        for name, value in values.items():
            if name not in block.args:
                hint = suggestion(name, block.args) or fields_of(block.args)
                raise self.problem(f"block {block.name!r} has no argument {name!r}", value.span, hint)
        for name, default in block.args.items():
            if name in values:
                inner.values[name] = values[name].evaluate(scope)
            elif default is None:
                raise self.problem(f"block {block.name!r} needs {name!r}", step.span)
            else:
                inner.values[name] = default.evaluate(inner)
        if block.inputs:
            if len(block.inputs) != len(flow):
                raise self.problem(f"block {block.name!r} takes {len(block.inputs)} volumes, {len(flow)} arrive", step.span)
            for name, node in zip(block.inputs, flow, strict=True):
                self._remember(name, (node,), inner)
        with self._deeper(step.span):
            left, names = self.body(block.body, flow, inner, spot.inside(path))
        return self._start(block.outputs, names) if block.outputs else left

    # Places

    def place(self, layer: Layer, inputs: Flow, path: str, step: Step, spot: Spot, labels: list[str] | None = None) -> Flow:
        """A layer takes the flow and leaves a new one."""
        nodes = self.nodes
        if len(nodes) >= NODES:
            raise self.problem(f"more than {NODES:,} layers", step.span)
        volumes = tuple([nodes[each].placed.output for each in inputs])
        placed = self.placed.get((layer, volumes))
        if placed is None:
            placed = self._first(layer, volumes, path, step.span, labels or [nodes[each].path for each in inputs])
        nodes.append(Node(path, inputs, placed, side=spot.side))
        last = len(nodes) - 1
        return (last,) if not layer.splits else (last,) * layer.parts  # type: ignore[attr-defined]  # a kind that splits has parts

    def _first(self, layer: Layer, volumes: tuple[Volume, ...], path: str, span: Span, labels: list[str]) -> Placed:
        """The first time that a layer meets these volumes: its rules are run, and what they require is checked."""
        arrived = ", ".join(f"{label} {volume}" for label, volume in zip(labels, volumes, strict=True))
        if len(volumes) != 1 and not layer.merges:
            raise self.problem(
                f"{path}: {layer.kind} takes one volume, here arrive {len(volumes)}: {arrived}", span, "merge them first: add, concat"
            )
        try:
            for condition in (*layer.sound(), *layer.requires(*volumes)):
                if condition.holds is None:
                    self.conditions.setdefault(condition, path)
                elif not condition.holds:
                    raise self.problem(f"{path}: {condition.message}", span, f"here: {arrived}" if layer.merges else f"input {arrived}")
            output = layer.output(*volumes)
        except Inconclusive as error:
            hint = f"give {' or '.join(error.symbols)} a number"
            raise self.problem(f"{path}: {error.relation} cannot be decided for all {', '.join(error.symbols)}", span, hint) from None
        placed = self.placed[layer, volumes] = Placed(layer, volumes, output)
        return placed

    def _plain(self, kind: type[Layer]) -> Layer:
        layer = self.layers.get((kind,))
        if layer is None:
            layer = self.layers[(kind,)] = kind()
        return layer

    def _interned(self, layer: Layer) -> Layer:
        """The one layer of this kind with these fields, so that equal layers are placed once."""
        return self.layers.setdefault((type(layer), *vars(layer).values()), layer)

    def _changes(self, path: str) -> Mapping[str, Value]:
        """What `but` says of the step with this name."""
        if not self.setting.changes:
            return {}
        name = path.rpartition("/")[2]
        for known in (name, path):
            if known in self.setting.changes:
                self.changed.add(known)
                return self.setting.changes[known]
        return {}

    def _changed(self, step: Fixed, scope: Scope, path: str) -> Layer:
        """A layer with the fields that `but` changes."""
        changes = self._changes(path)
        layer = step.layer
        return self._interned(type(layer)(**{**layer.stated(), **read_fields(type(layer), changes, scope)})) if changes else layer

    # Names

    def _path(self, step: Step, scope: Scope, spot: Spot, word: str) -> str:
        """The path of a step: its own name, with a count in a loop, or its word with a count."""
        folder = spot.folder
        if step.name is None:
            return folder.count(word)
        name = step.name.fill(scope)
        if spot.looped is not None and not (step.name.names & spot.looped):
            return folder.count(name)
        path = folder.claim(name, word)
        if path is None:
            raise self.problem(f"the name {name!r} is given twice", step.name.span, "names are unique in their list")
        return path

    def _remember(self, name: str, flow: Flow, scope: Scope) -> None:
        """From here on a name means these volumes; arithmetic sees the first."""
        scope.steps[name] = flow
        scope.values[name] = self.nodes[flow[0]].placed.output

    def _start(self, templates: tuple[Template, ...], scope: Scope) -> Flow:
        """The volumes of the steps that are named."""
        flow: list[int] = []
        for template in templates:
            name = template.fill(scope)
            found = scope.flow(name)
            if found is None:
                hint = suggestion(name, scope.names())
                raise self.problem(f"no step named {name!r} comes before", template.span, hint)
            flow += found
        return tuple(flow)

    def _arrive(self, flow: Flow, scope: Scope) -> None:
        """What arithmetic calls `in`."""
        scope.arriving = self.nodes[flow[0]].placed.output

    def _rounds(self, loop: Loop, scope: Scope, flow: Flow) -> Iterator[dict[str, Any]]:
        """What the variables of a loop hold, round after round."""
        self._arrive(flow, scope)
        for row in [{}] if loop.rows is None else self._rows(loop, loop.rows, scope):
            if loop.repeat is None:
                yield row
                continue
            count = loop.repeat.evaluate(Scope(row, scope))
            if type(count) is not int or not 0 <= count <= ROUNDS:
                raise self.problem(f"repeat: expected a whole number from 0 to {ROUNDS:,}, found {shown(count)}", loop.repeat.span)
            for i in range(1, count + 1):
                yield {**row, "i": i}

    def _rows(self, loop: Loop, rows: Value, scope: Scope) -> Iterator[dict[str, Any]]:
        found = rows.evaluate(scope)
        if not isinstance(found, list):
            raise self.problem(f"in: expected a list of rows, found {shown(found)}", rows.span)
        for i, row in enumerate(found):
            values = [row] if len(loop.names) == 1 else row
            if not isinstance(values, list) or len(values) != len(loop.names):
                span = rows.items[i].span if rows.items else rows.span
                raise self.problem(f"a row for {', '.join(loop.names)} has {len(loop.names)} values, found {shown(row)}", span)
            yield dict(zip(loop.names, values, strict=True))

    # Limits

    def _deeper(self, span: Span) -> Depth:
        if self.depth >= NESTED:
            raise self.problem(f"steps nested more than {NESTED} deep", span, "does a block use itself without an end?")
        return Depth(self)

    def problem(self, message: str, span: Span | None, hint: str = "") -> SpecError:
        """The error that ends the walk."""
        return SpecError(Problem(message, span, hint))


class Depth:
    """One level deeper for as long as a `with` lasts."""

    __slots__ = ("builder",)

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def __enter__(self) -> None:
        self.builder.depth += 1

    def __exit__(self, *_: object) -> None:
        self.builder.depth -= 1
