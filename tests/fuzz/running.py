"""Runs a target on many inputs, and returns the failures with minimal inputs."""

from __future__ import annotations

import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import UnsatisfiedAssumption

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.fuzz.targets import Target

ROOT = Path(__file__).parent.parent.parent
BY_HAND = settings(
    database=None, deadline=None, derandomize=False, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False, verbosity=Verbosity.quiet,
)  # fmt: skip


class Finding(NamedTuple):
    """Something that does not hold, and how to see it again."""

    target: str
    error: str  # the last line of the traceback
    place: str  # the last line of code in this repository
    seed: int
    inputs: int  # that were tried with this seed
    text: str

    def __str__(self) -> str:
        again = f"python -m tests.fuzz --target {self.target} --seed {self.seed} --inputs {self.inputs}"
        return "\n  ".join([f"{self.target}: {self.place}", *self.error.splitlines(), again, *self.text.splitlines()])


class Outcome(NamedTuple):
    """What became of some inputs."""

    inputs: int
    failures: Counter[str]  # by place
    findings: list[Finding]


def run(target: Target, inputs: int, start: int, known: Collection[str] = ()) -> Outcome:
    """Try so many inputs. Each failure at a place that is not known is looked for again with the same seed, to make its input smaller."""
    every = _Watched(target)
    every.run(inputs, start)
    findings = []
    for place, first in every.failing.items():
        if place not in known:
            one = _Watched(target, place)
            one.run(inputs, start)
            error, text = one.failing.get(place, first)
            findings.append(Finding(target.name, error, place, start, inputs, text))
    return Outcome(every.inputs, every.failures, findings)


class _Watched:
    """A target whose failures are noted; those at `place` are raised as well, so that hypothesis looks for smaller inputs."""

    def __init__(self, target: Target, place: str = "") -> None:
        self.target = target
        self.place = place
        self.inputs = 0
        self.failures: Counter[str] = Counter()
        self.failing: dict[str, tuple[str, str]] = {}  # error and input; the last one where it is raised, else the first

    def run(self, inputs: int, start: int) -> None:
        """Try so many inputs."""
        try:
            seed(start)(settings(BY_HAND, max_examples=inputs)(given(self.target.inputs)(self.check)))()
        except Exception:
            if not self.place:
                raise

    def check(self, value: object) -> None:
        """Try one input."""
        self.inputs += 1
        try:
            self.target.check(value)
        except UnsatisfiedAssumption:
            self.inputs -= 1
            raise
        except Exception as error:
            place = place_of(error)
            self.failures[place] += 1
            if place == self.place:
                self.failing[place] = message_of(error), str(value)
                raise
            self.failing.setdefault(place, (message_of(error), str(value)))


def place_of(error: Exception) -> str:
    """The last line of cnncalc or of its tests that led to an error, and its type."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT / "cnncalc") or path.is_relative_to(ROOT / "tests"):
            return f"{type(error).__name__} at {path.relative_to(ROOT).as_posix()}:{frame.lineno}"
    return type(error).__name__


def message_of(error: Exception) -> str:
    """What an error says."""
    return "".join(traceback.format_exception_only(type(error), error)).strip()
