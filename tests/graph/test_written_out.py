"""A spec with loops, blocks, conditions and expressions equals the network with its layers listed one by one."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from tests.spec_text import lines

Steps = list[Any]
Names = tuple[str, ...]
PARAM = 3


@st.composite
def expressions(draw: st.DrawFn, names: Names) -> str:
    operand = st.sampled_from((*names, *names, "1", "2", "5"))
    text = draw(operand)
    for _ in range(draw(st.integers(0, 2))):
        text = f"{text} {draw(st.sampled_from('+*'))} {draw(operand)}"
    return text


@st.composite
def steps(draw: st.DrawFn, names: Names, depth: int, blocks: bool) -> Steps:
    found: Steps = []
    for _ in range(draw(st.integers(1, 3))):
        kinds = (
            ["conv", "relu"] if depth == 0 else ["conv", "repeat", "each", "rows", "when", "do", "concat", *(["call"] if blocks else [])]
        )
        kind = draw(st.sampled_from(kinds))
        inside = {"repeat": (*names, "i"), "each": (*names, "f"), "rows": (*names, "f", "g")}.get(kind, names)
        body = draw(steps(inside, depth - 1, blocks)) if kind not in ("conv", "relu", "call") else []
        if kind == "conv":
            found.append({"conv": draw(expressions(names))})
        elif kind == "relu":
            found.append("relu")
        elif kind == "repeat":
            found.append({"repeat": draw(st.one_of(st.integers(0, 3), expressions(()))), "do": body})
        elif kind == "each":
            found.append({"each": "f", "in": draw(st.lists(expressions(names), max_size=3)), "do": body})
        elif kind == "rows":
            rows = draw(st.lists(st.tuples(expressions(names), expressions(names)), max_size=2))
            found.append({"each": ["f", "g"], "in": [list(row) for row in rows], "do": body})
        elif kind == "when":
            condition = f"{draw(expressions(names))} {draw(st.sampled_from(('<', '==', '>=')))} {draw(expressions(names))}"
            found.append({"when": condition, "do": body, "else": draw(steps(names, depth - 1, blocks))})
        elif kind == "do":
            found.append(draw(st.sampled_from((body, {"do": body}, {"do": body, "name": f"g{draw(st.integers(0, 10**6))}"}))))
        elif kind == "concat":
            found.append({"concat": [body, draw(steps(names, depth - 1, blocks))]})
        else:
            found.append({"unit": draw(expressions(names)), "m": draw(expressions(names))})
    return found


def value(text: Any, env: dict[str, int]) -> int:
    return int(eval(str(text), {}, env))  # the text is our own: names, + and *


def flat(body: Steps, env: dict[str, int], unit: Steps) -> Steps:
    """The layers that a list of steps comes to, by a walk of the test's own."""
    found: Steps = []
    for step in body:
        if step == "relu":
            found.append("relu")
        elif isinstance(step, list):
            found += flat(step, env, unit)
        elif "conv" in step:
            found.append({"conv": value(step["conv"], env)})
        elif "concat" in step:
            found.append({"concat": [flat(branch, env, unit) for branch in step["concat"]]})
        elif "unit" in step:
            found += flat(unit, {"p": PARAM, "n": value(step["unit"], env), "m": value(step["m"], env)}, unit)
        else:
            found += rounds(step, env, unit)
    return found


def rounds(step: dict[str, Any], env: dict[str, int], unit: Steps) -> Steps:
    body = step["do"]
    if "repeat" in step:
        return [each for i in range(1, value(step["repeat"], env) + 1) for each in flat(body, {**env, "i": i}, unit)]
    if "each" in step:
        found: Steps = []
        for row in step["in"]:
            names, values = (["f"], [row]) if step["each"] == "f" else (step["each"], row)
            found += flat(body, {**env, **{name: value(text, env) for name, text in zip(names, values, strict=True)}}, unit)
        return found
    return flat(body if "when" not in step or value(step["when"], env) else step["else"], env, unit)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_short_is_long(data: st.DataObject) -> None:
    unit = data.draw(steps(("p", "n", "m"), 1, False))
    body = data.draw(steps(("p",), 3, True))
    short = {
        "input": "4x4x2",
        "params": {"p": PARAM},
        "blocks": {"unit": {"args": {"n": None, "m": 2}, "layers": unit}},
        "layers": body,
    }
    long = {"input": [4, 4, 2], "layers": flat(body, {"p": PARAM}, unit)}
    assert lines(cnncalc.analyze(short)) == lines(cnncalc.analyze(long))
