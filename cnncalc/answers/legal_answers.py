"""Legal sizes as an answer: for which sides of its input a network works, written as an inequality, a step or a set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.dims import Poly
from cnncalc.spec.operations import Word
from cnncalc.study.symbols.legal_sizes import EVERY, MOST_CLASSES, PeriodicSet, sizes

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

SHOWN = 3  # numbers of a set
ASKED_OF = (
    r"(?:\b(?:any|all|every|the|sizes?|sides?|inputs?|height|width|[A-Z])\b[ ,]*(?:and )?(?:is |are )?)*"  # what the sizes are those of
)
AT_LEAST = re.compile(
    rf"{ASKED_OF}(?:(?:>=|≥|=>|at least|from) ?(\d+)(?: (?:up|on|upwards))?|> ?(\d+)|(\d+)(?:\+| (?:or more|and (?:up|above))))"
)
MULTIPLES = re.compile(
    rf"{ASKED_OF}(?:a )?(?:(?:multiples? of|divisible by) (\d+)|(?:%|mod) ?(\d+) ?(?:==?|≡) ?(\d+)"
    r"|(\d+) ?[·*]? ?[a-z](?: ?\+ ?(\d+))?|(\d+) ?\+ ?(\d+) ?[·*]? ?[a-z])"
)  # multiples of 32, H % 32 = 3, 32k + 67, 67 + 32k
EVERY_SIZE = re.compile(r"(?:any|all|every)(?: (?:sizes?|inputs?|[A-Z]))?")
LISTED = re.compile(rf"{ASKED_OF}([\d, ]+?),? ?(?:(?:…|\.\.\.|etc\.?|and so on)\.? ?)?(?:\(?every (\d+)\)?)?")


class LegalSizes(Word):
    """The legal sizes as text, with the set of them."""

    numbers: PeriodicSet


def legal_sizes(report: Report, *, even: bool) -> LegalSizes | None:
    """Return the sides of the input for which a network works, or also divides evenly; None if they differ or depend on other symbols."""
    report = in_symbols(report)
    sides = {name for side in report.input.sides if isinstance(side, Poly) for name in side.symbols}
    found = [each.tiles if even else each.works for each in sizes(report) if each.symbol in sides]
    numbers = found[0] if found else EVERY
    if numbers is None or any(each != numbers for each in found):
        return None
    text = LegalSizes(described(numbers))
    text.numbers = numbers
    return text


def in_symbols(report: Report) -> Report:
    """Return the report with letters for the sides of the input, where they are numbers."""
    if any(isinstance(side, Poly) for side in report.input.sides):
        return report
    from cnncalc.graph.build import build
    from cnncalc.layers.fields import suffixes
    from cnncalc.propagate.walk import propagate
    from cnncalc.spec.settings import Setting, option_input

    setting = report.setting
    letters = "x".join([*map(str.upper, suffixes(report.input.rank)), str(report.input.c)])
    asked = Setting(setting.network, setting.variant, input=option_input(letters), layout="channels_last")
    return propagate(asked, build(asked, report.graph.symbols.meter))


def described(numbers: PeriodicSet) -> str:
    """Return a set as an answer: ≥ 67, or 67, 99, 131, … (every 32)."""
    if numbers.all_from_least:
        return f"≥ {numbers.least}"
    first = numbers.first(SHOWN * len(numbers.runs) + 1)
    if not numbers.endless:
        return ", ".join(map(str, first)) or "none"
    return f"{', '.join(map(str, first[:-1]))}, … (every {numbers.period})"


def is_right(text: str, legal: LegalSizes) -> bool | None:
    """Return whether an answer is the set: its first numbers, or conditions that give it; None if it cannot be read."""
    numbers = legal.numbers
    text = re.sub(r"(?<=\d)x(?=\d)", ", ", text)  # a list in YAML
    if found := LISTED.fullmatch(text):
        listed = [int(each) for each in re.findall(r"\d+", found[1])]
        whole = len(listed) > len(numbers.runs) if numbers.endless else numbers.first(len(listed) + 1) == listed
        return whole and numbers.first(len(listed)) == listed and found[2] in (None, str(numbers.period))
    least, step, rest = 1, 1, 0
    for part in re.split(r" and |[,;&] ", text):
        if found := AT_LEAST.fullmatch(part):
            least = max(least, int(found[2]) + 1 if found[2] else int(found[1] or found[3]))
        elif found := MULTIPLES.fullmatch(part):
            of, modulus, remainder, times, plus, start, after = (None if each is None else int(each) for each in found.groups())
            step, rest = of or modulus or times or after or 0, remainder or plus or start or 0
            least = max(least, rest)
        elif not EVERY_SIZE.fullmatch(part):
            return None
    if not 0 < step <= MOST_CLASSES:
        return False
    return numbers == PeriodicSet(step, [(least + (rest - least) % step, None)])
