"""Printed figures: how exact each of them is, by hand and by rounding the other way round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.printed_number import PrintedNumber, exact_number, printed_number

MEMORY = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
COUNTS = {"K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}


def read(text: str, *, memory: bool = False) -> PrintedNumber:
    found = printed_number(text, memory=memory)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "value", "lowest", "highest"),
    [
        ("760", 760, 760, 760),
        ("34,944", 34944, 34944, 34944),
        ("34 944", 34944, 34944, 34944),
        ("62_378_344", 62378344, 62378344, 62378344),
        ("62,378,344", 62378344, 62378344, 62378344),
        ("0", 0, 0, 0),
        ("35K", 35000, 34500, 35500),
        ("35k", 35000, 34500, 35500),
        ("35 K", 35000, 34500, 35500),
        ("1.43G", 1430 * 10**6, 1425 * 10**6, 1435 * 10**6),
        ("1.43B", 1430 * 10**6, 1425 * 10**6, 1435 * 10**6),
        ("138M", 138 * 10**6, 137_500_000, 138_500_000),
        ("138 million", 138 * 10**6, 137_500_000, 138_500_000),
        ("1.38e8", 138 * 10**6, 137_500_000, 138_500_000),
        ("5 thousand", 5000, 4750, 5250),
        ("1.2 Billion", 1200 * 10**6, 1150 * 10**6, 1250 * 10**6),
        ("800M", 800 * 10**6, 760 * 10**6, 840 * 10**6),  # half a hundred million would be 6%; 5% are allowed
        ("1M", 10**6, 950_000, 1_050_000),
        ("1.0M", 10**6, 950_000, 1_050_000),  # the last digit that is not zero counts
        ("1.50K", 1500, 1450, 1550),
        ("96MB", 96 * 10**6, 95_500_000, 96_500_000),
        ("93MiB", 93 * 2**20, 93 * 2**20 - 2**19, 93 * 2**20 + 2**19),
        ("93mib", 93 * 2**20, 93 * 2**20 - 2**19, 93 * 2**20 + 2**19),
        ("512 bytes", 512, 512, 512),
        ("~50", 50, Fraction("47.5"), Fraction("52.5")),
        ("≈ 24M", 24 * 10**6, 22_800_000, 25_200_000),
        ("8.9", Fraction("8.9"), Fraction("8.85"), Fraction("8.95")),
        ("-3", -3, -3, -3),
        (".5", Fraction(1, 2), Fraction("0.475"), Fraction("0.525")),
    ],
)
def test_a_figure_stands_for_the_numbers_that_are_printed_so(
    text: str, value: int | Fraction, lowest: int | Fraction, highest: int | Fraction
) -> None:
    found = read(text)
    assert found.value == value
    assert found.exact == (lowest == highest)
    assert found.agrees(lowest)
    assert found.agrees(highest)
    step = Fraction(1, 1000)
    assert not found.agrees(lowest - step)
    assert not found.agrees(highest + step)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "~",
        "K",
        "many",
        "0,5M",
        "1,43G",
        "1,2",
        "12,34,567",
        "1,0000",
        "35Mb",
        "35X",
        "2 K B",
        "1.2.3",
        "--3",
        "1e400",
        "5*5*3",
        "55x55x96",
        "1/2",
        "1;000",
        "٣",
        "1 2",
        "3%",
        "9" * 41,
    ],
)
def test_other_texts_are_no_figures(text: str) -> None:
    assert printed_number(text) is None


def test_the_unit_of_memory_is_kept_and_a_count_has_none() -> None:
    assert read("96MB").unit == "MB"
    assert read("96mib").unit == "mib"
    assert read("138M").unit == ""
    assert read("96 bytes").unit == "bytes"


def test_b_is_a_billion_but_of_memory_a_byte() -> None:
    assert read("60B").value == 60 * 10**9
    assert read("60,950,432 B", memory=True).value == 60950432
    assert read("60,950,432 B", memory=True).exact
    assert read("60,950,432 B", memory=True).unit == "B"


@pytest.mark.parametrize(
    ("text", "exact", "rounds"),
    [
        ("8.9", Fraction(62378344, 6998552), True),
        ("8.91", Fraction(62378344, 6998552), True),
        ("8.90", Fraction(62378344, 6998552), False),
        ("9", Fraction(62378344, 6998552), True),
        ("12", Fraction(62378344, 6998552), False),
        ("0.3", Fraction(1, 3), True),
        ("0.4", Fraction(1, 3), False),
        ("3", Fraction(5, 2), True),  # half a unit may be rounded either way
        ("2", Fraction(5, 2), True),
        ("~3", Fraction(313, 100), True),
        ("~3", Fraction(33, 10), False),
        ("1.5K", Fraction(14600, 10), True),
        ("1.5K", Fraction(14400, 10), False),
    ],
)
def test_a_ratio_is_rounded_to_the_digits_that_are_printed(text: str, exact: Fraction, rounds: bool) -> None:
    assert read(text).rounds(exact) is rounds


def test_a_tolerance_is_a_share_of_the_exact_number_and_overrides() -> None:
    assert read("99").agrees(100, Fraction(1, 100))
    assert not read("98").agrees(100, Fraction(1, 100))
    assert read("101").agrees(100, Fraction(1, 100))
    assert not read("~50").agrees(51, Fraction(1, 100))


@given(st.integers(0, 10**12), st.sampled_from([*COUNTS, *MEMORY]), st.integers(0, 3))
def test_a_number_agrees_with_itself_as_it_is_rounded(exact: int, unit: str, digits: int) -> None:
    scale = {**COUNTS, **MEMORY}[unit]
    printed = (Decimal(exact) / scale).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    found = read(f"{printed}{unit}")
    off = abs(exact - Fraction(printed) * scale)
    assert found.agrees(exact) == (off <= found.value / 20 or off == 0)
    assert found.rounds(exact)


@given(st.integers(0, 10**15))
def test_a_number_in_full_is_exact_however_its_thousands_are_parted(exact: int) -> None:
    for text in (
        f"{exact}",
        f"{exact:,}",
        f"{exact:_}",
        f"{exact:,}".replace(",", " "),
        f"{exact:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"),
    ):
        found = read(text)
        assert found.exact
        assert found.value == exact
        assert found.agrees(exact)
        assert not found.agrees(exact + 1)


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_what_agrees_is_within_five_percent(printed: int, exact: int) -> None:
    for text in (f"{printed}K", f"~{printed}", f"{printed / 10:.1f}M"):
        found = read(text)
        if found.agrees(exact):
            assert abs(exact - found.value) * 20 <= found.value


@given(st.text("0123456789.,_ ~KMGBie-", max_size=12))
def test_any_text_is_a_figure_that_agrees_with_its_own_number_or_none(text: str) -> None:
    found = printed_number(text)
    if found is not None:
        assert found.slack >= 0
        assert found.agrees(found.value)
        assert found.rounds(found.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("224", Fraction(224)),
        ("0.75", Fraction(3, 4)),
        ("-.5", Fraction(-1, 2)),
        ("6/8", Fraction(3, 4)),
        *[(text, None) for text in ("", "1/0", "/2", "1/2/3", "1e3", "½", "３", "1_000", " 1", "nan", "9" * 41)],
    ],
)
def test_an_exact_number(text: str, value: Fraction | None) -> None:
    assert exact_number(text) == value
