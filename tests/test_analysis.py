"""`cnncalc.analyze`: a name, a path or a mapping goes in, a report comes out, or a SpecError and never another exception."""

from __future__ import annotations

import json
import os
import sys
from collections import OrderedDict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.errors import SpecError
from tests.spec_text import said

if TYPE_CHECKING:
    from pathlib import Path

MINE: dict[str, Any] = {
    "name": "Mine",
    "input": [8, 8, 3],
    "params": {"width": 1.5, "deep": True},
    "blocks": {"unit": {"args": {"w": None}, "layers": [{"conv": "w", "bias": False}, "relu"]}},
    "layers": [{"conv": "4 * width", "kernel": [3, 3], "name": "first"}, {"unit": 2, "when": "deep"}, {"maxpool": 2, "stride": None}],
}


def said_of(network: Any, **options: Any) -> list[str]:
    with pytest.raises(SpecError) as found:
        cnncalc.analyze(network, **options)
    assert str(found.value)
    return [said(problem) for problem in found.value.problems]


def test_a_report_is_asked_without_end() -> None:
    macs = cnncalc.analyze({"input": "HxWx3", "layers": ["relu", {"conv": 2}]}).total.macs
    for _ in range(100_000):  # a million operations, which are a command's
        macs = macs + 1


def test_a_network_by_its_name() -> None:
    report = cnncalc.analyze("vgg16", input="299x299x3", set={"classes": 10}, batch=8)
    assert report["conv1-1"].output == (299, 299, 64)
    assert report["fc8"].output == (1, 1, 10)
    assert report.total.macs == 8 * sum(row.cost.work.macs for row in report)
    assert report.as_dict()["network"]["id"] == "vgg16"
    assert "vgg16" in cnncalc.names()


def test_a_mapping_is_what_a_file_would_say() -> None:
    del_stride = {**MINE, "layers": [*MINE["layers"][:2], {"maxpool": 2}]}
    report = cnncalc.analyze(del_stride)
    assert [row.path for row in report] == ["input", "first", "unit1/conv1", "unit1/relu1", "maxpool1"]
    assert [row.output.c for row in report] == [3, 6, 2, 2, 2]
    for same in (OrderedDict(del_stride), MappingProxyType(del_stride), json.loads(json.dumps(del_stride))):
        assert cnncalc.analyze(same).as_dict() == report.as_dict()
    assert report.as_dict()["network"]["source"] == "<mapping>"


def test_a_mapping_is_not_changed() -> None:
    before = json.dumps(MINE)
    with pytest.raises(SpecError):
        cnncalc.analyze(MINE)  # stride: None
    assert json.dumps(MINE) == before


def test_what_is_wrong_with_a_mapping() -> None:
    assert said_of({"input": "8x8x3", "layers": ["rellu"]}) == ["4:3: unknown kind or block 'rellu'"]
    assert said_of({}) == ["1:1: 'input' is missing", "1:1: 'layers' is missing"]
    assert said_of({"input": "8x8x3", "layers": [{"conv": 3, 5: 3}]}) == ["6:4: conv has no field '5'"]
    assert said_of([]) == ["1:1: a network is a mapping with keys such as name, input and layers"]
    assert said_of(5) == ["1:1: a network is a mapping with keys such as name, input and layers"]
    assert said_of(None) == ["1:1: a network is a mapping with keys such as name, input and layers"]
    assert said_of({"input": "8x8x3", "layers": [object()]})
    assert said_of({"input": "8x8x3", "layers": [{"conv": float("nan")}]})
    assert said_of({"input": "8x8x3", "layers": {"conv": 3, "name": "a\0b"}})


