"""Layers without a file: what a table prints reads back, what lectures write is understood, and mistakes are shown in their place."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis import report, writes_layers
from cnncalc.errors import SpecError
from cnncalc.layers import KINDS, Layer, fields, volume_fields
from cnncalc.spec import shorthand
from cnncalc.spec.model import Call, FixedLayer

if TYPE_CHECKING:
    from pathlib import Path


def layers(text: str) -> list[Layer]:
    """The layers of a text without symbols."""
    steps = shorthand.network(text).network.layers
    assert all(isinstance(step, FixedLayer) for step in steps)
    return [step.layer for step in steps if isinstance(step, FixedLayer)]


def problem(text: str) -> str:
    """The message for a text, with its place and hint."""
    with pytest.raises(SpecError) as caught:
        report(shorthand.network(text))
    return str(caught.value)


SMALL = st.integers(1, 40)


def written(type: fields.FieldType) -> st.SearchStrategy[Any]:
    """Values as a file may write them in a field."""
    if isinstance(type, fields.Whole):
        return SMALL
    if isinstance(type, fields.Sides):
        return SMALL | st.tuples(SMALL, SMALL).map(list)
    if isinstance(type, fields.Edges):
        edges = st.integers(0, 9)
        return edges | st.lists(edges, min_size=4, max_size=4) | (st.sampled_from(sorted(type.words)) if type.words else st.nothing())
    if isinstance(type, fields.Choice):
        return st.sampled_from(sorted(type.words))
    if isinstance(type, fields.Interval):
        return st.tuples(st.integers(0, 9), st.integers(10, 40)).map(list)
    assert isinstance(type, fields.Number)
    return st.integers(1, 99).map(lambda hundredths: Fraction(hundredths, 100))


@st.composite
def any_layer(draw: st.DrawFn) -> Layer:
    """A layer of any kind; only the fields that tables show."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS.keys() - LONG)))]
    values = {}
    for name, field in kind.fields.items():
        if field.shown and not isinstance(field.type, (fields.Connections, volume_fields.Size)) and (field.required or draw(st.booleans())):
            values[name] = field.type.read(draw(written(field.type)))
    return kind(**values)


LONG = {"attention", "rearrange", "learned", "constant", "custom"}  # what a line of layers does not write


@given(any_layer())
@settings(max_examples=400)
def test_what_a_table_prints_reads_back(layer: Layer) -> None:
    text = f"{layer.kind} {layer.describe()}"
    (read,) = layers(text)
    assert type(read) is type(layer)
    assert vars(read) == vars(layer)
    assert vars(layers(text.replace("×", "x"))[0]) == vars(layer)


@given(st.lists(any_layer(), min_size=1, max_size=4))
@settings(max_examples=50)
def test_chains_read_back(chain: list[Layer]) -> None:
    for joint in (", ", ",", "\n", " , "):
        read = layers(joint.join(f"{layer.kind} {layer.describe()}" for layer in chain))
        assert [vars(layer) for layer in read] == [vars(layer) for layer in chain]


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - LONG - {"concat"}))
def test_every_field_can_be_given_by_its_name(kind: str) -> None:
    cls = KINDS[kind]
    examples = {fields.Choice: "ceil", fields.Interval: "2:7", fields.Flag: "no", fields.LearnedFlag: "no", fields.Number: "0.25"}
    text, expected = kind, {}
    for name, field in cls.fields.items():
        if isinstance(field.type, (fields.Connections, volume_fields.Size)):
            continue
        if isinstance(field.type, fields.Choice) and "ceil" not in field.type.words:
            text += f" {name} {field.type.words[-1]}"
            expected[name] = field.type.words[-1]
            continue
        value = examples.get(type(field.type), "3")
        text += f" {name} {value}"
        plain: Any = {"ceil": "ceil", "2:7": [2, 7], "no": "no", "0.25": Fraction(1, 4), "3": 3}[value]
        expected[name] = field.type.read(plain)
    assert vars(layers(text)[0]) == vars(cls(**expected))
    assert vars(layers(text.replace(" 3", "=3"))[0]) == vars(cls(**expected))


