"""Small constructs: going back, unequal parts, the first round, defaults, lists by name."""

from __future__ import annotations

import pytest

from cnncalc.errors import SpecError
from cnncalc.layers import KINDS
from cnncalc.spec.calls import GROUPS
from cnncalc.spec.foreign import ELSEWHERE, NO_KIND
from tests.spec_text import layers, lines, paths, problems, report


@pytest.mark.parametrize("empty", ["relu", "{relu: }", "{relu}", "{relu: null}", "{relu: ~}", "{relu, name: x}", "{relu: null, name: x}"])
def test_an_empty_value(empty: str) -> None:
    assert lines(layers(f"[{empty}]")) == lines(layers("[relu]"))


def test_null_in_quotes_is_a_name() -> None:
    assert problems("input: 8x8x4\nlayers: [{conv: 'null'}]") == ["2:18: unknown name 'null'"]
    assert problems("input: 8x8x4\nblocks: {b: {args: {f: null}, layers: [{conv: f}]}}\nlayers: [b]") == ["3:10: block 'b' needs 'f'"]


def test_a_step_may_only_go_back() -> None:
    found = layers("[{conv: 8, name: a}, {conv: 6}, {from: a, name: again}, relu, {add: , from: [again, a]}]")
    assert paths(found) == ["a", "conv2", "relu1", "add1"]
    assert found["relu1"].sources == ("a",)
    assert found["add1"].sources == ("a", "a")
    found = layers("[{conv: 8, name: a}, {from: [a, a], name: twice}, add, {concat: , from: twice}]")
    assert found["concat1"].output.c == 16
    found = layers("[{conv: 8, name: a}, {conv: 6}, {from: a, when: in.c == 6}, relu]")
    assert found["relu1"].sources == ("a",)


def test_unequal_parts_are_slices() -> None:
    written = "[{split: [1, rest], name: s}, {conv: 2, from: 's[1]', name: w}, {concat: , from: ['s[0]', w]}]"
    out = "[{slice: [0, 1], name: l}, {slice: [1, 4], from: input, name: r}, {conv: 2, from: r, name: w}, {concat: , from: [l, w]}]"
    assert lines(layers(written)) == lines(layers(out))
    assert paths(layers(written)) == ["s/slice1", "s/slice2", "w", "concat1"]
    named = layers("[{split: [rest, 1], names: [left, right]}, {relu, from: right, name: x}, {concat: , from: [left, right]}]")
    assert paths(named) == ["split1/left", "split1/right", "x", "concat1"]
    assert [x.c for x in named["concat1"].inputs] == [3, 1]


def test_unequal_parts_with_symbols_and_lists() -> None:
    found = report("params: {sizes: [8, 8, 16]}\ninput: HxWx32\nlayers: [{split: sizes}, concat]")
    assert [str(x.c) for x in found["concat1"].inputs] == ["8", "8", "16"]
    found = report(
        "input: 8x8xC\nlayers: [{split: [4, rest]}, {from: 's[0]'}]".replace("{split: [4, rest]}", "{split: [4, rest], name: s}")
    )
    assert str(found["s/slice2"].output.c) == "C - 4"


def test_equal_parts_may_have_names() -> None:
    found = layers("[{split: 2, names: [a, b]}, {relu, from: b}, {concat: , from: [a, b]}]")
    assert [x.c for x in found["concat1"].inputs] == [2, 2]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("[{split: [1, 2]}]", "2:18: parts: 1 + 2 is not the input's 4 channels"),
        ("[{split: [5, rest]}]", "2:18: parts: 5 is not the input's 4 channels"),
        ("[{split: [4, rest]}]", "2:18: parts: 4 is not the input's 4 channels"),
        ("[{split: [rest, rest]}]", "2:18: parts: expected two sizes or more, one of them may be 'rest'"),
        ("[{split: [0, rest]}]", "2:18: parts: expected a whole number from 1 up, found 0"),
        ("[{split: 2, names: [a, b, c]}]", "2:11: 3 names, but 2 volumes"),
        ("[{split: 2, name: s}, {relu, from: 's[2]'}]", "2:44: no step named 's[2]' comes before"),
        ("[{relu, first: {stride: 2}}]", "2:17: 'first' without 'repeat': it has the fields of the first round"),
        ("[{conv: 4, repeat: 2, first: {striide: 2}}]", "2:39: conv has no field 'striide'"),
        ("[{each: f, in: {f: [1, 2], g: [3]}, do: [{conv: f}]}]", "2:11: 'each' and 'in' have different names"),
        ("[{in: {f: [1, 2], g: [3]}, do: [{conv: f}]}]", "2:30: in: g: expected a list of 2 values, as f has, found [3]"),
        ("[{in: {f: 3}, do: [{conv: f}]}]", "2:19: in: f: expected a list, found 3"),
    ],
)
def test_mistakes(steps: str, message: str) -> None:
    assert problems(f"input: 8x8x4\nlayers: {steps}")[0] == message


def test_the_first_round() -> None:
    found = layers("[{conv: 8, kernel: 3, pad: 1, repeat: 3, first: {stride: 2}}]")
    out = layers("[{conv: 8, kernel: 3, pad: 1, stride: 2}, {conv: 8, kernel: 3, pad: 1}, {conv: 8, kernel: 3, pad: 1}]")
    assert lines(found) == lines(out)
    unit = "blocks: {unit: {args: {f: , stride: 1}, layers: [{conv: f, stride: stride}]}}\n"
    found = report(unit + "input: 8x8x4\nlayers: [{in: {f: [4, 6]}, do: [{unit: f, repeat: 2, first: {stride: 2}}]}]")
    assert [row.output.h for row in found] == [8, 4, 4, 2, 2]


