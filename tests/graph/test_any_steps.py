"""Random steps, with numbers or symbols, give a network or located errors; every network can be printed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.layers import KINDS
from tests.layers.test_readings import values

ARITHMETIC = ("in.c", "in.h // 2", "2 * w", "w", "K", "in.c * K", "in.w + 1")
CONDITIONS = ("in.c > 3", "in.h >= 3", "w == 2", "in.h == in.w", "in.c % 2 == 0", "true")


@st.composite
def layer(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(sorted(KINDS)))
    step: dict[str, Any] = {kind: None}
    for name, field in KINDS[kind].fields.items():
        if field.required or draw(st.integers(0, 3)) == 0:
            value = draw(st.one_of(values(field.type, 4), st.sampled_from(ARITHMETIC)))
            if value is not None:
                step[name] = value
    return step


@st.composite
def step(draw: st.DrawFn, depth: int) -> Any:
    shape = draw(st.sampled_from(("layer", "layer", "layer", "do", "merge", "side", "unit"))) if depth else "layer"
    inside = st.lists(step(depth - 1), max_size=3) if depth else st.just([])
    if shape == "layer":
        found = draw(layer())
    elif shape == "merge":
        kind = draw(st.sampled_from([kind for kind in KINDS if KINDS[kind].merges]))
        branches = [*draw(st.lists(inside, min_size=1, max_size=2)), draw(st.sampled_from(("identity", [], ["gap", {"conv": "in.c"}])))]
        found = {kind: branches if draw(st.booleans()) else {f"b{i}": branch for i, branch in enumerate(branches)}}
    elif shape == "unit":
        found = {"unit": draw(st.sampled_from(ARITHMETIC))}
    else:
        found = {shape: draw(inside)}
    if draw(st.integers(0, 5)) == 0:
        found |= draw(st.sampled_from(({"repeat": 2}, {"repeat": "w"}, {"from": "input"}, {"name": "n{i}", "repeat": 3})))
    if draw(st.integers(0, 5)) == 0:
        found["when"] = draw(st.sampled_from(CONDITIONS))
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.lists(step(2), max_size=5),
    st.lists(step(1), max_size=3),
    st.sampled_from(("8x8x4", "HxWxC", "16hx16wx4", "[w, 2 * w, 4]")),
    st.sampled_from((2, 4, "")),
    st.sampled_from((1, "N")),
)
def test_any_steps(layers: list[Any], unit: list[Any], input: str, w: Any, batch: Any) -> None:
    blocks = {"unit": {"args": {"n": None}, "inputs": ["x"], "layers": [*unit, {"conv": "n"}, {"conv": "x.c"}]}}
    network = {"input": input, "params": {"w": w, "K": ""}, "blocks": blocks, "layers": layers}
    try:
        report = cnncalc.analyze(network, batch=batch)
    except cnncalc.SpecError as error:
        problems = error.problems
    else:
        document = report.as_dict()
        assert json.loads(json.dumps(document)) == document
        assert len({row["path"] for row in document["layers"]}) == len(document["layers"])
        return
    for problem in problems:
        assert problem.message
        assert problem.span is None or problem.span.source.text[problem.span.at :] or "missing" in problem.message
