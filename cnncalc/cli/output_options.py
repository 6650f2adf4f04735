"""Where the result of a command goes and in which format."""

from __future__ import annotations

import sys
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cnncalc.cli.command import option
from cnncalc.cli.network_types import FILE
from cnncalc.cli.param_types import OneOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.output.forms.sheet import Sheet

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
G = TypeVar("G", bound="OptionGroup")
F = TypeVar("F", bound="Callable[..., Any]")


class OptionGroup:
    """Options that a command takes as one argument: the annotations name them."""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)

    def replaced(self: G, **values: Any) -> G:
        """Return the options with some replaced."""
        return type(self)(**{**vars(self), **values})


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


def bundled(name: str, kind: type[OptionGroup]) -> Callable[[F], F]:
    """Pass the options that are fields of `kind` to a command as one argument."""

    def wrap(function: F) -> F:
        def run(*args: Any, **values: Any) -> Any:
            values[name] = kind(**{option: values.pop(option, None) for option in kind.__annotations__})
            return function(*args, **values)

        return update_wrapper(run, function)  # type: ignore[return-value]  # click checks the signature

    return wrap


def combined(*decorators: Callable[[Any], Any]) -> Callable[[F], F]:
    """Combine decorators into one, with the first on top."""

    def wrap(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

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


def joined_words(words: Iterable[str], joint: str = "or") -> str:
    """Join words: a, b or c."""
    *most, last = words
    return f"{', '.join(most)} {joint} {last}" if most else last


def format_in(words: Mapping[str, str], formats: Iterable[str], default: str) -> Callable[[F], F]:
    """Create --format for these formats and their aliases."""
    known = OneOf("format", *formats, aliases=words)
    return option("--format", type=known, metavar="FORMAT", show_default=default, help=f"Output format: {joined_words(formats)}.")


def file_option(*names: str) -> Callable[[F], F]:
    """Create the option for the file of the result."""
    return option(*names, "file", type=FILE, metavar="FILE", show_default="standard output", help="Write to a file.")


def units_option(default: str) -> Callable[[F], F]:
    """Create --units; `default` says what is printed without it."""
    known = OneOf("units", "si", "binary", "exact")
    return option(
        "--units", type=known, metavar="UNITS", show_default=default, help="Units: si (MB, M), binary (MiB) or exact (every digit)."
    )


result_file = file_option("--output")


def output_in(*more: str, file: Callable[[Any], Any] = result_file) -> Callable[[F], F]:
    """Combine the output options, with additional formats for a command."""
    return combined(
        bundled("out", Output),
        recording_files,
        format_in(SUFFIXES, (*FORMATS, *more), "table, or by the suffix of the file"),
        file,
        units_option("all digits, but memory in MB"),
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
