"""Computes the report of a network given by name, path or mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.limits import ENDLESS, Meter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnncalc.propagate.report import Report
    from cnncalc.spec.settings import Setting


def analyze(
    network: str | Mapping[str, Any],
    *,
    input: str | Iterable[Any] | None = None,
    set: Mapping[str, Any] | None = None,
    but: Mapping[str, Any] | None = None,
    batch: int | str = 1,
    dtype: str = "float32",
    counting: str = "full",
    sides: bool = False,
    bias: bool = True,
    freeze: str | Iterable[str] = (),
    freeze_until: str | None = None,
    until: str | None = None,
    deployed: bool = False,
) -> Report:
    """Return the report of a network: a name of the catalogue, a path, layers in shorthand, or a mapping with the content of a file.

    `input` is 224x224x3 or [224, 224, 3], `set` sets params, `but` changes fields ({"CONV1.kernel": 7}).
    `freeze` freezes layers and folders, `freeze_until` a layer and all before it; `until` cuts the network after a layer.
    `deployed` merges batch norms and parallel branches into convolutions. Raises SpecError.
    """
    found = report(
        locate(network),
        **option_texts(
            input=input,
            set=set,
            but=but,
            batch=batch,
            dtype=dtype,
            counting=counting,
            sides=sides,
            bias=bias,
            freeze=freeze,
            freeze_until=freeze_until,
            until=until,
            deployed=deployed,
        ),
    )
    found.graph.symbols.meter = Meter(operations=ENDLESS)  # in a Python session, the work limit does not apply
    return found


def locate(network: str | Mapping[str, Any]) -> Setting:
    """Find a network by name, path, shorthand or mapping."""
    from cnncalc.spec import catalogue

    if not isinstance(network, str):
        return catalogue.from_mapping(network)
    if network == "-":
        return catalogue.from_standard_input()
    if not writes_layers(network):
        return catalogue.find(network)
    from cnncalc.spec import shorthand

    return shorthand.network(network)


def writes_layers(text: str) -> bool:
    """Return whether a text is layers in shorthand: several words that are not a path, or a kind that is not the name of a network."""
    from cnncalc.layers import KINDS
    from cnncalc.spec import catalogue_index

    if not any(each in text for each in " ,\t\n"):
        return text.lower() in KINDS and text not in catalogue_index.names()
    from os.path import exists

    return not any(path.endswith(catalogue_index.SUFFIXES) for path in (text, text.rpartition(":")[0])) and not exists(text)


def report(
    setting: Setting,
    *,
    input: str | None = None,
    params: Iterable[str] = (),
    changes: Iterable[str] = (),
    batch: str = "1",
    dtype: str = "float32",
    counting: str = "full",
    sides: bool = False,
    bias: bool = True,
    layout: str | None = None,
    freeze: Iterable[str] = (),
    freeze_until: str | None = None,
    until: str | None = None,
    deployed: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Report:
    """Return the report of a network; options are texts as on the command line, and can use the variables."""
    from cnncalc.choice import choose
    from cnncalc.graph.build import build
    from cnncalc.layers import LAYOUTS
    from cnncalc.propagate.counting import CONVENTIONS
    from cnncalc.propagate.rows import BYTES, DTYPE_ALIASES
    from cnncalc.propagate.walk import propagate
    from cnncalc.spec.settings import Setting, option_batch, option_changes, option_input, option_params, option_path, option_value

    dtype = choose(dtype, BYTES, "element type", DTYPE_ALIASES)
    counting = choose(counting, CONVENTIONS, "counting convention")
    asked = Setting(
        setting.network,
        setting.variant,
        input=option_input(input) if input is not None else None,
        params=option_params(params),
        changes=option_changes(changes),
        variables={name: option_value(name, text) for name, text in (variables or {}).items()},
        layout=choose(layout, LAYOUTS, "layout") if layout is not None else None,
        freeze=tuple([option_path("--freeze", path) for path in freeze]),
        freeze_until=option_path("--freeze-until", freeze_until) if freeze_until is not None else None,
        until=option_path("--until", until) if until is not None else None,
        deployed=deployed,
    )
    return propagate(asked, build(asked), batch=option_batch(batch), dtype=dtype, counting=counting, sides=sides, bias=bias)


def option_texts(
    input: str | Iterable[Any] | None = None,
    set: Mapping[str, Any] | None = None,
    but: Mapping[str, Any] | None = None,
    batch: int | str = 1,
    freeze: str | Iterable[str] = (),
    **others: Any,
) -> dict[str, Any]:
    """Return the options of `analyze` as `report` takes them: as texts."""
    return {
        "input": input
        if input is None or isinstance(input, str)
        else "x".join(map(str, input))
        if hasattr(input, "__iter__")
        else str(input),
        "params": [f"{name}={option_text(value)}" for name, value in (set or {}).items()],
        "changes": [f"{place}={option_text(value)}" for place, value in (but or {}).items()],
        "batch": str(batch),
        "freeze": [freeze] if isinstance(freeze, str) else freeze,
        **others,
    }


def option_text(value: Any) -> str:
    """Return a value as the text of an option."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(option_text, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def names() -> list[str]:
    """Return the names of the catalogue."""
    from cnncalc.spec import catalogue_index

    return catalogue_index.names()
