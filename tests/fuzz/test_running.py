"""Fuzz runs: inputs are distributed, failures are reproducible by seed, and inputs are minimized."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests.fuzz.__main__ import PIECE, Tally, pieces, shares
from tests.fuzz.running import Outcome, run
from tests.fuzz.targets import TARGETS, Target
from tests.fuzz.work import Work

ROOT = Path(__file__).parent.parent.parent


def planted(number: int) -> None:
    if number >= 1_000:
        raise AssertionError("too large")
    if number % 2:
        raise ValueError(number)


PLANTED = Target("planted", 1, 0, st.integers(0, 10_000), planted)


def test_every_failure_is_found_once_with_its_smallest_input() -> None:
    outcome = run(PLANTED, 200, 7)
    assert outcome.inputs == 200
    assert sorted((each.text, each.error, each.seed, each.inputs) for each in outcome.findings) == [
        ("1", "ValueError: 1", 7, 200),
        ("1000", "AssertionError: too large", 7, 200),
    ]
    assert sum(outcome.failures.values()) > 100
    assert outcome == run(PLANTED, 200, 7) != run(PLANTED, 200, 8)
    (first, second) = (each.place for each in outcome.findings)
    assert [each.place for each in run(PLANTED, 200, 7, {first}).findings] == [second]


def test_of_several_findings_at_a_place_the_smallest_stays() -> None:
    tally = Tally([PLANTED])
    outcome = run(PLANTED, 200, 7)
    tally.add("planted", outcome)
    tally.add("planted", Outcome(100, outcome.failures, [each._replace(text="longer") for each in outcome.findings]))
    assert tally.table().splitlines()[1:] == [
        "planted                      300         2",
        "total                        300         2",
    ]
    assert "  python -m tests.fuzz --target planted --seed 7 --inputs 200\n  1\n" in f"{tally.details()}\n"
    assert "longer" not in tally.details()


@pytest.mark.parametrize("inputs", [100, 12_345, 1_000_000])
def test_inputs_are_shared_out_by_what_they_cost(inputs: int) -> None:
    found = shares(TARGETS, inputs)
    assert sum(found.values()) == max(inputs, sum(found.values()) if inputs == 100 else 0)
    assert min(found.values()) > 0
    all_pieces = pieces(TARGETS, inputs, 5)
    assert len({(name, seed) for name, _, seed in all_pieces}) == len(all_pieces)
    for target in TARGETS:
        sizes = [size for name, size, _ in all_pieces if name == target.name]
        assert sum(sizes) == found[target.name]
        assert max(sizes) * target.cost <= PIECE


def test_calls_are_counted_and_bounded() -> None:
    def squared(numbers: int) -> int:
        with Work(100) as work:
            for number in range(numbers):
                pow(number, 2)
        return work.calls

    assert squared(20) == squared(10) + 10
    with pytest.raises(AssertionError, match="more than 100 calls"):
        squared(101)
    assert sys.getprofile() is None


def test_the_command_prints_a_table() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--target", "lines", "--target", "windows", "--inputs", "40", "--jobs", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["target", "inputs", "findings"], ["lines", "17", "0"], ["windows", "23", "0"], ["total", "40", "0"],
    ]  # fmt: skip
