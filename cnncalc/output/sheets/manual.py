"""The manual of a kind of layer, generated from its class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.layers import INDICES, INPUT, KINDS, MAP, MASK, OUTPUT
from cnncalc.layers.fields import Flag
from cnncalc.output.forms.sheet import TEXT, Column, Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.layers import Arg, Layer

RULES = ("output", "weights", "biases", "buffers", "work", "requires")
ORDER = (
    "convolution",
    "pooling",
    "dense",
    "normalization",
    "activation",
    "merging",
    "attention",
    "reshaping",
    "learned",
    "custom",
)  # the modules of layer kinds, in teaching order
SAMPLES = {
    "filters": "64", "features": "1000", "kernel": "3", "size": "3", "stride": "2", "pad": "1", "groups": "4", "factor": "2",
    "amounts": "1", "parts": "2", "channels": "[0, 16]", "along": "height", "to": "7",
    "pattern": '"h w (g c) -> h w (c g)", g: 2', "shape": "[1, 1, 16]", "output": "[8, 8, 16], params: 1000, macs: 64000",
}  # fmt: skip
KEPT = {
    INPUT: "its input",
    OUTPUT: "its output",
    MASK: "a mask of what was dropped",
    INDICES: "max-pool indices",
    MAP: "the map of its weights",
}
WRITTEN = ("kernel", "size", "stride", "pad")  # fields shown in an example, if the kind has them


def kinds() -> Sheet:
    """Return a table of all kinds."""
    columns = (Column("kind", "kind", TEXT, 100), Column("does", "does", TEXT, 50, wraps=True), Column("fields", "fields", TEXT, 20))
    sections = []
    for module, classes in modules().items():
        sections.append(Section([[cls.kind, cls.summary, ", ".join(cls.fields)] for cls in classes], title=module))
    return Sheet((), columns, sections, (), ["cnncalc layers KIND has the manual of one."])


def modules() -> dict[str, list[type[Layer]]]:
    """Return the kinds by module."""
    by_module: dict[str, list[type[Layer]]] = {module: [] for module in ORDER}
    for cls in KINDS.values():
        by_module.setdefault(cls.__module__.rpartition(".")[2], []).append(cls)
    return by_module


WHERE = {
    "own": "Writes an output of its own",
    "in place": "Works in place",
    "view": "Is a view of its input",
    "parameter": "Is counted among the parameters",
}


def manual(cls: type[Layer]) -> Sheet:
    """Return the manual of a kind."""
    columns = (
        Column("field", "field", TEXT, 100),
        Column("symbol", "symbol", TEXT, 40),
        Column("default", "default", TEXT, 80),
        Column("means", "means", TEXT, 70, wraps=True),
    )
    fields = [[name, field.symbol, default(field), f"{field.doc} ({field.type.expects})"] for name, field in cls.fields.items()]
    where = WHERE[cls.storage]
    counts = ", and counts as a weight layer" if cls.is_weight_layer else ""
    kept_tensors = " and ".join(KEPT[each] for each in cls.keeps)
    trained = f"Training keeps {kept_tensors} for the gradient." if kept_tensors else "Training keeps none of its activations."
    notes = [f"Example: {example(cls)}", *rules(cls), f"{where}{counts}. {trained}"]
    return Sheet((cls.kind, cls.summary), columns if fields else (), [Section(fields)] if fields else (), notes)


def default(field: Arg) -> str:
    """Return the default value of a field."""
    if field.required:
        return "must be given"
    if field.like:
        return f"as {field.like}"
    if field.default is None:
        return "none"
    if isinstance(field.default, bool):
        return str(field.default).lower()
    if isinstance(field.default, tuple) and len(set(field.default)) == 1:
        return str(field.default[0])
    return field.type.text(field.default)


def rules(cls: type[Layer]) -> Iterator[str]:
    """Yield the documentation of each rule."""
    for name in RULES:
        text = getattr(getattr(cls, name), "documentation", "")
        if text:
            yield f"{name.capitalize()}: {text}"


def example(cls: type[Layer]) -> str:
    """Return an example of a step in a file: the main field, and the most common others."""
    if cls.merges:
        return f"{{{cls.kind}: , from: [a, b]}}"
    if cls.several:
        return f"{{{cls.kind}: 4, from: [a, b, b]}}"
    main, *others = cls.fields or [""]
    written = [f"{name}: {sample(name, cls.fields[name])}" for name in others if cls.fields[name].required or name in WRITTEN]
    if not main or isinstance(cls.fields[main].type, Flag):
        return f"{{{cls.kind}: , {', '.join(written)}}}" if written else cls.kind
    return f"{{{', '.join([f'{cls.kind}: {sample(main, cls.fields[main])}', *written])}}}"


def sample(name: str, field: Arg) -> str:
    """Return a plausible value of a field: its default, or else an example."""
    usual = default(field)
    return usual if usual[:1].isdigit() and usual not in ("0", "1") else SAMPLES[name]


def document(kind: str | None) -> dict[str, Any]:
    """Return the JSON of all kinds, or of one."""
    return {
        "kinds": [entry(cls) for cls in ([KINDS[kind]] if kind is not None else [cls for classes in modules().values() for cls in classes])]
    }


def entry(cls: type[Layer]) -> dict[str, Any]:
    """Return the JSON of one kind."""
    return {
        "kind": cls.kind,
        "does": cls.summary,
        "example": example(cls),
        "fields": [
            {"name": name, "means": field.doc, "expects": field.type.expects, "default": default(field), "symbol": field.symbol}
            for name, field in cls.fields.items()
        ],
        "rules": list(rules(cls)),
        "memory": cls.storage,
        "weighs": cls.is_weight_layer,
    }
