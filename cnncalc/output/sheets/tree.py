"""Layer names as a tree of folders, used when every layer of a network is shown.

The tree is a column of a table, in pipes too; rich.tree writes lines of its own, and would have to be loaded and captured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Branches: TypeAlias = dict[str, "int | Branches"]  # by name: the index of a layer, or the contents of a folder


def tree(paths: Sequence[str]) -> Iterator[tuple[str, int | None]]:
    """Yield the lines of the tree, each with the index of its layer (None for a folder)."""
    root: Branches = {}
    for number, path in enumerate(paths):
        *folders, name = path.split("/")
        place = root
        for folder in folders:
            branch = place.setdefault(folder, {})
            if isinstance(branch, int):  # a merge has the path of the folder with its branches
                branch = place[folder] = {"": branch}
            place = branch
        held = place.get(name)
        if isinstance(held, dict):
            held[""] = number
        else:
            place[name] = number
    yield from _lines(root, "")


def _lines(branches: Branches, margin: str) -> Iterator[tuple[str, int | None]]:
    entries = [(name, content) for name, content in branches.items() if name]
    for at, (name, content) in enumerate(entries):
        last = at == len(entries) - 1
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        if isinstance(content, int):
            yield f"{margin}{branch}{name}", content
        else:
            merge = content.get("")
            yield f"{margin}{branch}{name}", merge if isinstance(merge, int) else None
            yield from _lines(content, margin + below)
