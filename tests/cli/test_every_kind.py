"""Every command on every kind of layer, and on networks that nobody has in mind: a result or a message, never a traceback."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from cnncalc.layers import KINDS
from cnncalc.output import manual
from tests.cli.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# X is a layer of the network, which is read from net.yaml; a check is of a sheet that asks for this quantity of X and of the network.
LINES = """
show net.yaml
show net.yaml --format json --batch N
show net.yaml --format csv --strict --sides
show net.yaml --format html --no-bias
show net.yaml --fold none --columns +kind,+input,+exact,+offset,+narrowest,+receptive_field,+jump,+side,+params_share,+macs_share
show net.yaml --format latex --counting thop
show net.yaml --sort macs --top 2 --width 30 --units si
explain net.yaml
explain net.yaml X
explain net.yaml X --format latex
explain net.yaml X receptive_field
explain net.yaml macs --batch N
explain net.yaml X --format json
explain net.yaml X output --format csv
formula net.yaml
formula net.yaml --layers --format python
formula net.yaml --layer X --format latex
formula net.yaml --layers --at H=32,W=40
formula net.yaml --format json --layers --batch N
formula net.yaml --layers --columns receptive_field,input,memory --strict
compare net.yaml lenet5
compare lenet5 net.yaml --layers
compare net.yaml lenet5 --format json --sort macs
compare net.yaml --vary batch=1:3
compare net.yaml lenet5 --format csv
check output=3x3x3
check output=HxWxC
check params=7
check weights=C^2
check macs=1M
check receptive_field=3
check kernel=3
check fits=true
check memory=4*H*W*C
solve net.yaml --layer X --vary kernel --out 8x8
solve net.yaml --layer X --vary stride --out 8
solve net.yaml --layer X --vary pad --out ?x8
solve net.yaml --layer X --vary factor --out 32x32
solve net.yaml --layer X --vary filters --params 100
solve net.yaml --layer X --vary groups --macs 64
solve net.yaml --vary input --out 4x4
quiz ./net.yaml --level 1 --seed 1
quiz ./net.yaml --level 2 --seed 1 --key
quiz ./net.yaml --level 3 --seed 1 --format markdown --key
fit net.yaml --vary batch=1:3 --max memory=1MB
fit net.yaml --vary batch=1:2 --max macs=1M --max training=1MB --format csv
sweep net.yaml --vary batch=1:3
sweep net.yaml --vary batch=1:2 --columns peak,training,params --format csv
counts net.yaml
counts net.yaml --between thop torchinfo
counts net.yaml --between keras calflops --format json
counts net.yaml --batch N
memory net.yaml
memory net.yaml --steps --batch N
memory net.yaml --optimizer adam --mixed --format json --steps
memory net.yaml --within 1MB
memory net.yaml --best-order --no-in-place --no-views --no-reuse
chart net.yaml
chart net.yaml --by kind --of params,macs
chart net.yaml lenet5 --bars --format svg
chart net.yaml --format csv --fold none
diagram net.yaml --show params,macs,output
diagram net.yaml --format dot --fold none --show memory
diagram net.yaml --format svg --show macs
validate net.yaml
"""
HEAD = "layers:\n- {relu: , name: a}\n- {tanh: , name: b}\n"
TWO = "blocks: {two: {inputs: [x], layers: [{maxpool: 2, name: u}], outputs: [u, x]}}"
ODD = {
    "only an input": "input: 8x8x3\nlayers: []\n",
    "one layer": "input: 8x8x3\nlayers: [{relu: , name: X}]\n",
    "one value": "input: 1x1x1\nlayers: [{fc: 1, name: X}]\n",
    "huge": "input: 1000000000x1000000000x1000\nlayers: [{conv: 100000, kernel: 3, name: X}, gap, {fc: 1000000}]\n",
    "a side head": "input: 16x16x3\nlayers: [{conv: 4, name: X}, {side: [gap, {fc: 10}], name: aux}, gap, {fc: 10}]\n",
    "only a side head": "input: HxWx3\nlayers: [{side: [gap, {fc: 10, name: X}]}]\n",
    "a split at the end": "input: 16x16x4\nlayers: [{conv: 4, name: X}, {split: 2}]\n",
    "a split of letters": "input: HxWxC\nlayers: [{split: 2, name: X}, add, relu]\n",
    "two outputs": f"input: 16x16x4\n{TWO}\nlayers: [relu, {{two: , name: X}}]\n",
    "a layer without use": "input: 16x16x4\nlayers: [{conv: 2, name: X}, {conv: 3, from: input}]\n",
    "rectangles": "input: 5x37x2\nlayers: [{conv: 3, kernel: [2, 5], stride: [1, 3], pad: [0, 2, 1, 0], dilation: [2, 1], name: X}]\n",
    "params as letters": "params: {N: , w: 2}\ninput: [H, H, w]\nlayers: [{conv: 4*w, kernel: 3, stride: 2, name: X}, gap, {fc: N}]\n",
    "an average over letters": "input: HxWx3\nlayers: [{conv: 4, kernel: 3, name: X}, {adaptivepool: [2, 3]}, {fc: 4}]\n",
    "repeats": "input: 16x16x4\nlayers: [{conv: 4, name: X}, {name: g, do: [bn, relu, {conv: 8}], repeat: 3}]\n",
    "folders": "input: 16x16x4\nlayers: [{name: p, do: [{name: q, do: [{name: r, do: [{conv: 2, name: X}, relu]}]}]}]\n",
    "views": "input: 8x8x4\nlayers: [identity, {slice: [0, 2], name: X}, flatten, dropout]\n",
}


def networks() -> Iterator[tuple[str, str]]:
    """A network for each kind, one with letters for its input and its fields, and the odd ones."""
    for kind, cls in KINDS.items():
        step = manual.example(cls)
        step = f"{step[:-1]}, name: X}}" if step.startswith("{") else f"{{{step}: , name: X}}"
        yield kind, f"input: 16x16x16\n{HEAD}- {step}\n- {{conv: 4}}\n- gap\n- {{fc: 10}}\n"
        letters = re.sub(r"(conv|depthwise|upconv|fc|kernel|stride): \d+", r"\1: K", step)
        yield f"{kind} of letters", f"params: {{K: }}\ninput: HxWxC\n{HEAD}- {letters}\n"
    yield from ODD.items()


NETWORKS = dict(networks())


def lines(name: str) -> Iterator[list[str]]:
    """A line or two of every command; over all networks, every line has its turn."""
    by_command: dict[str, list[list[str]]] = {}
    for line in LINES.strip().split("\n"):
        by_command.setdefault(line.partition(" ")[0], []).append(line.split())
    start = [*NETWORKS].index(name)
    for several in by_command.values():
        for i in range(2 if name in ODD else 1):
            yield several[(start + i) % len(several)]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_command(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(NETWORKS[name], encoding="utf-8")
    layer = "X" if "name: X" in NETWORKS[name] else "input"
    for command, *words in lines(name):
        if command == "check":
            asked = ": ".join(words.pop().split("="))
            sheet = f"questions:\n- {{network: net.yaml, layer: {layer}, {asked}}}\n- {{network: net.yaml, {asked}}}\n"
            (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
            words.append("sheet.yaml")
        done = run(command, *[layer if word == "X" else word for word in words])
        assert done.code in (0, 1, 2), (command, words)
        assert done.err if done.code == 2 else done.out or command == "validate", (command, words)
        assert (done.out + done.err).replace("\n", "").isprintable(), (command, words)
