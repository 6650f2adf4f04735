"""What stands around the layers: keys of a file, params, variants, what is told of a network; and problems of all of it at once."""

from __future__ import annotations

import pytest

from cnncalc.errors import SpecError
from tests.spec_text import problems, report, setting


def test_what_a_file_tells_of_its_network() -> None:
    about = setting("""
        name: AlexNet, two towers
        year: 2012
        paper: Krizhevsky, Sutskever, Hinton, NIPS 2012
        input: 227x227x3
        published: {params: 60M, top5_error: 18.2, source: "the paper, section 6"}
        notes: >-
          Two lines
          make one.
        layers: [relu]
    """).about
    assert about.title == "AlexNet, two towers"
    assert about.year == 2012
    assert about.paper == "Krizhevsky, Sutskever, Hinton, NIPS 2012"
    assert about.published == {"params": "60M", "top5_error": "18.2", "source": "the paper, section 6"}
    assert about.notes == ("Two lines make one.",)


def test_nothing_need_be_told() -> None:
    about = setting("input: 8x8x3\nlayers: [relu]").about
    assert (about.title, about.year, about.paper, about.published, about.notes) == (None,) * 5


def test_a_variant_tells_what_is_different() -> None:
    text = """
        name: Family
        year: 1999
        paper: A
        notes: [one, two]
        published: {params: 3}
        input: [res, res, 3]
        params: {res: 8, width: 4}
        variants:
          small:
          wide: {title: Wide, width: 8, year: 2001, notes: three}
          large: {input: 16x16x3, published: {macs: 5}}
          huge: {res: 32}
        layers: [{conv: width}]
    """
    small, wide, large, huge = (report(text, name) for name in ("small", "wide", "large", "huge"))
    assert [each.setting.id for each in (small, wide, large, huge)] == ["small", "wide", "large", "huge"]
    assert [each.setting.about.title for each in (small, wide, large, huge)] == ["Family", "Wide", "Family", "Family"]
    assert [each.setting.about.year for each in (small, wide)] == [1999, 2001]
    assert [each.setting.about.notes for each in (small, wide)] == [("one", "two"), ("three",)]
    assert [each.setting.about.published for each in (small, large)] == [{"params": "3"}, {"macs": "5"}]
    assert [each.input for each in (small, wide, large, huge)] == [(8, 8, 3), (8, 8, 3), (16, 16, 3), (32, 32, 3)]
    assert [each.outputs[0].c for each in (small, wide)] == [4, 8]
    assert report(text).outputs[0].c == 4  # the file without a variant is a network too
    assert wide.as_dict()["network"]["params"] == {"res": 8, "width": 8}


def test_params_may_use_the_ones_ahead_and_hold_anything() -> None:
    found = report("""
        input: 8x8x4
        params:
          width: 1.5
          base: 4 * width
          depths: [2, base]
          more: "depths + [1]"
          last: "depths[1] if width > 1 else 0"
          unit: conv
          rows: [[2, 3], [4, 5]]
          flag: base > 5
        layers:
          - {conv: base}
          - {conv: "more[2]"}
          - {unit: last}
          - {each: [a, b], in: rows, do: {conv: a * b}}
          - {relu: , when: flag}
    """)
    assert [row.output.c for row in found] == [4, 6, 1, 6, 6, 20, 20]


def test_a_param_of_a_variant_may_use_the_others() -> None:
    text = "input: 8x8x4\nparams: {a: 2, b: 3}\nvariants: {v: {b: a + 5}}\nlayers: [{conv: b}]"
    assert report(text, "v").outputs[0].c == 7
    assert report(text, "v", params=["a=1"]).outputs[0].c == 6


