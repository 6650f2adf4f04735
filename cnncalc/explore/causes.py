"""The table of causes: what people count differently, the most usual first."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.explore.counts import BIASES
from cnncalc.layers import operation_types as op
from cnncalc.propagate.counting import CONVENTIONS, TWICE, WEIGHING, Count
from cnncalc.propagate.rows import BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cnncalc.propagate.costs import Cost
    from cnncalc.propagate.report import Report

    Parts = Iterable[tuple[str, Any]]  # what is counted, and how much it adds
    Rule = Callable[[Cost, "CountedNetwork"], Parts]

QUANTITIES = ("params", "macs", "flops", "memory", "values")
SIZES = (256, 224, 299, 384, 320, 288, 192, 160, 128, 240, 448, 512, 416, 640, 227, 331, 260, 300, 380, 456, 528, 600, 96, 64, 32)
CLASSES = (10, 100, 1000, 1001, 21841, 21, 2)
BATCHES = (2, 4, 8, 10, 16, 32, 64, 128, 256)
ONCE = "ptflops count_functional=False"
SLIMMING = "compute_flops.py"  # of network-slimming and rethinking-network-pruning
COUNTED = (
    "flops", "macs", "thop", "fvcore", "ptflops", ONCE, "torchinfo", "ptflops-aten", "torch", "calflops", "full", "connections", SLIMMING,
)  # fmt: skip
POOLING = "pooling"


class PossibleCause(NamedTuple):
    """One way to arrive at another number: other parts counted, another network, a factor, or a unit."""

    cause: str
    value: str
    words: Callable[[CountedNetwork], str]
    rule: Rule | None = None  # what is counted beside our own count of a layer
    without: Callable[[Report], Iterable[Any]] | None = None  # nodes that are left out
    options: Mapping[str, Any] = {}  # of analysis.report
    variant: Any = None  # another variant of the file
    factor: Fraction = Fraction(1)
    scale: Fraction = Fraction(1)  # what the unit of the printed number stands for, against what it says

    @property
    def changes(self) -> set[str]:
        """What it changes, so that two causes can be made together if they change different things."""
        fields = {name for name in ("rule", "without", "variant") if getattr(self, name) is not None}
        return {*fields, *self.options, *({"factor"} if self.factor != 1 else ()), *({"scale"} if self.scale != 1 else ())}

    @property
    def changes_network(self) -> bool:
        """Whether another network has to be built for it."""
        return bool(self.options) or self.variant is not None


class CountedNetwork:
    """A report whose quantity can be counted by other rules."""

    def __init__(self, report: Report, quantity: str) -> None:
        self.report = report
        self.quantity = quantity
        self.width = BYTES[report.dtype]
        self.convention = CONVENTIONS[report.counting]
        self.own: Rule = OWN[quantity]
        self.nodes = Counter(node.placed for node in report.graph.nodes if report.sides or not node.side)
        self._sums: dict[Any, Counter[str]] = {}

    def parts(self, rule: Rule, without: Callable[[Report], Iterable[Any]] | None = None) -> Counter[str]:
        """Return what a rule counts, by what it is; or only that of the nodes left out."""
        known = self._sums.get((rule, without))
        if known is None:
            counted = self.nodes if without is None else Counter(node.placed for node in without(self.report))
            known = self._sums[rule, without] = Counter()
            for placed, times in counted.items():
                for what, amount in rule(self.report.costs[placed][0], self):
                    known[what] += times * amount
        return known

    @property
    def computed(self) -> int:
        """The number by our own rules."""
        return sum(self.parts(self.own).values())

    def total(self, causes: Iterable[PossibleCause]) -> Fraction | int:
        """Return the number that the causes give together."""
        rules = [self.own, *(each.rule for each in causes if each.rule)]
        value: Fraction | int = sum(sum(self.parts(rule).values()) for rule in rules)
        for each in causes:
            if each.without:
                value -= sum(sum(self.parts(rule, each.without).values()) for rule in rules)
            if each.factor != 1:
                value *= each.factor
        return value


def _params(cost: Cost, network: CountedNetwork) -> Parts:
    return () if cost.placed.shared else (("parameters", cost.params),)


def _macs(cost: Cost, network: CountedNetwork) -> Parts:
    return (("MACs", network.report.batch * cost.work.macs),)


def _flops(cost: Cost, network: CountedNetwork) -> Parts:
    macs, biases, other = network.convention.count(cost)
    batch: Any = network.report.batch
    return ("FLOPs", batch * (macs + other)), (BIASES, batch * biases)


def _values(cost: Cost, network: CountedNetwork) -> Parts:
    each = network.width if network.quantity == "memory" else 1
    return (("activations", each * network.report.batch * cost.values),) if cost.stored else ()


OWN: Mapping[str, Rule] = {"params": _params, "macs": _macs, "flops": _flops, "memory": _values, "values": _values}


def of(quantity: str, report: Report) -> Iterator[PossibleCause]:
    """Yield the causes that can change a quantity of a network, the most usual first: one row each."""
    if quantity == "params":
        yield _row("buffers", "with", "with {} running means and variances of batch norms", _buffers)
        yield _row("bias", "without", "without {} biases", _no_biases)
        yield from _classifiers(report)
        yield _row("bias", "with", "with {} biases of convolutions that have none here", _more_biases)
        yield _row("counting", "without batch norm", "parameters without {} of batch norms", _no_norms)
    elif quantity in ("macs", "flops"):
        stated = (report.setting.about.published or {}).get("counted_as")
        for name in sorted(COUNTED, key=lambda name: name != stated):
            yield _convention(name)
        yield from _variants(report, related=True)
        yield from _sizes(report)
        yield from _classifiers(report)
    else:
        if quantity == "memory":
            yield _row("counting", "parameters", "parameter memory", _param_memory)
            yield _row("counting", "all", "activation and parameter memory", _with_param_memory)
            for name, width in BYTES.items():
                if name not in (report.dtype, "bfloat16"):
                    yield _row("dtype", name, f"in {name}", factor=Fraction(width, BYTES[report.dtype]))
        yield _row("counting", "torchinfo", "torchinfo counts twice the outputs of layers with parameters, and nothing else", _of_weighted)
        yield _row("counting", "twice", "every activation counted twice, for the forward and the backward pass", factor=Fraction(2))
        yield _row("counting", "in place", "outputs of layers that work in place, such as ReLU, count too", _in_place)
        yield _row("counting", "fvcore", "fvcore counts only the outputs of convolutions and fully connected layers", _of_weighing)
        yield from _sizes(report)
    if quantity != "params":
        for batch in BATCHES:
            yield _row("batch", str(batch), f"for a batch of {batch}", factor=Fraction(batch))
        if quantity in ("macs", "flops"):
            yield _row("counting", "backward", "three times as much, for a forward and a backward pass", factor=Fraction(3))
    yield from _networks(report)


def _networks(report: Report) -> Iterator[PossibleCause]:
    """Yield the other forms and variants of a network."""
    if report.exits is not None:
        with_, do = ("without", "without the") if report.sides else ("with", "with the")
        yield _row("heads", with_, f"{do} auxiliary heads", options={"sides": not report.sides})
    setting = report.setting
    deployed = not setting.deployed
    if deployed and not any(placed.layer.operation is op.BATCH_NORM for placed in report.costs):
        deployed = False
    if deployed or setting.deployed:
        said = "in the deployed form" if deployed else "in the trained form"
        yield _row("deployed", "deployed" if deployed else "trained", said, options={"deployed": deployed})
    if "classes" in report.graph.params:
        for classes in CLASSES:
            if report.graph.params["classes"] != classes:
                yield _row("classes", str(classes), f"for {classes:,} classes", options={"params": (f"classes={classes}",)})
    yield from _variants(report, related=False)


def _variants(report: Report, *, related: bool) -> Iterator[PossibleCause]:
    """Yield the other variants of the file: those whose names begin alike, as resnet50 and resnet50_v1_5, or the rest."""
    setting = report.setting
    for name, variant in setting.network.variants.items() if setting.variant is not None else ():
        if variant is not setting.variant and related == (name.startswith(setting.id) or setting.id.startswith(name)):
            yield _row("variant", name, f"of {name}", variant=variant)


def units(unit: str, *, memory: bool) -> Iterator[PossibleCause]:
    """Yield what the unit of a printed number may stand for: 2^30 for G, MiB for MB; any for a number without one."""
    letter = unit[:1].upper()
    power = max("-KMGT".find(letter), 0) if letter else 0
    letter, power = ("G", 3) if letter == "B" and not memory else (letter, power)
    scale = Fraction(1024**power, 1000**power)
    if memory and len(unit) > 1 and power:
        binary = unit[1:2].lower() == "i"
        other = f"{letter}B" if binary else f"{letter}iB"
        yield _row("unit", other, f"in {other}", scale=1 / scale if binary else scale)
    elif power:
        yield _row("unit", f"2^{10 * power}", f"in units of 2^{10 * power}", scale=scale)
    elif not unit:
        for name, size in (("millions", 10**6), ("billions", 10**9), ("thousands", 10**3)):
            yield _row("unit", name, f"in {name}", scale=Fraction(size))


def _row(cause: str, value: str, words: str, rule: Rule | None = None, **others: Any) -> PossibleCause:
    """Return a row; {} in the words is what its rule counts more or less."""

    def said(network: CountedNetwork) -> str:
        return words.format(f"{abs(sum(network.parts(rule).values())):,}") if rule is not None else words

    return PossibleCause(cause, value, said, rule, **others)


def _sizes(report: Report) -> Iterator[PossibleCause]:
    for size in SIZES:
        yield resolution(report, size)


def resolution(report: Report, size: int) -> PossibleCause:
    """Return the cause that the input has another size."""
    return _row("resolution", f"{size}x{size}", f"at {size}×{size}", options={"input": f"{size}x{size}x{report.input.c}"})


def _classifiers(report: Report) -> Iterator[PossibleCause]:
    """Yield the causes that the last layer is left out, or all fully connected layers at the end."""
    weighted = [node for node in report.graph.nodes if node.placed.layer.is_weight_layer and not node.side]
    last = len(weighted)
    while last and weighted[last - 1].placed.layer.kind == "fc":
        last -= 1
    lasts = [weighted[-1:], *([weighted[last:]] if len(weighted) - last > 1 else [])] if len(report.graph.outputs) == 1 else []
    for nodes in lasts:
        names = " and ".join([each.path for each in nodes])

        def left(report: Report, paths: frozenset[str] = frozenset(each.path for each in nodes)) -> list[Any]:
            return [node for node in report.graph.nodes if node.path in paths]

        yield _row("classifier", "without", f"without the classifier ({names})", without=left)


def _convention(name: str) -> PossibleCause:
    count = {ONCE: _once, SLIMMING: _slimming}.get(name) or CONVENTIONS[name].count

    def beside(own: Rule) -> Rule:
        def rule(cost: Cost, network: CountedNetwork) -> Parts:
            batch: Any = network.report.batch
            macs, biases, other = count(cost)
            known = Counter[str]()
            for what, amount in own(cost, network):
                known[BIASES if what == BIASES else ""] += amount
            return (cost.operation.cause, batch * (macs + other) - known[""]), (BIASES, batch * biases - known[BIASES])

        return rule

    more = beside(_macs)
    return PossibleCause(
        "counting", name, lambda network: _counts(name, more, network), beside(lambda cost, network: network.own(cost, network))
    )


def _once(cost: Cost) -> Count:
    """Count as ptflops does where each module counts once."""
    macs, biases, other = CONVENTIONS["ptflops"].count(cost)
    return Count(macs, biases, cost.entering if cost.operation in TWICE else other)


def _slimming(cost: Cost) -> Count:
    """Count 2 for each multiply-accumulate and value of a batch norm, 1 for biases, ReLU and window inputs of pooling."""
    elements = {op.BATCH_NORM: 2, op.RELU: 1}.get(cost.operation, 0) * cost.values
    pooled = cost.work.window if cost.operation in (op.MAX_POOL, op.AVERAGE_POOL) else 0
    return Count(2 * cost.work.macs, cost.work.bias_adds, elements + pooled)


def _counts(name: str, rule: Rule, network: CountedNetwork) -> str:
    """Return, e.g., thop counts 4 operations for each batch-norm output and average pooling."""
    if name in ("macs", "flops", "full", "connections"):
        sentence = CONVENTIONS[name].manual[0].rstrip(".")
        return f"{sentence[0].lower()}{sentence[1:]} ({name})"
    parts = network.parts(rule)
    more = [_phrase(what, amount, rule, network) for what, amount in parts.most_common() if amount > 0]
    less = [what for what, amount in parts.items() if amount < 0]
    return f"{name} counts {_listed(more or ['multiply-accumulates'])}{f', but not {_listed(less)}' if less else ''}"


def _phrase(what: str, amount: int, rule: Rule, network: CountedNetwork) -> str:
    """Return what is counted, with how often for each output where that is a whole number."""
    costs = [network.report.costs[placed][0] for placed in network.nodes if placed.layer.operation.cause == what]
    costs = [cost for cost in costs if any(added for _, added in rule(cost, network))]
    if what == op.MACS:
        return "2 operations for each multiply-accumulate"
    if what == POOLING and all("average" in cost.operation.name for cost in costs):
        return "average pooling"
    outputs: Any = network.report.batch * sum([network.nodes[cost.placed] * cost.values for cost in costs])
    if not what.endswith("norm") or not outputs or amount % outputs:
        return what
    times = amount // outputs
    return f"{times} operation{'s' if times > 1 else ''} for each {what.replace(' ', '-')} output"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _own(cost: Cost) -> bool:
    return not cost.placed.shared


def _buffers(cost: Cost, network: CountedNetwork) -> Parts:
    return (("buffers", cost.buffers - cost.taken),) if _own(cost) else ()


def _no_biases(cost: Cost, network: CountedNetwork) -> Parts:
    return ((BIASES, -cost.biases),) if _own(cost) else ()


def _more_biases(cost: Cost, network: CountedNetwork) -> Parts:
    lacks = cost.operation is op.CONVOLUTION and not cost.biases and _own(cost)
    return (("biases of convolutions", cost.placed.output.c),) if lacks else ()


def _no_norms(cost: Cost, network: CountedNetwork) -> Parts:
    return (("batch norm", -cost.weights - cost.biases),) if cost.operation is op.BATCH_NORM and _own(cost) else ()


def _bytes(network: CountedNetwork) -> int:
    return network.width if network.quantity == "memory" else 1


def _instead(cost: Cost, network: CountedNetwork, outputs: int) -> Parts:
    """Count so many times the outputs of a layer in place of what is stored."""
    batch: Any = network.report.batch
    return (("outputs", _bytes(network) * batch * (outputs - cost.stored) * cost.values),)


def _of_weighted(cost: Cost, network: CountedNetwork) -> Parts:
    return _instead(cost, network, 2 if cost.learned else 0)


def _of_weighing(cost: Cost, network: CountedNetwork) -> Parts:
    return _instead(cost, network, cost.operation in WEIGHING)


def _in_place(cost: Cost, network: CountedNetwork) -> Parts:
    return _instead(cost, network, 1) if cost.placed.layer.storage == "in place" else ()


def _with_param_memory(cost: Cost, network: CountedNetwork) -> Parts:
    return (("parameters", network.width * cost.params),) if _own(cost) else ()


def _param_memory(cost: Cost, network: CountedNetwork) -> Parts:
    return [*_with_param_memory(cost, network), *_instead(cost, network, 0)]
