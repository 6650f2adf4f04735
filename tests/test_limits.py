"""Every limit of the manual has a message of its own, which says the limit: a file, a sheet or a command line provokes each."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cnncalc.errors import SpecError
from cnncalc.limits import LIMITS, LimitError, Meter
from tests.cli.run import run
from tests.importers.onnx_files import model
from tests.test_manual import ROWS

HEAD = "input: 8x8x4\n"


def steps(text: str) -> str:
    return f"{HEAD}layers: [{text}]\n"


def field(arithmetic: str, params: str = "") -> str:
    return f"{HEAD}params: {{{params}}}\nlayers: [{{conv: '{arithmetic}'}}]\n"


def blocks(levels: int) -> str:
    return "blocks: {" + ", ".join(f"b{i}: {{layers: [b{i + 1}]}}" for i in range(levels)) + f", b{levels}: {{layers: [relu]}}}}\n"


QUESTION = "{network: alexnet, layer: CONV1, params: 1}"
HUGE = "{network: {input: 8x8x4, layers: [{conv: i, repeat: 4990}]}, batch: %d, weight_layers: 4990}"
WORKSHEET = str(Path(__file__).parent / "answers" / "against" / "worksheet.yaml")
SPLIT = "{split: 100, name: s}"
UNFOLDED = ("--fold", "none", "--format", "svg")
NAMES = [f"{'k' * 38}{i:02}" for i in range(60)]

# What of the manual's table is provoked by which file or command, and what is said. A file is shown, one with questions is checked;
# a list is a file, the command that reads it, and options.
CASES: dict[str, tuple[str | tuple[str, ...] | list[str], str]] = {
    "bytes of a file": ("#" * (16 * 2**20 + 1), "too large: more than 16 MiB"),
    "bytes of an ONNX file; its weights are not read": (("show", "large.onnx"), "large.onnx: too large: more than 2048 MiB"),
    "nodes of an ONNX file, with those of its functions": (("show", "many.onnx"), "more than 100,000 nodes"),
    "nested lists and mappings": ("[" * 65, "nested too deeply: more than 64 nested lists and mappings"),
    "entries of a file, with all aliases expanded": (
        "notes:\n- &a [" + "x, " * 1_000 + "]\n" + "- *a\n" * 2_500,
        "too large: more than 2,500,000 entries, with all aliases expanded",
    ),
    "keys of one mapping": ("{" + ", ".join(f"k{i}: 1" for i in range(10_001)) + "}", "a mapping of 10,001 keys; the limit is 10,000"),
    "steps in a file, with all aliases expanded": (steps("relu, " * 200_001), "more than 200,000 steps in this file"),
    "problems reported at once": (steps("rely, " * 60), "50 problems"),
    "characters of one text": (f"name: {'x' * 20_001}", "a text of 20,001 characters; the limit is 20,000"),
    "characters of a title, a note or a question": (f"name: {'x ' * 1_001}", "a text of 2,001 characters; the limit is 2,000"),
    "notes of a network": (f"{HEAD}notes: [{'x, ' * 101}]\nlayers: [relu]", "101 notes; the limit is 100"),
    "characters of an expression": (field("1 + " * 2_500 + "1"), "an expression of 10,001 characters; the limit is 10,000"),
    "operators, names and numbers in all expressions of a file, equal texts counted once": (
        steps(", ".join(f"{{conv: {'1 + ' * 2_400}{i}}}" for i in range(21))),
        "more than 100,000 operators, names and numbers in the expressions of this file",
    ),
    "nested brackets in an expression": (field("(" * 101 + "1"), "nested too deeply: more than 100 levels"),
    "digits of a number as written in an expression": (field("9" * 617), "a number of more than 616 digits"),
    "bits of a number in an expression": (field("9 ** 9 ** 9"), "a number of more than 2,048 bits"),
    "items of a list in an expression": (field("range(10001)"), "a list of more than 10,000 items"),
    "characters of a name": (steps(f"{{relu: , name: {'x' * 201}}}"), "a name has at most 200 characters, all printable, and no /"),
    "characters of a published number": (
        f"{HEAD}published: {{params: {'9' * 41}}}\nlayers: [relu]",
        "a number of more than 40 characters",
    ),
    "characters of a path": (
        steps("".join(f"{{name: {letter * 200}, do: [" for letter in "abcde") + "relu" + "]}" * 5),
        "a path of more than 1,000 characters",
    ),
    "files in a chain of `like`": ("like: limit.yaml", "more than 8 files in a chain of 'like'"),
    "libraries that a network uses, one by another": (
        f"{HEAD}use: [{', '.join(f'l{i}.yaml' for i in range(33))}]\nlayers: [relu]",
        "more than 32 libraries",
    ),
    "iterations of one loop": (steps("{relu: , repeat: 10001}"), "repeat: expected a whole number from 0 to 10,000, found 10001"),
    "nested blocks, groups and branches": (f"{HEAD}{blocks(101)}layers: [b0]", "steps nested more than 100 deep"),
    "layers that loops and blocks add to the steps of the file": (
        steps("{repeat: 101, do: [{relu: , repeat: 100}]}"),
        "more than 10,002 layers",
    ),
    "for each of those layers and steps: steps, including those without layers": (
        steps("{repeat: 10000, do: [{repeat: 100, do: []}]}"),
        "more than 50,010 steps",
    ),
    "for each of them: connections between layers": (
        steps(f"{{conv: 100}}, {SPLIT}, {{repeat: 1001, do: [{{add: , from: s}}]}}"),
        "more than 100,040 connections between layers",
    ),
    "for each of them: operations (operators, names, items of lists, terms of formulas)": (
        steps("{relu: , repeat: 10000, when: sum(range(9999)) > 0}"),
        "more than 1,000,100 operations",
    ),
    "of those that loops and blocks add: distinct layers, by fields and inputs": (
        steps("{conv: i, repeat: 5002}"),
        "more than 5,001 different layers",
    ),
    "parallel volumes": (
        steps(f"{{conv: 100}}, {SPLIT}, {{concat: , from: [{'s, ' * 101}]}}"),
        "more than 10,000 parallel volumes",
    ),
    "a whole number in a field, or a dimension of a volume": (steps("{conv: 10 ** 19}"), "filters: a number of more than 18 digits"),
    "windows of an adaptive pool along an axis, parts of a split": (
        steps("{adaptivepool: 1001}"),
        "size: expected a whole number from 1 to 1,000, or one per side: [height, width], found 1001",
    ),
    "terms of a formula": (field("(a + b + c + d) ** 30", "a: , b: , c: , d: "), "a formula of more than 2,000 terms"),
    "the power of a symbol in a formula": (field("a ** 600 * a ** 600", "a: "), "a power above 1,000 in a formula"),
    "bits of a number in a formula": (
        field("2 ** 2000 * a * 2 ** 2000", "a: "),
        "a number of more than 2,048 bits in a formula",
    ),
    "nested floors in a formula": (
        f"{HEAD}params: {{w: , x0: , {', '.join(f'x{i}: (x{i - 1} * w + 1) // 2' for i in range(1, 22))}}}\nlayers: [relu]",
        "a formula with more than 20 nested floors",
    ),
    "characters of a floor in a formula": (
        field(f"({' + '.join(NAMES)}) // 2", ", ".join(f"{name}: " for name in NAMES)),
        "a formula with a floor of more than 2,000 characters",
    ),
    "questions of an answer sheet": (f"questions: [{', '.join([QUESTION] * 1_001)}]", "more than 1,000 questions"),
    "operations for the networks, claims, answers and slips of an answer sheet, or to validate the variants of a file": (
        f"questions: [{', '.join(HUGE % i for i in range(1, 5))}]",
        "this sheet asks for more than 6,000,000 operations",
    ),
    "bytes of the answers of one student": ([f"q1: '{'5 ' * 2**20}'", "check", "--against", WORKSHEET], "too large: more than 1 MiB"),
    "questions of a worksheet": (("quiz", "--questions", "201"), "201 is not in the range 1<=x<=200."),
    "settings of `sweep` and `fit`": (
        ("sweep", "alexnet", "--vary", "batch=1:1001", "--vary", "resolution=1001:2000"),
        "--vary: 1,001,000 settings; the limit is 1,000,000",
    ),
    "of those, settings at which no formula holds, so that the network is built": (
        ("sweep", "alexnet", "--vary", "resolution=64:10064", "--columns", "peak"),
        "more than 10,000 settings without a formula, at each of which the network is built",
    ),
    "combinations that `solve` tries": (("solve", "--in", "1:1000", "--out", "7", "--kernel", "1:201"), "combinations are too many to try"),
    "networks in `compare`": (
        ("compare", "lenet5", "--vary", "batch=1:501"),
        "more than 500 networks cannot be compared",
    ),
    "rows of a table or of a chart as SVG": (
        [steps("{relu: , repeat: 5001}"), "show", *UNFOLDED],
        "the table is too large for an SVG: 5,002 rows; at most 5,000 are drawn",
    ),
    "layers in the boxes of a diagram as SVG": (
        [steps("{relu: , repeat: 10000}"), "diagram", *UNFOLDED],
        "the diagram is too large for an SVG: 10,001 layers; at most 10,000 are drawn",
    ),
    "boxes passed by the lines of a diagram as SVG, in total": (
        [steps("{conv: 4, name: a}, {repeat: 300, do: [{add: [{relu: , from: a}, identity]}]}"), "diagram", *UNFOLDED],
        "the diagram is too large for an SVG: its lines pass more than 30,000 boxes in total",
    ),
}  # fmt: skip


def test_every_limit_has_a_case() -> None:
    assert list(ROWS) == list(CASES)


@pytest.mark.parametrize("limit", CASES)
def test_each_limit_has_a_message(limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given, message = CASES[limit]
    if ".onnx" in str(given):
        with Path("large.onnx").open("wb") as file:
            file.truncate(LIMITS.model_bytes + 1)  # takes no space
        Path("many.onnx").write_bytes(model([b""] * (LIMITS.nodes + 1), {}, ()))
    if isinstance(given, str):
        given = [given, "check" if "questions:" in given else "show"]
    if isinstance(given, list):
        text, command, *options = given
        Path("limit.yaml").write_text(text, encoding="utf-8")
        given = (command, "limit.yaml", *options)
    done = run(*given)
    assert (done.code, done.out) == (2, "")
    said = done.err.splitlines()
    assert re.search(rf"{re.escape(message)}($|: )", "\n".join(said[-1:] if "problems" in message else said), re.MULTILINE), done.err[
        :1_000
    ]


def test_a_meter_ends_at_its_limit() -> None:
    meter = Meter(5)
    meter.operate(LIMITS.operations * (LIMITS.layers + 5))
    with pytest.raises(LimitError, match=r"more than 1,000,500 operations") as caught:
        meter.operate(1)
    assert isinstance(caught.value, SpecError)  # wherever it comes from, a person reads it as a message
    assert caught.value.problems[0].hint == "items of lists and terms of formulas count too"


def test_a_number_within_the_limits_can_be_written_whatever_python_is_told() -> None:
    """PYTHONINTMAXSTRDIGITS may be 640 at the least."""
    for limit in (LIMITS.bits, LIMITS.number_bits):
        assert len(str(2**limit)) <= 640
    texts = ("9 ** 600", "9 ** 640", "9" * 616, "9" * 617, "max(9 ** 640, 1) * 9 ** 20")
    code = f"from tests.spec_text import problems\nfor text in {[*map(field, texts)]}: print(*problems(text))"
    env = {**os.environ, "PYTHONINTMAXSTRDIGITS": "640"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(re.findall("a number of more than (?:18 digits|616 digits|2,048 bits)", done.stdout)) == len(texts)
