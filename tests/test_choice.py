"""Words from a list: what is understood, what is suggested, and lists that are changed by + and -."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.choice import choose, chosen
from cnncalc.errors import SpecError

KNOWN = ("params", "macs", "receptive_field", "ptflops-aten")
ALIASES = {"parameters": "params", "rf": "receptive_field"}
WORDS = st.lists(st.sampled_from(KNOWN), unique=True)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("macs", "macs"),
        ("MACs", "macs"),
        ("receptive-field", "receptive_field"),
        ("ptflops_aten", "ptflops-aten"),
        ("parameters", "params"),
        ("RF", "receptive_field"),
    ],
)
def test_a_word_is_understood(word: str, meant: str) -> None:
    assert choose(word, KNOWN, "column", ALIASES) == meant


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("parms", "did you mean 'params'?"),
        ("paramters", "did you mean 'parameters'?"),
        ("xyzzy", "known: params, macs, receptive_field, ptflops-aten"),
        ("", "known: params, macs, receptive_field, ptflops-aten"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest_or_all(word: str, hint: str) -> None:
    with pytest.raises(SpecError) as caught:
        choose(word, iter(KNOWN), "column", ALIASES)
    (problem,) = caught.value.problems
    assert (problem.message, problem.hint) == (f"no column {word!r}", hint)


def test_a_known_word_wins_over_an_alias() -> None:
    assert choose("a", ("a", "b"), "column", {"a": "b"}) == "a"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, ["params", "macs"]),
        ("", ["params", "macs"]),
        ("macs", ["macs"]),
        ("macs, params macs", ["macs", "params"]),
        ("+rf", ["params", "macs", "receptive_field"]),
        ("+rf,ptflops-aten", ["params", "macs", "receptive_field", "ptflops-aten"]),
        ("-params", ["macs"]),
        ("-Parameters,+rf", ["macs", "receptive_field"]),
        ("+macs", ["params", "macs"]),
        ("rf,macs,-rf", ["macs"]),
        ("rf,+macs", ["receptive_field", "macs"]),
    ],
)
def test_lists_are_replaced_or_changed(asked: str | None, found: list[str]) -> None:
    assert chosen(asked, iter(("params", "macs")), iter(KNOWN), aliases=ALIASES) == found


@pytest.mark.parametrize(
    ("asked", "message"), [("-params,-macs", "no metric is left"), ("+", "no metric ''"), ("--macs", "no metric '-macs'")]
)
def test_what_cannot_be_chosen(asked: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        chosen(asked, ("params", "macs"), KNOWN, "metric")


@given(WORDS, WORDS)
def test_adding_and_removing_are_inverse(default: list[str], words: list[str]) -> None:
    new = [word for word in words if word not in default]
    added = chosen(",".join(f"+{word}" for word in new), default, KNOWN) if default or new else []
    assert added == [*default, *new]
    if new and default:
        assert chosen("+" + ",".join([*new, *(f"-{word}" for word in new)]), default, KNOWN) == default
