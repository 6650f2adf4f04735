"""Blocks: arguments, inputs and outputs, scope and recursion."""

from __future__ import annotations

import pytest

from tests.spec_text import lines, paths, problems, report


def test_the_first_argument_is_the_main_one() -> None:
    blocks = "input: 8x8x4\nblocks: {unit: {args: {width: , stride: 1}, layers: [{conv: width, stride: stride}]}}\n"
    found = report(blocks + "layers: [{unit: 6}, {unit: 6, stride: 2}, {unit: , width: 6}, {stride: 2, unit: 6}]")
    assert [row.output for row in found] == [(8, 8, 4), (8, 8, 6), (4, 4, 6), (4, 4, 6), (2, 2, 6)]


def test_a_default_may_use_the_arguments_ahead_of_it_params_and_what_arrives() -> None:
    found = report("""
        input: 8x8x4
        params: {ratio: 2}
        blocks:
          unit:
            inputs: [x]
            args: {width: 10, inner: width // ratio, outer: x.c + inner, again: in.c}
            layers: [{conv: inner}, {conv: outer}, {conv: again}]
        layers: [{unit: }, {unit: 6}, {unit: 6, inner: 1}]
    """)
    assert [row.output.c for row in found] == [4, 5, 9, 4, 3, 7, 4, 1, 5, 4]


def test_an_argument_is_worked_out_where_the_block_is_called() -> None:
    found = report("""
        input: 8x8x4
        params: {width: 3}
        blocks: {unit: {args: {width: }, layers: [{conv: width}, {conv: in.c + width}]}}
        layers: [{conv: 7, name: stem}, {unit: width + stem.c + in.c}, {each: width, in: [20], do: {unit: width}}]
    """)
    assert [row.output.c for row in found] == [4, 7, 17, 34, 20, 40]


def test_a_block_sees_its_arguments_inputs_and_params_only() -> None:
    text = """
        input: 8x8x4
        params: {p: 5}
        blocks:
          inner: {layers: [{conv: NAME}]}
          outer: {args: {a: 6}, inputs: [x], layers: [{conv: a, name: n}, inner]}
        layers: [{conv: 4, name: stem}, {each: v, in: [1], do: [outer]}]
    """
    assert report(text.replace("NAME", "p")).outputs[0].c == 5
    for name in ("a", "x.c", "n.c", "stem.c", "v", "i", "input.c"):
        assert [each.partition(": ")[2] for each in problems(text.replace("NAME", name))] == [f"unknown name {name.partition('.')[0]!r}"]


def test_an_input_keeps_its_name_further_down() -> None:
    found = report("""
        input: 8x8x4
        blocks:
          grow:
            args: {k: }
            inputs: [x]
            layers: [{conv: k, name: out}, {conv: out.c - x.c}, {concat: [identity, {relu: , from: x}]}]
        layers: [{grow: 9}]
    """)
    assert [row.output.c for row in found] == [4, 9, 5, 5, 4, 9]
    assert found["grow1/concat1/relu1"].sources == ("input",)


def test_two_inputs_and_two_outputs() -> None:
    found = report("""
        input: 8x8x4
        blocks:
          cell:
            inputs: [prev, cur]
            args: {filters: }
            layers: [{add: [{conv: filters, from: prev}, {conv: filters, from: cur}], name: out}]
            outputs: [cur, out]
        layers: [{do: [], from: [input, input]}, {cell: 6, repeat: 3}, {concat: }]
    """)
    assert paths(found)[-1] == "concat1"
    assert found["cell1/out"].output.c == 6
    assert found["cell2/out/conv1"].sources == ("input",)
    assert found["cell2/out/conv2"].sources == ("cell1/out",)
    assert found["cell3/out/conv1"].sources == ("cell1/out",)
    assert found["concat1"].sources == ("cell2/out", "cell3/out")


def test_one_output_may_be_named_too() -> None:
    found = report("input: 8x8x4\nblocks: {b: {layers: [{conv: 6, name: a}, {conv: 7}], outputs: a}}\nlayers: [b, relu]")
    assert found["relu1"].sources == ("b1/a",)


def test_outputs_may_hold_arithmetic() -> None:
    found = report(
        "input: 8x8x4\nblocks: {b: {args: {n: }, layers: [{conv: 4 + i, name: 'c{i}', repeat: 3}], outputs: ['c{n}']}}\nlayers: [{b: 2}]"
    )
    assert found.outputs[0].c == 6


def test_a_block_without_inputs_takes_whatever_flows() -> None:
    found = report("input: 8x8x4\nblocks: {join: {layers: [{concat: }]}}\nlayers: [{split: 4}, join]")
    assert found.outputs[0].c == 4


