"""The questions of an answer sheet, each with its network and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.quantities import ALIASES

if TYPE_CHECKING:
    from fractions import Fraction

    from cnncalc.errors import Source
    from cnncalc.spec.expressions import Expression
    from cnncalc.spec.reader import Scalar, YamlNode
    from cnncalc.spec.settings import Setting


TEXT = "text"  # free text, which the teacher grades


class Counting:
    """How a sheet counts: which convention its flops follow, and whether biases are parameters.

    Where a sheet does not say it, flops are multiply-accumulates or two operations for each of them, as lectures mean either.
    """

    __slots__ = ("bias", "flops", "stated")

    def __init__(self, flops: str = "full", *, bias: bool = True, stated: bool = False) -> None:
        self.flops = flops
        self.bias = bias
        self.stated = stated  # the sheet says what a FLOP is


class Answer:
    """An answer to a question, as written."""

    __slots__ = ("metric", "node", "quantity", "text")

    def __init__(self, quantity: str, text: str, node: YamlNode) -> None:
        self.quantity = quantity  # its name in the sheet
        self.metric = ALIASES.get(quantity, quantity)  # the metric, or "claim"
        self.text = text
        self.node = node


class Question:
    """A question: a network, an optional layer and a metric; or a claim and its value."""

    __slots__ = (
        "answers", "ask", "at", "batch", "choices", "claim", "claim_at", "counting", "dtype", "floors", "id", "layer", "layer_at", "layout",
        "network", "networks", "none_is_right", "points", "setting", "source", "tolerance",
    )  # fmt: skip

    def __init__(self, id: str, source: Source, at: YamlNode) -> None:
        self.id = id
        self.source = source
        self.at = at
        self.ask = ""
        self.network = ""  # its name, if any
        self.setting: Setting | None = None
        self.layer = ""
        self.layer_at: YamlNode = at
        self.counting = Counting()
        self.layout = ""  # the order in which answers have the sides of a volume, where the sheet says it
        self.floors = True  # whether a formula has to say where it rounds down
        self.choices: list[str] = []  # the options of a multiple choice
        self.none_is_right = False  # the right option is "none of these"
        self.batch: Any = 1
        self.dtype = "float32"
        self.networks: dict[str, Setting] = {}  # names that a claim may use, beside those of the catalogue
        self.tolerance: Fraction | None = None
        self.points: Fraction | None = None
        self.claim: Expression | None = None
        self.claim_at: Scalar | None = None
        self.answers: list[Answer] = []


class AnswerSheet:
    """The questions of one file."""

    __slots__ = ("folder", "name", "questions", "source", "student", "title", "variant")

    def __init__(self, source: Source, folder: str) -> None:
        self.source = source
        self.folder = folder
        self.name = source.name
        self.title = ""
        self.student = ""
        self.variant = ""  # which of several worksheets that ask the same of other numbers
        self.questions: list[Question] = []
