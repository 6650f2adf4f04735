"""Networks for tests of diagrams, with all kinds of connections."""

from __future__ import annotations

import random
from typing import Any

BLOCKS: dict[str, Any] = {
    "conv_bn": {"layers": [{"conv": 4, "kernel": 3, "pad": 1}, "bn", "relu"]},
    "pair": {"layers": [{"conv_bn": ""}, {"conv": 4, "kernel": 3, "pad": 1}]},
    "unit": {"layers": [{"add": {"residual": {"pair": ""}, "shortcut": "identity"}}, "relu"]},
    "cell": {
        "inputs": ["prev", "cur"],
        "outputs": ["cur", "out"],
        "layers": [{"conv": 4, "from": "prev", "name": "h0"}, {"add": None, "from": ["h0", "cur", "prev"], "name": "out"}],
    },
    "meet": {"inputs": ["left", "right"], "layers": [{"conv": 4, "from": "left", "name": "x"}, {"add": None, "from": ["x", "right"]}]},
}
CELLS: dict[str, Any] = {
    "name": "Cells",
    "input": "8x8x4",
    "blocks": BLOCKS,
    "layers": [
        {"conv": 4, "name": "stem"},
        {"do": [], "from": ["stem", "stem"]},
        {"cell": "", "repeat": 4},
        {"add": None},
        {"side": [{"avgpool": 8, "name": "pool"}, {"fc": 10, "name": "exit"}]},
        {"split": 2, "name": "halves"},
        {"concat": None},
        {"unit": "", "repeat": 3},
        {"pair": ""},
        {"fc": 10, "name": "fc"},
    ],
}
HOSTILE: dict[str, Any] = {
    "name": '<script>alert("&")</script> ```',
    "input": "8x8x4",
    "blocks": {"b": {"layers": [{"conv": 4}, {"conv": 4}]}},
    "layers": [
        {"conv": 4, "name": '"]; n9 --> n0 %% `x`'},
        {"b": "", "name": "<b>&amp;|<br>"},
        {"conv": 4, "name": "1. x"},
        {"conv": 4, "name": "- y"},
        {"conv": 4, "name": "end"},
        {"conv": 4, "name": "\\N\\G _under_ *star*"},
        {"conv": 4, "name": "层 ünï"},
    ],
}


def tangled(seed: int) -> dict[str, Any]:
    """Layers that take from whichever came before."""
    chance = random.Random(seed)
    names = ["a0"]
    layers: list[Any] = [{"conv": 4, "name": "a0"}]
    for i in range(1, chance.randint(3, 14)):
        sources = chance.sample(names, min(chance.choice((1, 1, 2, 2, 3)), len(names)))
        kinds = ["conv", "relu", "bn", "pair", "unit"] if len(sources) == 1 else ["add", "mean", "meet"][: 2 + (len(sources) == 2)]
        kind = chance.choice(kinds)
        layers.append({kind: 4 if kind == "conv" else None, "from": sources, "name": f"a{i}"})
        names.append(f"a{i}")
        if chance.random() < 0.1:
            layers.append({"side": [{"conv": 3}, "relu"]})
    if chance.random() < 0.5:
        layers.append({"do": [], "from": chance.sample(names, min(2, len(names)))})
    return {"input": "8x8x4", "blocks": BLOCKS, "layers": layers}


BESIDE: dict[str, Any] = {  # folded, the side exits begin ahead of the branch that they read
    "input": "1x1x1",
    "layers": [{"add": [[{"do": [{"side": ["relu"], "name": "s"}, {"avgpool": 1}, {"conv": 1}], "repeat": 25}], "identity"]}],
}
