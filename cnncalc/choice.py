"""Chooses words from a list: one word, or a list as in +a,-b; errors suggest the nearest word."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError, plain, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_ALIASES: Mapping[str, str] = MappingProxyType({})


def choose(word: str, known: Iterable[str], what: str, aliases: Mapping[str, str] = NO_ALIASES) -> str:
    """Return the known word for a typed one. Case and the difference between - and _ do not matter."""
    names = list(known)
    if word in names:
        return word
    same = {plain(name): name for name in names}
    found = same.get(plain(word)) or {plain(alias): name for alias, name in aliases.items()}.get(plain(word))
    if found is None:
        hint = suggestion(word, [*names, *aliases]) or f"known: {', '.join(names)}"
        raise SpecError(Problem(f"no {what} {word!r}", hint=hint))
    return found


def chosen(
    asked: str | None,
    default: Iterable[str],
    known: Iterable[str],
    what: str = "column",
    aliases: Mapping[str, str] = NO_ALIASES,
    always: str = "",
) -> list[str]:
    """Return the chosen words: `a,b` is exactly these, `+a,b,-c` adds a and b to the default and removes c.

    The word `always` is included unless it is removed by name.
    """
    words = (asked or "").replace(",", " ").split()
    names = list(known)
    found = list(default) if not words or words[0][0] in "+-" else []
    for word in words:
        name = choose(word[1:] if word[0] in "+-" else word, names, what, aliases)
        if word[0] == "-":
            found = [each for each in found if each != name]
        elif name not in found:
            found.append(name)
    if always and always not in found and not any(word[0] == "-" and choose(word[1:], names, what, aliases) == always for word in words):
        found.insert(0, always)
    if not found:
        raise SpecError(Problem(f"no {what} is left"))
    return found
