"""Pictures of large and odd networks: twice the layers take at most 2.3 times the work, or are refused with a message."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import assume
from hypothesis import strategies as st

from tests.cli.run import run
from tests.fuzz.specs import Pen, bodies
from tests.fuzz.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = (150, 150, 150, 150, 600)  # of the smaller network
GROWTH = 2.3

# The same steps again and again, so that twice as many are twice as much to draw.
ARRANGED: dict[str, Callable[[list[Any], int], list[Any]]] = {
    "in a row": lambda steps, n: [{"do": steps}] * n,
    "in a loop": lambda steps, n: [{"do": steps, "repeat": n}],
    "in blocks": lambda steps, n: [{"body": "", "repeat": n}],
    "with shortcuts": lambda steps, n: [{"add": [steps, "identity"]}] * n,
    "as pairs": lambda steps, n: [{"concat": [steps, steps]}, steps[-1]] * (n // 2),
    "side by side": lambda steps, n: [{"concat": [steps] * n}],
    "on side exits": lambda steps, n: [{"side": steps}] * n,
    "all around": lambda steps, n: [{"add": [[{"do": steps}] * n, "identity"]}],
    "in place": lambda steps, n: [*steps, *["relu", "bn"] * n],
}
COMMANDS = (
    "diagram large.yaml --format svg --fold none", "diagram large.yaml --format svg", "diagram large.yaml --format dot --fold none",
    "diagram large.yaml --format mermaid --fold none", "chart large.yaml --fold none", "chart large.yaml --format svg --fold none",
    "show large.yaml --fold none", "show large.yaml --format svg --fold none", "show large.yaml --format html", "memory large.yaml --steps",
)  # fmt: skip


class Large(NamedTuple):
    """A network that can be written in any size, and what is to be drawn of it."""

    file: dict[str, Any]
    steps: list[Any]
    times: int  # that they stand in the smaller network
    arranged: str
    command: str

    def text(self, times: int) -> str:
        """The file, with so many times its steps."""
        layers = ARRANGED[self.arranged](self.steps, times)
        return Pen(0).mapping({**self.file, "layers": layers}, 0)

    def __str__(self) -> str:
        return f"# {self.command}\n{self.text(self.times)}"


@st.composite
def large_networks(draw: st.DrawFn) -> Large:
    """Steps that leave what they take."""
    drawn, x, steps, unroller, left = draw(bodies(draw(st.integers(0, 1)), 5))
    assume(len(left) == 1)
    steps = [*steps, {"adaptivepool": [x.h, x.w]}, {"conv": x.c}]
    blocks = {name: block.written() for name, block in drawn.blocks.items()} | {"body": {"layers": steps}}
    file = {"input": f"{x.h}x{x.w}x{x.c}", "params": drawn.params, "blocks": blocks}
    times = max(2, draw(st.sampled_from(ROWS)) // (len(unroller.shapes) + 2))
    return Large(file, steps, times, draw(st.sampled_from(sorted(ARRANGED))), draw(st.sampled_from(COMMANDS)))


@cache
def loaded(command: str) -> None:
    """Import what a command needs, so that it is not counted."""
    work(Large({"input": "8x8x3"}, ["relu"], 2, "in a row", command), 2)


def work(large: Large, times: int) -> int | None:
    """The calls that drawing takes; None where it is refused."""
    Path("large.yaml").write_text(large.text(times), encoding="utf-8")
    with Work() as counted:
        done = run(*large.command.split())
    assert done.code in (0, 2), done.err
    return counted.calls if done.code == 0 else None


def twice_the_layers_are_twice_the_work(large: Large) -> None:
    """Or a little more; what grows faster at one size may have passed a limit, from which more is drawn, so it is doubled again."""
    loaded(large.command)
    works = [work(large, large.times)]
    for doubled in (2, 4):
        works.append(work(large, large.times * doubled))
        if works[-1] is None or works[-2] is None or works[-1] <= GROWTH * works[-2]:
            return
    raise AssertionError(f"the calls grow from {works[0]:,} to {works[1]:,} and {works[2]:,}")
