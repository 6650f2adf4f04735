"""Memory against brute force: allocations simulated tensor by tensor, all orders of small graphs, and counts by hand."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc import SpecError
from cnncalc.study.memory import liveness, ordering, training
from cnncalc.study.memory.liveness import OUTSIDE, Plan, PlanStep, Rules, Tensor
from cnncalc.study.memory.peak import OPTIMIZERS, MemoryOptions, memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnncalc.propagate.report import Report
    from cnncalc.study.memory.peak import Account
    from cnncalc.study.memory.training import TrainingMemory

OWN, IN_PLACE, VIEW = "own", "in place", "view"
Node = tuple[tuple[int, ...], str, int, int]  # inputs, storage, elements of its result, elements held only while it runs


def simulated(nodes: Sequence[Node], order: Sequence[int], results: Sequence[int]) -> int:
    """A machine that allocates and frees: every tensor has an owner count, who reads it takes it, the last one frees it."""
    memory: dict[int, int] = {}  # address: size
    address: dict[int, int] = {}  # node: where its result lies
    readers = {i: [j for j, (inputs, *_) in enumerate(nodes) if i in inputs] for i in range(len(nodes))}
    done: list[int] = []
    highest = 0

    def used(place: int, by: int) -> bool:
        """Whether somebody still wants what lies there."""
        here = [i for i in done if address[i] == place]
        return any(i in results or any(j not in done and j != by for j in readers[i]) for i in here)

    for node in order:
        inputs, storage, size, scratch = nodes[node]
        sources = [address[each] for each in inputs]
        if storage == VIEW:
            address[node] = sources[0]
        elif storage == IN_PLACE and not used(sources[0], node):
            for other in [i for i in done if address[i] == sources[0]]:
                address[other] = -1 - other
            address[node] = sources[0]
        else:
            address[node] = 1000 + node
            memory[1000 + node] = size
        done.append(node)
        highest = max(highest, scratch + sum(memory.values()))
        for place in list(memory):
            if not used(place, node):
                del memory[place]
    return highest


NODES = st.lists(
    st.tuples(
        st.lists(st.integers(1, 4), min_size=1, max_size=3),
        st.sampled_from([OWN, OWN, IN_PLACE, VIEW]),
        st.integers(1, 9),
        st.sampled_from([0, 0, 3, 20]),
    ),
    min_size=1,
    max_size=7,
)


def graph(drawn: list[Any]) -> tuple[list[Node], Plan]:
    """A small graph; inputs are so many nodes back. What is in place or a view is as large as its input."""
    nodes: list[Node] = [((), OWN, 5, 0)]
    for back, storage, size, scratch in drawn:
        inputs = tuple(sorted({max(0, len(nodes) - each) for each in back}))
        kind = storage if len(inputs) == 1 else OWN
        nodes.append((inputs, kind, size, scratch) if kind == OWN else (inputs, kind, nodes[inputs[0]][2], 0))
    steps: list[PlanStep] = []
    tensors: list[Tensor] = []
    written: list[int] = []
    row: Any = None
    for i, (inputs, storage, size, scratch) in enumerate(nodes):
        reads = tuple(dict.fromkeys(written[each] for each in inputs))
        for each in reads:
            tensors[each].readers.append(i)
        if storage == VIEW:
            written.append(reads[0])
            steps.append(PlanStep(row, inputs, reads, None, overwrites=False))
        else:
            tensors.append(Tensor(row, i, size))
            written.append(len(tensors) - 1)
            steps.append(PlanStep(row, inputs, reads, written[-1], storage == IN_PLACE, scratch))
    tensors[written[-1]].readers.append(OUTSIDE)
    return nodes, Plan(steps, tensors)


def orders(plan: Plan) -> Iterator[list[int]]:
    """All orders in which every step comes behind those that it needs."""

    def further(done: list[int]) -> Iterator[list[int]]:
        if len(done) == len(plan.steps):
            yield list(done)
        for i, step in enumerate(plan.steps):
            if i not in done and all(each in done for each in step.after):
                yield from further([*done, i])

    return further([])


@settings(max_examples=300, deadline=None)
@given(NODES)
def test_what_is_held_is_what_a_machine_would_hold(drawn: list[Any]) -> None:
    nodes, plan = graph(drawn)
    for order in islice(orders(plan), 20):
        use = liveness.run(plan, order)
        assert use.peak == simulated(nodes, order, [len(nodes) - 1])
        assert use.peak == max(use.course) == use.course[use.at] == sum(each.tensor.values for each in use.held)


@settings(max_examples=150, deadline=None)
@given(NODES)
def test_the_best_order_is_the_best_of_all(drawn: list[Any]) -> None:
    nodes, plan = graph(drawn)
    found = ordering.best(plan)
    assert found.exact
    assert found.peak == min(simulated(nodes, order, [len(nodes) - 1]) for order in orders(plan))
    assert found.peak == simulated(nodes, found.steps, [len(nodes) - 1])


@settings(max_examples=100, deadline=None)
@given(NODES, st.sampled_from([{"SETS": 2, "BEAM": 2}, {"LONGEST": 2}]))
def test_a_search_that_gives_up_stays_honest(drawn: list[Any], limits: dict[str, int]) -> None:
    nodes, plan = graph(drawn)
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(ordering, name, limit)
        found = ordering.best(plan)
    best = min(simulated(nodes, order, [len(nodes) - 1]) for order in orders(plan))
    assert found.least <= best <= found.peak == simulated(nodes, found.steps, [len(nodes) - 1])
    assert found.peak <= liveness.run(plan).peak


def test_parts_that_are_alike_are_ordered_once() -> None:
    unit = {"concat": [{"conv": 6}, [{"conv": 64}, {"conv": 2}]]}
    once, thrice = (
        memory(cnncalc.analyze({"input": "8x8x8", "layers": [{"repeat": times, "do": [unit]}]}), MemoryOptions(best=True))
        for times in (1, 3)
    )
    assert once.file_peak == thrice.file_peak == 64 * (8 + 6 + 64)  # the input, what waits for the wide branch, and that
    assert once.use.peak == thrice.use.peak == 64 * (8 + 64 + 2)  # the wide branch first


@pytest.mark.parametrize("name", ["shufflenet_v2_200", "xception", "resnext29_8x64d", "fractalnet20_cifar"])
def test_networks_that_another_order_makes_smaller(name: str) -> None:
    plan = liveness.plan(cnncalc.analyze(name))
    found = ordering.best(plan)
    assert found.exact
    assert sorted(found.steps) == list(range(len(plan.steps)))
    assert found.peak == liveness.run(plan, found.steps).peak < liveness.run(plan).peak


def held(report: Report, **rules: bool) -> tuple[str, dict[str, str]]:
    """The layer at the peak, and what is held then, with the layer that still needs it."""
    plan = liveness.plan(report, Rules(**rules))
    use = liveness.run(plan)
    return plan.steps[use.at].name, {each.tensor.row.path: each.until.path if each.until else "" for each in use.held}


def test_a_shortcut_is_held_until_it_is_added() -> None:
    at, tensors = held(cnncalc.analyze("resnet50"))
    unit = "conv2_x/bottleneck1/add1"
    assert at == unit
    assert tensors == {f"{unit}/residual/bn3": unit, f"{unit}/shortcut/option_b1/bn1": unit, unit: "conv2_x/bottleneck1/relu1"}


def test_the_map_of_attention_is_held_while_it_runs() -> None:
    report = cnncalc.analyze({"input": "4x4x8", "layers": [{"conv": 24}, {"split": 3}, {"attention": None, "heads": 2}, {"conv": 8}]})
    found = memory(report, MemoryOptions(best=True))
    assert found.at == "attention1"
    assert found.use.peak == 16 * 24 + 16 * 8 + 2 * 16 * 16  # queries, keys and values; the output; a map for each head
    assert [each.is_map for each in found.use.held] == [False, False, True]


def test_branches_are_held_until_they_are_laid_side_by_side() -> None:
    at, tensors = held(cnncalc.analyze("squeezenet1_0"))
    assert at == "fire4/concat1"
    assert sorted(tensors) == ["fire4/concat1", "fire4/concat1/relu1", "fire4/concat1/relu2"]


STEM: dict[str, Any] = {"input": "4x4x2", "layers": [{"conv": 3}, "relu", "flatten", {"fc": 5}]}


@pytest.mark.parametrize(
    ("rules", "peak"),
    [({}, 32 + 48), ({"in_place": False}, 48 + 48), ({"views": False}, 48 + 48), ({"in_place": False, "views": False}, 48 + 48)],
)
def test_rules_can_be_switched(rules: dict[str, bool], peak: int) -> None:
    assert liveness.run(liveness.plan(cnncalc.analyze(STEM), Rules(**rules))).peak == peak


def test_nothing_is_overwritten_that_somebody_still_needs() -> None:
    unit: dict[str, Any] = {"input": "4x4x2", "layers": [{"conv": 2}, {"add": ["identity", ["relu", {"conv": 2}]]}]}
    at, tensors = held(cnncalc.analyze(unit))
    assert at == "add1/conv1"
    assert list(tensors) == ["conv1", "add1/relu1", "add1/conv1"]


def test_split_channels_are_one_tensor() -> None:
    network: dict[str, Any] = {"input": "4x4x6", "layers": [{"conv": 6}, {"split": 3}, {"concat": None}]}
    assert liveness.run(liveness.plan(cnncalc.analyze(network))).peak == 2 * 96
    assert liveness.run(liveness.plan(cnncalc.analyze(network), Rules(views=False))).peak == 2 * 96


def test_side_exits_are_left_out_or_held_to_the_end() -> None:
    network: dict[str, Any] = {"input": "4x4x2", "layers": [{"side": [{"conv": 1}]}, {"conv": 4}, {"conv": 1}]}
    assert liveness.run(liveness.plan(cnncalc.analyze(network))).peak == 64 + 32
    assert liveness.run(liveness.plan(cnncalc.analyze(network, sides=True))).peak == 64 + 32 + 16


# Training, counted by hand


def trained(report: Report, asked: MemoryOptions = MemoryOptions()) -> tuple[Account, TrainingMemory]:  # noqa: B008  # a tuple
    found = memory(report, asked)
    assert found.training is not None
    assert found.course is not None
    return found.training, found.course


LENET = {  # what the backward pass of today's LeNet needs: inputs of layers with weights, outputs of relus, and the scores
    "input": 32 * 32,
    "relu of C1": 28 * 28 * 6,
    "S2": 14 * 14 * 6,
    "relu of C3": 10 * 10 * 16,
    "S4": 5 * 5 * 16,
    "relu of C5": 120,
    "relu of F6": 84,
    "scores": 10,
}


def test_lenet_by_hand() -> None:
    account, course = trained(cnncalc.analyze("lenet5_modern"), MemoryOptions(optimizer="sgd"))
    assert course.stored == {"activations": 4 * sum(LENET.values())}
    # The peak: S2's turn. Its gradient (14x14x6) makes the one of its input (28x28x6); S2 itself is not needed any more but its input is.
    assert (course.at.path, course.phase) == ("S2", "backward")
    assert course.held == {"activations": 4 * (32 * 32 + 28 * 28 * 6), "gradients": 4 * (14 * 14 * 6 + 28 * 28 * 6)}
    assert account.fixed == 2 * 4 * 61706
    assert account.bytes == 2 * 4 * 61706 + 4 * (32 * 32 + 2 * 28 * 28 * 6 + 14 * 14 * 6)


ALEXNET = {  # as lectures draw it: conv, relu in place, pool, norm
    "input": 227 * 227 * 3,
    "relu1": 55 * 55 * 96,
    "POOL1": 27 * 27 * 96,
    "NORM1": 27 * 27 * 96,
    "relu2": 27 * 27 * 256,
    "POOL2": 13 * 13 * 256,
    "NORM2": 13 * 13 * 256,
    "relu3": 13 * 13 * 384,
    "relu4": 13 * 13 * 384,
    "relu5": 13 * 13 * 256,
    "POOL3": 6 * 6 * 256,
    "relu6 and drop6": 2 * 4096,
    "relu7 and drop7": 2 * 4096,
    "FC8": 1000,
}


def test_alexnet_by_hand() -> None:
    report = cnncalc.analyze("alexnet", batch=128)
    account, course = trained(report)
    places = 27 * 27 * 96 + 13 * 13 * 256 + 6 * 6 * 256
    assert course.stored == {"activations": 4 * sum(ALEXNET.values()), "places": 8 * places, "mask": 2 * 4096}
    # The peak: POOL3's turn; the scores and everything of the fully connected layers are gone.
    late = ("relu6 and drop6", "relu7 and drop7", "FC8", "POOL3")
    assert (course.at.path, course.phase) == ("POOL3", "backward")
    assert course.held == {
        "activations": 4 * sum(size for name, size in ALEXNET.items() if name not in late),
        "places": 8 * places,
        "gradients": 4 * (6 * 6 * 256 + 13 * 13 * 256),
    }
    assert account.fixed == 3 * 4 * 62_378_344
    assert account.bytes == account.fixed + 128 * sum(course.held.values())


def test_every_blob_with_memory_of_its_own() -> None:
    """As Caffe and cuda-convnet have it: a volume and a gradient for everything that is computed, nothing is used again."""
    account, _ = trained(cnncalc.analyze("lenet5_modern"), MemoryOptions(Rules(in_place=False), reuse=False))
    written = 32 * 32 + 2 * 28 * 28 * 6 + 14 * 14 * 6 + 2 * 10 * 10 * 16 + 5 * 5 * 16 + 2 * 120 + 2 * 84 + 10
    assert account.each == 4 * (2 * written - 32 * 32)


@pytest.mark.parametrize(("optimizer", "copies"), [("sgd", 2), ("momentum", 3), ("adam", 4), ("adamw", 4)])
def test_optimizers_keep_copies(optimizer: str, copies: int) -> None:
    assert trained(cnncalc.analyze("lenet5_modern"), MemoryOptions(optimizer=optimizer))[0].fixed == copies * 4 * 61706


@pytest.mark.parametrize(("optimizer", "bytes"), [("sgd", 8), ("momentum", 12), ("adam", 16), ("adamw", 16)])
def test_mixed_precision_keeps_a_master_copy(optimizer: str, bytes: int) -> None:
    """Two bytes for parameters and gradients, four for the master copy and each state of the optimizer (Micikevicius 2018, ZeRO 2020)."""
    report = cnncalc.analyze("lenet5_modern")
    (wide, _), (mixed, _) = (trained(report, MemoryOptions(optimizer=optimizer, mixed=mixed)) for mixed in (False, True))
    assert mixed.fixed == bytes * 61706
    assert mixed.each * 2 == wide.each
    assert (
        trained(cnncalc.analyze("lenet5_modern", dtype="bfloat16"), MemoryOptions(optimizer=optimizer, mixed=True))[0].fixed == mixed.fixed
    )
    assert memory(report, MemoryOptions(mixed=True)).in_use == memory(report).in_use


def test_types_and_optimizers_that_do_not_go_together() -> None:
    for asked, dtype in ((MemoryOptions(optimizer="adan"), "float32"), (MemoryOptions(mixed=True), "float64"), (MemoryOptions(), "int8")):
        with pytest.raises(SpecError):
            memory(cnncalc.analyze("lenet5_modern", dtype=dtype), asked)
    with pytest.raises(SpecError, match="depends on symbols"):
        memory(cnncalc.analyze("vgg16", input="HxWx3"))


def test_batches_are_exact_at_the_edge() -> None:
    found = memory(cnncalc.analyze("alexnet"))
    for account in (trained(found.report)[0], found.in_use):
        budget = account.fixed + 17 * account.each
        assert [account.batch(budget + more) for more in (-1, 0, account.each - 1, account.each)] == [16, 17, 17, 18]
        assert account.batch(account.fixed - 1) == 0


def test_a_batch_may_be_a_symbol() -> None:
    account, _ = trained(cnncalc.analyze("alexnet", batch="N"))
    assert str(account.bytes) == f"{account.each}*N + {account.fixed}"


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "densenet121", "mobilenet_v2", "shufflenet_v2_100", "nasnet_a_mobile"])
def test_training_step_by_step(name: str) -> None:
    """A machine that runs forwards and back with the same rules holds as much at every moment."""
    plan = liveness.plan(cnncalc.analyze(name))
    last = 2 * len(plan.steps) - 1
    moments = [0] * (last + 1)
    for span in training.spans(plan, 4):
        assert 0 <= span.first <= span.last <= last
        for moment in range(span.first, span.last + 1):
            moments[moment] += span.bytes
    found = training.course(plan, 4)
    assert found.peak == max(moments) == sum(found.held.values())


def test_batch_norm_keeps_what_relu_would_overwrite() -> None:
    """In use one volume does; in training batch norm's input stays beside its output, which relu may overwrite."""
    network: dict[str, Any] = {"input": "4x4x2", "layers": [{"conv": 3}, "bn", "relu", {"conv": 1}]}
    report = cnncalc.analyze(network)
    _, course = trained(report, MemoryOptions(optimizer="sgd"))
    assert memory(report).use.peak == 32 + 48
    assert course.stored == {"activations": 4 * (32 + 48 + 48 + 16)}


def test_every_optimizer_is_tried() -> None:
    assert list(OPTIMIZERS) == ["sgd", "momentum", "adam", "adamw"]
