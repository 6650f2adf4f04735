"""Counts the layers of a network before it is expanded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import SpecError
from cnncalc.layers import KINDS
from cnncalc.spec.model import Call, FixedLayer, Fork, Group
from cnncalc.spec.scope import Scope

if TYPE_CHECKING:
    from cnncalc.dims import SymbolScope
    from cnncalc.spec.model import Body, Loop, Network, Step, Value

ENOUGH = 10**15  # numbers beyond it would only grow longer
NESTED = 100  # nesting of blocks, groups and branches
ROUNDS = 10_000  # iterations of one loop


class Extent(NamedTuple):
    """Layers, and steps that are taken."""

    layers: int = 0
    steps: int = 0

    def and_then(self, other: Extent) -> Extent:
        """Both, one after the other."""
        return Extent(min(self.layers + other.layers, ENOUGH), min(self.steps + other.steps, ENOUGH))

    def times(self, rounds: int) -> Extent:
        """The same again and again."""
        return Extent(min(self.layers * rounds, ENOUGH), min(self.steps * rounds, ENOUGH))


NOTHING = Extent()
ONE_LAYER = Extent(1, 0)
ONE_STEP = Extent(0, 1)


def written(network: Network) -> int:
    """The steps that a file writes; what a YAML alias repeats is written once."""
    places: set[int] = set()
    for body in (network.layers, *(block.body for block in network.blocks.values())):
        _places(body, places)
    return len(places)


def _places(body: Body, places: set[int]) -> None:
    places.update([step.at for step in body])
    for step in body:
        if type(step) is Group:
            _places(step.body, places)
        elif type(step) is Fork:
            for _, branch in step.branches:
                _places(branch, places)
        if step.modifiers is not None and step.modifiers.otherwise is not None:
            _places(step.modifiers.otherwise, places)


class Counter:
    """Counts what is sure to come: what stands under a condition, or in a loop of unknown length, may come to nothing."""

    def __init__(self, network: Network, symbols: SymbolScope) -> None:
        self.network = network
        self.known: dict[str, Extent] = {}  # blocks; one that uses itself counts as nothing inside itself
        self.constants = Scope({}, symbols=symbols)
        self.depth = 0

    def excess(self, layers: int, steps: int) -> tuple[Step, str] | None:
        """The step of the file's own list at which one of the limits is sure to be passed, and the message."""
        total = NOTHING
        for step in self.network.layers:
            total = total.and_then(self.step(step))
            if total.layers > layers:
                return step, f"more than {layers:,} layers"
            if total.steps > steps:
                return step, f"more than {steps:,} steps"
        return None

    def body(self, body: Body) -> Extent:
        """The steps of a list."""
        if self.depth >= NESTED:
            return NOTHING
        self.depth += 1
        total = NOTHING
        for step in body:
            total = total.and_then(self.step(step))
        self.depth -= 1
        return total

    def step(self, step: Step) -> Extent:
        """One step with its modifiers."""
        modifiers = step.modifiers
        if modifiers is None:
            return self.taken(step).and_then(ONE_STEP)
        inside = NOTHING if modifiers.when is not None else self.taken(step)
        if modifiers.loop is not None:
            inside = inside.and_then(ONE_STEP).times(self.rounds(modifiers.loop))
        return inside.and_then(ONE_STEP)

    def taken(self, step: Step) -> Extent:
        """What a step leaves when it is taken once."""
        kind = type(step)
        if kind is FixedLayer:
            return ONE_LAYER
        if kind is Group:
            return self.body(step.body)  # type: ignore[attr-defined]  # it is a Group
        if kind is Fork:
            total = ONE_LAYER
            for _, branch in step.branches:  # type: ignore[attr-defined]  # it is a Fork
                total = total.and_then(self.body(branch))
            return total
        assert kind is Call
        if step.word in KINDS:
            return ONE_LAYER
        block = self.network.blocks.get(step.word)
        if block is None:  # a variable that holds the name of one
            return NOTHING
        if block.name not in self.known:
            self.known[block.name] = NOTHING
            self.known[block.name] = self.body(block.body)
        return self.known[block.name]

    def rounds(self, loop: Loop) -> int:
        """How often a loop is gone through at least."""
        rounds = 1
        if loop.rows is not None:
            rounds = len(loop.rows.items) if loop.rows.expression is None else 0
        count = 1 if loop.repeat is None else self.constant(loop.repeat)
        return rounds * count

    def constant(self, value: Value) -> int:
        """A number that is the same in every scope; 0 where it is not known here."""
        if value.expression is None or not value.expression.constant:
            return 0
        try:
            found = value.evaluate(self.constants)
        except SpecError:  # the walk will tell it
            return 0
        return found if type(found) is int and 0 < found <= ROUNDS else 0
