"""Options that mean the same in every command, and the objects in which they arrive there."""

from __future__ import annotations

import sys
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cnncalc.errors import Problem
    from cnncalc.output.forms.sheet import Sheet
    from cnncalc.output.sheets.overview import Arrangement
    from cnncalc.propagate.report import Report
    from cnncalc.spec.settings import Setting

    Completed = list[click.shell_completion.CompletionItem]

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
PAINTED = ("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "pdf", "eps", "ps")  # pictures that other programs make of ours
EXACT = ("json", "csv")
EVERY_ROW = 0
NO, MISTAKE = 1, 2  # exit codes: the answer is no; a wrong option, or a file that cannot be read or understood
INTERRUPTED = 130  # as shells number the signal
F = TypeVar("F", bound="Callable[..., Any]")


class Asked(NamedTuple):
    """What is changed of a network, and how it is counted; texts as they were typed."""

    input: str | None
    set: tuple[str, ...]
    but: tuple[str, ...]
    batch: str
    dtype: str
    counting: str
    sides: bool
    bias: bool

    def report(self, network: str) -> Report:
        """The report of a network under these options."""
        from cnncalc import analysis

        return self.applied(analysis.locate(network))

    def applied(self, setting: Setting) -> Report:
        """The same of a network that was read already: a pipe can be read only once."""
        from cnncalc import analysis

        return analysis.report(setting, **self.options)

    @property
    def options(self) -> dict[str, Any]:
        """What analysis.report takes."""
        names = {"set": "params", "but": "changes"}
        return {names.get(name, name): value for name, value in self._asdict().items()}


class Output(NamedTuple):
    """Where the result goes, and in which form."""

    format: str | None
    file: str | None
    units: str | None
    width: int | None

    @property
    def form(self) -> str:
        """The format that was asked for, else that of the file's suffix, else a table."""
        name, _, suffix = (self.file or "").rpartition(".")
        if suffix.lower() in PAINTED and self.format in (None, "svg"):
            how = f"write {name}.svg, and rsvg-convert, Inkscape or a browser make {suffix.upper()} of it"
            raise click.UsageError(f"-o {self.file}: pictures are drawn as SVG; {how}")
        return self.format or SUFFIXES.get(suffix.lower(), "table")

    def deliver(self, sheet: Callable[[], Sheet], document: Callable[[], Mapping[str, Any]]) -> None:
        """Make what the format needs, and write it."""
        from cnncalc.output.forms import formats

        form = self.form
        if form in EXACT and self.units not in (None, "exact"):
            raise click.UsageError(f"--units is for tables that people read; {form} has every digit")
        if form == "json":
            return self.write(formats.json(document()))
        if form in ("table", "plain"):
            from cnncalc.output.forms import tables

            return self.write(tables.render(sheet(), self.page(), self.units or ""))
        return self.write(formats.RENDERERS[form](sheet(), self.units or ""))

    def like(self, sizes: Iterable[str]) -> Output:
        """With memory in the units of what was asked for, 8GB or 8GiB, where nothing else was said."""
        binary = self.units is None and self.form not in EXACT and any("ib" in size.lower() for size in sizes)
        return self._replace(units="binary") if binary else self

    def page(self) -> Any:
        """The page that a table is written on."""
        from cnncalc.output.forms.tables import Page
        from cnncalc.output.forms.terminal import page

        if self.form == "plain":
            return Page(self.width or 0, encoding="ascii", ruled=False)
        return page(sys.stdout if self.to_stdout else None, self.width)

    @property
    def to_stdout(self) -> bool:
        """Nothing was said of a file, or the dash."""
        return self.file in (None, "-")

    def write(self, text: str) -> None:
        """Write the result, to a file as a whole or not at all, and never over a file that was read for it."""
        if self.to_stdout:
            from cnncalc.output.forms.signs import carried

            # click knows the consoles of Windows; whether there is colour was decided with the page.
            return click.echo(carried(text, sys.stdout.encoding or "ascii", self.form), nl=False, color=True)
        from cnncalc.output.forms.files import write
        from cnncalc.spec import opened

        assert self.file is not None
        return write(self.file, text, opened.known())


def tell(problem: Problem, label: str = "") -> None:
    """A problem on the error output, in lines and letters that a terminal has."""
    from cnncalc.errors import printable
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.terminal import page

    encoding = sys.stderr.encoding or "ascii"
    click.echo(problem.text(page(sys.stderr).width, label, lambda text: carried(printable(text), encoding)), err=True)


def say(text: str, *, err: bool = True) -> None:
    """A sentence beside the result, or instead of one, in lines that a terminal has room for."""
    from cnncalc.output.forms.signs import carried
    from cnncalc.output.forms.tables import wrapped
    from cnncalc.output.forms.terminal import page

    stream = sys.stderr if err else sys.stdout
    lines = wrapped(carried(text, stream.encoding or "ascii"), page(stream).width)
    click.echo("\n".join(lines), err=err)


def packed(name: str, kind: type[Any]) -> Callable[[F], F]:
    """Hand the options that are fields of `kind` to a command as one argument."""

    def wrap(function: F) -> F:
        def run(*args: Any, **values: Any) -> Any:
            values[name] = kind(*(values.pop(field, None) for field in kind._fields))
            return function(*args, **values)

        return update_wrapper(run, function)  # type: ignore[return-value]  # the command's own signature is click's business

    return wrap


def recorded(function: F) -> F:
    """Note which files a command reads, where it is going to write one."""

    def run(*args: Any, out: Output, **values: Any) -> Any:
        if out.to_stdout:
            return function(*args, out=out, **values)
        from cnncalc.spec import opened

        with opened.recorded():
            return function(*args, out=out, **values)

    return update_wrapper(run, function)  # type: ignore[return-value]  # as above


def all_of(*decorators: Callable[[Any], Any]) -> Callable[[F], F]:
    """Several decorators as one, the first on top."""

    def wrap(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return wrap


def complete_network(ctx: click.Context, param: click.Parameter, incomplete: str) -> Completed:
    """Names of the catalogue, and files."""
    from click.shell_completion import CompletionItem

    from cnncalc.spec import catalogue

    found = [CompletionItem(entry.name, help=entry.title) for entry in catalogue.entries() if entry.name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def complete_file(ctx: click.Context, param: click.Parameter, incomplete: str) -> Completed:
    """Files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def complete_word(words: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """Words that are looked up when somebody asks."""
    return lambda ctx, param, incomplete: [word for word in words() if word.startswith(incomplete)]


def _dtypes() -> Iterable[str]:
    from cnncalc.propagate.report import BYTES

    return BYTES


def _conventions() -> Iterable[str]:
    from cnncalc.propagate.counting import CONVENTIONS

    return CONVENTIONS


def columns() -> Iterable[str]:
    """Names of the columns of a table of layers."""
    from cnncalc.output.sheets.columns import COLUMNS

    return COLUMNS


def _depth(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """The number of folders in --fold, or EVERY_ROW for none."""
    if value is None or value == "none":
        return None if value is None else EVERY_ROW
    if not (value.isascii() and value.isdecimal() and 0 < len(value) < 10 and int(value)):
        raise click.BadParameter(f"expected a number from 1 up, or none, not {value!r}", ctx, param)
    return int(value)


def _without(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    """The flag that takes something away."""
    return not value


network = click.argument("network", shell_complete=complete_network)
changed = all_of(
    click.option("--input", metavar="HxWxC", help="Another input: 299x299x3; letters are symbols."),
    click.option("--set", multiple=True, metavar="PARAM=VALUE", help="Give a param a value: width=1.4; a letter makes it a symbol."),
    click.option("--but", multiple=True, metavar="STEP.FIELD=VALUE", help="Change a field of a named step: CONV1.kernel=7."),
)
asked = all_of(
    packed("asked", Asked),
    changed,
    click.option("--batch", default="1", metavar="N", help="Images at a time."),
    click.option(
        "--dtype", default="float32", metavar="TYPE", shell_complete=complete_word(_dtypes), help="What a value is: float32, float16, int8."
    ),
    click.option(
        "--counting",
        default="full",
        metavar="NAME",
        shell_complete=complete_word(_conventions),
        help="What a FLOP is: full, macs, flops, connections, or the name of a tool.",
    ),
    click.option("--sides", is_flag=True, help="Count side exits in."),
    click.option("--no-bias", "bias", is_flag=True, callback=_without, help="Leave biases out of the parameters."),
)
strict = click.option("--strict", is_flag=True, help="A window that does not tile is an error: exit code 1.")
_file = click.option("-o", "file", metavar="FILE", help="Write to a file.")
units = click.option("--units", type=click.Choice(("si", "binary", "exact")), help="1.43 G and 12.8 MB, MiB, or every digit.")


def output_in(*more: str) -> Callable[[F], F]:
    """The options of the result, for a command that knows more formats than all know."""
    return all_of(
        packed("out", Output),
        recorded,
        click.option("--format", type=click.Choice((*FORMATS, *more)), help="Default: a table, or what the suffix of -o says."),
        _file,
        units,
        click.option("--width", type=click.IntRange(min=0), metavar="N", help="Characters in a line; 0: as many as it takes."),
    )


output = output_in()
file = all_of(packed("out", Output), recorded, _file)  # for a command that knows one format
fold = click.option("--fold", callback=_depth, metavar="N", help="Blocks deeper than N as one row, equal repeats as x N; none: every row.")
arrangement = all_of(
    click.option("--columns", metavar="A,B", shell_complete=complete_word(columns), help="These columns; +A and -B add and remove."),
    fold,
    click.option("--sort", metavar="COLUMN", shell_complete=complete_word(columns), help="Largest first."),
    click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only so many rows."),
)


def arranged(columns: str | None, fold: int | None, sort: str | None, top: int | None, units: str = "") -> Arrangement:
    """The arrangement that the options ask for."""
    from cnncalc.output.sheets.overview import Arrangement

    return Arrangement(columns, fold, sort, top, units)


def tiled(report: Report) -> int:
    """The exit code under --strict; the layers whose windows do not tile are named on the error output."""
    from cnncalc.output.words.summary import rest

    for row in report.inexact:
        say(f"{row.path}: the window does not tile its input: {'; '.join(rest(row))}")
    return NO if report.inexact else 0
