"""Finds layers and folders by their path or an end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnncalc.errors import Span
    from cnncalc.graph.network_graph import Node

NAMED = 4  # matches listed in an error


class Finder:
    """Finds layers and folders in a list of nodes, which may grow. A layer comes before a folder of the same path."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self._spans: dict[str, slice] = {}  # by path of a layer or folder, its nodes
        self._paths: dict[str, list[str]] = {}  # by their last part
        self._indexed = 0

    def paths(self, text: str) -> list[str]:
        """Return the paths that a text matches: the one that it is, or else all that end in it."""
        text = text.rstrip("/")
        if self.span(text) is not None:
            return [text]
        return [path for path in self._paths.get(text.rpartition("/")[2], ()) if path.endswith(f"/{text}")]

    def span(self, path: str) -> slice | None:
        """Return the nodes of a layer with its branches, or of a folder; None if there is no such path."""
        for at in range(self._indexed, len(self.nodes)):
            each = self.nodes[at].path
            end = each.find("/")
            while end >= 0:
                self._add(each[:end], at)
                end = each.find("/", end + 1)
            self._add(each, at)
        self._indexed = len(self.nodes)
        return self._spans.get(path)

    def _add(self, path: str, at: int) -> None:
        known = self._spans.get(path)
        if known is None:
            self._paths.setdefault(path.rpartition("/")[2], []).append(path)
        self._spans[path] = slice(at if known is None else known.start, at + 1)  # a folder's nodes are next to each other

    def one(self, text: str, missing: str, span: Span | None = None, also: Iterable[str] = ()) -> str:
        """Return the one path that a text matches. The error `missing` suggests the nearest path, or a word in `also`."""
        matches = self.paths(text)
        if len(matches) == 1:
            return matches[0]
        if matches:
            listed = ", ".join(matches[:NAMED]) + (", ..." if len(matches) > NAMED else "")
            raise SpecError(Problem(f"{text!r} is ambiguous: {len(matches)} matches ({listed})", span, "write more of the path"))
        hint = suggestion(text, [*self._paths, *also, *self._spans])
        raise SpecError(Problem(missing, span, hint or "cnncalc show lists the layers"))