def test_a_block_may_have_an_argument_called_first() -> None:
    text = "blocks: {b: {args: {f: , first: false}, layers: [{conv: f, bias: first}]}}\ninput: 8x8x4\nlayers: [{b: 4, first: true}, {b: 4}]"
    assert report(text).total.biases == 4


def test_defaults_of_a_file_and_of_a_block() -> None:
    plain = "input: 8x8x4\nblocks: {b: {layers: [{conv: 2}, {conv: 2, bias: true}]}}\nlayers: [{conv: 2}, b, fc: 3]".replace(
        "fc: 3", "{fc: 3}"
    )
    assert report(plain).total.biases == 2 + 2 + 2 + 3
    assert report(f"defaults: {{conv: {{bias: false}}}}\n{plain}").total.biases == 2 + 3
    inner = plain.replace("{layers:", "{defaults: {conv: {bias: false}}, layers:", 1)
    assert report(inner).total.biases == 2 + 2 + 3
    both = plain.replace("{layers:", "{defaults: {conv: {bias: true}}, layers:", 1)
    assert report(f"defaults: {{conv: {{bias: false}}}}\n{both}").total.biases == 2 + 2 + 3


def test_defaults_hold_for_words_alone_and_for_variables() -> None:
    text = "defaults: {bn: {scale: false}, conv: {kernel: 3, filters: 5}}\nparams: {norm: bn, unit: conv}\ninput: 8x8x4\nlayers: [bn, LL]"
    found = report(text.replace("LL", "norm, {conv: }, {unit: 2}, {conv: 2, kernel: 1}"))
    assert [row.params for row in found][1:] == [4, 4, 9 * 4 * 5 + 5, 9 * 5 * 2 + 2, 2 * 2 + 2]


def test_mistakes_in_defaults() -> None:
    text = "defaults: {conv: {bais: false, bias: no}, cnv: {bias: false}, fc: {features: x}}\ninput: 8x8x4\nlayers: [relu]"
    assert problems(text) == ["1:19: conv has no field 'bais'", "1:43: defaults of 'cnv', which is not a kind", "1:78: unknown name 'x'"]


def test_lists_by_name() -> None:
    zipped = "params: {widths: [8, 16], depths: [1, 2]}\ninput: 8x8x4\nlayers: [{IN, do: [{conv: f, repeat: d}]}]"
    found = report(zipped.replace("IN", "in: {f: widths, d: depths}"))
    assert lines(found) == lines(report(zipped.replace("IN", "each: [f, d], in: [[8, 1], [16, 2]]")))
    assert lines(found) == lines(report(zipped.replace("IN", "each: [f, d], in: {f: widths, d: depths}")))


def test_a_repeated_name_with_a_number() -> None:
    found = layers("[{conv: 4, name: enc1, repeat: 2}, {relu, from: enc1_1}, {conv: 4, name: enc, repeat: 2}, {relu6, repeat: 2}]")
    assert paths(found) == ["enc1_1", "enc1_2", "relu1", "enc1", "enc2", "relu6_1", "relu6_2"]
    assert found["relu1"].sources == ("enc1_1",)


def test_names_with_dots_in_arithmetic() -> None:
    found = layers("[{conv: 6, name: conv2.1}, relu, {conv: \"'conv2.1'.c + 1\"}]")
    assert found["conv2"].output.c == 7


def test_no_step_named_lists_steps() -> None:
    with pytest.raises(SpecError) as error:
        report("params: {width: 3}\ninput: 8x8x4\nlayers: [{conv: 4, name: a}, {relu, from: width}]")
    assert error.value.problems[0].hint == "names so far: a, input"


@pytest.mark.parametrize("word", ["LSTM", "GRU", "Embedding", "MaxUnpool2d"])
def test_what_the_language_has_no_kind_for(word: str) -> None:

    with pytest.raises(SpecError) as error:
        layers(f"[{{{word}: 4}}]")
    assert error.value.problems[0].hint == "the language has no kind for it"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Conv2d", "conv"), ("MaxPool2d", "maxpool"), ("Linear", "fc"), ("Dense", "fc"), ("BatchNorm2d", "bn"), ("SiLU", "swish"),
        ("ReLU6", "relu6"), ("ConvTranspose2d", "upconv"), ("GlobalAveragePooling2D", "gap"), ("Conv2DTranspose", "upconv"),
        ("ZeroPadding2D", "zeropad"), ("Gemm", "fc"), ("AdaptiveAvgPool2d", "adaptivepool"), ("LeakyReLU", "leaky_relu"),
        ("PixelUnshuffle", "rearrange"), ("MultiheadAttention", "attention"), ("LocallyConnected2D", "local"),
    ],
)  # fmt: skip
def test_words_of_other_frameworks(word: str, kind: str) -> None:
    with pytest.raises(SpecError) as error:
        layers(f"[{{{word}: 4}}]")
    assert repr(kind) in error.value.problems[0].hint


def test_every_word_of_another_framework_leads_to_a_kind() -> None:

    assert set(ELSEWHERE.values()) <= {*KINDS, *GROUPS}
    assert not NO_KIND & {*ELSEWHERE, *KINDS}
