"""Finds networks by name or path, and resolves `like`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.limits import LIMITS
from cnncalc.spec.catalogue_index import MODELS, SUFFIXES, files, head, library_names, names
from cnncalc.spec.model import Network
from cnncalc.spec.opened import record_read
from cnncalc.spec.references import is_path, split_path, within
from cnncalc.spec.settings import Setting
from cnncalc.spec.values import listed_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.errors import Source
    from cnncalc.spec.model import Template, Variant
    from cnncalc.spec.reader import YamlNode

ONLY = "be like one of the catalogue"  # what a network without a file can


def find(name: str, base: str | None = None) -> Setting:
    """Find a network by name, path or `path:variant`; with `base`, paths are relative to that folder and must stay inside."""
    if is_path(name):
        path, variant = split_path(name)
        network = load(path, path) if base is None else load(within(path, base, ONLY), os.path.join(base, path))
        if variant is None:
            return Setting(network)
        if variant in network.variants:
            return Setting(network, network.variants[variant])
        raise SpecError(
            Problem(f"{path} has no variant {variant!r}", hint=suggestion(variant, network.variants) or _listed(network.variants))
        )
    for path in _candidates(name):
        network = load(path, os.path.basename(path))
        if name in network.variants:
            return Setting(network, network.variants[name])
        if name == network.id and not network.variants:
            return Setting(network)
    hint = suggestion(name, names()) or "cnncalc list shows the catalogue; give a file by its path"
    if name in library_names():
        hint = f"it is a library of blocks: use: {name} brings it into a network"
    for suffix in SUFFIXES:
        if os.path.exists(os.path.join(base or "", name + suffix)):
            hint = f"give a file by its path: {name}{suffix}"
    raise SpecError(Problem(f"no network {name!r} in the catalogue", hint=hint))


def load(path: str, shown: str, level: int = 0) -> Network:
    """Load the network of a file, including what it inherits."""
    source, tree = read_network(path, shown)
    return network_from_tree(source, tree, os.path.splitext(os.path.basename(path))[0], os.path.dirname(path), level)


def read_network(path: str, shown: str) -> tuple[Source, YamlNode]:
    """Read a network file, or a model of another program as one."""
    from cnncalc.spec.reader import read, read_file

    return read(text_of(imported(path, shown)), shown) if path.endswith(MODELS) else read_file(path, shown)


def imported(path: str, shown: str) -> dict[str, Any]:
    """Return a model of another program as a mapping with the content of a network file."""
    from cnncalc.spec.opened import mapped

    if path.endswith(".onnx"):
        from cnncalc.importers.read_onnx import read_onnx as read
    else:
        from cnncalc.importers.read_keras import read_keras as read
    return read(mapped(path, shown, LIMITS.model_bytes), shown)


def network_from_tree(source: Source, tree: YamlNode, id: str, base: str | None, level: int = 0) -> Network:
    """Build a network from a YAML tree; `like` and `use` are looked up in the folder `base` (if any) and in the catalogue."""
    from cnncalc.spec.parser import parse

    if any(key.text == "use" for key in getattr(tree, "keys", ())):
        from cnncalc.spec.libraries import Libraries

        libraries = Libraries()
        network = parse(source, tree, id, libraries.used(source, tree, base))
        network.written += libraries.written
    else:
        network = parse(source, tree, id)
    if network.like is None:
        return network
    if level >= LIMITS.likenesses:
        raise SpecError(Problem(f"more than {LIMITS.likenesses} files in a chain of 'like'", network.like.span))
    return _inherit(network, _parent(network.like, base, level))


def from_standard_input() -> Setting:
    """Read a network from standard input."""
    import sys

    from cnncalc.spec.reader import read

    with suppress(OSError):  # not a real file, in a test or under another program
        record_read(sys.stdin.fileno())
    source, tree = read(sys.stdin.buffer.read(LIMITS.file_bytes + 1), "<stdin>")
    return Setting(network_from_tree(source, tree, "stdin", None))


def from_mapping(network: Mapping[str, Any]) -> Setting:
    """Build a network from a Python mapping with the content of a file."""
    from cnncalc.spec.reader import read

    source, tree = read(text_of(network), "<mapping>")
    return Setting(network_from_tree(source, tree, "mapping", None))


def text_of(network: Mapping[str, Any]) -> str:
    """Return a mapping with the content of a file as text."""
    import json

    try:
        return json.dumps(_nothing_as_empty(network), indent=1, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise SpecError(Problem(f"a network is a mapping of texts, numbers and lists: {error}")) from None


def may_contain(name: str) -> bool:
    """Return whether the catalogue seems to have this network. Only searches the text of its files, which is faster than parsing."""
    return any(_candidates(name))


def _candidates(name: str) -> Iterator[str]:
    """Yield the files of the catalogue that may define a name. Only searches their text, which is faster than parsing."""
    if not name or not name.isprintable() or any(each in name for each in "/\\ :\"'"):
        return
    # A file that begins as the name does is tried first: resnet.yaml for resnet152.
    for path in sorted(files(), key=lambda path: not name.startswith(os.path.splitext(os.path.basename(path))[0])):
        if os.path.splitext(os.path.basename(path))[0] == name:
            yield path
            continue
        if f"\n  {name}:" in head(path):
            yield path


def _parent(like: Template, base: str | None, level: int) -> Setting:
    """Find the network named by `like`."""
    name = like.text
    try:
        if is_path(name):
            path, variant = split_path(name)
            network = load(within(path, base, ONLY), path, level + 1)
            if variant is not None and variant not in network.variants:
                raise SpecError(Problem(f"{path} has no variant {variant!r}", hint=_listed(network.variants)))
            return Setting(network, network.variants[variant] if variant is not None else None)
        for path in _candidates(name):
            network = load(path, os.path.basename(path), level + 1)
            if name in network.variants:
                return Setting(network, network.variants[name])
            if name == network.id and not network.variants:
                return Setting(network)
    except SpecError as error:
        if error.problems[0].span is None:
            raise SpecError(Problem(error.problems[0].message, like.span, error.problems[0].hint)) from None
        raise
    raise SpecError(Problem(f"no network {name!r} in the catalogue", like.span, suggestion(name, names())))


def _inherit(network: Network, parent: Setting) -> Network:
    """Merge a network with the one it is like; its own values take precedence."""
    base = parent.network
    params = {**base.params, **(parent.variant.params if parent.variant else {}), **network.params}
    unknown = [
        Problem(f"no param {name!r}", value.span, suggestion(name, params) or f"params: {listed_names(params)}")
        for variant in network.variants.values()
        for name, value in variant.params.items()
        if name not in params
    ]
    if unknown:
        raise SpecError(unknown)
    changes = {name: dict(fields) for name, fields in base.but.items()}
    for name, fields in network.but.items():
        changes.setdefault(name, {}).update(fields)
    return Network(
        network.id,
        network.source,
        network.about,
        network.input or (parent.variant.input if parent.variant else None) or base.input,
        params,
        network.variants,
        {**base.blocks, **network.blocks},
        network.layers or base.layers,
        None,
        changes,
        base.written + network.written,
    )


def _nothing_as_empty(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return {str(key): _nothing_as_empty(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_nothing_as_empty(each) for each in value]
    if isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def _listed(variants: Mapping[str, Variant]) -> str:
    return f"variants: {', '.join(variants)}" if variants else "it has no variants"
