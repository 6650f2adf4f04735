"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cnncalc.cli.command import option, without
from cnncalc.cli.network_types import CHANGE, FAMILY, FILE, NETWORK, PARAM, VARIED
from cnncalc.cli.param_types import COLUMN, COLUMNS, CONVENTION, DTYPE, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.errors import Problem
    from cnncalc.output.forms.sheet import Sheet
    from cnncalc.propagate.report import Report
    from cnncalc.spec.settings import Setting

FORMATS = ("table", "plain", "json", "csv", "markdown", "latex", "html", "svg")
SUFFIXES = {
    "json": "json",
    "csv": "csv",
    "md": "markdown",
    "markdown": "markdown",
    "tex": "latex",
    "html": "html",
    "htm": "html",
    "svg": "svg",
}
OTHER_PICTURES = (
    "png",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "bmp",
    "tif",
    "tiff",
    "pdf",
    "eps",
    "ps",
)  # pictures that other programs can convert SVG to
EXACT = ("json", "csv")
EVERY_ROW = 0
SEEDS = 1_000_000
NO, MISTAKE = 1, 2  # exit codes: the answer is no; a wrong option, or an unreadable or invalid file
INTERRUPTED = 130  # 128 + SIGINT
G = TypeVar("G", bound="OptionGroup")
F = TypeVar("F", bound="Callable[..., Any]")


class OptionGroup:
    """Options that a command takes as one argument: the annotations name them."""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)

    def replaced(self: G, **values: Any) -> G:
        """Return the options with some replaced."""
        return type(self)(**{**vars(self), **values})


class ReportOptions(OptionGroup):
    """Options that change a network or how it is counted, as typed."""

    input: str | None
    set: tuple[str, ...]
    but: tuple[str, ...]
    batch: str
    dtype: str
    counting: str
    sides: bool
    bias: bool
    layout: str | None

    def report(self, network: str) -> Report:
        """Compute the report of a network under these options."""
        from cnncalc import analysis

        return self.applied(analysis.locate(network))

    def applied(self, setting: Setting) -> Report:
        """Compute the report of a network that is already read, since a pipe can be read only once."""
        from cnncalc import analysis

        return analysis.report(setting, **self.options)

    @property
    def options(self) -> dict[str, Any]:
        """The arguments of analysis.report."""
        names = {"set": "params", "but": "changes"}
        return {names.get(name, name): value for name, value in vars(self).items()}


class Output(OptionGroup):
    """The destination and format of the result."""

    format: str | None
    file: str | None
    units: str | None
    width: int | None

    @property
    def form(self) -> str:
        """The format from --format or the suffix of the file, by default a table."""
        name, _, suffix = (self.file or "").rpartition(".")
        if suffix.lower() in OTHER_PICTURES and self.format in (None, "svg"):
            how = f"write {name}.svg and convert it to {suffix.upper()} with rsvg-convert, Inkscape or a browser"
            raise click.UsageError(f"-o {self.file}: pictures are written as SVG; {how}")
        return self.format or SUFFIXES.get(suffix.lower(), "table")

    def deliver(self, sheet: Callable[[], Sheet], document: Callable[[], Mapping[str, Any]]) -> None:
        """Create the result in its format and write it."""
        form = self.form
        if form in EXACT and self.units not in (None, "exact"):
            raise click.UsageError(f"--units is for tables; {form} has all digits")
        if form in ("table", "plain"):
            from cnncalc.output.forms import tables

            return self.write(tables.render(sheet(), self.page(), self.units or ""))
        from cnncalc.output.forms import formats

        if form == "json":
            return self.write(formats.json(document()))
        return self.write(formats.RENDERERS[form](sheet(), self.units or ""))

    def units_from(self, sizes: Iterable[str]) -> Output:
        """Use binary units if a size on the command line has one (8GiB) and --units is not given."""
        binary = self.units is None and self.form not in EXACT and any("ib" in size.lower() for size in sizes)
        return self.replaced(units="binary") if binary else self

    def page(self) -> Any:
        """Return the page for tables: width, encoding and colour."""
        from cnncalc.output.forms.tables import Page
        from cnncalc.output.forms.terminal import page

        if self.form == "plain":
            return Page(self.width or 0, encoding="ascii", ruled=False)
        return page(sys.stdout if self.to_stdout else None, self.width)

    @property
    def to_stdout(self) -> bool:
        """Whether no file is given, or a dash."""
        return self.file in (None, "-")

    def write(self, text: str) -> None:
        """Write the result: to a file atomically, and never over a file it was read from."""
        if self.to_stdout:
            from cnncalc.output.forms.signs import carried

            # click handles the consoles of Windows; colour was decided with the page.
            return click.echo(carried(text, sys.stdout.encoding or "ascii", self.form), nl=False, color=True)
        from cnncalc.output.forms.files import write
        from cnncalc.spec import opened

        assert self.file is not None
        return write(self.file, text, opened.files_read())