CONV = {"filters": 96, "kernel": 11, "stride": 4}


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("conv 96 11x11 /4", "conv", CONV),
        ("conv 96 11×11 / 4", "conv", CONV),
        ("CONV 96 11x11/4", "conv", CONV),
        ("conv 96 11 stride 4", "conv", CONV),
        ("conv 11x11 96 stride=4 pad 0", "conv", CONV),
        ("conv, 96, 11x11, /4", "conv", CONV),
        ("11x11 conv, 96, /4", "conv", CONV),
        ("conv 96 11x11 filters at stride 4, pad 0", "conv", CONV),
        ("conv with 96 kernels of kernel=11 and stride: 4".replace(" of", ""), "conv", CONV),
        ("conv filters 96 kernel 11 stride 4", "conv", CONV),
        ("conv 256 5×5 pad 2 groups 2", "conv", {"filters": 256, "kernel": 5, "pad": 2, "groups": 2}),
        ("conv 8 3x5 /2x1 no bias", "conv", {"filters": 8, "kernel": [3, 5], "stride": [2, 1], "bias": False}),
        ("conv 8 3 pad 1x0x2x2", "conv", {"filters": 8, "kernel": 3, "pad": [1, 0, 2, 2]}),
        ("conv 8 3 pad [1, 0, 2, 2] without bias", "conv", {"filters": 8, "kernel": 3, "pad": [1, 0, 2, 2], "bias": False}),
        ("conv 8 3 pad same bias", "conv", {"filters": 8, "kernel": 3, "pad": "same"}),
        ("conv 8 kernel [3, 5] bias=false", "conv", {"filters": 8, "kernel": [3, 5], "bias": False}),
        ("upconv 8 4x4 *2 output pad 1", "upconv", {"filters": 8, "kernel": 4, "stride": 2, "output_pad": 1}),
        ("upconv 8 4x4 stride 2 output_pad=1", "upconv", {"filters": 8, "kernel": 4, "stride": 2, "output_pad": 1}),
        ("depthwise 3x3 x2", "depthwise", {"kernel": 3, "multiplier": 2}),
        ("maxpool 3x3 /2 ceil", "maxpool", {"size": 3, "stride": 2, "round": "ceil"}),
        ("maxpool 2", "maxpool", {"size": 2}),
        ("adaptivepool 7", "adaptivepool", {"size": 7}),
        ("fc 4096", "fc", {"features": 4096}),
        ("dropout 0.3", "dropout", {"p": Fraction(3, 10)}),
        ("scale -0.5", "scale", {"factor": Fraction(-1, 2)}),
        ("slice 0:16", "slice", {"channels": [0, 16]}),
        ("split 3", "split", {"parts": 3}),
        ("split into 3", "split", {"parts": 3}),
        ("zeropad 1 +16 channels", "zeropad", {"amounts": 1, "channels": 16}),
        ("bn no scale", "bn", {"scale": False}),
        ("bn, no scale", "bn", {"scale": False}),
        ("gn 32", "gn", {"groups": 32}),
        ("softmax", "softmax", {}),
        ("conv 2*48 11x11 /4", "conv", CONV),
    ],
)  # fmt: skip
def test_what_people_write(text: str, kind: str, values: dict[str, Any]) -> None:
    (found,) = layers(text)
    cls = KINDS[kind]
    assert type(found) is cls
    assert vars(found) == vars(cls(**{name: cls.fields[name].type.read(value) for name, value in values.items()}))


def test_a_chain_is_the_network_that_a_file_would_write() -> None:
    short = cnncalc.analyze("conv 6 5x5 pad 2, relu, maxpool 2", input="28x28x1")
    steps: list[Any] = [{"conv": 6, "kernel": 5, "pad": 2}, "relu", {"maxpool": 2}]
    long = cnncalc.analyze({"input": "28x28x1", "layers": steps})
    assert [row.as_dict() for row in short] == [row.as_dict() for row in long]
    assert short.total.params == 6 * 5 * 5 + 6
    assert short.outputs[0] == (14, 14, 6)


def test_without_an_input_it_is_any_input() -> None:
    found = cnncalc.analyze("conv 96 11x11 /4")
    assert str(found.total.params) == str(
        cnncalc.analyze({"input": "HxWxC", "layers": [{"conv": 96, "kernel": 11, "stride": 4}]}).total.params
    )
    assert str(found.input) == "H×W×C"


