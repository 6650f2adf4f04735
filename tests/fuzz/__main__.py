"""Random inputs: python -m tests.fuzz --inputs 1000000 [--seed N] [--target NAME]... [--jobs N]."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.every import written
from tests.fuzz.running import Finding, Outcome, run
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.fuzz.targets import Target

PIECE = 10_000  # milliseconds of inputs that are tried with one seed
HANGS = 1_800  # seconds after which a piece is given up
EVERY = 60  # seconds between two tables
Piece = tuple[str, int, int]  # target, inputs, seed
BY_NAME = {target.name: target for target in TARGETS}


def shares(targets: Sequence[Target], inputs: int) -> dict[str, int]:
    """How many of the inputs each target gets, so that all take the same time."""
    whole = sum(1 / target.cost for target in targets)
    found = {target.name: max(1, int(inputs / target.cost / whole)) for target in targets}
    found[min(targets, key=lambda target: target.cost).name] += max(0, inputs - sum(found.values()))
    return found


def pieces(targets: Sequence[Target], inputs: int, seed: int) -> list[Piece]:
    """What is tried with one seed each, all targets side by side."""
    found: list[tuple[float, Piece]] = []
    for name, share in shares(targets, inputs).items():
        size = max(1, int(PIECE / BY_NAME[name].cost))
        found += [(start / share, (name, min(size, share - start), seed + i)) for i, start in enumerate(range(0, share, size))]
    return [piece for _, piece in sorted(found)]


def enter_folder(folder: str) -> None:
    """A process has a folder of its own."""
    os.chdir(tempfile.mkdtemp(dir=folder))


def run_piece(piece: Piece, known: frozenset[str]) -> Outcome:
    """One piece, in a process of the pool; where it hangs, the traceback tells where."""
    name, inputs, seed = piece
    written(Path.cwd())  # anew: commands of another piece may have written over the examples
    faulthandler.dump_traceback_later(HANGS, exit=True)
    try:
        return run(BY_NAME[name], inputs, seed, known)
    finally:
        faulthandler.cancel_dump_traceback_later()


class Tally:
    """What was tried so far, and what was found."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.inputs = Counter({target.name: 0 for target in targets})
        self.failures: Counter[tuple[str, str]] = Counter()
        self.findings: dict[tuple[str, str], Finding] = {}

    def add(self, name: str, outcome: Outcome) -> None:
        """One piece more."""
        self.inputs[name] += outcome.inputs
        for place, count in outcome.failures.items():
            self.failures[name, place] += count
        for finding in outcome.findings:
            smaller = self.findings.setdefault((name, finding.place), finding)
            self.findings[name, finding.place] = min(smaller, finding, key=lambda each: len(each.text))

    def table(self) -> str:
        """Targets, inputs, findings."""
        findings = Counter(name for name, _ in self.findings)
        rows = [(name, f"{count:,}", f"{findings[name]:,}") for name, count in self.inputs.items()]
        rows.append(("total", f"{self.inputs.total():,}", f"{len(self.findings):,}"))
        return "\n".join(f"{name:20}{inputs:>12}{found:>10}" for name, inputs, found in [("target", "inputs", "findings"), *rows])

    def details(self) -> str:
        """Every finding, and for how many inputs it came up."""
        return "".join(f"\n\n{self.failures[key]:,} inputs: {found}" for key, found in self.findings.items())


def campaign(waiting: list[Piece], jobs: int, tally: Tally, folder: str) -> None:
    """Try all pieces, some at a time."""
    running: dict[Future[Outcome], Piece] = {}
    shown = time.monotonic()
    with ProcessPoolExecutor(jobs, initializer=enter_folder, initargs=(folder,)) as pool:
        while waiting or running:
            while waiting and len(running) < jobs:
                piece = waiting.pop(0)
                known = frozenset(place for name, place in tally.findings if name == piece[0])
                running[pool.submit(run_piece, piece, known)] = piece
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                try:
                    outcome = future.result()
                except BrokenProcessPool:
                    sys.exit(f"a process ended; it was at one of {', '.join(map(str, running.values()))}")
                tally.add(running.pop(future)[0], outcome)
                for finding in outcome.findings:  # at once, so that nothing is lost where the run is ended
                    print(finding, end="\n\n", flush=True)
            if time.monotonic() - shown > EVERY and running:
                shown = time.monotonic()
                print(tally.table(), end="\n\n", flush=True)


def main() -> int:
    """Read the command line; the exit code is 1 where something was found."""
    parser = argparse.ArgumentParser("python -m tests.fuzz")
    parser.add_argument("--inputs", type=int, default=10_000, help="for all targets together")
    parser.add_argument("--seed", type=int, default=0, help="of the first piece of each target")
    parser.add_argument("--target", action="append", choices=sorted(BY_NAME), help="only this one (may be repeated)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    options = parser.parse_args()
    targets = [target for target in TARGETS if target.name in (options.target or BY_NAME)]
    tally = Tally(targets)
    with tempfile.TemporaryDirectory() as folder:
        try:
            campaign(pieces(targets, options.inputs, options.seed), options.jobs, tally, folder)
        finally:
            print(tally.table() + tally.details(), flush=True)
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
