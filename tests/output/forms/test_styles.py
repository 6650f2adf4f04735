from __future__ import annotations

import re
from colorsys import rgb_to_hsv

import pytest

from cnncalc.layers import KINDS
from cnncalc.output.diagrams.shapes import COLOURS
from cnncalc.output.forms.styles import RESET, STYLES
from tests.cli.run import run

FAMILIES = {name: style for name, style in STYLES.items() if name in COLOURS}
LEVELS = (0, 95, 135, 175, 215, 255)  # of a channel, in the cube of the 256 colours


def channels(style: str) -> tuple[float, float, float]:
    place = int(style.removeprefix("\x1b[38;5;").removesuffix("m")) - 16
    return LEVELS[place // 36] / 255, LEVELS[place // 6 % 6] / 255, LEVELS[place % 6] / 255


def luminance(colour: tuple[float, float, float]) -> float:
    """As WCAG 2 defines it."""
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("family", FAMILIES)
def test_the_colour_of_a_family_reads_on_black_and_on_white_and_has_the_hue_of_its_boxes(family: str) -> None:
    colour = channels(FAMILIES[family])
    light = luminance(colour)
    assert min(1.05 / (light + 0.05), (light + 0.05) / 0.05) > 3.5
    edge = COLOURS[family][1]
    red, green, blue = (int(edge[at : at + 2], 16) / 255 for at in (1, 3, 5))
    apart = abs(rgb_to_hsv(*colour)[0] - rgb_to_hsv(red, green, blue)[0])
    assert min(apart, 1 - apart) * 360 < 30


def test_no_two_families_are_alike() -> None:
    assert len(set(FAMILIES.values())) == len(FAMILIES)
    assert {kind.__module__.rpartition(".")[2] for kind in KINDS.values()} <= COLOURS.keys()


@pytest.mark.parametrize(
    ("what", "style"),
    [
        ("conv 64 3×3 pad 1, relu", ("convolution", "conv")),
        ("2 × bottleneck (10 layers)", ("block", "bottleneck")),
        ("relu", ("activation", "relu")),
        ("12 layers", None),
        ("input", None),
        ("add, relu", None),
    ],
)
def test_the_kind_of_a_layer_has_its_colour(what: str, style: tuple[str, str] | None) -> None:
    from cnncalc.output.sheets.columns import COLUMNS

    assert COLUMNS["what"].form.style is not None
    assert COLUMNS["what"].form.style(what) == style


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]+m", "", text)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["show", "lenet5"], [f"{STYLES['convolution']}conv{RESET} 6 5×5"]),
        (["compare", "lenet5", "alexnet"], [f"{STYLES['best']}60,000*{RESET}"]),
        (
            ["fit", "lenet5", "--vary", "batch=1,100", "--max", "peak=300kB"],
            [STYLES["good"] + f"yes{RESET}, ", STYLES["bad"] + f"no{RESET}: "],
        ),
        (["memory", "lenet5", "--steps"], [STYLES["bar"]]),
    ],
    ids=lambda words: words[0],
)
def test_colour_only_repeats_what_is_there(words: list[str], shown: list[str]) -> None:
    coloured = run(*words, "--color", "always").out
    for each in shown:
        assert each in coloured
    assert plain(coloured) == run(*words).out