def test_an_argument_a_param_and_a_row_may_hold_a_block_or_a_kind() -> None:
    found = report("""
        input: 8x8x4
        params: {unit: plain, act: relu}
        blocks:
          plain: {args: {width: }, layers: [{conv: width}, act]}
          twice: {args: {width: , what: plain}, layers: [{what: width}, {what: width, when: true}]}
          gated: {args: {gate: sigmoid}, layers: [gate]}
        layers:
          - {unit: 5}
          - {twice: 6, what: unit}
          - {twice: 8, what: conv}
          - gated
          - {gated: act}
          - {gated: tanh}
          - {each: [what, width], in: [[plain, 3], [twice, 4], [maxpool, 2]], do: {what: width}}
    """)
    kinds = [(row.kind, row.output.c) for row in found]
    assert kinds[1:] == [
        ("conv", 5), ("relu", 5),
        ("conv", 6), ("relu", 6), ("conv", 6), ("relu", 6),
        ("conv", 8), ("conv", 8),
        ("sigmoid", 8), ("relu", 8), ("tanh", 8),
        ("conv", 3), ("relu", 3), ("conv", 4), ("relu", 4), ("conv", 4), ("relu", 4), ("maxpool", 4),
    ]  # fmt: skip


def test_words_may_be_compared() -> None:
    found = report("""
        input: 8x8x4
        params: {unit: bottleneck}
        blocks: {bottleneck: {layers: [relu]}, basic: {layers: [bn]}}
        layers: [unit, {conv: 4 if unit == bottleneck else 1}, {conv: 3, when: unit == basic}, {conv: 5, when: unit != basic}]
    """)
    assert [row.output.c for row in found] == [4, 4, 4, 5]


def test_recursion_ends_where_a_condition_ends_it() -> None:
    """FractalNet's rule: f(1) is a layer, f(n) joins a layer and f(n - 1) twice."""
    found = report("""
        input: 8x8x4
        blocks:
          fractal:
            args: {columns: }
            layers:
              - when: columns == 1
                conv: 4
                else: {mean: [{conv: 4}, [{fractal: columns - 1}, {fractal: columns - 1}]]}
        layers: [{fractal: 3}]
    """)
    assert [row.kind for row in found].count("conv") == 1 + 2 * (1 + 2)
    assert [row.kind for row in found].count("mean") == 1 + 2
    assert found.total.weight_layers == 4


def test_blocks_may_use_each_other_in_any_order() -> None:
    found = report("input: 8x8x4\nblocks: {a: {layers: [{b: 3}]}, b: {args: {n: }, layers: [{conv: n}]}}\nlayers: [a]")
    assert paths(found) == ["a1/b1/conv1"]


def test_a_block_used_is_its_steps_written_out() -> None:
    unit = "{args: {w: , s: 1}, inputs: [x], layers: [{conv: w, kernel: 3, pad: 1, stride: s}, bn, {conv: x.c}]}"
    head = f"input: 16x16x4\nblocks: {{unit: {unit}}}\n"
    long = "[[{conv: 8, kernel: 3, pad: 1, stride: 2}, bn, {conv: 4}], {add: [[{conv: 6, kernel: 3, pad: 1}, bn, {conv: 4}], identity]}]"
    assert lines(report(head + "layers: [{unit: 8, s: 2}, {add: [{unit: 6}, identity]}]")) == lines(report(head + f"layers: {long}"))


def test_a_block_may_be_named_and_repeated() -> None:
    found = report("""
        input: 8x8x4
        blocks: {u: {args: {w: }, layers: [{conv: w}]}}
        layers: [{u: 4, name: first}, {u: 4 * i, repeat: 2, name: next}, {u: 2, repeat: 2}]
    """)
    assert paths(found) == ["first/conv1", "next1/conv1", "next2/conv1", "u4/conv1", "u5/conv1"]
    assert found.graph.repeats == {"first": "u", "next1": "u", "next2": "u", "u4": "u", "u5": "u"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("{u: }", "block 'u' needs 'w'"),
        ("u", "block 'u' needs 'w'"),
        ("{u: 1, what: 3}", "block 'u' has no argument 'what'"),
        ("{u: 1, w: 3}", "'w' is given twice: as 'u' and by name"),
        ("{v: 1, what: 3}", "block 'u' has no argument 'what'"),
        ("{n: 1}", "'n' is 3, not the name of a kind or block"),
    ],
)
def test_calls_that_do_not_fit(call: str, message: str) -> None:
    text = f"input: 8x8x4\nparams: {{v: u, n: 3}}\nblocks: {{u: {{args: {{w: }}, layers: [{{conv: w}}]}}}}\nlayers: [{call}]"
    assert [each.partition(": ")[2] for each in problems(text)] == [message]
