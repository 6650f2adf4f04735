"""Random files: each gives a report whose rows add up, or errors located inside the text."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from cnncalc.errors import SpecError
from cnncalc.graph.build import build
from cnncalc.propagate.walk import propagate
from cnncalc.spec import catalogue, catalogue_index, reader
from cnncalc.spec.settings import Setting

SMALL = [
    path
    for path in map(Path, catalogue_index.files())
    if path.name in ("lenet.yaml", "alexnet.yaml", "squeezenet.yaml", "resnet_cifar.yaml")
]
PIECES = ("", " ", "\n", "  ", ":", ",", "[", "]", "{", "}", "0", "9", "-", "x", "conv", "*", "&a", "'", "(", "in", "\t")
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

any_bytes = st.one_of(st.binary(max_size=200), st.text(max_size=200))
any_lines = st.lists(st.sampled_from(LINES), max_size=8).map("\n".join)


@st.composite
def mistaken(draw: st.DrawFn, texts: st.SearchStrategy[str], most: int = 1) -> str:
    """A text with a mistake or some: a few characters are others."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, most))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(PIECES)) + text[at + draw(st.integers(0, 6)) :]
    return text


catalogue_files = st.sampled_from(SMALL).map(lambda path: path.read_text(encoding="utf-8"))


def looked_at(content: str | bytes) -> None:
    """The way of a file, with what must hold at its end."""
    try:
        source, tree = reader.read(content, "stranger.yaml")
        network = catalogue.network_from_tree(source, tree, "stranger", "/nonexistent")
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
