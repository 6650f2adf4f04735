"""Files from strangers: whatever they hold, there is a report whose rows add up, or problems whose places lie inside the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.errors import SpecError
from cnncalc.graph.build import build
from cnncalc.propagate.propagate import propagate
from cnncalc.spec import catalogue, reader
from cnncalc.spec.settings import Setting
from tests.cli.run import run

SMALL = [
    path for path in map(Path, catalogue.files()) if path.name in ("lenet.yaml", "alexnet.yaml", "squeezenet.yaml", "resnet_cifar.yaml")
]
HEAD = "input: 8x8x3\n"
NASTY: dict[str, str | bytes] = {
    "nothing": "",
    "only a comment": "# nothing\n",
    "zeros": b"a\0b",
    "utf16": "input: 8x8x3".encode("utf-16"),
    "latin": "name: Größe\ninput: 8x8x3\nlayers: [relu]".encode("latin-1"),
    "mark": "\ufeffinput: 8x8x3\nlayers: [relu]\n",
    "carriage returns": "input: 8x8x3\r\nlayers:\r\n- relu\r\n",
    "tabs": "input: 8x8x3\nlayers:\n\t- relu\n",
    "escape": 'name: "\\e[31mred"\ninput: 8x8x3\nlayers: [relu]\n',
    "right to left": HEAD + 'layers: [{conv: 3, name: "a\u202eb"}]\n',
    "depth": "[" * 10_000,
    "closed depth": "[" * 10_000 + "]" * 10_000,
    "one line": HEAD + "layers: [" + "relu, " * 200_000 + "relu]\n",
    "keys": HEAD + "params: {" + ", ".join(f"k{i}: 1" for i in range(100_000)) + "}\nlayers: [relu]\n",
    "aliases": HEAD
    + "params:\n  a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n"
    + "".join(f"  {b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "layers: [relu]\n",
    "an alias in itself": "a: &a [*a]\n",
    "a tag": HEAD + "layers: !!python/object/apply:os.system [ls]\n",
    "a huge number": HEAD + f"layers: [{{conv: {'9' * 5_000}}}]\n",
    "a tower": HEAD + "layers: [{conv: 9**9**9}]\n",
    "brackets": HEAD + f"layers: [{{conv: '{'(' * 5_000}1{')' * 5_000}'}}]\n",
    "a sum": HEAD + f"layers: [{{conv: '{'+'.join(['1'] * 4_000)}'}}]\n",
    "a trillion": HEAD + "layers: [{relu: , repeat: 10**12}]\n",
    "no end": HEAD + "blocks: {b: {layers: [relu, b]}}\nlayers: [b]\n",
    "growth": HEAD + "layers: [{upsample: 1000, repeat: 3000}]\n",
    "two documents": HEAD + "layers: [relu]\n---\nlayers: [relu]\n",
}


PIECES = ("", " ", "\n", "  ", ":", ",", "[", "]", "{", "}", "0", "9", "-", "x", "conv", "*", "&a", "'", "(", "in", "\t")


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "stranger.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


@pytest.mark.parametrize("name", NASTY)
def test_nasty_files_end_in_a_message_or_a_table(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, NASTY[name])
    done = run("show", str(path), "--format", "csv")
    assert done.code in (0, 2)
    if done.code == 2:
        assert "stranger.yaml" in done.err
    assert "\x1b" not in done.out + done.err


def looked_at(content: str | bytes) -> None:
    """The way of a file, with what must hold at its end."""
    try:
        source, tree = reader.read(content, "stranger.yaml")
        network = catalogue.understand(source, tree, "stranger", "/nonexistent")
        variants = [None, *list(network.variants.values())[:1]]
        for variant in variants:
            setting = Setting(network, variant)
            report = propagate(setting, build(setting))
            rows = [row for row in report if not row.side]
            assert report.total.params == sum((row.params for row in rows), start=0)
            assert report.total.macs == sum((row.macs for row in rows), start=0)
            assert report.total.values == sum((row.values for row in rows if row.stored), start=0)
    except SpecError as error:
        problems = error.problems
    else:
        return
    assert problems
    for problem in problems:
        assert problem.message
        assert str(problem)
        if problem.span is not None:
            assert 0 <= problem.span.at <= len(problem.span.source.text)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_any_bytes_and_any_text(content: str | bytes) -> None:
    looked_at(content)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_catalogue_file_with_one_mistake(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SMALL)).read_text(encoding="utf-8")
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 6))
    new = data.draw(st.sampled_from(PIECES))
    looked_at(text[:at] + new + text[at + gone :])


LINES = """\
input: 8x8x3
input: HxWxC
layers:
- relu
- {conv: 4}
- {conv: k, kernel: 3}
params: {k: }
- [
- {add: [relu,
]}
- {b: 3}
blocks: {b: {args: {n: }, layers: [{conv: n}]}}
- {repeat: 3, do: [relu]}
variants: {v: {k: 3}}
like: alexnet""".splitlines()


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=8))
def test_lines_of_the_language_in_any_order(lines: list[str]) -> None:
    looked_at("\n".join(lines))
