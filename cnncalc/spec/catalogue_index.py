"""Lists the files and networks of the catalogue, without parsing their params and layers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError
from cnncalc.spec.opened import record_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cnncalc.spec.nodes import YamlNode

SUFFIXES = (".yaml", ".yml")
MODELS = (".onnx", ".keras", ".json")  # of other programs, read by cnncalc.importers
LIBRARIES = "blocks"  # the folder of the libraries


class CatalogueEntry:
    """A network of the catalogue: the metadata in its file."""

    __slots__ = ("file", "name", "paper", "published", "title", "year")

    def __init__(self, name: str, title: str, year: int | None, paper: str | None, file: str, published: Mapping[str, str]) -> None:
        self.name = name
        self.title = title
        self.year = year
        self.paper = paper
        self.file = file
        self.published = published


def folder() -> str:
    """Return the folder of the catalogue: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "architectures")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "architectures")


def files() -> list[str]:
    """Return the files of the catalogue."""
    try:
        with os.scandir(folder()) as found:
            paths = sorted(entry.path for entry in found if entry.name.endswith(SUFFIXES))
    except OSError as error:  # a zipped wheel has no folder
        message = f"{folder()}: the catalogue cannot be read: {error.strerror}"
        raise SpecError(Problem(message, hint="install cnncalc as a folder, as pip does; your own files can still be read")) from None
    for path in paths:
        record_read(path)
    return paths


def library_names() -> list[str]:
    """Return the names of the libraries of blocks."""
    try:
        with os.scandir(os.path.join(folder(), LIBRARIES)) as found:
            return sorted(entry.name.removesuffix(SUFFIXES[0]) for entry in found if entry.name.endswith(SUFFIXES[0]))
    except OSError:  # a zipped wheel has no folder
        return []


def head(path: str) -> str:
    """Return the text of a catalogue file up to its blocks and layers."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    ends = [at for key in ("defaults", "blocks", "layers", "but") if (at := text.find(f"\n{key}:")) >= 0]
    return text[: min(ends) + 1] if ends else text


def names() -> list[str]:
    """Return all names of the catalogue, in the order of the files."""
    return [entry.name for entry in entries()]


def entries() -> Iterator[CatalogueEntry]:
    """Yield the networks of the catalogue with their metadata; a variant completes its own from the file's."""
    from cnncalc.spec.reader import read

    for path in files():
        file = os.path.basename(path)
        whole = _contents(read(head(path), file)[1])
        variants = _contents(whole.get("variants"))
        whole["title"] = whole.pop("name", None)
        for name, variant in variants.items() or [(os.path.splitext(file)[0], None)]:
            about = {**whole, **_contents(variant)}
            title, year, paper = (_text(about.get(key)) for key in ("title", "year", "paper"))
            published = {key: text for key, node in _contents(about.get("published")).items() if (text := _text(node))}
            yield CatalogueEntry(name, title or name, int(year) if year else None, paper, file, published)


def _contents(node: YamlNode | None) -> dict[str, YamlNode | None]:
    """Return the values of a mapping by their keys; nothing for other nodes."""
    from cnncalc.spec.nodes import Mapping

    return {key.text: value for key, value in zip(node.keys, node.values, strict=True)} if isinstance(node, Mapping) else {}


def _text(node: YamlNode | None) -> str | None:
    """Return a text on one line; None for other nodes."""
    from cnncalc.spec.nodes import Scalar

    return " ".join(node.text.split()) if isinstance(node, Scalar) else None
