from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.errors import Problem, Source, Span, suggestion


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab\n\r", max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_places_are_found_in_any_order(text: str, places: list[int]) -> None:
    source = Source("x", text)
    for at in places:
        if at <= len(text):
            before = text[:at].split("\n")
            assert source.locate(at) == (len(before), len(before[-1]) + 1)
            assert source.line(at) == text.split("\n")[len(before) - 1].rstrip("\r")


def test_the_lines_of_a_long_text_are_not_listed() -> None:
    source = Source("x", "\n" * 4_000_000 + "here")
    tracemalloc.start()
    try:
        begun = time.process_time()
        shown = [str(Problem("wrong", Span(source, at))) for at in range(0, 4_000_000, 40_000)]
        assert time.process_time() - begun < 0.5
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert shown[1] == "x:40001:1: wrong\n  \n  ^"


def test_an_option_is_named_without_a_line() -> None:
    option = Source("--input", "224x224", option=True)
    assert str(Problem("three sides", Span(option, 4, 3))) == "--input: three sides\n  224x224\n      ^^^"


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("alexnett", "alexnet zfnet", "alexnet"),
        ("Conv1", "conv10 conv2 CONV1", "CONV1"),  # the same but for capitals
        ("net-1.6", "net_16 net_1_6 net_160", "net_1_6"),  # or for the signs in between
        ("net_t", "net_base net_tiny nest_t3", "net_tiny"),  # what begins so, though others have more in common
        ("net_004", "net_800mf net_400mf net_200mf", "net_400mf"),  # the same characters, in another order
        ("exit", "exit-codes environment", "exit-codes"),  # what begins so, though it is much longer
        ("zzz", "alexnet zfnet", ""),
        ("", "alexnet", ""),
    ],
)
def test_the_nearest_word_is_suggested(word: str, known: str, meant: str) -> None:
    assert suggestion(word, known.split()) == (f"did you mean {meant!r}?" if meant else "")


CHINESE = Source("网.yaml", "a: 卷积层, b: e\u0301, kernal: 3\n")


@pytest.mark.parametrize(("word", "indent", "carets"), [("卷积层", 3, 6), ("b", 11, 1), ("kernal", 17, 6), ("e\u0301", 14, 1)])
def test_carets_stand_under_letters_of_any_breadth(word: str, indent: int, carets: int) -> None:
    problem = Problem("wrong", Span(CHINESE, CHINESE.text.index(word), len(word)))
    _, line, below = str(problem).splitlines()
    assert line == f"  {CHINESE.text.rstrip()}"
    assert below == "  " + " " * indent + "^" * carets


def test_a_problem_fits_the_terminal() -> None:
    source = Source("mine.yaml", "layers: [" + "relu, " * 40 + "rleu, " + "relu, " * 40 + "]")
    problem = Problem(
        "a kind or block that nobody has heard of", Span(source, source.text.index("rleu"), 4), "known: " + ", ".join("abcdefgh" * 5)
    )
    for width in (20, 40, 80):
        shown = problem.text(width).splitlines()
        assert max(map(len, shown)) <= width
        place = next(i for i, line in enumerate(shown) if line.strip() == "^^^^")
        at = shown[place].index("^")
        assert shown[place - 1][at : at + 4] == "rleu"
    assert problem.text() == str(problem)
    assert len(str(problem).splitlines()) == 4
    assert Problem("two words", hint="why not").text(6, "Error: ") == "Error:\n  two\n  words\n  why\n    not"


def test_a_problem_in_letters_that_a_terminal_has() -> None:
    problem = Problem("wrong: 卷", Span(CHINESE, CHINESE.text.index("kernal"), 6))
    head, line, below = problem.text(letters=lambda text: text.encode("ascii", "backslashreplace").decode()).splitlines()
    assert head == "\\u7f51.yaml:1:16: wrong: \\u5377"
    assert line[below.index("^") :][:6] == "kernal"


@pytest.mark.parametrize("length", [3, 14, 40, 80, 5_000])
def test_a_suggestion_is_not_looked_for_for_ever(length: int) -> None:
    letters = "abcdefghijklmnopqrst" * 250
    known = [letters[i : i + length] + str(i) for i in range(3_000)]  # anagrams look alike until the end
    begun = time.process_time()
    for _ in range(10):
        suggestion(letters[:length][::-1], known)
    assert time.process_time() - begun < 1