def print_problem(problem: Problem) -> None:
    """Print a problem to standard error, wrapped, escaped and coloured for the terminal."""
    from re import MULTILINE, sub

    from cnncalc.errors import printable
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.styles import styled
    from cnncalc.output.forms.terminal import page

    paper = page(sys.stderr)
    text = problem.text(paper.width, "Error: ", lambda text: carried(printable(text), paper.encoding))
    if paper.colour:
        text = sub(r"\AError:|^ +\^+$", lambda found: styled(found[0], "error"), text, flags=MULTILINE)
    click.echo(text, err=True, color=paper.colour)


def print_message(text: str, *, err: bool = True) -> None:
    """Print a message next to or instead of a result, wrapped for the terminal."""
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.tables import wrapped
    from cnncalc.output.forms.terminal import page

    stream = sys.stderr if err else sys.stdout
    lines = wrapped(carried(text, stream.encoding or "ascii"), page(stream).width)
    click.echo("\n".join(lines), err=err)


def is_folder(name: str) -> bool:
    """Return whether -o names a folder: one that is there, or a name without a suffix."""
    return os.path.isdir(name) or name.endswith((os.sep, "/")) or not os.path.splitext(name)[1]


def random_seed() -> int:
    """Return a random seed for a command without --seed."""
    from random import SystemRandom

    return int(SystemRandom().random() * SEEDS)


def bundled(name: str, kind: type[OptionGroup]) -> Callable[[F], F]:
    """Pass the options that are fields of `kind` to a command as one argument."""

    def wrap(function: F) -> F:
        def run(*args: Any, **values: Any) -> Any:
            values[name] = kind(**{option: values.pop(option, None) for option in kind.__annotations__})
            return function(*args, **values)

        return update_wrapper(run, function)  # type: ignore[return-value]  # click checks the signature

    return wrap


def recording_files(function: F) -> F:
    """Record which files a command reads, if it writes a file."""

    def run(*args: Any, out: Output, **values: Any) -> Any:
        if out.to_stdout:
            return function(*args, out=out, **values)
        from cnncalc.spec import opened

        with opened.recording():
            return function(*args, out=out, **values)

    return update_wrapper(run, function)  # type: ignore[return-value]  # as above


