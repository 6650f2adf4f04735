from __future__ import annotations

from typing import Any

import pytest
import yaml

import cnncalc
from cnncalc.layers import KINDS, Layer
from cnncalc.output.forms.tables import Page, render
from cnncalc.output.sheets import manual


@pytest.mark.parametrize("cls", KINDS.values(), ids=list(KINDS))
def test_every_kind_has_a_manual_with_an_example_that_works(cls: type[Layer]) -> None:
    example: Any = yaml.safe_load(manual.example(cls))
    named = [{"relu": None, "name": "a"}, {"relu": None, "name": "b"}]
    report = cnncalc.analyze({"input": "16x16x16", "layers": [*named, example]})
    assert report.rows[-1].kind == cls.kind
    text = render(manual.manual(cls), Page(80))
    assert text.startswith(f"{cls.kind}\n{cls.summary[:40]}")
    for name, field in cls.fields.items():
        assert f"\n{name} " in text
        assert manual.default(field) in text
    for rule in ("Output", "Weights", "Biases", "Buffers", "Work"):
        assert f"\n{rule}: " in text


def test_all_kinds_are_listed_once() -> None:
    rows = [row[0] for section in manual.kinds().sections for row in section.rows]
    assert sorted(rows) == sorted(KINDS)
    assert [section.title for section in manual.kinds().sections] == list(manual.ORDER)


def test_defaults_read_as_a_file_writes_them() -> None:
    fields = KINDS["conv"].fields
    assert {name: manual.default(field) for name, field in fields.items()} == {
        "filters": "must be given", "kernel": "1", "stride": "1", "pad": "0", "dilation": "1", "bias": "true", "groups": "1",
        "connections": "none", "mode": "zeros", "standardize": "false", "gain": "false",
    }  # fmt: skip
    assert manual.default(KINDS["maxpool"].fields["stride"]) == "as size"
    assert manual.default(KINDS["maxpool"].fields["round"]) == "floor"


def test_the_document() -> None:
    (conv,) = manual.document("conv")["kinds"]
    assert conv["weighs"] is True
    assert conv["memory"] == "own"
    assert conv["fields"][0] == {
        "name": "filters",
        "means": "number of filters: the output channels",
        "expects": "a whole number from 1 up",
        "default": "must be given",
        "symbol": "K",
    }
    assert len(manual.document(None)["kinds"]) == len(KINDS)