@pytest.mark.parametrize(
    ("written", "volume"),
    [
        ("224x224x3", (224, 224, 3)),
        ("224 x 224 x 3", (224, 224, 3)),
        ("224×112×3", (224, 112, 3)),
        ("'224x224x3'", (224, 224, 3)),
        ("[224, 112, 3]", (224, 112, 3)),
        ("[res, 2 * res, 3]", (32, 64, 3)),
        ("[res + 1, res // 2, 3]", (33, 16, 3)),
        ("resx2resx3", (32, 64, 3)),
        ("1e2x1E2x3", (100, 100, 3)),
        ("010x10x3", (10, 10, 3)),
        ("\n  - 5\n  - 6\n  - 7", (5, 6, 7)),
    ],
)
def test_inputs(written: str, volume: tuple[int, ...]) -> None:
    assert report(f"params: {{res: 32}}\ninput: {written}\nlayers: [relu]").input == volume


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("HxWxC", ("H", "W", "C")),
        ("32hx32hx3", ("32*h", "32*h", "3")),
        ("[H, W, C]", ("H", "W", "C")),
        ("[32 * k, 32 * k, 3]", ("32*k", "32*k", "3")),
        ("[K + 1, K * K, K]", ("K + 1", "K^2", "K")),
        ("heightxwidthx3", ("height", "width", "3")),
        ("SxSxK", ("S", "S", "K")),
    ],
)
def test_inputs_of_symbols(written: str, shown: tuple[str, ...]) -> None:
    symbols = "" if "k," not in written and "K +" not in written else "params: {k: , K: }\n"
    assert tuple(map(str, report(f"{symbols}input: {written}\nlayers: [relu]").input)) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("input: [8]\nlayers: [relu]", ["1:8: an input has one to three sides and its channels: [height, width, channels]"]),
        ("input: 8x8x3\nyear: [1998]\nlayers: [relu]", ["2:7: expected a year"]),
        ("input: 8x8x3\npublished: {counted_as: thopp, macs: 4}\nlayers: [relu]", ["2:25: no counting convention 'thopp'"]),
        ("input: 8x8x3\npublished: {params: [3], macs: 4}\nlayers: [relu]", ["2:21: expected a number"]),
        (
            "input: 8x8x3\npublished: {params: 24 MB, macs: -1}\nlayers: [relu]",
            [
                "2:21: params is a number, not '24 MB'",
                "2:34: macs is a number, not '-1'",
            ],
        ),
        (
            "input: 8x8x3\npublished: {top1_error: =A1, top5_error: 100.1}\nlayers: [relu]",
            [
                "2:25: top1_error is a percentage from 0 to 100, not '=A1'",
                "2:42: top5_error is a percentage from 0 to 100, not '100.1'",
            ],
        ),
        ("input: 8x8x3\nlayers: [{relu: , name: [a]}]", ["2:25: expected a name"]),
        ("input: 8x8x3\nlayers: [{relu: , from: ['', input]}]", ["2:26: expected a name"]),
        (
            "input: 8x8x3\nlayers: [{each: [a, 3], in: [[1, 2]], do: []}]",
            ["2:21: expected a loop variable: letters, digits and _, starting with a letter"],
        ),
    ],
)
def test_what_has_not_the_form_that_is_expected(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_published_numbers_keep_the_form_in_which_they_were_printed() -> None:
    found = report("input: 8x8x3\npublished: {params: ~61.1M, macs: 4 billion, top1_error: 23.6%, top5_error: 0}\nlayers: [relu]")
    assert found.setting.about.published == {"params": "~61.1M", "macs": "4 billion", "top1_error": "23.6", "top5_error": "0"}


def test_symbols_of_the_input_may_be_used_in_layers() -> None:
    found = report("input: HxWxC\nlayers: [{conv: 2 * C, kernel: 3, pad: 1, when: C >= 1}, {upsample: 2}]")
    assert [str(side) for side in found.outputs[0]] == ["2*H", "2*W", "2*C"]
    assert str(found.total.params) == "18*C^2 + 2*C"


def test_a_param_without_a_value_is_a_symbol_until_it_is_given_one() -> None:
    text = "input: 8x8x4\nparams: {K: , twice: 2 * K}\nvariants: {v: {K: 3}}\nlayers: [{conv: twice}]"
    assert str(report(text).outputs[0].c) == "2*K"
    assert report(text, params=["K=5"]).outputs[0].c == 10
    assert report(text, "v").outputs[0].c == 6


def test_problems_of_a_file_are_told_together_in_the_order_of_their_places() -> None:
    found = problems("""
        layers:
          - {conv: 8, kernal: 3}
          - {add: [rellu, {fc: }]}
        blocks: {b: {layers: [{maxpool: two}]}}
        params: {a: 1 +}
        input: 8
        yeer: 1999
    """)
    assert found == [
        "2:15: conv has no field 'kernal'",
        "3:12: unknown kind or block 'rellu'",
        "3:20: fc needs 'features'",
        "4:33: unknown name 'two'",
        "5:15: the expression is incomplete: a number or a name is missing",
        "6:8: an input has one to three sides and its channels: height x width x channels, as in 224x224x3",
        "7:1: unknown key 'yeer'",
    ]


def test_after_fifty_problems_reading_ends() -> None:
    assert len(problems("input: 8x8x4\nlayers:\n" + "  - {relu: 3}\n" * 100)) == 50


def test_a_long_file_of_unknown_names_is_read_in_bounded_time() -> None:
    named = "\n".join(f"  - {{relu: , name: step_{i}}}" for i in range(5_000))
    unknown = "\n".join(f"  - {{relu: , from: stop_{i}}}" for i in range(5_000))
    found = problems(f"input: 8x8x4\nlayers:\n{named}\n{unknown}")
    assert len(found) == 50
    assert found[0] == "5003:20: no step named 'stop_0' comes before"


@pytest.mark.parametrize("text", ["[" * 60 + "relu" + "]" * 60, "{do: " * 30 + "relu" + "}" * 30])
def test_deep_steps(text: str) -> None:
    assert len(report(f"input: 8x8x4\nlayers: {text}").rows) == 2


def test_the_same_words_make_the_same_layer() -> None:
    found = report(
        "input: 8x8x4\nlayers: [{conv: 4, kernel: 3, pad: 1}, {conv: 4, pad: 1, kernel: 3}, {conv: 4, kernel: 3, pad: 1, name: a}]"
    )
    first, second, third = (row.node.placed for row in found.rows[1:])
    assert first is third
    assert first.layer.non_default_fields() == second.layer.non_default_fields()


def test_errors_of_the_same_words_are_told_for_each() -> None:
    assert problems("input: 8x8x4\nlayers: [{conv: 0}, {conv: 0}]") == [
        "2:17: filters: expected a whole number from 1 up, found 0",
        "2:28: filters: expected a whole number from 1 up, found 0",
    ]


def test_an_error_knows_its_problems_and_its_text() -> None:
    with pytest.raises(SpecError) as found:
        report("input: 8x8x4\nlayers: [rellu]")
    (problem,) = found.value.problems
    assert problem.place == ("test.yaml", 2, 10)
    assert problem.hint == "did you mean 'relu'?"
    assert str(found.value).splitlines()[0] == "test.yaml:2:10: unknown kind or block 'rellu'"