def combined(*decorators: Callable[[Any], Any]) -> Callable[[F], F]:
    """Combine decorators into one, with the first on top."""

    def wrap(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return wrap


def _depth(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Parse --fold: a number of folders, or EVERY_ROW for none."""
    if value is None or value == "none":
        return None if value is None else EVERY_ROW
    if not (value.isascii() and value.isdecimal() and 0 < len(value) < 10 and int(value)):
        raise click.BadParameter(f"expected a number from 1 up, or none, not {value!r}", ctx, param)
    return int(value)


network = click.argument("network", type=NETWORK)
level = option(
    "--level",
    type=click.IntRange(1, 3),
    default=1,
    metavar="N",
    help="1: single layers; 2: costs, memory, whole networks; 3: formulas and modules.",
)
networks = click.argument("networks", nargs=-1, metavar="NETWORK...", type=NETWORK)
family = option("--family", type=FAMILY, multiple=True, metavar="NAME", help="All networks of a family: vgg.")
varied = option(
    "--vary",
    "--variants",
    type=VARIED,
    multiple=True,
    metavar="PARAM=VALUES",
    help="Compute each network under several settings: width=0.5,1 or resolution=128:224:32.",
)
changed = combined(
    option("--input", metavar="HxWxC", help="Input size, such as 299x299x3. Letters are symbols: HxWx3."),
    option(
        "--set", type=PARAM, multiple=True, metavar="PARAM=VALUE", help="Set a param of the network: width=1.4. A letter makes it a symbol."
    ),
    option("--but", type=CHANGE, multiple=True, metavar="STEP.FIELD=VALUE", help="Change a field of a step: CONV1.kernel=7."),
)
asked = combined(
    bundled("asked", ReportOptions),
    changed,
    option("--batch", default="1", metavar="N", help="Batch size."),
    option(
        "--dtype", type=DTYPE, default="float32", metavar="TYPE", help="Element type: float32, float16 (fp16), bfloat16, float64 or int8."
    ),
    option(
        "--counting", type=CONVENTION, default="full", metavar="NAME", help="FLOP counting convention; cnncalc help conventions lists them."
    ),
    option("--sides", is_flag=True, help="Include auxiliary heads."),
    without("--no-bias", "bias", "Leave biases out of the parameters."),
    option(
        "--layout",
        type=OneOf("layout", "channels_last", "channels_first"),
        metavar="LAYOUT",
        show_default="as the file says",
        help="Order of sizes in --input and in the output: channels_last, or channels_first (3x224x224).",
    ),
)
strict = option("--strict", is_flag=True, help="Exit with code 1 if a kernel does not divide its input evenly.")
result_file = option("--output", "file", type=FILE, metavar="FILE", help="Write to a file.")
units = option(
    "--units",
    type=OneOf("units", "si", "binary", "exact"),
    metavar="UNITS",
    help="Units: si (MB, M), binary (MiB) or exact (every digit).",
)


def joined_words(words: Iterable[str], joint: str = "or") -> str:
    """Join words: a, b or c."""
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last


def format_in(words: Mapping[str, str], formats: Iterable[str], default: str) -> Callable[[F], F]:
    """Create --format for these formats and their aliases."""
    known = OneOf("format", *formats, aliases=words)
    return option("--format", type=known, metavar="FORMAT", show_default=default, help=f"Output format: {joined_words(formats)}.")


def output_in(*more: str, file: Callable[[Any], Any] = result_file) -> Callable[[F], F]:
    """Combine the output options, with additional formats for a command."""
    return combined(
        bundled("out", Output),
        recording_files,
        format_in(SUFFIXES, (*FORMATS, *more), "table, or by the suffix of the file"),
        file,
        units,
        option(
            "--width",
            type=click.IntRange(min=0),
            metavar="N",
            show_default="as wide as the terminal",
            help="Characters in a line; 0: unlimited.",
        ),
    )


output = output_in()
file = combined(bundled("out", Output), recording_files, result_file)  # for commands with one format
fold = option(
    "--fold",
    callback=_depth,
    metavar="N",
    help="Collapse blocks below depth N into one row, and equal repeats (x N); none: a row for every layer.",
)
arrangement = combined(
    option("--columns", type=COLUMNS, metavar="A,B", help="Show these columns; +A and -B add to and remove from the default."),
    fold,
    option("--sort", type=COLUMN, metavar="COLUMN", help="Sort by a column, largest first."),
    option("--top", type=click.IntRange(min=1), metavar="N", help="Show at most N rows."),
)


def strict_exit_code(report: Report) -> int:
    """Return the exit code under --strict, and print the layers whose kernels do not divide their input evenly."""
    from cnncalc.output.words.summary import unused_input

    for row in report.inexact:
        print_message(f"{row.path}: the kernel does not divide its input evenly: {'; '.join(unused_input(row))}")
    return NO if report.inexact else 0
