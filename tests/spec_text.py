"""A spec written inside a test: its text goes in, out comes the report, or the messages of what is wrong with it."""

from __future__ import annotations

import os
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import cnncalc.analysis
from cnncalc.errors import SpecError
from cnncalc.spec.catalogue import network_from_tree
from cnncalc.spec.reader import read
from cnncalc.spec.settings import Setting

if TYPE_CHECKING:
    from cnncalc.errors import Problem
    from cnncalc.propagate.report import Report


def setting(text: str, variant: str = "") -> Setting:
    """The network of a text."""
    source, tree = read(dedent(text).lstrip("\n"), "test.yaml")
    network = network_from_tree(source, tree, "test", os.getcwd())
    return Setting(network, network.variants[variant] if variant else None)


def report(text: str, variant: str = "", **options: Any) -> Report:
    """The report of a text; options as on the command line."""
    return cnncalc.analysis.report(setting(text, variant), **options)


def layers(steps: str, input: str = "8x8x4", **options: Any) -> Report:
    """The report of a list of steps."""
    return report(f"input: {input}\nlayers: {steps}\n", **options)


def paths(found: Report) -> list[str]:
    """The paths of the layers, without the input."""
    return [row.path for row in found][1:]


def lines(found: Report) -> list[tuple[Any, ...]]:
    """What a network is, whatever its layers are called."""
    return [(row.kind, row.layer.describe(), row.inputs, row.output, row.node.inputs, row.params, row.macs, row.side) for row in found]


def problems(text: str, variant: str = "", **options: Any) -> list[str]:
    """What is wrong with a text, as `line:column: message`."""
    try:
        report(text, variant, **options)
    except SpecError as error:
        return [
            f"{problem.place[1]}:{problem.place[2]}: {problem.message}" if problem.span else problem.message for problem in error.problems
        ]
    return []


def said(problem: Problem) -> str:
    """A problem as `line:column: message`."""
    _, line, column = problem.place
    return f"{line}:{column}: {problem.message}" if line else problem.message
