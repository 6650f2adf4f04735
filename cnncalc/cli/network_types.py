"""Click types for networks and their layers, params, steps and symbols, completed from the network on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.cli.param_types import METRIC, TextType, items

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import click
    from click.shell_completion import CompletionItem

    from cnncalc.propagate.report import Report
    from cnncalc.propagate.rows import Row
    from cnncalc.spec.settings import Setting

    Words = Mapping[str, str]  # with their descriptions
    Load = Callable[[click.Context, str], Words]  # for the typed prefix


class NetworkWord(TextType):
    """A word that the command validates. Nothing is completed for a network that cannot be read."""

    def __init__(self, name: str, load: Load, *, files: bool = False) -> None:
        self.name = name
        self.words = load
        self.files = files  # complete files if no word matches

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete words with this prefix."""
        from click.shell_completion import CompletionItem

        from cnncalc.errors import SpecError

        try:
            found = items(self.words(ctx, incomplete), incomplete)
        except SpecError:
            found = []
        return found or ([CompletionItem(incomplete, type="file")] if self.files else [])


def _network(ctx: click.Context) -> str | None:
    """Return the network on the command line, except standard input; if the line ends in an option, it is among the other arguments."""
    found = ctx.params.get("network") or ctx.params.get("networks") or ctx.args
    name = found if isinstance(found, str) else next(iter(found), None)
    return None if name == "-" else name


def _setting(ctx: click.Context) -> Setting | None:
    from cnncalc import analysis

    network = _network(ctx)
    return analysis.locate(network) if network else None


def _report(ctx: click.Context) -> Report | None:
    from cnncalc import analysis

    network = _network(ctx)
    return analysis.analyze(network, input=ctx.params.get("input")) if network else None


def _networks(ctx: click.Context, incomplete: str) -> Words:
    """Return the names of the catalogue, or the variants of a file."""
    from cnncalc.spec import catalogue_index

    path, colon, _ = incomplete.rpartition(":")
    if colon and path.endswith(catalogue_index.SUFFIXES):
        from cnncalc.spec import catalogue

        return {f"{path}:{name}": variant.about.title or "" for name, variant in catalogue.find(path).network.variants.items()}
    return {entry.name: entry.title for entry in catalogue_index.entries()}


def _families(ctx: click.Context, incomplete: str) -> Words:
    from cnncalc.spec import catalogue_index

    return {entry.file.rpartition(".")[0]: "" for entry in catalogue_index.entries()}


def _layers(ctx: click.Context, incomplete: str) -> Words:
    """Return layers and folders level by level, like file paths: folders with and without a slash."""
    words: dict[str, str] = {}
    for path, row in _level(ctx, incomplete).items():
        words |= {path: "layer folder", f"{path}/": "layers in it"} if row is None else {path: row.kind}
    return words


def _level(ctx: click.Context, incomplete: str) -> Mapping[str, Row | None]:
    """Return the paths on the typed level: of layers, and of folders (None)."""
    found: dict[str, Row | None] = {}
    for row in _report(ctx) or ():
        if row.path.startswith(incomplete):
            end = row.path.find("/", len(incomplete))
            found[row.path[: end if end >= 0 else None]] = row if end < 0 else None
    return found


def _explained(ctx: click.Context, incomplete: str) -> Words:
    """Return layers, and metrics of the whole network."""
    from cnncalc.propagate.figures import FIGURES
    from cnncalc.study.derive.derivation import NETWORK

    metrics = [name for name, figure in FIGURES.items() if figure.key in NETWORK]
    return {**_layers(ctx, incomplete), **dict.fromkeys(metrics, "of the network")}


def _params(ctx: click.Context, incomplete: str) -> Words:
    """Return the params of the network, with an equals sign."""
    setting = _setting(ctx)
    if setting is None:
        return {}
    params = setting.resolve()[2]
    return {f"{name}=": f"default {value}" for name, value in params.items()}


def _varied(ctx: click.Context, incomplete: str) -> Words:
    from cnncalc.explore.vary import OPTIONS

    return {**_params(ctx, incomplete), **{f"{name}=": "" for name in OPTIONS}}


def _changes(ctx: click.Context, incomplete: str) -> Words:
    """Return paths of steps, or after the dot, fields of the step's layer."""
    path, dot, _ = incomplete.rpartition(".")
    row = _level(ctx, path).get(path) if dot else None
    if row is not None:
        return {f"{path}.{field}=": arg.doc for field, arg in row.layer.fields.items()}
    level = _level(ctx, incomplete)
    return {f"{path}/" if row is None else f"{path}.": "" if row is None else row.kind for path, row in level.items() if path != "input"}


def _unknown(ctx: click.Context, incomplete: str) -> Words:
    """Return the fields of the layer in --layer, and the input."""
    layer = ctx.params.get("layer")
    row = next((row for row in _report(ctx) or () if layer and f"/{row.path}".endswith(f"/{layer}")), None)
    return {"input": "the input size", **({field: arg.doc for field, arg in row.layer.fields.items()} if row else {})}


def _symbols(ctx: click.Context, incomplete: str) -> Words:
    report = _report(ctx)
    found = report.symbols if report else ()
    return {f"{name}=": "" for name in found or ("H", "W")}


def _limits(ctx: click.Context, incomplete: str) -> Words:
    return {f"{name}=": help for name, help in METRIC.known()[0].items()}


NETWORK = NetworkWord("network", _networks, files=True)
FILE = NetworkWord("file", lambda ctx, incomplete: {}, files=True)
FAMILY = NetworkWord("family", _families)
LAYER, EXPLAINED = NetworkWord("layer", _layers), NetworkWord("layer", _explained)
PARAM, VARIED = NetworkWord("param", _params), NetworkWord("param", _varied)
CHANGE = NetworkWord("change", _changes)
UNKNOWN_FIELD = NetworkWord("field", _unknown)
SYMBOL = NetworkWord("symbol", _symbols)
LIMIT = NetworkWord("limit", _limits)
