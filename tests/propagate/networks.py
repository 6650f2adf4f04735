"""Random networks as mappings, whose fields, sides and channels may be symbols."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Step = Any

small = st.integers(1, 4)
edges = st.integers(0, 2)
channels = st.sampled_from([2, 4, 6, "C", "2 * C", "K", "in.c", "in.c // 2", "K / 2", "C + 1", "4 * K", "divisible(in.c * 1.5, 4)"])
same = st.just("same")
groups = st.sampled_from([1, 1, 1, 2, "C", "K", "in.c"])


def layer(kind: str, main: st.SearchStrategy[Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Steps of a kind, with some of its fields."""
    return st.fixed_dictionaries({kind: main}, optional=fields)


pools = {"stride": small, "pad": edges | same, "dilation": st.integers(1, 2), "round": st.sampled_from(["floor", "ceil"])}
layers = st.one_of(
    layer("conv", channels, kernel=st.integers(1, 5), stride=small, pad=edges | same, dilation=st.integers(1, 2), groups=groups),
    layer("conv", channels, kernel=st.sampled_from([3, "K", [1, 3]]), bias=st.booleans()),
    layer("depthwise", st.integers(1, 3), multiplier=st.sampled_from([1, 2, "K"]), pad=edges | same, stride=small),
    st.tuples(layer("upconv", channels, stride=small, pad=edges, groups=groups, output_pad=st.integers(0, 1)), st.integers(1, 4)).map(
        lambda pair: {**pair[0], "kernel": pair[1]}
    ),
    layer("maxpool", st.integers(1, 4), **pools),
    layer("avgpool", st.integers(1, 3), **pools),
    layer("subsample", st.integers(1, 3)),
    layer("adaptivepool", st.integers(1, 4)),
    layer("upsample", st.sampled_from([1, 2, "K"])),
    layer("pixelshuffle", st.integers(1, 2)),
    layer("zeropad", edges, channels=st.sampled_from([0, 1, "K"])),
    layer("crop", st.sampled_from([0, 1, [0, 1, 1, 2]])),
    layer("shuffle", groups),
    layer("slice", st.sampled_from([[0, 2], ["in.c // 2", "in.c"], [1, "C"]])),
    layer("gn", groups),
    layer("fc", channels),
    st.sampled_from([{"bn": ""}, {"relu": ""}, {"prelu": ""}, {"gap": ""}, {"flatten": ""}, {"lrn": 5}, {"dropout": ""}]),
)


def grown(steps: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    """Merges of branches, splits that are merged again, and steps under a condition."""
    branch = st.lists(steps, max_size=2).map(lambda found: found or ["identity"])
    return st.one_of(
        st.fixed_dictionaries({"concat": st.lists(branch, min_size=2, max_size=3)}),
        st.fixed_dictionaries({"add": st.tuples(branch, st.just(["identity"])).map(list)}),
        st.fixed_dictionaries({"multiply": st.tuples(branch, st.just(["gap", "sigmoid"])).map(list)}),
        st.tuples(st.sampled_from([2, 3]), st.sampled_from(["concat", "add"])).map(lambda pair: [{"split": pair[0]}, {pair[1]: ""}]),
        st.tuples(steps, st.sampled_from(["in.c != 2 * C", "in.h > 3", "in.c % 2 == 0", "in.h > in.w", "in.c > K"])).map(
            lambda pair: {"when": pair[1], "do": [pair[0]]}
        ),
    )


networks = st.lists(st.recursive(layers, grown, max_leaves=4), min_size=1, max_size=5).map(
    lambda steps: {"input": "HxWxC", "params": {"K": ""}, "layers": steps}
)
points = st.fixed_dictionaries({"H": st.integers(1, 40), "W": st.integers(1, 40), "C": st.integers(1, 9), "K": st.integers(1, 5)})
