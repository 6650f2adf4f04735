"""Rules against tiny tensors: windows are enumerated, multiplications counted in nested loops, kernels scattered."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.layers import KINDS, Volume
from cnncalc.layers.fields import CAUSAL, SAME, Padding
from cnncalc.layers.window import Window

if TYPE_CHECKING:
    from cnncalc.layers import Layer

small = st.integers(1, 4)
sides = st.tuples(small, small)
edges = st.builds(Padding, *(st.integers(0, 3) for _ in range(4)))


def starts(size: int, window: Any) -> list[int]:
    """Where windows start on an axis, found by walking along it; 0 is the first input."""
    kernel, stride, before, after, dilation, ceil, padding = window
    last = dilation * (kernel - 1)  # from a window's first input to its last
    if padding == CAUSAL:  # a window for every stride, which ends at the input it stands for
        return [i - last for i in range(0, size, stride)]
    if padding == SAME:  # TensorFlow's rule, as its documentation states it: a window for every stride that begins inside the input
        count = len(range(0, size, stride))
        zeros = max((count - 1) * stride + last + 1 - size, 0)
        return [i * stride - zeros // 2 for i in range(count)]
    if not ceil:
        return list(range(-before, size + after - last, stride))
    found: list[int] = []
    start = -before
    # Windows go on until one of them reaches the end of the padded input; none starts behind the input.
    while start < size and (not found or found[-1] + last < size + after - 1):
        found.append(start)
        start += stride
    return found


windows = st.builds(
    Window, small, small, st.integers(0, 3), st.integers(0, 3), st.integers(1, 3), st.booleans(), st.sampled_from(("", SAME, CAUSAL))
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 12), windows)
def test_places_of_a_window(size: int, window: Window) -> None:
    fits = window.padding or size + window.before + window.after >= window.span
    if window.ceil and not fits:
        assert window.places(size) <= 1  # part of a window may still find a place
        return
    assume(fits)
    found = starts(size, window)
    assert window.places(size) == len(found)
    assert window.reach(size) == (window.span, window.stride, found[0], window.dilation, 1)
    if not window.padding and not window.ceil:
        assert window.remainder(size) == size + window.after - 1 - (found[-1] + window.span - 1)


def made(kind: str, **fields: Any) -> Layer:
    declared = KINDS[kind].fields
    plain = {name: list(value) if isinstance(value, tuple) and name != "connections" else value for name, value in fields.items()}
    return KINDS[kind](**{name: declared[name].type.read(value) for name, value in plain.items()})


def along(rank: int, numbers: st.SearchStrategy[int] = small) -> st.SearchStrategy[tuple[int, ...]]:
    """A number for each side."""
    return st.tuples(*[numbers] * rank)


def pads(rank: int) -> st.SearchStrategy[Any]:
    """Amounts at both ends of every side, or a word."""
    return along(2 * rank, st.integers(0, 3)) | st.sampled_from((SAME, CAUSAL) if rank == 1 else (SAME,))


def multiplications(layer: Any, x: Any, taps: dict[int, list[int]]) -> tuple[int, int]:
    """The multiplications of a convolution, and the distinct weights they use; `taps` are the channels that each filter sees."""
    positions = [starts(size, window) for size, window in zip(x.sides, layer.windows, strict=True)]
    used: Counter[tuple[int, ...]] = Counter()
    for filter_, channels in taps.items():
        for _ in product(*positions):
            used.update((filter_, *tap) for tap in product(channels, *map(range, layer.kernel)))
    return used.total(), len(used)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_multiplications_of_a_convolution(data: st.DataObject) -> None:
    rank, groups, per_group, filters = (data.draw(st.integers(1, 3)) for _ in range(4))
    x: Any = Volume(*data.draw(along(rank, st.integers(1, 6 if rank < 3 else 4))), groups * per_group)
    shape = {name: data.draw(along(rank, st.integers(1, 4 if rank < 3 else 3))) for name in ("kernel", "stride", "dilation")}
    layer = made("conv", filters=groups * filters, groups=groups, pad=data.draw(pads(rank)), **shape).for_rank(rank)
    assume(all(condition.holds for condition in layer.requires(x)))
    taps = {f: [c for c in range(x.c) if c // per_group == f // filters] for f in range(groups * filters)}
    count, weights = multiplications(layer, x, taps)
    y = layer.output(x)
    assert layer.weights(x) == weights
    assert layer.work(x, y).macs == count
    assert layer.work(x, y).bias_adds == prod(y.sides) * groups * filters


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_multiplications_of_partial_connections(data: st.DataObject) -> None:
    channels = data.draw(st.integers(1, 4))
    seen = data.draw(st.lists(st.sets(st.integers(0, channels - 1), min_size=1), min_size=1, max_size=4))
    x = Volume(5, 4, channels)
    layer = made("conv", filters=len(seen), kernel=data.draw(sides), pad=2, connections=[sorted(each) for each in seen])
    count, weights = multiplications(layer, x, {f: sorted(each) for f, each in enumerate(seen)})
    assert layer.weights(x) == weights
    assert layer.work(x, layer.output(x)).macs == count


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3), sides, sides, sides, st.one_of(st.just("same"), edges), st.booleans())
def test_depthwise_is_a_convolution_in_as_many_groups_as_channels(
    channels: int, multiplier: int, kernel: Any, stride: Any, dilation: Any, pad: Any, bias: bool
) -> None:
    x = Volume(7, 6, channels)
    shape = {"kernel": kernel, "stride": stride, "dilation": dilation, "pad": pad, "bias": bias}
    one = made("depthwise", multiplier=multiplier, **shape)
    other = made("conv", filters=channels * multiplier, groups=channels, **shape)
    assume(all(condition.holds for condition in one.requires(x)))
    y = one.output(x)
    assert y == other.output(x)
    for rule in ("weights", "biases", "buffers", "reach", "remainders"):
        assert getattr(one, rule)(x) == getattr(other, rule)(x)
    assert one.work(x, y) == other.work(x, y)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_transposed_convolution_scatters(data: st.DataObject) -> None:
    rank = data.draw(st.integers(1, 3))
    groups, per_group, filters = (data.draw(st.integers(1, 2)) for _ in range(3))
    numbers = small if rank < 3 else st.integers(1, 3)
    x: Any = Volume(*data.draw(along(rank, numbers)), groups * per_group)
    fields = {name: data.draw(along(rank, numbers)) for name in ("kernel", "stride", "dilation")}
    pad, more = data.draw(along(2 * rank, st.integers(0, 3))), data.draw(along(rank, st.integers(0, 2)))
    layer = made("upconv", filters=groups * filters, groups=groups, pad=pad, output_pad=more, **fields).for_rank(rank)
    assume(all(condition.holds for condition in layer.requires(x)))
    scattered = 0
    ends = [0] * rank
    for *place, channel, filter_ in product(*map(range, x), range(groups * filters)):
        if channel // per_group == filter_ // filters:
            for tap in product(*map(range, fields["kernel"])):
                at = [i * stride + k * step for i, stride, k, step in zip(place, fields["stride"], tap, fields["dilation"], strict=True)]
                ends = [max(end, one + 1) for end, one in zip(ends, at, strict=True)]
                scattered += 1
    y = layer.output(x)
    removed = [before + after for before, after in zip(pad[::2], pad[1::2], strict=True)]
    assert y == (*[end - both + extra for end, both, extra in zip(ends, removed, more, strict=True)], groups * filters)
    assert layer.work(x, y).macs == scattered
    assert layer.weights(x) == scattered // prod(x.sides)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), small, st.integers(1, 3), st.integers(0, 2))
def test_a_transposed_convolution_undoes_the_shape_of_a_convolution(size: int, kernel: int, stride: int, pad: int) -> None:
    conv = made("conv", filters=1, kernel=kernel, stride=stride, pad=pad)
    x = Volume(size, size, 1)
    assume(all(condition.holds for condition in conv.requires(x)))
    rest = conv.remainders(x)
    back = made("upconv", filters=1, kernel=kernel, stride=stride, pad=pad, output_pad=list(rest))
    assert back.output(conv.output(x)) == x


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(("maxpool", "avgpool", "subsample")), st.data())
def test_inputs_of_pooling_windows(kind: str, data: st.DataObject) -> None:
    rank = data.draw(st.integers(1, 3))
    fields: dict[str, Any] = {"size": data.draw(along(rank)), "stride": data.draw(along(rank))}
    if kind != "subsample":
        fields |= {"dilation": data.draw(along(rank)), "pad": data.draw(along(2 * rank, st.integers(0, 3)))}
        fields["round"] = data.draw(st.sampled_from(("floor", "ceil")))
    layer: Any = made(kind, **fields).for_rank(rank)
    x = Volume(*(6, 7, 5)[:rank], 2)
    assume(all(window.span <= size + window.before + window.after for window, size in zip(layer.windows, x.sides, strict=True)))
    positions = [starts(size, window) for size, window in zip((6, 7, 5)[:rank], layer.windows, strict=True)]
    y = layer.output(x)
    assert y == (*map(len, positions), 2)
    assert layer.work(x, y).window == prod(map(len, positions)) * 2 * prod(fields["size"])


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12))
def test_windows_of_an_adaptive_pool(size: int, count: int) -> None:
    layer = made("adaptivepool", size=[count, 1])
    x = Volume(size, 1, 1)
    # PyTorch: the i-th window goes from ⌊i·size/count⌋ to ⌈(i + 1)·size/count⌉; every input is in one of them
    found = [range(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
    assert {place for window in found for place in window} == set(range(size))
    assert layer.work(x, layer.output(x)).window == sum(map(len, found))
    reach = layer.reach(x)
    assert reach is not None
    assert reach[0].extent == max(map(len, found))


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_values_of_reshaping_are_as_many_as_before(rank: int) -> None:
    x: Any = Volume(*(4, 6, 3)[:rank], 8)
    for layer, times in (
        (made("flatten"), 1),
        (made("pixelshuffle", factor=2), 1),
        (made("shuffle", groups=4), 1),
        (made("upsample", factor=[2, 3, 2][:rank]), prod((2, 3, 2)[:rank])),
    ):
        y: Any = layer.for_rank(rank).output(x)
        assert len(list(product(*map(range, y)))) == times * len(list(product(*map(range, x))))


WINDOWED = ("conv", "depthwise", "upconv", "maxpool", "avgpool", "subsample")


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WINDOWED), st.integers(1, 3), st.integers(0, 2), st.data())
def test_a_side_of_1_changes_nothing(kind: str, rank: int, at: int, data: st.DataObject) -> None:
    """On L×1 in two dimensions a layer is what it is on L in one, and likewise for three."""
    assume(at <= rank < 3)
    size = "size" if kind.endswith("pool") or kind == "subsample" else "kernel"
    fields: dict[str, Any] = {name: list(data.draw(along(rank))) for name in (size, "stride")}
    if kind != "subsample":
        fields |= {"pad": list(data.draw(along(2 * rank, st.integers(0, 2)))), "dilation": list(data.draw(along(rank)))}
    more: dict[str, Any] = {"filters": 6, "groups": 2} if "filters" in KINDS[kind].fields else {}
    x = Volume(*data.draw(along(rank, st.integers(3, 9))), 4)
    wide = {
        name: [*each[: 2 * at], 0, 0, *each[2 * at :]] if name == "pad" else [*each[:at], 1, *each[at:]] for name, each in fields.items()
    }
    one, other = made(kind, **fields, **more).for_rank(rank), made(kind, **wide, **more).for_rank(rank + 1)
    flat = Volume(*x[:at], 1, *x[at:])
    assume(all(condition.holds for condition in one.requires(x)))
    assert all(condition.holds for condition in other.requires(flat))
    y = one.output(x)
    assert other.output(flat) == (*y[:at], 1, *y[at:])
    for rule in ("weights", "biases", "buffers"):
        assert getattr(one, rule)(x) == getattr(other, rule)(flat)
    assert one.work(x, y) == other.work(flat, other.output(flat))
    for rule in ("reach", "remainders"):
        found = getattr(other, rule)(flat)
        assert getattr(one, rule)(x) == (*found[:at], *found[at + 1 :])