def test_a_mapping_that_holds_itself_or_is_deep() -> None:
    endless: dict[str, Any] = {"input": "8x8x3"}
    endless["layers"] = [endless]
    assert said_of(endless)[0].startswith("a network is a mapping of texts, numbers and lists: ")
    deep: Any = "relu"
    for _ in range(500):
        deep = [deep]
    assert said_of({"input": "8x8x3", "layers": deep})
    for _ in range(100_000):
        deep = [deep]
    assert said_of({"input": "8x8x3", "layers": deep})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1:1: the file is empty"),
        (b"   \n\n", "1:1: the file is empty"),
        (b"# nothing but a comment\n", "1:1: the file is empty"),
        (b"---\n", "1:1: the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "1:1: not UTF-8: byte 1 is 0x89"),
        (b"\x7fELF\x02\x01\x01\x00", "1:1: not text: the character U+007F"),
        (b"input: 8x8x3\nname: caf\xe9\nlayers: []\n", "2:10: not UTF-8: byte 23 is 0xE9"),
        ("input: 8x8x3\nlayers: []\n".encode("utf-16"), "mine.yaml: UTF-16, not UTF-8"),
        (b"input: 8x8x3\nlayers:\n\t- relu\n", "3:1: a tab is used for indentation"),
        (b"input: 8x8x3\nlayers: [relu\n", "2:9: this '[' is never closed"),
        (b"input: 8x8x3\nlayers: [relu]\n---\ninput: 1x1x1\n", "3:1: a second document starts here; a file has one"),
        (b"input: 8x8x3\nlayers: &a [*a]\n", "2:13: '*a' refers to a node that contains it"),
        (b"input: 8x8x3\nlayers: !!python/object:os.system [relu]\n", "2:9: YAML tags ('!...') are not supported"),
        (b"<html><body>Not found</body></html>\n", "1:1: a network is a mapping with keys such as name, input and layers"),
        (b'{"input": "8x8x3", "layers": ["relu"', "1:30: this '[' is never closed"),
        (b"{" * 100_000, "1:65: nested too deeply: more than 64 nested lists and mappings"),
    ],
)
def test_files_that_are_no_networks(content: bytes, message: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_bytes(content)
    wanted = message.encode("latin-1").decode() if "\xe2" in message else message
    assert said_of("mine.yaml")[0] == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert said_of("none.yaml") == ["none.yaml: no such file"]
    (tmp_path / "folder.yaml").mkdir()
    assert said_of("folder.yaml") == ["folder.yaml: a folder, not a file"]
    os.mkfifo(tmp_path / "pipe.yaml")
    assert said_of("pipe.yaml") == ["1:1: the file is empty"]
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert said_of("loop.yaml")[0].startswith("loop.yaml: cannot be read: ")
    assert said_of("x" * 5000 + ".yaml")[0].endswith("cannot be read: File name too long")


def test_a_file_of_100_mb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(100 * 2**20)
    assert said_of("large.yaml") == ["large.yaml: too large: more than 16 MiB"]


WORDS = (
    "conv", "relu", "add", "concat", "split", "side", "do", "each", "in", "repeat", "when", "else", "from", "name", "kernel", "stride",
    "pad", "input", "layers", "blocks", "params", "args", "inputs", "outputs", "like", "but", "unit", "same", "true", "8x8x3", "HxWxC",
    "H", "i",
    "in.c", "1", "0", "-1", "1/2", "2 * w", "w", "[1, 2]", "{", "}", "[", "]", ", ", ": ", "\n", "  ", "- ", "'", '"', "#", "&a",
    "*a", "{i}",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.booleans())
def test_any_words_are_a_network_or_problems_with_places(words: list[str], headed: bool) -> None:
    from cnncalc.analysis import report
    from cnncalc.spec.catalogue import network_from_tree
    from cnncalc.spec.reader import read
    from cnncalc.spec.settings import Setting

    text = ("input: 8x8x4\nparams: {w: 2}\nlayers:\n" if headed else "") + "".join(words)
    try:
        found = report(Setting(network_from_tree(*read(text, "any.yaml"), "any", os.getcwd())))
    except SpecError as error:
        problems = error.problems
    else:
        json.dumps(found.as_dict())
        return
    assert problems
    for problem in problems:
        assert problem.span is None or 0 <= problem.span.at <= len(problem.span.source.text)
        assert str(problem)
