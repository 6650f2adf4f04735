"""Messages with their place: file, line, column and a caret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.text import breadth, end, lines_of, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

COMPARED = 500  # words that a misspelled one is compared with; less where they are long
COMPARISONS = 100_000  # of a character with a character, for one misspelled word
ABOUT = 2  # characters more or less, where there are more words than can be compared
LONGEST_WORD = 80  # characters of a word that are looked at
WIDEST_LINE = 100  # places of a source line that a message shows; the caret stays inside them
NARROWEST_LINE = 10  # where the terminal has not even those
SIGNS = str.maketrans("-. ", "___")  # between the parts of a name


class Source:
    """A text that was read, and what to call it; finds the line and column of a character."""

    __slots__ = ("_known", "name", "option", "parsed", "signs", "steps", "text")

    def __init__(self, name: str, text: str, *, option: bool = False) -> None:
        self.name = name
        self.text = text
        self.parsed: dict[str, Any] = {}  # what reading has made of its arithmetic; equal texts are parsed once
        self.signs = self.steps = 0  # of arithmetic, and of networks, that reading has found so far
        self.option = option  # written on the command line: one short line, in which the caret says enough
        self._known = [(0, 1)]  # places that were asked for, with their lines: a list of all lines may be larger than the text

    def locate(self, at: int) -> tuple[int, int]:
        """Line and column, from 1, of the character with index `at`."""
        from bisect import bisect_right

        i = bisect_right(self._known, at, key=lambda known: known[0])
        before, line = self._known[i - 1]
        if before < at:
            line += self.text.count("\n", before, at)
            self._known.insert(i, (at, line))
        return line, at - self._start(at) + 1

    def line(self, at: int) -> str:
        """The text of the line of a character, without its end."""
        end = self.text.find("\n", at)
        return self.text[self._start(at) : end if end >= 0 else len(self.text)].rstrip("\r")

    def _start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1


class Span(NamedTuple):
    """A stretch of a source: `width` characters from the one with index `at`."""

    source: Source
    at: int
    width: int = 1


def printable(text: str) -> str:
    """The text with every character that could steer a terminal replaced, one for one, so that carets stay right."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each == "\t" else "\N{REPLACEMENT CHARACTER}" for each in text)


class Problem:
    """One thing that is wrong: where, what, and what would help."""

    __slots__ = ("hint", "message", "span")

    def __init__(self, message: str, span: Span | None = None, hint: str = "") -> None:
        self.message = message
        self.span = span
        self.hint = hint

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column; line 0 where the problem has no place inside a file."""
        if self.span is None:
            return "", 0, 0
        return (self.span.source.name, *self.span.source.locate(self.span.at))

    def __str__(self) -> str:
        return self.text()

    def text(self, width: int = 0, label: str = "", letters: Callable[[str], str] = printable) -> str:
        """Place, message, the line that is meant and what would help, for a terminal: so wide, and with these letters.

        A label stands first.
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
    """The line, or what stands around the place in a long one, and carets below, also where letters take two places or none."""
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
    """A file, sheet or option that cannot be understood; carries every problem found, in the order of their places."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems = tuple(sorted(found, key=lambda problem: problem.place))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def suggestion(word: str, known: Iterable[str]) -> str:
    """The question "did you mean ...?", or nothing where no known word is near."""
    from difflib import get_close_matches

    said = word[:LONGEST_WORD]
    words = list(dict.fromkeys(known))
    most = min(COMPARED, COMPARISONS // (len(said) ** 2 + 1))
    if len(words) > most:  # those of about the same length are likeliest, and take no longer than was reckoned with
        words = [each for each in words if abs(len(each) - len(said)) <= ABOUT][:most]
    same = [each for each in words if plain(each) == plain(said)]
    near = same or get_close_matches(said, words, n=5, cutoff=0.6) or get_close_matches(said.lower(), words, n=5, cutoff=0.6)
    return f"did you mean {max(near, key=lambda each: likeness(plain(said), each))!r}?" if near else ""


def plain(word: str) -> str:
    """The word without what people write in one way or another: capitals, and signs between its parts."""
    return word.lower().translate(SIGNS)


def likeness(said: str, word: str) -> tuple[bool, float, float]:
    """How near a word is: what begins with what was said is nearest; the same characters in another order are better than others."""
    from difflib import SequenceMatcher

    alike = SequenceMatcher(None, word, said)
    return word.startswith(said), alike.ratio(), alike.quick_ratio()
