"""Error messages with a location: file, line, column and a caret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.text import breadth, end, lines_of, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

COMPARED = 500  # known words compared for a suggestion; fewer if they are long
COMPARISONS = 100_000  # characters compared for one misspelled word
ABOUT = 2  # difference in length, if there are too many known words
LONGEST_WORD = 80  # characters of a misspelled word that are compared
WIDEST_LINE = 100  # columns of a source line in a message; the caret stays inside
NARROWEST_LINE = 10  # columns in a terminal narrower than that
SIGNS = str.maketrans("-. ", "___")  # separators within a name


class Source:
    """A text with a name. Converts character indices to line and column."""

    __slots__ = ("_known", "name", "option", "parsed", "signs", "steps", "text")

    def __init__(self, name: str, text: str, *, option: bool = False) -> None:
        self.name = name
        self.text = text
        self.parsed: dict[str, Any] = {}  # cache of parsed expressions, by text
        self.signs = self.steps = 0  # number of signs and network steps read so far, for limits
        self.option = option  # written on the command line, where a caret is enough
        self._known = [(0, 1)]  # (index, line) of earlier calls; an index of all lines could exceed the text

    def locate(self, at: int) -> tuple[int, int]:
        """Return the line and column, from 1, of the character at index `at`."""
        from bisect import bisect_right

        i = bisect_right(self._known, at, key=lambda known: known[0])
        before, line = self._known[i - 1]
        if before < at:
            line += self.text.count("\n", before, at)
            self._known.insert(i, (at, line))
        return line, at - self._start(at) + 1

    def line(self, at: int) -> str:
        """Return the line that contains index `at`, without its line end."""
        end = self.text.find("\n", at)
        return self.text[self._start(at) : end if end >= 0 else len(self.text)].rstrip("\r")

    def _start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1


class Span(NamedTuple):
    """A range of a source: `width` characters from index `at`."""

    source: Source
    at: int
    width: int = 1


def printable(text: str) -> str:
    """Replace each control character with one character, to keep carets aligned."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each == "\t" else "\N{REPLACEMENT CHARACTER}" for each in text)


class Problem:
    """One error: location, message and hint."""

    __slots__ = ("hint", "message", "span")

    def __init__(self, message: str, span: Span | None = None, hint: str = "") -> None:
        self.message = message
        self.span = span
        self.hint = hint

    @property
    def place(self) -> tuple[str, int, int]:
        """The file, line and column; line 0 if there is no span."""
        if self.span is None:
            return "", 0, 0
        return (self.span.source.name, *self.span.source.locate(self.span.at))

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int = 0, label: str = "", letters: Callable[[str], str] = printable) -> str:
        """Format the problem for a terminal: location, message, source line and hint, wrapped to `width`; `letters` escapes text.

        The label comes first.
        """
        name, line, column = self.place
        place = "" if self.span is None else f"{name}: " if self.span.source.option else f"{name}:{line}:{column}: "
        shown = lines_of(letters(label + place + self.message), width)
        if self.span is not None:
            most = min(WIDEST_LINE, max(width - 2, NARROWEST_LINE)) if width else WIDEST_LINE
            shown += _excerpt(self.span.source.line(self.span.at), column, self.span.width, most, letters)
        if self.hint:
            shown += ["  " + line for line in lines_of(letters(self.hint), max(width - 2, 0))]
        return "\n".join(shown)


def _excerpt(line: str, column: int, width: int, most: int, letters: Callable[[str], str]) -> list[str]:
    """Return the source line, cut around the error if long, and a line of carets. Handles letters of width 0 and 2."""
    at = column - 1
    before, meant, behind = (
        letters(part) for part in (line[max(0, at - most) : at], line[at : at + width][:most], line[at + width :][:most])
    )
    if len(line) > most or breadth(before + meant + behind) > most:
        before = end(before, most // 2)
    shown = start(before + meant + behind, most)
    carets = min(breadth(meant), breadth(shown) - breadth(before))
    return [f"  {shown}", "  " + " " * breadth(before) + "^" * max(1, carets)]


class SpecError(Exception):
    """An invalid file, sheet or option. Carries all problems, sorted by location."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        listed = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems = tuple(sorted(listed, key=lambda problem: problem.place))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "did you mean ...?" with the nearest known word, or an empty string."""
    from difflib import get_close_matches

    typed = word[:LONGEST_WORD]
    words = list(dict.fromkeys(known))
    most = min(COMPARED, COMPARISONS // (len(typed) ** 2 + 1))
    if len(words) > most:  # words of similar length are likeliest, and this bounds the time
        words = [each for each in words if abs(len(each) - len(typed)) <= ABOUT][:most]
    same = [each for each in words if plain(each) == plain(typed)]
    near = same or get_close_matches(typed, words, n=5, cutoff=0.6) or get_close_matches(typed.lower(), words, n=5, cutoff=0.6)
    if not near and len(typed) > 2:
        near = [each for each in words if each.startswith(typed)]
    return f"did you mean {max(near, key=lambda each: likeness(plain(typed), each))!r}?" if near else ""


def plain(word: str) -> str:
    """Return the word in lower case with separators unified."""
    return word.lower().translate(SIGNS)


def likeness(typed: str, word: str) -> tuple[bool, float, float]:
    """Return a similarity key: words with the typed prefix first, then by ratio, then by shared characters."""
    from difflib import SequenceMatcher

    alike = SequenceMatcher(None, word, typed)
    return word.startswith(typed), alike.ratio(), alike.quick_ratio()
