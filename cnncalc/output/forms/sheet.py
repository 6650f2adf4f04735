"""A table independent of its format: columns, rows, totals and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.errors import printable
from cnncalc.output.forms import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from cnncalc.dims.notation import Style
    from cnncalc.output.forms.numbers import NumberFormat

READABLE = 100  # characters of a line of words, where a table is not wider


class Form:
    """Formats the values of a column: `people` for readers, `machine` for csv. None is an empty cell in both.

    `machine` returns numbers and formulas unformatted, since csv quotes text that looks like a formula. `style` returns the name of
    a style in `styles`, and the part of the text that has it ("" for all of it).
    """

    __slots__ = ("machine", "people", "right", "style")

    def __init__(
        self,
        people: Callable[[Any, NumberFormat], str],
        machine: Callable[[Any], Any] = lambda value: value,
        *,
        right: bool = False,
        style: Callable[[Any], tuple[str, str] | None] | None = None,
    ) -> None:
        self.people = people
        self.machine = machine
        self.right = right
        self.style = style


def _words(value: Any, fmt: NumberFormat) -> str:
    return printable(str(value))


def _truth(value: bool | None, fmt: NumberFormat) -> str:
    return {True: "yes", False: "no"}[value] if value is not None else "open"


class DerivedNumber:
    """A number with its derivation by style, `(3·3·3)·64`, and a part that is shown separately."""

    __slots__ = ("derived", "more", "short", "value")

    def __init__(self, value: Any, derived: Callable[[Style], str], more: Any = 0, short: bool = False) -> None:
        self.value = value
        self.derived = derived
        self.more = more
        self.short = short  # the number in millions where no units are asked for


def _figure(form: Callable[[Any, NumberFormat], str]) -> Callable[[Any, NumberFormat], str]:
    """Return a formatter for numbers, words in place of a number, numbers with a separate part (9,408 + 128), and derived numbers."""

    def people(value: Any, fmt: NumberFormat) -> str:
        if isinstance(value, DerivedNumber):
            fmt = numbers.NumberFormat("si", fmt.style) if value.short and not fmt.units else fmt
            result = form(value.value, fmt) + (f" (+ {form(value.more, fmt)})" if value.more != 0 else "")
            derived = value.derived(fmt.style)
            if fmt.style == "latex":
                return numbers.Math(f"${derived} = {result.strip('$')}$")
            return f"{derived} = {result}"
        if isinstance(value, tuple):
            return type(text := form(value[0], fmt))(" + ".join([text, *[form(more, fmt) for more in value[1:]]]))
        return value if isinstance(value, str) else form(value, fmt)

    return people


def _plain_figure(value: Any) -> Any:
    if isinstance(value, DerivedNumber):
        value = value.value + value.more
    return 0 if isinstance(value, str) else sum(value) if isinstance(value, tuple) else value


def _share(value: tuple[Any, Any], fmt: NumberFormat) -> str:
    part, whole = value
    return numbers.percent(part, whole, 1) if isinstance(part, int) and isinstance(whole, int) and whole else ""


def _plain_share(value: tuple[Any, Any]) -> str:
    part, whole = value
    return f"{part / whole:.6f}" if isinstance(part, int) and isinstance(whole, int) and whole else ""


def _volume(value: Any, fmt: NumberFormat) -> str:
    """Format a volume, with the number of other output shapes of a block."""
    said = numbers.volume(value, fmt)
    others = getattr(value, "others", 0)
    return type(said)(f"{said} and {others} more") if others else said


SIGNS = str.maketrans({"×": "x", "–": "-"})
ASCII = numbers.NumberFormat(style="ascii")

TEXT = Form(_words)
SIGNED = Form(_words, lambda value: str(value).translate(SIGNS))
NUMBER = Form(numbers.size, right=True)
COUNT = Form(_figure(numbers.count), _plain_figure, right=True)
MEMORY = Form(_figure(numbers.memory), _plain_figure, right=True)
VOLUME = Form(_volume, lambda sides: numbers.volume(sides, ASCII))
PAIR = Form(numbers.pair, lambda sides: "" if None in sides else numbers.volume(sides, ASCII), right=True)
SHARE = Form(_share, _plain_share, right=True)
TRUTH = Form(_truth, lambda value: "" if value is None else str(value).lower())
VALUE = Form(lambda value, fmt: str(value), right=True)  # as it was written: a year, a value of an option
PERCENT = Form(lambda value, fmt: f"{value}%", right=True)
FORMS: Mapping[str, Form] = {  # by the unit of a metric
    "count": COUNT, "bytes": MEMORY, "pixels": PAIR, "volume": VOLUME, "side": NUMBER, "truth": TRUTH,
}  # fmt: skip


class Column:
    """One column of a table. On a narrow page, words wrap first, then the columns with the lowest `keep` are hidden.

    `read` and `total` return its values and their sum, for tables built by column.
    """

    __slots__ = ("form", "heading", "keep", "name", "read", "total", "wraps")

    def __init__(
        self,
        name: str,
        heading: str,
        form: Form,
        keep: int,
        read: Callable[..., Any] = lambda *subject: None,
        total: Callable[[Any], Any] | None = None,
        *,
        wraps: bool = False,
    ) -> None:
        self.name = name
        self.heading = heading
        self.form = form
        self.keep = keep
        self.read = read
        self.total = total
        self.wraps = wraps


class Section:
    """Rows with a title and a total."""

    __slots__ = ("rows", "title", "total")

    def __init__(self, rows: Sequence[Sequence[Any]], total: Sequence[Any] | None = None, title: str = "") -> None:
        self.rows = rows
        self.total = total
        self.title = title


class Detail:
    """A paragraph below a table about one of its rows: a head, preformatted lines (for a width and style), and remarks."""

    __slots__ = ("head", "lines", "remarks")

    def __init__(self, head: str, lines: Callable[[int, Style], Sequence[str]], remarks: Sequence[str] = ()) -> None:
        self.head = head
        self.lines = lines
        self.remarks = remarks


class Sheet:
    """A table: title lines, columns, sections of rows, passages and notes below, and less important asides."""

    __slots__ = ("asides", "columns", "hint", "notes", "optional", "passages", "sections", "title")

    def __init__(
        self,
        title: Sequence[str],
        columns: Sequence[Column],
        sections: Sequence[Section],
        notes: Sequence[str] = (),
        asides: Sequence[str] = (),
        hint: str = "",
        passages: Sequence[Detail] = (),
        optional: Collection[str] = (),
    ) -> None:
        self.title = title
        self.columns = columns
        self.sections = sections
        self.passages = passages
        self.notes = notes
        self.asides = asides
        self.optional = optional  # names of columns that a narrow page goes without and does not name
        self.hint = hint  # what else helps where columns had to be left out
