"""Reads the blocks that a file uses from libraries: files of the catalogue or of its own folder that have blocks only."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, Span, SpecError, suggestion
from cnncalc.limits import LIMITS
from cnncalc.spec.catalogue_index import LIBRARIES, SUFFIXES, folder, library_names
from cnncalc.spec.model import UsedBlocks
from cnncalc.spec.nodes import Mapping, Scalar, Sequence
from cnncalc.spec.references import is_path, split_path, within
from cnncalc.spec.values import listed_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnncalc.errors import Source
    from cnncalc.layers import Layer
    from cnncalc.spec.model import Block
    from cnncalc.spec.nodes import YamlNode

WORD = re.compile(r"[^\W\d]\w*")
TOO_MANY = f"more than {LIMITS.libraries} libraries"


class Library:
    """The blocks of a file and those that it uses, and the nodes of its own."""

    __slots__ = ("blocks", "nodes")

    def __init__(self, blocks: dict[str, Block], nodes: dict[str, YamlNode]) -> None:
        self.blocks = blocks
        self.nodes = nodes

    def only(self, name: str) -> dict[str, Block]:
        """Return one block and those that it uses."""
        names = [name]
        for each in names:
            words = set(_words(self.nodes[each])) if each in self.nodes else ()
            names += [word for word in self.blocks if word in words and word not in names]
        return {each: self.blocks[each] for each in names}


class Libraries:
    """The libraries that a network uses. Each is read once, however often it is named."""

    def __init__(self) -> None:
        self.written = 0  # steps in their files
        self.made: dict[tuple[Any, ...], Layer] = {}  # layers by their fields, shared with the network
        self._opened = 0  # files, also those with mistakes
        self._read: dict[str, Library] = {}
        self._reading: list[tuple[str, str]] = []  # files that are being read, each used by the one before, and their names in messages

    def used(self, source: Source, tree: YamlNode, base: str | None) -> UsedBlocks:
        """Return the blocks that the key `use` of a file brings in."""
        blocks: dict[str, Block] = {}
        problems: list[Problem] = []
        pairs = zip(tree.keys, tree.values, strict=True) if isinstance(tree, Mapping) else ()
        node = next((value for key, value in pairs if key.text == "use"), None)
        items = node.items if isinstance(node, Sequence) else [] if node is None else [node]
        if len(items) > LIMITS.libraries:
            problems.append(Problem(TOO_MANY, Span(source, items[LIMITS.libraries].at)))
        for item in items[: LIMITS.libraries]:
            text = item.text if isinstance(item, Scalar) else ""
            span = Span(source, item.at, len(text) or 1)
            if not text:
                problems.append(Problem("use: expected the name or path of a library, or a list of them", span, _known()))
                continue
            try:
                found = self._find(text, source, base)
            except SpecError as error:
                problems += [Problem(each.message, each.span or span, each.hint) for each in error.problems]
                continue
            for name, block in found.items():
                if blocks.setdefault(name, block) is not block:
                    both = f"{blocks[name].source.name} and {block.source.name}"
                    problems.append(Problem(f"block {name!r} is in two libraries: {both}", span, f"{text}:BLOCK brings in one block only"))
        different = {(problem.place, problem.message): problem for problem in problems}  # a file with mistakes may be used by several
        return UsedBlocks(blocks, list(different.values()), self.made)

    def blocks(self, path: str) -> list[str]:
        """Return the names of the blocks in a file."""
        return list(self._library(os.path.realpath(path), path).nodes)

    def _find(self, text: str, source: Source, base: str | None) -> dict[str, Block]:
        """Return the blocks of a library, by its name or path, or one of them."""
        if is_path(text):
            path, block = split_path(text)
            shown = os.path.join(os.path.dirname(source.name), path)
            library = self._library(within(path, base, "use libraries of the catalogue"), shown)
        else:
            name, colon, block_name = text.partition(":")
            block = block_name if colon else None
            path = os.path.join(folder(), LIBRARIES, name + SUFFIXES[0])
            if not name.isidentifier() or not os.path.isfile(path):
                beside = [name + suffix for suffix in SUFFIXES if base is not None and os.path.isfile(os.path.join(base, name + suffix))]
                hint = f"give a file by its path: {beside[0]}" if beside else suggestion(name, library_names()) or _known()
                raise SpecError(Problem(f"no library {name!r} in the catalogue", hint=hint))
            shown = f"{LIBRARIES}/{name}{SUFFIXES[0]}"
            library = self._library(path, shown)
        if block is None:
            return library.blocks
        if block not in library.nodes:
            hint = suggestion(block, library.nodes) or f"blocks: {listed_names(library.nodes)}"
            raise SpecError(Problem(f"{shown} has no block {block!r}", hint=hint))
        return library.only(block)

    def _library(self, path: str, shown: str) -> Library:
        """Read a library, unless it has been read."""
        from cnncalc.spec.parser import FileParser, is_network
        from cnncalc.spec.reader import read_file

        if path in self._read:
            return self._read[path]
        files = [file for file, _ in self._reading]
        if path in files:
            circle = [*(name for _, name in self._reading[files.index(path) :]), shown]
            raise SpecError(Problem(f"{shown} uses itself: {' → '.join(circle)}", hint="move what both need into a library of its own"))
        self._opened += 1
        if self._opened > LIMITS.libraries:
            raise SpecError(Problem(TOO_MANY))
        source, tree = read_file(path, shown)
        if is_network(tree):
            raise SpecError(Problem(f"{shown} is a network, not a library", hint="move its blocks into a file of their own"))
        self._reading.append((path, shown))
        try:
            used = self.used(source, tree, os.path.dirname(path))
        finally:
            self._reading.pop()
        file = FileParser(source, used)
        blocks = file.library(tree)
        if file.problems:
            raise SpecError(file.problems)
        self.written += len(file.places)
        library = self._read[path] = Library({**used.blocks, **blocks}, file.nodes)
        return library


def _known() -> str:
    return f"libraries: {', '.join(library_names())}"


def _words(node: YamlNode) -> Iterator[str]:
    """Yield the words in a node."""
    if isinstance(node, Scalar):
        yield from WORD.findall(node.text)
    else:
        for child in node.items if isinstance(node, Sequence) else (*node.keys, *node.values):
            yield from _words(child)
