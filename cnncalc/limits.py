"""Limits on what a file, a sheet or a formula may ask for, and the meter that counts work where it is done."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from cnncalc.errors import Problem, SpecError

ENDLESS = 1 << 62  # operations, where no file from a stranger asks for them
OF_STEP = 40  # operations that a step is worth
OF_LAYER = 400  # those of a layer that is worked out
OF_VISIT = 80  # those of a layer that is worked out with a mistake
OF_SIGN = 8  # those of reading a sign of arithmetic


class Limits(NamedTuple):
    """All limits, with the words of the manual, which is made from them. A test replaces some: LIMITS._replace(terms=3)."""

    file_bytes: Annotated[int, "bytes of a file"] = 16 * 2**20
    nesting: Annotated[int, "nested lists and mappings"] = 64
    entries: Annotated[int, "entries of a file, every alias written out"] = 2_500_000
    keys: Annotated[int, "keys of one mapping"] = 10_000
    written_steps: Annotated[int, "steps that a file writes, every alias written out"] = 200_000
    problems: Annotated[int, "problems that are told at once"] = 50
    text_characters: Annotated[int, "characters of one text"] = 20_000
    line_characters: Annotated[int, "characters of a title, a note or a question"] = 2_000
    notes: Annotated[int, "notes of a network"] = 100
    arithmetic_characters: Annotated[int, "characters of arithmetic"] = 10_000
    signs: Annotated[int, "signs, names and numbers in all arithmetic of a file, equal texts counted once"] = 100_000
    brackets: Annotated[int, "brackets of arithmetic inside each other"] = 100
    digits: Annotated[int, "digits of a number in arithmetic, as it is written"] = 616  # 10**616 has 2,047 bits
    number_bits: Annotated[int, "bits of a number in arithmetic"] = 2_048  # Python writes 640 digits whatever its settings
    items: Annotated[int, "items of a list in arithmetic"] = 10_000
    name_characters: Annotated[int, "characters of a name"] = 200
    published_characters: Annotated[int, "characters of a published figure"] = 40
    path_characters: Annotated[int, "characters of a path"] = 1_000
    likenesses: Annotated[int, "files that are like one another, in a row"] = 8
    rounds: Annotated[int, "rounds of one loop"] = 10_000
    depth: Annotated[int, "blocks, groups and branches inside each other"] = 100
    layers: Annotated[int, "layers that loops and blocks add to the steps of the file"] = 10_000
    steps: Annotated[int, "for each of those layers and steps: steps taken, also those that leave nothing"] = 5
    connections: Annotated[int, "for each of them: connections between layers"] = 10
    operations: Annotated[int, "for each of them: operations of arithmetic (signs, names, items of lists, terms of formulas)"] = 100
    different: Annotated[int, "of those that loops and blocks add: layers that are not equal, or work on other volumes"] = 5_000
    volumes: Annotated[int, "parallel volumes"] = 10_000
    size: Annotated[int, "a whole number in a field, or a side of a volume"] = 10**18
    windows: Annotated[int, "windows of an adaptive pool along an axis, parts of a split"] = 1_000
    terms: Annotated[int, "terms of a formula"] = 2_000
    power: Annotated[int, "the power of a symbol in a formula"] = 1_000
    bits: Annotated[int, "bits of a number in a formula"] = 2_048
    floors: Annotated[int, "floors inside each other in a formula"] = 20
    floor_characters: Annotated[int, "characters of a floor in a formula"] = 2_000  # of itself, again and again, it doubles each time
    questions: Annotated[int, "questions of an answer sheet"] = 1_000
    several: Annotated[
        int, "operations for the networks, claims, answers and slips of an answer sheet, or to validate the variants of a file"
    ] = 6_000_000
    student_bytes: Annotated[int, "bytes of the answers of one student"] = 2**20
    worksheet_questions: Annotated[int, "questions of a worksheet"] = 200
    settings: Annotated[int, "settings that `sweep` and `fit` try"] = 10_000
    solutions: Annotated[int, "settings that `solve` tries"] = 200_000
    compared: Annotated[int, "networks that `compare` lays side by side"] = 500
    picture_rows: Annotated[int, "rows of a table or of a chart as SVG"] = 5_000
    picture_layers: Annotated[int, "layers in the boxes of a diagram as SVG"] = 10_000
    passed_boxes: Annotated[int, "boxes that the lines of a diagram as SVG pass, in total"] = 30_000


LIMITS = Limits()
ADDED = f"loops and blocks may add {LIMITS.layers:,} layers to those that the file writes"


class LimitError(SpecError, ArithmeticError):
    """A limit is exceeded; the message says which one."""

    def __init__(self, message: str, hint: str = "give some of the symbols a number") -> None:
        super().__init__(Problem(message, hint=hint))
        self.message = message
        self.hint = hint


class Meter:
    """The work that a file of so many steps, or a sheet, may still ask for. It is counted, not timed, so that it ends alike everywhere."""

    __slots__ = ("connections", "different", "largest", "layers", "limits", "most", "operations", "steps")

    def __init__(self, written: int = 0, operations: int = 0, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.largest = 1 << limits.bits  # is no number of a formula
        self.layers = limits.layers + written
        self.steps = limits.steps * self.layers
        self.different = limits.different + written
        self.connections = limits.connections * self.layers
        self.most = self.operations = operations or limits.operations * self.layers

    @property
    def spent(self) -> int:
        """The work that was done so far, in operations."""
        return self.most - self.operations + OF_STEP * (self.limits.steps * self.layers - self.steps)

    def operate(self, amount: int) -> None:
        """Count some operations of arithmetic."""
        self.operations -= amount
        if self.operations < 0:
            raise LimitError(f"more than {self.most:,} operations", "items of lists and terms of formulas count as well")

    def check_terms(self, count: int) -> None:
        """Refuse a formula of too many terms."""
        if count > self.limits.terms:
            raise LimitError(f"a formula of more than {self.limits.terms:,} terms")
