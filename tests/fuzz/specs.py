"""Valid specs: networks with params, blocks, loops, branches, conditions and every kind, beside the same layer by layer."""

from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.fuzz.shapes import EVERYWHERE, MERGES, SINGLE, IllegalError, Shape, divisors, fields_of
from tests.fuzz.unrolled import MAIN, Block, Flow, Scope, Step, Unroller, Volume

PARAMS = ("width", "depth", "rate")
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./*+<>=()% -]*[A-Za-z0-9_)]|[A-Za-z0-9_]")  # what YAML takes for a text as it stands


class Spec(NamedTuple):
    """A file's text, the same network layer by layer, its input, and the shapes that its layers leave."""

    text: str
    long: str
    input: Shape
    params: dict[str, Any]
    shapes: list[Shape]


class Drawn:
    """Draws steps that can be where they stand; each is tried, and one that cannot be is a relu instead."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.params: dict[str, Any] = {name: draw(st.integers(1, 6)) for name in PARAMS}
        self.params["sizes"] = draw(st.lists(st.integers(1, 5), min_size=2, max_size=3))
        self.params["act"] = draw(st.sampled_from(("relu", "tanh", "hswish")))
        self.params["join"] = draw(st.sampled_from(("add", "mean")))
        self.blocks: dict[str, Block] = {}
        self.units = self.names = 0

    def number(self, wanted: int, scope: Scope, x: Shape) -> Any:
        """A whole number, as it is or as arithmetic that comes to it here."""
        draw = self.draw
        if draw(st.integers(0, 2)):
            return wanted
        names = {name: each for name, each in scope.values.items() if type(each) is int}
        names |= {f"sizes[{i}]": each for i, each in enumerate(self.params["sizes"]) if "sizes" in scope.values}
        names |= {f"{name}.{axis}": getattr(flow[0].shape, axis) for name, flow in scope.steps.items() for axis in "hwc"}
        names |= {f"in.{axis}": getattr(x, axis) for axis in "hwc"}
        name = draw(st.sampled_from(sorted(names)))
        known = names[name]
        forms = [f"{name} + {wanted - known}" if wanted >= known else f"{name} - {known - wanted}", f"max({wanted}, {name} - {known})"]
        if wanted % known == 0:
            forms.append(f"{wanted // known} * {name}")
        if known % wanted == 0:
            forms.append(f"{name} // {known // wanted}")
        forms.append(f"{wanted} if {name} == {known} else {wanted + 1}")
        return draw(st.sampled_from(forms))

    def written(self, given: Any, scope: Scope, x: Shape) -> Any:
        """A field's value, its whole numbers perhaps as arithmetic."""
        if isinstance(given, list):
            return [self.written(each, scope, x) for each in given]
        return self.number(given, scope, x) if type(given) is int and given > 0 else given

    def layer(self, flow: Flow, scope: Scope) -> Step:
        """A layer of any kind that takes one volume; of several a merge."""
        x = flow[0].shape
        if len(flow) > 1:
            return self.draw(st.sampled_from(({"concat": None}, {"add": None}, {"join": None}, {"multiply": None})))
        kind = self.draw(st.sampled_from((*SINGLE, *OFTEN)))
        fields = self.draw(fields_of(kind, x))
        if kind in ("relu", "tanh", "hswish") and kind == self.params["act"] and "act" in scope.values:
            return "act"
        if "connections" not in fields:
            fields = {name: self.written(given, scope, x) for name, given in fields.items()}
        main = MAIN.get(kind)
        if main in fields and self.draw(st.booleans()):
            return {kind: fields[main], **{name: given for name, given in fields.items() if name != main}}
        return {kind: None, **fields} if fields or self.draw(st.booleans()) else kind  # type: ignore[arg-type]  # of several types

    def steps(self, flow: Flow, scope: Scope, depth: int, most: int = 4) -> list[Step]:
        """A list of steps, each drawn for what the one before leaves."""
        inner = scope.inner()
        found: list[Step] = []
        for _ in range(self.draw(st.integers(1, most))):
            step = self.named(self.step(flow, inner, depth))
            try:
                after = self.tried(step, flow, inner)
            except IllegalError:
                step = "relu" if len(flow) == 1 else {"concat": None}
                after = self.tried(step, flow, inner)
            found.append(step)
            flow = after
        if len(flow) > 1:
            found.append({"concat": None})
        return found

    def tried(self, step: Step, flow: Flow, scope: Scope) -> Flow:
        """What a step leaves; the names that it gives are known only if it can be."""
        trial = Scope(scope.values, dict(scope.steps))
        left = Unroller(self.params, self.blocks).step(step, flow, trial)
        scope.steps.update(trial.steps)
        return left

    def named(self, step: Step) -> Step:
        """Perhaps with a name."""
        if isinstance(step, dict) and not step.keys() & {"repeat", "each", "name"} and self.draw(st.integers(0, 3)) == 0:
            self.names += 1
            return {**step, "name": f"n{self.names}"}
        return step

    def step(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """Any step."""
        shape = self.draw(st.sampled_from(("layer", "layer", *SHAPES))) if depth and len(flow) == 1 else "layer"
        step = self.layer(flow, scope) if shape == "layer" else getattr(self, shape)(flow, scope, depth - 1)
        if isinstance(step, dict) and len(flow) == 1 and "repeat" not in step and "from" not in step and self.draw(st.integers(0, 7)) == 0:
            earlier = [name for name, left in scope.steps.items() if len(left) == 1]
            step = {**step, "from": self.draw(st.sampled_from(earlier))} if earlier and shape == "layer" else step
        return step

    def group(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """Steps as one, with or without a word."""
        steps = self.steps(flow, scope, depth, 3)
        return steps if self.draw(st.booleans()) else {"do": steps}

    def aside(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """A side exit."""
        return {"side": self.steps(flow, scope, depth, 3)}

    def loop(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """Again and again, with rows or with a count."""
        draw, x = self.draw, flow[0].shape
        if draw(st.booleans()):
            body = self.steps(flow, scope.inner(i=1), depth, 3)
            return {"do": body, "repeat": self.number(draw(st.integers(1, 3)), scope, x)}
        if draw(st.booleans()):
            numbers = draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
            rows: Any = [self.number(each, scope, x) for each in numbers]
            if draw(st.integers(0, 3)) == 0:
                numbers, rows = [1, 2, 3], "range(1, 4)"
            return {"each": "f", "in": rows, "do": self.steps(flow, scope.inner(f=numbers[0]), depth, 3)}
        pairs = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 2)), min_size=1, max_size=3))
        rows = [[self.number(one, scope, x), other] for one, other in pairs]
        step = {"each": ["f", "g"], "in": rows, "do": self.steps(flow, scope.inner(f=pairs[0][0], g=pairs[0][1], i=1), depth, 2)}
        return {**step, "repeat": "g"}

    def choice(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """Under a condition, perhaps with something else instead."""
        x = flow[0].shape
        holds = self.draw(st.booleans())
        number = self.number(self.draw(st.integers(1, 9)), scope, x)
        condition = f"{number} {'>' if holds else '<'} 0" + self.draw(st.sampled_from(("", " and true", " or in.c < 0")))
        step: dict[str, Any] = {"when": condition, "do": self.steps(flow, scope, depth, 2)}
        if self.draw(st.booleans()):
            step["else"] = self.steps(flow, scope, depth, 2)
        return step

    def fork(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """Branches: any that may be laid behind one another, or a residual with as many channels."""
        draw = self.draw
        first = self.steps(flow, scope, depth, 3)
        try:
            left = Unroller(self.params, self.blocks).body(first, flow, scope)
        except IllegalError:  # pragma: no cover  # each of its steps was tried
            return "relu"
        kind = draw(st.sampled_from((*MERGES, "join")))
        x, y = flow[0].shape, left[0].shape
        other: Any = {"conv": self.number(y.c, scope, x)}
        if x == y and draw(st.booleans()):
            other = draw(st.sampled_from(("identity", [], ["relu"])))
        elif kind == "multiply" and draw(st.booleans()):
            other = ["gap", other, "sigmoid"]
        branches = [first, other] if draw(st.booleans()) else [other, first]
        return {kind: {f"b{i}": branch for i, branch in enumerate(branches)} if kind == "join" or draw(st.booleans()) else branches}

    def pair(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """A split, and its parts together again, as queries, keys and values or as they were."""
        x = flow[0].shape
        parts = self.draw(st.sampled_from([n for n in (2, 3, 4) if x.c % n == 0] or [1]))
        if parts == 3 and self.draw(st.booleans()):
            window: Step = self.draw(
                st.sampled_from(({}, {"window": 2}, {"window": 3, "shift": 1}, {"linear": True}, {"position": "table"}))
            )
            return [{"split": 3}, {"attention": self.number(self.draw(st.sampled_from(divisors(x.c // 3))), scope, x), **window}]
        return [{"split": parts}, {"concat": None}, {"shuffle": parts}] if parts > 1 else "relu"

    def call(self, flow: Flow, scope: Scope, depth: int) -> Step:
        """A block: one that is there already, or a new one."""
        draw, x = self.draw, flow[0].shape
        if self.blocks and draw(st.integers(0, 2)) == 0:
            name = draw(st.sampled_from(sorted(self.blocks)))
            arguments = {word: self.number(draw(st.integers(1, 6)), scope, x) for word in self.blocks[name].args if draw(st.booleans())}
            missing = [word for word, default in self.blocks[name].args.items() if default is None and word not in arguments]
            return {name: None, **arguments, **{word: self.number(draw(st.integers(1, 3)), scope, x) for word in missing}}
        given = {"k": draw(st.integers(1, 6)), "m": draw(st.integers(1, 3))}
        inputs = draw(st.sampled_from(((), ("x",))))
        seen: dict[str, Flow] = dict.fromkeys(inputs, flow)
        inner = Scope({**self.params, **given}, seen)
        self.units += 1
        name = f"unit{self.units}"
        layers = self.recursion(name) if draw(st.integers(0, 4)) == 0 else self.steps(flow, inner, depth, 3)
        default = self.number(given["m"], Scope({**self.params, "k": given["k"]}, seen), x) if draw(st.booleans()) else None
        self.blocks[name] = Block({"k": None, "m": default}, inputs, layers)
        step: dict[str, Any] = {name: self.number(given["k"], scope, x)}
        if default is None or draw(st.booleans()):
            step["m"] = self.number(given["m"], scope, x)
        return step

    @staticmethod
    def recursion(name: str) -> list[Step]:
        """A block that uses itself, so many times."""
        return [
            {"when": "m > 0", "do": ["relu", {"mean": [["identity"], {name: "k", "m": "m - 1"}]}], "else": {"conv": "k"}},
            {"conv": "in.c"},
        ]


OFTEN = ("conv", "conv", "conv", "depthwise", "upconv", "maxpool", "avgpool", "adaptivepool", "zeropad", "crop", "gn", "slice")
SHAPES = ("group", "aside", "loop", "choice", "fork", "pair", "call")


@st.composite
def specs(draw: st.DrawFn, depth: int = 3) -> Spec:
    """A spec and its long form."""
    drawn, x, layers, unroller, left = draw(bodies(depth, 8))
    long = [*unroller.out, {"identity": None, "from": [volume.name for volume in left]}]
    layers = [*layers, "identity"]
    pen = Pen(draw(st.integers(0, 2**16)))
    blocks = {name: block.written() for name, block in drawn.blocks.items()}
    file = {"input": f"{x.h}x{x.w}x{x.c}", "params": drawn.params, **({"blocks": blocks} if blocks else {}), "layers": layers}
    keys = draw(st.permutations(sorted(file)))
    text = pen.mapping({key: file[key] for key in keys}, 0)
    return Spec(text, pen.mapping({"input": list(x), "layers": long}, 0), x, drawn.params, unroller.shapes)


@st.composite
def bodies(draw: st.DrawFn, depth: int, most: int) -> tuple[Drawn, Shape, list[Step], Unroller, Flow]:
    """Steps on an input, with what they draw on, their long form, and what they leave."""
    drawn = Drawn(draw)
    x = Shape(draw(st.integers(1, 16)), draw(st.integers(1, 16)), draw(st.sampled_from((1, 2, 3, 4, 6, 8))))
    flow: Flow = (Volume("input", x),)
    scope = Scope(dict(drawn.params), {"input": flow})
    layers = drawn.steps(flow, scope, depth, most)
    return drawn, x, layers, *written_out(drawn, layers, flow, scope)


def written_out(drawn: Drawn, layers: list[Step], flow: Flow, scope: Scope) -> tuple[Unroller, Flow]:
    """The steps one by one; of too many the last are left out."""
    while True:
        unroller = Unroller(drawn.params, drawn.blocks)
        try:
            return unroller, unroller.body(layers, flow, scope)
        except IllegalError:
            layers.pop()


class Pen:
    """Writes YAML by hand, in lines or in braces as the dice fall, so that no library stands between the strategy and the reader."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def mapping(self, given: dict[str, Any], indent: int) -> str:
        """Keys and values, a line or several for each."""
        return "".join(" " * indent + self.entry(key, value, indent) for key, value in given.items())

    def entry(self, key: str, value: Any, indent: int) -> str:
        """One key with its value."""
        if isinstance(value, dict) and value and self.lines(indent):
            return f"{key}:\n{self.mapping(value, indent + 2)}"
        if isinstance(value, list) and value and self.lines(indent):
            return f"{key}:\n{self.items(value, indent + self.dice.choice((0, 2)))}"
        return f"{key}: {self.flow(value)}{self.dice.choice(('', '', '  # so it is'))}\n"

    def lines(self, indent: int) -> bool:
        """Whether something is written in lines."""
        return indent < 40 and self.dice.random() < 0.6

    def items(self, given: list[Any], indent: int) -> str:
        """The items of a list, each behind a dash."""
        found = ""
        for each in given:
            if isinstance(each, dict) and each and self.lines(indent):
                found += " " * indent + "- " + self.mapping(each, indent + 2)[indent + 2 :]
            else:
                found += " " * indent + f"- {self.flow(each)}\n"
        return found

    def flow(self, given: Any) -> str:
        """Something in one line."""
        if given is None:
            return ""
        if isinstance(given, bool):
            return self.dice.choice(("true", "yes", "on") if given else ("false", "no", "off"))
        if isinstance(given, dict):
            return "{" + ", ".join(f"{key}: {self.flow(each)}" for key, each in given.items()) + "}"
        if isinstance(given, list):
            return "[" + ", ".join(map(self.flow, given)) + "]"
        text = str(given)
        if isinstance(given, str) and not (PLAIN.fullmatch(text) and self.dice.random() < 0.7):
            return f"'{text}'" if self.dice.random() < 0.5 else f'"{text}"'
        return text


EVERYTHING = frozenset((*SINGLE, *MERGES, "attention"))
assert set(EVERYWHERE) <= EVERYTHING
