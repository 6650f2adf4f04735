"""An independent model of every kind: valid fields for a volume, and the output volume by counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    Fields = dict[str, Any]

LARGEST = 48  # height and width
DEEPEST = 256  # channels
MERGES = ("add", "subtract", "mean", "multiply", "maximum", "concat")
UNCHANGED = (
    "relu", "relu6", "leaky_relu", "prelu", "elu", "sigmoid", "tanh", "swish", "hswish", "hsigmoid", "gelu", "softmax", "identity",
    "bn", "ln", "gn", "instancenorm", "rmsnorm", "l2norm", "grn", "lrn", "eca", "dropout", "droppath", "scale", "layerscale", "shuffle",
)  # fmt: skip
EVERYWHERE = ("relu", "prelu", "bn", "ln", "gelu", "dropout", "identity", "scale", "layerscale")  # whatever arrives


class IllegalError(Exception):
    """A layer cannot be here."""


class Shape(NamedTuple):
    """Height, width, channels."""

    h: int
    w: int
    c: int


def pair(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, list) else (value, value)


def edges(value: Any) -> tuple[int, int, int, int]:
    """Top, bottom, left, right."""
    if not isinstance(value, list):
        return value, value, value, value
    return (value[0], value[0], value[1], value[1]) if len(value) == 2 else (value[0], value[1], value[2], value[3])


def divisors(number: int) -> list[int]:
    return [each for each in range(1, number + 1) if number % each == 0]


def places(size: int, kernel: int, stride: int, around: tuple[int, int], dilation: int, *, ceil: bool) -> int:
    """The places of a window: those that lie inside, and with `ceil` a last one that hangs over the end by less than a step.

    With `ceil` none begins in the zeros behind the input, as in PyTorch.
    """
    span, end = dilation * (kernel - 1) + 1, size + around[1]
    inside = len(range(-around[0], min(end - span + 1, size) if ceil else end - span + 1, stride))
    following = -around[0] + inside * stride
    return inside + (ceil and 0 < following + span - end < stride and following < size)


def sides(fields: Fields, x: Shape, kernel: Any) -> tuple[int, int]:
    """What a window leaves of height and width."""
    strides, dilations = pair(fields.get("stride", kernel if "size" in fields else 1)), pair(fields.get("dilation", 1))
    if fields.get("pad") == "same":
        return len(range(0, x.h, strides[0])), len(range(0, x.w, strides[1]))
    top, bottom, left, right = edges(fields.get("pad", 0))
    ceil = fields.get("round") == "ceil"
    down = places(x.h, pair(kernel)[0], strides[0], (top, bottom), dilations[0], ceil=ceil)
    across = places(x.w, pair(kernel)[1], strides[1], (left, right), dilations[1], ceil=ceil)
    return down, across


def transposed(fields: Fields, x: Shape) -> tuple[int, int]:
    """Every input place spreads a kernel: from the first place that one reaches to the last."""
    found = []
    top, bottom, left, right = edges(fields.get("pad", 0))
    for axis, (size, taken) in enumerate(((x.h, top + bottom), (x.w, left + right))):
        kernel, stride, dilation, more = (pair(fields.get(name, 1 - (name == "output_pad")))[axis] for name in SPREAD)
        reached = {i * stride + j * dilation for i in range(size) for j in range(kernel)}
        found.append(max(reached) + 1 - taken + more)
    return found[0], found[1]


SPREAD = ("kernel", "stride", "dilation", "output_pad")


def leaves(kind: str, fields: Fields, xs: list[Shape]) -> list[Shape]:
    """The volumes that a layer leaves; an IllegalError where it cannot be."""
    if kind in MERGES:
        return [bounded(merged(kind, xs))]
    check(fields)
    if kind == "attention":
        if xs != [xs[0]] * 3 or xs[0].c % fields["heads"]:
            raise IllegalError
        return xs[:1]
    if len(xs) != 1:
        raise IllegalError
    x = xs[0]
    groups = fields.get("groups", 1)
    if x.c % groups:
        raise IllegalError
    y = one(kind, fields, x)
    if kind in ("conv", "local", "upconv") and y.c % groups:
        raise IllegalError
    return [bounded(y)] * fields.get("parts", 1)


def bounded(y: Shape) -> Shape:
    """A volume that is there, and of which not too much is made."""
    if 0 < y.h <= LARGEST and 0 < y.w <= LARGEST and 0 < y.c <= DEEPEST * (1 + 15 * (y.h == 1)):
        return y
    raise IllegalError


def check(fields: Fields) -> None:
    """Arithmetic may come to other numbers in another round."""
    for name, given in fields.items():
        least = 0 if name in ("pad", "amounts", "output_pad", "channels", "start", "params", "macs") else 1
        if name not in ("connections", "p") and any(type(each) is int and each < least for each in flat(given)):
            raise IllegalError
    if fields.get("parts", 1) > 100 or max(pair(fields.get("size", 1))) > 100:
        raise IllegalError


def flat(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def one(kind: str, fields: Fields, x: Shape) -> Shape:
    """The volume, or each of the volumes, that comes of one."""
    if kind in ("conv", "local"):
        seen = fields.get("connections")
        if seen is not None and (len(seen) != fields["filters"] or max(map(max, seen)) >= x.c):
            raise IllegalError
        return Shape(*sides(fields, x, fields.get("kernel", 1)), fields["filters"])
    if kind == "depthwise":
        return Shape(*sides(fields, x, fields["kernel"]), x.c * fields.get("multiplier", 1))
    if kind == "upconv":
        return Shape(*transposed(fields, x), fields["filters"])
    if kind in ("maxpool", "avgpool", "subsample"):
        return Shape(*sides(fields, x, fields["size"]), x.c)
    return MOVED[kind](fields, x) if kind in MOVED else x


def pixels(fields: Fields, x: Shape) -> Shape:
    square = fields["factor"] ** 2
    if x.c % square:
        raise IllegalError
    return Shape(x.h * fields["factor"], x.w * fields["factor"], x.c // square)


def parted(fields: Fields, x: Shape) -> Shape:
    if x.c % fields["parts"]:
        raise IllegalError
    return Shape(x.h, x.w, x.c // fields["parts"])


def sliced(fields: Fields, x: Shape) -> Shape:
    first, end = fields.get("channels", (0, x.c))
    steps, starts = pair(fields.get("every", 1)), pair(fields.get("start", 0))
    down, across = (len(range(start, size, step)) for size, start, step in zip(x, starts, steps, strict=False))
    return Shape(down, across, len(range(x.c)[first:end]) if end <= x.c else 0)


def blurred(fields: Fields, x: Shape) -> Shape:
    """A reflection needs more than it reflects."""
    kernels, strides = pair(fields.get("size", 3)), pair(fields.get("stride", 1))
    if any(kernel // 2 >= size for kernel, size in zip(kernels, x, strict=False)):
        raise IllegalError
    return Shape(len(range(0, x.h, strides[0])), len(range(0, x.w, strides[1])), x.c)


def resized(fields: Fields, x: Shape) -> Shape:
    if len(fields.keys() & {"to", "factor"}) != 1:
        raise IllegalError
    if "to" in fields:
        return Shape(*pair(fields["to"]), x.c)
    return Shape(int(x.h * fields["factor"]), int(x.w * fields["factor"]), x.c)


def rearranged(fields: Fields, x: Shape) -> Shape:
    """One of two patterns."""
    if "g" in fields:
        if x.c % fields["g"]:
            raise IllegalError
        return x
    if x.h % fields["a"] or x.w % fields["b"]:
        raise IllegalError
    return Shape(x.h // fields["a"], x.w // fields["b"], x.c * fields["a"] * fields["b"])


def stated(shape: Any) -> Shape:
    if not isinstance(shape, list) or len(shape) != 3:
        raise IllegalError
    return Shape(*shape)


def padded(fields: Fields, x: Shape) -> Shape:
    top, bottom, left, right = edges(fields.get("amounts", 0))
    return Shape(x.h + top + bottom, x.w + left + right, x.c + fields.get("channels", 0))


def cropped(fields: Fields, x: Shape) -> Shape:
    top, bottom, left, right = edges(fields["amounts"])
    return Shape(x.h - top - bottom, x.w - left - right, x.c)


def along_channels(fields: Fields, x: Shape) -> Shape:
    """Equal padding at both ends keeps the channels if the kernel is odd."""
    if fields.get("kernel", 1) % 2 == 0:
        raise IllegalError
    return x


MOVED: dict[str, Callable[[Fields, Shape], Shape]] = {
    "gap": lambda fields, x: Shape(1, 1, x.c),
    "gmp": lambda fields, x: Shape(1, 1, x.c),
    "adaptivepool": lambda fields, x: Shape(*pair(fields["size"]), x.c),
    "fc": lambda fields, x: Shape(1, 1, fields["features"]),
    "rbf": lambda fields, x: Shape(1, 1, fields["features"]),
    "flatten": lambda fields, x: Shape(1, 1, x.h * x.w * x.c),
    "upsample": lambda fields, x: Shape(x.h * pair(fields["factor"])[0], x.w * pair(fields["factor"])[1], x.c),
    "pixelshuffle": pixels,
    "zeropad": padded,
    "crop": cropped,
    "blur": blurred,
    "eca": along_channels,
    "resize": resized,
    "rearrange": rearranged,
    "learned": lambda fields, x: stated(fields["shape"]),
    "constant": lambda fields, x: stated(fields["shape"]),
    "custom": lambda fields, x: stated(fields["output"]),
    "split": parted,
    "slice": sliced,
}


def merged(kind: str, xs: list[Shape]) -> Shape:
    """Several volumes as one."""
    if len(xs) < 2:
        raise IllegalError
    if kind == "concat":
        if len({x[:2] for x in xs}) != 1:
            raise IllegalError
        return Shape(xs[0].h, xs[0].w, sum(x.c for x in xs))
    y = [max(side) for side in zip(*xs, strict=True)]
    stretching = (1,) if kind == "multiply" else ()
    if any(side not in (most, *stretching) for x in xs for side, most in zip(x, y, strict=True)):
        raise IllegalError
    return Shape(*y)


# What may be drawn


@st.composite
def window(draw: st.DrawFn, x: Shape, name: str = "kernel", *, required: bool = False) -> Fields:
    """Kernel, stride, pad and dilation of a window, mostly such that it finds a place."""
    fields: Fields = {}
    if required or draw(st.booleans()):
        sizes = st.integers(1, min(4, x.h, x.w))
        fields[name] = draw(st.one_of(sizes, sizes, st.lists(sizes, min_size=2, max_size=2)))
    if draw(st.booleans()):
        fields["stride"] = draw(st.one_of(st.integers(1, 3), st.lists(st.integers(1, 3), min_size=2, max_size=2)))
    if name == "size" and not draw(st.booleans()):
        return fields
    if draw(st.booleans()):
        fields["pad"] = draw(st.one_of(amounts(), st.just("same")))
    if draw(st.integers(0, 4)) == 0:
        fields["dilation"] = draw(st.integers(1, 2))
    return fields


def amounts() -> st.SearchStrategy[Any]:
    small = st.integers(0, 2)
    return st.one_of(small, st.lists(small, min_size=2, max_size=2), st.lists(small, min_size=4, max_size=4))


@st.composite
def fields_of(draw: st.DrawFn, kind: str, x: Shape) -> Fields:
    """Fields for a kind on a volume; what comes of it may still be too small or too large."""
    fields: Fields = {}
    if kind in ("conv", "local", "depthwise", "upconv"):
        fields = draw(window(x, required=kind not in ("conv", "local")))
        if kind == "depthwise":
            fields |= draw(st.sampled_from(({}, {"multiplier": 2})))
        else:
            groups = draw(st.sampled_from([1, 1, 1, *divisors(x.c)]))
            fields = {"filters": groups * draw(st.integers(1, 4)), **fields, **({"groups": groups} if groups > 1 else {})}
        if kind == "upconv":
            fields["pad"] = draw(amounts())
            fields |= draw(st.sampled_from(({}, {"output_pad": 1}, {"output_pad": [1, 0]})))
        if kind == "conv" and "groups" not in fields and draw(st.integers(0, 3)) == 0:
            seen = st.lists(st.integers(0, x.c - 1), min_size=1, max_size=3, unique=True)
            fields["connections"] = [draw(seen) for _ in range(fields["filters"])]
        if draw(st.integers(0, 2)) == 0:
            fields["bias"] = draw(st.booleans())
    elif kind in ("maxpool", "avgpool", "subsample"):
        fields = draw(window(x, "size", required=True))
        if kind == "subsample":
            return {name: value for name, value in fields.items() if name in ("size", "stride")}
        if draw(st.booleans()):
            fields["round"] = draw(st.sampled_from(("floor", "ceil")))
    elif kind in FEW:
        fields = draw(FEW[kind](x))
    return fields


def every_other(x: Shape) -> st.SearchStrategy[Fields]:
    choices: list[Fields] = [{"every": 2}, {"every": [1, 3], "start": [0, x.w - 1]}]
    return st.sampled_from(choices)


def together(given: tuple[Fields, ...]) -> Fields:
    return {name: value for fields in given for name, value in fields.items()}


def sometimes(**values: Any) -> st.SearchStrategy[Fields]:
    return st.sampled_from(({}, values))


RESIZED: tuple[Fields, ...] = ({"to": 3}, {"to": [2, 5]}, {"factor": 2}, {"factor": 0.5})
FEW: dict[str, Callable[[Shape], st.SearchStrategy[Fields]]] = {
    "adaptivepool": lambda x: st.one_of(st.integers(1, 4), st.lists(st.integers(1, 4), min_size=2, max_size=2)).map(lambda n: {"size": n}),
    "fc": lambda x: st.tuples(st.integers(1, 12), sometimes(bias=False)).map(lambda given: {"features": given[0], **given[1]}),
    "rbf": lambda x: st.integers(1, 12).map(lambda n: {"features": n}),
    "bn": lambda x: st.tuples(sometimes(scale=False), sometimes(shift=False)).map(lambda given: {**given[0], **given[1]}),
    "ln": lambda x: st.tuples(sometimes(scale=False), sometimes(shift=False)).map(lambda given: {**given[0], **given[1]}),
    "gn": lambda x: st.sampled_from(divisors(x.c)).map(lambda n: {"groups": n}),
    "shuffle": lambda x: st.sampled_from(divisors(x.c)).map(lambda n: {"groups": n}),
    "lrn": lambda x: sometimes(size=3),
    "dropout": lambda x: sometimes(p=0.25),
    "droppath": lambda x: sometimes(p=0.1),
    "scale": lambda x: sometimes(factor=0.2),
    "layerscale": lambda x: st.just({}),
    "rmsnorm": lambda x: sometimes(scale=False),
    "eca": lambda x: st.sampled_from(({}, {"kernel": 3}, {"kernel": 1})),
    "blur": lambda x: st.tuples(sometimes(size=2), sometimes(stride=2), sometimes(saved=False)).map(together),
    "resize": lambda x: st.tuples(st.sampled_from(RESIZED), sometimes(mode="bilinear")).map(together),
    "rearrange": lambda x: st.one_of(
        st.sampled_from(divisors(x.c)).map(lambda n: {"pattern": "h w (g c) -> h w (c g)", "g": n}),
        st.tuples(st.sampled_from(divisors(x.h)), st.sampled_from(divisors(x.w))).map(
            lambda sizes: {"pattern": "(h a) (w b) c -> h w (a b c)", "a": sizes[0], "b": sizes[1]}
        ),
    ),
    "learned": lambda x: st.sampled_from(([1, 1, x.c], [*x], [1, 1, 1])).map(lambda shape: {"shape": shape}),
    "constant": lambda x: st.sampled_from(([1, 1, x.c], [*x])).map(lambda shape: {"shape": shape}),
    "custom": lambda x: st.tuples(st.integers(0, 99), st.integers(0, 99)).map(
        lambda costs: {"output": [x.h, x.w, 3], "params": costs[0], "macs": costs[1]}
    ),
    "upsample": lambda x: st.one_of(st.integers(1, 2), st.just([1, 2])).map(lambda n: {"factor": n}),
    "pixelshuffle": lambda x: st.sampled_from([n for n in (1, 2, 3) if x.c % n**2 == 0]).map(lambda n: {"factor": n}),
    "zeropad": lambda x: st.tuples(amounts(), sometimes(channels=2)).map(lambda given: {"amounts": given[0], **given[1]}),
    "crop": lambda x: amounts().map(lambda n: {"amounts": n}),
    "split": lambda x: st.sampled_from(divisors(x.c)).map(lambda n: {"parts": n}),
    "slice": lambda x: (
        every_other(x) | st.integers(0, x.c - 1).flatmap(lambda a: st.integers(a + 1, x.c).map(lambda b: {"channels": [a, b]}))
    ),
}
SINGLE = (*UNCHANGED, *MOVED, "conv", "local", "depthwise", "upconv", "maxpool", "avgpool", "subsample")  # what takes one volume
