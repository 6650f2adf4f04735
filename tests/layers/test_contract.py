"""The declaration of every kind, and errors of the table of kinds."""

from __future__ import annotations

import pytest

from cnncalc.dims import symbol
from cnncalc.layers import IN_PLACE, KINDS, OWN, PARAMETER, VIEW, Layer, Volume, Work
from cnncalc.layers.contract import Unchanged, Unlearned, arg, documented, layer
from cnncalc.layers.fields import POSITIVE
from cnncalc.layers.window import Window

RULES = ("output", "weights", "biases", "buffers", "work")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_answers_for_itself(kind: str) -> None:
    """Zero is never a default: a rule that is missing is missing."""
    cls = KINDS[kind]
    assert cls.kind == kind
    for rule in RULES:
        assert callable(getattr(cls, rule))
        assert rule not in vars(Layer)
    assert cls.summary.endswith(".")
    assert cls.storage in (OWN, IN_PLACE, VIEW, PARAMETER)
    assert cls.operation
    assert isinstance(cls.keeps, tuple)
    for name, field in cls.fields.items():
        assert name.isidentifier()
        assert field.doc
        assert field.type.expects


def test_a_class_without_a_rule_has_none() -> None:
    class Silent(Layer):
        """Says nothing."""

    with pytest.raises(AttributeError):
        Silent().weights(Volume(1, 1, 1))


def test_two_classes_for_a_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="two classes for the kind 'relu'"):

        @layer("relu", "Once more.")
        class Again(Unchanged, Unlearned):
            pass

    assert KINDS["relu"].__name__ == "Relu"


def test_a_kind_takes_its_own_fields() -> None:
    with pytest.raises(TypeError, match="relu has no field 'size'"):
        KINDS["relu"](size=3)


def test_a_new_kind_needs_one_class() -> None:
    """As the manual says: enter the class, and specs can use it."""
    import cnncalc

    @layer("twice", "Lays its input down several times.")
    class Twice(Unlearned):
        operation = KINDS["identity"].operation
        keeps = ()
        times: int = arg(POSITIVE, "how often", default=2, symbol="T", shown="×{}")

        @documented("Deeper.")
        def output(self, x: Volume) -> Volume:
            return Volume(x.h, x.w, x.c * self.times)

        @documented("Once per element.")
        def work(self, x: Volume, y: Volume) -> Work:
            return Work(elements=y.size)

    try:
        report = cnncalc.analyze({"input": "2x2x3", "layers": ["twice", {"twice": 3}, {"twice": "K"}], "params": {"K": ""}})
        assert [str(row.output) for row in report] == ["2×2×3", "2×2×6", "2×2×18", "2×2×18*K"]
        assert [row.layer.describe() for row in report][1:] == ["", "×3", "×K"]
        with pytest.raises(cnncalc.SpecError, match="times: expected a whole number from 1 up, found 0"):
            cnncalc.analyze({"input": "2x2x3", "layers": [{"twice": 0}]})
        with pytest.raises(cnncalc.SpecError, match="did you mean 'times'"):
            cnncalc.analyze({"input": "2x2x3", "layers": [{"twice": 1, "tiems": 3}]})
    finally:
        del KINDS["twice"]


@pytest.mark.parametrize(
    ("size", "window", "fitting"),
    [
        (224, Window(11, 4, 0, 0, 1, False), ["227"]),  # no pad on both sides makes an odd rest even
        (8, Window(3, 2, 1, 1, 1, False), ["9"]),
        (10, Window(3, 3, 0, 0, 1, False), ["12", "pad 1"]),
        (32, Window(5, 3, 0, 0, 1, False), []),
        (8, Window(3, 4, 0, 1, 1, False), ["10"]),  # edges differ: no single pad
        (6, Window(4, 4, 0, 0, 1, False), ["8", "pad 1"]),
        (7, Window(3, 2, 0, 0, 1, False, "same"), []),
    ],
)
def test_what_would_fit(size: int, window: Window, fitting: list[str]) -> None:
    found = list(window.would_fit(size))
    assert found == fitting
    for each in found:
        if each.startswith("pad "):
            pad = int(each.removeprefix("pad "))
            assert window._replace(before=pad, after=pad).remainder(size) == 0
        else:
            assert window.remainder(int(each)) == 0


def test_a_volume_shows_itself() -> None:
    assert str(Volume(55, 55, 96)) == "55×55×96"
    assert str(Volume(symbol("H") + 1, symbol("H"), 3)) == "(H + 1)×H×3"
    assert Volume(2, 3, 4).size == 24
