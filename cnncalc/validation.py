"""Checks network files and answer sheets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.errors import Source
    from cnncalc.spec.model import Network
    from cnncalc.spec.nodes import YamlNode
    from cnncalc.spec.settings import Setting


class Checked(NamedTuple):
    """A checked file: its type, its problems, and whether it was readable."""

    path: str
    what: str
    problems: tuple[Problem, ...]
    readable: bool = True


def check(path: str) -> Checked:
    """Read a network file or an answer sheet, and compute every network in it."""
    from cnncalc.spec.catalogue import network_from_tree, read_network

    try:
        source, tree = read_network(path, path)
    except SpecError as error:
        return Checked(path, "", error.problems, readable=any(problem.span is not None for problem in error.problems))
    from cnncalc.answers.answer_sheet import is_sheet
    from cnncalc.spec.libraries import Libraries
    from cnncalc.spec.parser import is_library

    try:
        if is_sheet(tree):
            return Checked(path, f"an answer sheet, {counted(asked(source, tree, path), 'question')}", ())
        if is_library(tree):
            return Checked(path, f"a library, {counted(len(Libraries().blocks(path)), 'block')}", ())
        network = network_from_tree(source, tree, os.path.splitext(os.path.basename(path))[0], os.path.dirname(path))
    except SpecError as error:
        return Checked(path, "", error.problems)
    found = {(problem.place, problem.message): problem for problem in building(network)}
    several = f"{len(network.variants)} networks" if len(network.variants) > 1 else "a network"
    return Checked(path, several, tuple(found.values()))


def asked(source: Source, tree: YamlNode, path: str) -> int:
    """Return the number of questions of an answer sheet; raise an error if a network or layer does not exist."""
    from cnncalc.answers.answer_sheet import sheet_from_tree
    from cnncalc.answers.grade import Grader

    grader = Grader()
    sheet = sheet_from_tree(source, tree, os.path.dirname(os.path.abspath(path)), grader.known)
    grader.grade(sheet)
    return len(sheet.questions)


def building(network: Network) -> Iterator[Problem]:
    """Yield the problems of computing the network or each of its variants."""
    from cnncalc.graph.build import build
    from cnncalc.limits import Meter
    from cnncalc.propagate.walk import propagate
    from cnncalc.spec.settings import Setting

    account = Meter(operations=LIMITS.several)
    settings: list[Setting] = [Setting(network, variant) for variant in network.variants.values()] or [Setting(network)]
    for setting in settings:
        if account.operations < 0:
            yield Problem(
                f"{network.source.name}: its variants ask for more than {LIMITS.several:,} operations",
                hint=f"{setting.id} and the following ones are not checked",
            )
            return
        try:
            propagate(setting, build(setting, account))
        except SpecError as error:  # check every variant
            for problem in error.problems:
                hint = problem.hint if setting.variant is None else "; ".join(filter(None, (problem.hint, f"in {setting.id}")))
                yield Problem(problem.message, problem.span, hint)


def counted(number: int, word: str) -> str:
    """Return the number with its noun: 1 problem, 2 problems."""
    return f"{number} {word}{'' if number == 1 else 's'}"
