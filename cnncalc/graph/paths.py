"""Paths of layers: folders, names and counts."""

from __future__ import annotations


class Folder:
    """The names taken in a folder of paths, and how many steps of each word came so far."""

    __slots__ = ("counts", "prefix", "taken")

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.counts: dict[str, int] = {}
        self.taken: dict[str, object] = {}  # names, and the lists that gave them; None where a count did

    def count(self, name: str, word: str) -> str:
        """The next free name for a step without one, conv2, or for one that a loop takes several times, unit2."""
        number = self.counts.get(name, 0) + 1
        while (numbered := f"{name}{number}") in self.taken:
            number += 1
        self.counts[name] = number
        self.taken[numbered] = None
        if word != name:
            self.counts[word] = self.counts.get(word, 0) + 1
        return self.prefix + numbered

    def claim(self, name: str, word: str, owner: object) -> str | None:
        """A name as a list gives it, or None where it is taken; the step still counts among its kind.

        Lists without a name share the folder around them: the second `a` of another list is `a2`.
        """
        if name in self.taken:
            if owner is None or self.taken[name] in (None, owner):
                return None
            self.counts.setdefault(name, 1)
            return self.count(name, word)
        self.counts[word] = self.counts.get(word, 0) + 1
        self.taken[name] = owner
        return self.prefix + name


class Spot:
    """Where steps stand: the folder of their paths, and the variables of the loops around them that share it."""

    __slots__ = ("folder", "looped", "side")

    def __init__(self, folder: Folder, looped: frozenset[str] | None, *, side: bool) -> None:
        self.folder = folder
        self.looped = looped
        self.side = side

    def inside(self, path: str) -> Spot:
        """The folder of a named group, a branch or a block."""
        return Spot(Folder(path + "/"), None, side=self.side)

    def looping(self, variables: tuple[str, ...]) -> Spot:
        """The same folder inside a loop."""
        return Spot(self.folder, frozenset(variables) | (self.looped or frozenset()), side=self.side)

    def aside(self) -> Spot:
        """The same folder in an auxiliary head."""
        return Spot(self.folder, self.looped, side=True)


def is_called(name: str, path: str, written: str | None) -> bool:
    """Whether a name means a step: its path does, and of a step that is given a name its path's end, or the name as the file writes it."""
    if written is None or path == name:
        return path == name
    folder, _, last = name.rpartition("/")
    around, _, own = path.rpartition("/")
    return last in (own, written) and f"/{around}".endswith(f"/{folder}" if folder else "")
