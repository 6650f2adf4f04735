"""Malicious files: each gives an error message or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.run import run

if TYPE_CHECKING:
    from pathlib import Path

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