def test_letters_are_symbols() -> None:
    found = cnncalc.analyze("conv K FxF /S pad P, fc 4*K")
    assert str(found.total.weights) == str(
        cnncalc.analyze({
            "input": "HxWxC",
            "params": {"K": None, "F": None, "S": None, "P": None},
            "layers": [{"conv": "K", "kernel": "F", "stride": "S", "pad": "P"}, {"fc": "4*K"}],
        }).total.weights
    )  # fmt: skip
    assert cnncalc.analyze("conv K FxF", input="8x8x3", set={"K": 5, "F": 3}).total.params == 5 * 3 * 3 * 3 + 5
    assert cnncalc.analyze("conv C 3x3, conv k1 1x1", input="8x8x3", set={"k1": 7}).total.weights == 3 * 3 * 3 * 3 + 3 * 7
    assert isinstance(shorthand.network("conv K 3").network.layers[0], Call)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("cnv 96 11x11", "<layers>:1:1", "unknown kind 'cnv'", "did you mean 'conv'?"),
        ("pool 2", "<layers>:1:1", "unknown kind 'pool'", "did you mean 'maxpool'?"),
        ("3x3 cov 64", "<layers>:1:5", "unknown kind 'cov'", "did you mean 'conv'?"),
        ("96, 3x3", "<layers>:1:1", "unknown kind '96'", "cnncalc layers lists the kinds"),
        ("conv 6 5x5 pad 2, reluu, maxpool 2", "<layers>:1:19", "conv does not take 'reluu' here", "did you mean 'relu'?"),
        ("conv 6 5x5 relu", "<layers>:1:12", "conv does not take 'relu' here", "a comma goes before the next layer: conv ..., relu"),
        ("conv 6 5x5 7", "<layers>:1:12", "conv does not take '7' here", "as in: conv FILTERS KERNEL /STRIDE pad PAD"),
        ("conv 6 %", "<layers>:1:8", "conv does not take '%' here", "as in: conv"),
        ("conv 6 5x5 padd 7", "<layers>:1:12", "conv does not take 'padd' here", "did you mean 'pad'?"),
        ("conv 6, kernel", "<layers>:1:9", "conv does not take 'kernel' here", "as in: conv FILTERS"),
        ("conv 6 5x5 /2 /3", "<layers>:1:15", "a second value for stride", "as in: conv"),
        ("maxpool 2 size 3", "<layers>:1:11", "a second value for size", "as in: maxpool SIZE /STRIDE"),
        ("relu 3", "<layers>:1:6", "relu does not take '3' here", "as in: relu"),
        ("conv 5x5", "<layers>:1:1", "conv needs 'filters'", "it takes filters"),
        ("relu, conv", "<layers>:1:7", "conv needs 'filters'", "it takes filters"),
        ("conv 0 3x3", "<layers>:1:6", "expected a whole number from 1 up, found 0", ""),
        ("conv 6 5x", "<layers>:1:8", "conv does not take '5x' here", "as in: conv"),
        ("conv 6 3x3 pad 1x2x3", "<layers>:1:1", "pad: expected one number, 2 (height, width) or 4", ""),
        ("conv 6 3x3 pad foo", "<layers>:1:16", "unknown name 'foo'", ""),
        ("conv 6 3x3 pad (1", "<layers>:1:", "", ""),
        ("split 3, relu", "<layers>:1:", "", ""),
        (" , ", "<layers>:1:1", "there are no layers here", "as in: conv 6 5x5 pad 2, relu, maxpool 2"),
        ("add", "<layers>:1:1", "add needs ", ""),
    ],
)
def test_mistakes_are_shown_in_their_place(text: str, place: str, message: str, hint: str) -> None:
    found = problem(text)
    assert found.startswith(place)
    assert message in found
    assert hint in found
    assert text in found  # the text itself is shown, and a caret below
    assert "^" in found


def test_problems_of_several_layers_come_together() -> None:
    with pytest.raises(SpecError) as caught:
        shorthand.network("conv 6 5x5 wrong, maxpool wrong")
    assert [problem.place[2] for problem in caught.value.problems] == [12, 27]


def test_what_is_taken_for_layers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my net").write_text("")
    assert all(map(writes_layers, ("conv 96 11x11 /4", "relu,relu", "relu", "GAP", "conv\n6", " relu ")))
    assert not any(
        map(writes_layers, ("vgg16", "my net.yaml", "my net.yaml:small", "some where/net.yml", "my net", "net.yaml", "-", "", "3x3"))
    )


def outcome(text: str) -> list[str]:
    """The layers of a text, or what is wrong with it."""
    try:
        return [row.kind for row in report(shorthand.network(text))]
    except SpecError as error:
        return [problem.message for problem in error.problems]


@given(st.text(alphabet="conv relu/x×[]()*+,:=0123456789padKF\n -.", max_size=40))
@settings(max_examples=300)
def test_no_text_ends_in_a_traceback(text: str) -> None:
    assert all(outcome(text))
