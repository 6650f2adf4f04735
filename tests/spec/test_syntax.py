from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.errors import Problem, Source, SpecError
from cnncalc.spec.reader import read
from cnncalc.spec.syntax import explain

MISTAKES = [
    # a colon too many, or without its space
    ("a:1\nb: 2", "1:2: a space is missing after the colon"),
    ("layers:\n  - conv:96\n    kernel: 3", "2:9: a space is missing after the colon"),
    ("a: b: c", "1:5: a second ': ' on one line"),
    ("a\nb: c", "1:2: a ':' is missing at the end of this line"),
    ("a: 1\n  b: 2", "2:4: a key is not possible here"),
    ("a: 1\nb\n", "2:1: a ':' is missing in this line"),
    ("- a\n-b\n", "2:1: a ':' is missing in this line"),
    # brackets and commas
    ("layers:\n  - {conv: 96 kernel: 11}", "2:15: a ',' is missing here"),
    ("- [1, [2 ] 3]", "1:12: a ',' is missing here"),
    ("- {conv: 96, kernel: 11\n- relu\n", "1:3: this '{' is never closed"),
    ("- [1, 2\n- 3", "1:3: this '[' is never closed"),
    ("a: {b: 1\n  c: 2}", "1:4: this '{' is never closed"),
    ("a: {b: ", "1:4: this '{' is never closed"),
    ("[a\n", "1:1: this '[' is never closed"),
    ("a: {b: 1]", "1:9: ']' does not close the '{' before it"),
    ("a: [1}", "1:6: '}' does not close the '[' before it"),
    ("a: [b]]", "1:7: ']' closes nothing"),
    ("{a: b}}", "1:7: '}' closes nothing"),
    ("a: [1,, 2]", "1:7: an extra ','"),
    ("a: ]", "1:4: a value is missing here"),
    # quotes
    ("a: 'x", "1:4: this quote is never closed"),
    ('a: "x\nb: c', "1:4: this quote is never closed"),
    ("a: 'x\n---\n", "1:4: this quote is never closed"),
    ("a: 'b' c", "1:8: unexpected text after the value"),
    ("name: {block}-x", "1:14: unexpected text after the value"),
    ('a: "\\xZZ"', "1:7: an invalid escape"),
    # signs of YAML
    ("a: @x", "1:4: a text cannot start with '@'"),
    ("a: %x", "1:4: a text cannot start with '%'"),
    ("a: `x", "1:4: a text cannot start with '`'"),
    ("a: * w", "1:4: '*' and '&' mark aliases and anchors in YAML, and need a name"),
    ("a: &", "1:4: '*' and '&' mark aliases and anchors in YAML, and need a name"),
    ("x: !<tag b", "1:4: YAML tags ('!...') are not supported"),
    ("x: !y!z b", "1:4: YAML tags ('!...') are not supported"),
    ("a: |2x\n  b", "1:6: after '|' or '>' the text starts on the next line"),
    # indentation
    ("a:\n\tb: 1", "2:1: a tab is used for indentation"),
    ("a: b\n\tc: d", "2:1: a tab is used for indentation"),
    ("\ta: 1", "1:1: a tab is used for indentation"),
    ("-\ta: 1", "1:2: a tab is not allowed here"),
    ("a: - b", "1:4: a list item ('- ') is not possible here"),
    ("- a\nb: c", "2:1: this does not continue the line before it"),
    ("a: 1\n- b", "2:1: this does not continue the line before it"),
    ("&a &b c", "1:4: this does not continue the line before it"),
    ("a: b\n...\nc: d", "3:1: this does not continue the line before it"),
]


@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_mistakes_are_told_in_plain_words_where_they_were_made(
    text: str, expected: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "CSafeLoader", getattr(yaml, parser, yaml.SafeLoader), raising=False)
    assert told(text) == expected


def told(text: str) -> str:
    with pytest.raises(SpecError) as caught:
        read(text, "net.yaml")
    (problem,) = caught.value.problems
    return "{1}:{2}: {message}".format(*problem.place, message=problem.message)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "layers:\n  - {conv: 96 kernel: 11}\n",
            [
                "net.yaml:2:15: a ',' is missing here",
                "    - {conv: 96 kernel: 11}",
                "                ^^^^^^",
                "  entries between { and } are separated by commas",
            ],
        ),
        (
            "- conv: 96, kernel: 11\n",
            [
                "net.yaml:1:19: a second ': ' on one line",
                "  - conv: 96, kernel: 11",
                "                    ^",
                "  put several keys on one line between { and }",
            ],
        ),
        (
            "name: {b}-x",
            [
                "net.yaml:1:10: unexpected text after the value",
                "  name: {b}-x",
                "           ^",
                "  quote the whole text if it contains quotes or brackets",
            ],
        ),
    ],
)
def test_hints(text: str, shown: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        read(text, "net.yaml")
    assert str(caught.value).splitlines() == shown


def test_what_is_found_before_a_mistake_is_told_as_well() -> None:
    with pytest.raises(SpecError) as caught:
        read("b: 1\na: {x: 1, x: 2}\nc: [1", "net.yaml")
    assert [problem.message for problem in caught.value.problems] == ["'x' is given twice: also on line 2", "this '[' is never closed"]


def test_an_escape_that_is_too_large_for_the_python_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert told('a: b\nc: "x\\UFFFFFFFF"') == "2:6: an invalid escape"
    assert told('"\\U00FFFFFF"') == "1:2: an invalid escape"


def test_an_unknown_error_is_passed_on() -> None:
    problem = explain(Source("net.yaml", "a: b"), yaml.YAMLError("something new\nin two lines"))
    assert isinstance(problem, Problem)
    assert (problem.message, problem.place) == ("this is not YAML: something new", ("net.yaml", 1, 1))


LONG = 300_000


@pytest.mark.parametrize(
    "text",
    [
        " " * LONG + "x\n  b: c",
        "a\n" + " " * LONG + "\n b: c",
        "{a: b " + "c" * LONG + ": d}",
        "{a: " + "b" * LONG + ": c}",
        "x" * LONG + "\nb: c",
        "- " + "a-" * LONG + ":b\nc: d",
        "[" + "'a' " * LONG,
    ],
)
def test_long_lines_are_explained_in_bounded_time(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        read(text, "net.yaml")
    assert len(str(caught.value)) < 1_000


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab: -,'{}[]\n\t", max_size=20), st.sampled_from(MISTAKES), st.integers(0, 20))
def test_mistakes_anywhere_have_a_place(text: str, mistake: tuple[str, str], at: int) -> None:
    spoiled = text[:at] + mistake[0] + text[at:]
    try:
        read(spoiled, "net.yaml")
    except SpecError as error:
        places = [problem.span for problem in error.problems]
    else:
        return
    assert all(place is not None and 0 <= place.at <= len(spoiled) for place in places)
