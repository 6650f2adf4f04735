"""Rules against tiny tensors: windows are enumerated, multiplications counted in nested loops, kernels scattered."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnncalc.layers import KINDS, Volume
from cnncalc.layers.fields import Padding
from cnncalc.layers.window import Window

if TYPE_CHECKING:
    from cnncalc.layers import Layer

small = st.integers(1, 4)
sides = st.tuples(small, small)
edges = st.builds(Padding, *(st.integers(0, 3) for _ in range(4)))


def starts(size: int, window: Any) -> list[int]:
    """Where windows start on an axis, found by walking along it; 0 is the first input."""
    kernel, stride, before, after, dilation, ceil, same = window
    last = dilation * (kernel - 1)  # from a window's first input to its last
    if same:  # TensorFlow's rule, as its documentation states it: a window for every stride that begins inside the input
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
    Window, small, small, st.integers(0, 3), st.integers(0, 3), st.integers(1, 3), st.booleans(), st.booleans()
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


def multiplications(layer: Any, x: Any, taps: dict[int, list[int]]) -> tuple[int, int]:
    """The multiplications of a convolution, and the distinct weights they use; `taps` are the channels that each filter sees."""
    down, across = (starts(size, window) for size, window in zip((x.h, x.w), layer.windows, strict=True))
    used: Counter[tuple[int, ...]] = Counter()
    for _, _, (filter_, channels) in product(down, across, taps.items()):
        for channel, i, j in product(channels, range(layer.kernel[0]), range(layer.kernel[1])):
            used[filter_, channel, i, j] += 1
    return used.total(), len(used)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_multiplications_of_a_convolution(data: st.DataObject) -> None:
    groups, per_group, filters = (data.draw(st.integers(1, 3)) for _ in range(3))
    x: Any = Volume(*data.draw(st.tuples(st.integers(1, 6), st.integers(1, 6))), groups * per_group)
    pad = data.draw(st.one_of(st.just("same"), edges))
    layer = made(
        "conv",
        filters=groups * filters,
        kernel=data.draw(sides),
        stride=data.draw(sides),
        dilation=data.draw(sides),
        groups=groups,
        pad=pad,
    )
    assume(all(condition.holds for condition in layer.requires(x)))
    taps = {f: [c for c in range(x.c) if c // per_group == f // filters] for f in range(groups * filters)}
    count, weights = multiplications(layer, x, taps)
    y = layer.output(x)
    assert layer.weights(x) == weights
    assert layer.work(x, y).macs == count
    assert layer.work(x, y).bias_adds == y.h * y.w * groups * filters


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
    groups, per_group, filters = (data.draw(st.integers(1, 2)) for _ in range(3))
    x: Any = Volume(*data.draw(sides), groups * per_group)
    fields = {name: data.draw(sides) for name in ("kernel", "stride", "dilation")}
    pad, more = data.draw(edges), data.draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    layer = made("upconv", filters=groups * filters, groups=groups, pad=pad, output_pad=more, **fields)
    assume(all(condition.holds for condition in layer.requires(x)))
    scattered = 0
    ends = [0, 0]
    for i, j, channel, filter_ in product(range(x.h), range(x.w), range(x.c), range(groups * filters)):
        if channel // per_group == filter_ // filters:
            for k, m in product(range(fields["kernel"][0]), range(fields["kernel"][1])):
                at = (i * fields["stride"][0] + k * fields["dilation"][0], j * fields["stride"][1] + m * fields["dilation"][1])
                ends = [max(end, place + 1) for end, place in zip(ends, at, strict=True)]
                scattered += 1
    y = layer.output(x)
    assert y == (*[end - sum(pair) + extra for end, pair, extra in zip(ends, pad.pairs, more, strict=True)], groups * filters)
    assert layer.work(x, y).macs == scattered
    assert layer.weights(x) == scattered // (x.h * x.w)


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
    fields: dict[str, Any] = {"size": data.draw(sides), "stride": data.draw(sides)}
    if kind != "subsample":
        fields |= {"dilation": data.draw(sides), "pad": data.draw(edges), "round": data.draw(st.sampled_from(("floor", "ceil")))}
    layer: Any = made(kind, **fields)
    x = Volume(6, 7, 2)
    assume(all(window.span <= size + window.before + window.after for window, size in zip(layer.windows, x[:2], strict=True)))
    down, across = (starts(size, window) for size, window in zip((6, 7), layer.windows, strict=True))
    y = layer.output(x)
    assert y == (len(down), len(across), 2)
    assert layer.work(x, y).window == sum(1 for _ in product(down, across, range(2), range(layer.size[0]), range(layer.size[1])))


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


def test_values_of_reshaping_are_as_many_as_before() -> None:
    x: Any = Volume(4, 6, 8)
    for layer, times in (
        (made("flatten"), 1),
        (made("pixelshuffle", factor=2), 1),
        (made("shuffle", groups=4), 1),
        (made("upsample", factor=[2, 3]), 6),
    ):
        y: Any = layer.output(x)
        assert len(list(product(*map(range, y)))) == times * len(list(product(*map(range, x))))
