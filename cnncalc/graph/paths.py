"""Paths of layers: folders, names and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from cnncalc.spec.model import Step, Template
    from cnncalc.spec.scope import Scope


class Folder:
    """The names used in a folder, and the number of steps so far for each word."""

    __slots__ = ("counts", "prefix", "taken")

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.counts: dict[str, int] = {}
        self.taken: dict[str, object] = {}  # names, with the list that each comes from; None for numbered names

    def count(self, name: str, word: str) -> str:
        """Return the next free numbered name, for a step without a name (conv2) or in a loop (unit2, enc1_2)."""
        number = self.counts.get(name, 0) + 1
        stem = f"{name}_" if name[-1:].isdecimal() else name  # enc1_2, since enc12 could be a name of its own
        while (numbered := f"{stem}{number}") in self.taken:
            number += 1
        self.counts[name] = number
        self.taken[numbered] = None
        if word != name:
            self.counts[word] = self.counts.get(word, 0) + 1
        return self.prefix + numbered

    def claim(self, name: str, word: str, owner: object) -> str | None:
        """Return the path of a name, or None if it is already used; the step still counts for its word.

        Lists without a name share the surrounding folder: a second `a` from another list is `a2`.
        """
        if name in self.taken:
            if owner is None or self.taken[name] in (None, owner):
                return None
            self.counts.setdefault(name, 1)
            return self.count(name, word)
        self.counts[word] = self.counts.get(word, 0) + 1
        self.taken[name] = owner
        return self.prefix + name


class StepContext:
    """The context of a step: the folder of its path, and the variables of the loops around it in this folder."""

    __slots__ = ("folder", "looped", "side")

    def __init__(self, folder: Folder, looped: frozenset[str] | None, *, side: bool) -> None:
        self.folder = folder
        self.looped = looped
        self.side = side

    def inside(self, path: str) -> StepContext:
        """Return the context inside a named group, a branch or a block."""
        return StepContext(Folder(path + "/"), None, side=self.side)

    def looping(self, variables: tuple[str, ...]) -> StepContext:
        """Return the context inside a loop."""
        return StepContext(self.folder, frozenset(variables) | (self.looped or frozenset()), side=self.side)

    def aside(self) -> StepContext:
        """Return the context inside an auxiliary head."""
        return StepContext(self.folder, self.looped, side=True)

    def path(self, step: Step, scope: Scope, owner: Scope, word: str) -> str:
        """Return the path of a step: its name, numbered in a loop, else its numbered word. `owner` is the scope of its list."""
        if step.name is None:
            path = self.folder.count(word, word)
        elif self.looped is not None and not (step.name.names & self.looped):
            path = self.folder.count(step.name.fill(scope), word)
        else:
            path = self.claim(step.name, step.name.fill(scope), word, owner if step.name.plain else None)
        if len(path) > LIMITS.path_characters:
            raise SpecError(Problem(f"a path of more than {LIMITS.path_characters:,} characters", step.span))
        return path

    def claim(self, template: Template, name: str, word: str = "", owner: Scope | None = None) -> str:
        """Return the path of a name that must be unique."""
        path = self.folder.claim(name, word, owner)
        if path is None:
            hint = "names are unique in their list" if template.plain else "use the variables of all loops around it, as in conv{block}-{i}"
            raise SpecError(Problem(f"the name {name!r} is given twice", template.span, hint))
        return path


def is_called(name: str, path: str, written: str | None) -> bool:
    """Return whether a name refers to a step: by its path or, for named steps, the end of its path or the name in the file."""
    if written is None or path == name:
        return path == name
    folder, _, last = name.rpartition("/")
    around, _, own = path.rpartition("/")
    return last in (own, written) and f"/{around}".endswith(f"/{folder}" if folder else "")
