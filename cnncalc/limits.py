"""Limits for files, answer sheets and formulas, and the meter that counts work where it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError

if TYPE_CHECKING:
    from typing import Annotated

ENDLESS = 1 << 62  # operations, without a limit for untrusted files
OF_STEP = 40  # operations that a step counts as
OF_LAYER = 400  # operations for computing a layer
OF_VISIT = 80  # operations for computing a layer with a mistake
OF_SIGN = 8  # operations for parsing an operator


class Limits:
    """All limits, with their text in the manual. Tests can replace some: Limits(terms=3)."""

    file_bytes: Annotated[int, "bytes of a file"] = 16 * 2**20
    nesting: Annotated[int, "nested lists and mappings"] = 64
    entries: Annotated[int, "entries of a file, with all aliases expanded"] = 2_500_000
    keys: Annotated[int, "keys of one mapping"] = 10_000
    written_steps: Annotated[int, "steps in a file, with all aliases expanded"] = 200_000
    problems: Annotated[int, "problems reported at once"] = 50
    text_characters: Annotated[int, "characters of one text"] = 20_000
    line_characters: Annotated[int, "characters of a title, a note or a question"] = 2_000
    notes: Annotated[int, "notes of a network"] = 100
    arithmetic_characters: Annotated[int, "characters of an expression"] = 10_000
    signs: Annotated[int, "operators, names and numbers in all expressions of a file, equal texts counted once"] = 100_000
    brackets: Annotated[int, "nested brackets in an expression"] = 100
    digits: Annotated[int, "digits of a number as written in an expression"] = 616  # 10**616 has 2,047 bits
    number_bits: Annotated[int, "bits of a number in an expression"] = 2_048  # Python always converts up to 640 digits
    items: Annotated[int, "items of a list in an expression"] = 10_000
    name_characters: Annotated[int, "characters of a name"] = 200
    published_characters: Annotated[int, "characters of a published number"] = 40
    path_characters: Annotated[int, "characters of a path"] = 1_000
    likenesses: Annotated[int, "files in a chain of `like`"] = 8
    libraries: Annotated[int, "libraries that a network uses, one by another"] = 32
    rounds: Annotated[int, "iterations of one loop"] = 10_000
    depth: Annotated[int, "nested blocks, groups and branches"] = 100
    layers: Annotated[int, "layers that loops and blocks add to the steps of the file"] = 10_000
    steps: Annotated[int, "for each of those layers and steps: steps, including those without layers"] = 5
    connections: Annotated[int, "for each of them: connections between layers"] = 10
    operations: Annotated[int, "for each of them: operations (operators, names, items of lists, terms of formulas)"] = 100
    different: Annotated[int, "of those that loops and blocks add: distinct layers, by fields and inputs"] = 5_000
    volumes: Annotated[int, "parallel volumes"] = 10_000
    size: Annotated[int, "a whole number in a field, or a dimension of a volume"] = 10**18
    windows: Annotated[int, "windows of an adaptive pool along an axis, parts of a split"] = 1_000
    terms: Annotated[int, "terms of a formula"] = 2_000
    power: Annotated[int, "the power of a symbol in a formula"] = 1_000
    bits: Annotated[int, "bits of a number in a formula"] = 2_048
    floors: Annotated[int, "nested floors in a formula"] = 20
    floor_characters: Annotated[int, "characters of a floor in a formula"] = 2_000  # nested floors can double each time
    questions: Annotated[int, "questions of an answer sheet"] = 1_000
    several: Annotated[
        int, "operations for the networks, claims, answers and slips of an answer sheet, or to validate the variants of a file"
    ] = 6_000_000
    student_bytes: Annotated[int, "bytes of the answers of one student"] = 2**20
    worksheet_questions: Annotated[int, "questions of a worksheet"] = 200
    settings: Annotated[int, "settings of `sweep` and `fit`"] = 1_000_000
    built: Annotated[int, "of those, settings at which no formula holds, so that the network is built"] = 10_000
    solutions: Annotated[int, "combinations that `solve` tries"] = 200_000
    compared: Annotated[int, "networks in `compare`"] = 500
    picture_rows: Annotated[int, "rows of a table or of a chart as SVG"] = 5_000
    picture_layers: Annotated[int, "layers in the boxes of a diagram as SVG"] = 10_000
    passed_boxes: Annotated[int, "boxes passed by the lines of a diagram as SVG, in total"] = 30_000

    def __init__(self, **replaced: int) -> None:
        vars(self).update(replaced)


LIMITS = Limits()
ADDED = f"loops and blocks may add {LIMITS.layers:,} layers to those in the file"


class LimitError(SpecError, ArithmeticError):
    """An exceeded limit; the message names it."""

    def __init__(self, message: str, hint: str = "give some of the symbols a number") -> None:
        super().__init__(Problem(message, hint=hint))
        self.message = message
        self.hint = hint


class Meter:
    """The remaining work for a file or sheet. Work is counted instead of timed, so that limits are the same on every machine."""

    __slots__ = ("connections", "different", "largest", "layers", "limits", "most", "operations", "steps")

    def __init__(self, written: int = 0, operations: int = 0, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.largest = 1 << limits.bits  # numbers of a formula are smaller
        self.layers = limits.layers + written
        self.steps = limits.steps * self.layers
        self.different = limits.different + written
        self.connections = limits.connections * self.layers
        self.most = self.operations = operations or limits.operations * self.layers

    @property
    def spent(self) -> int:
        """The work so far, in operations."""
        return self.most - self.operations + OF_STEP * (self.limits.steps * self.layers - self.steps)

    def operate(self, amount: int) -> None:
        """Count operations."""
        self.operations -= amount
        if self.operations < 0:
            raise LimitError(f"more than {self.most:,} operations", "items of lists and terms of formulas count too")

    def check_terms(self, count: int) -> None:
        """Refuse a formula with too many terms."""
        if count > self.limits.terms:
            raise LimitError(f"a formula of more than {self.limits.terms:,} terms")
