"""Words that come from a list: the one that is meant, those that +a,-b adds and removes, and the nearest where there is none."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError, plain, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_ALIASES: Mapping[str, str] = MappingProxyType({})


def choose(word: str, known: Iterable[str], what: str, aliases: Mapping[str, str] = NO_ALIASES) -> str:
    """The known word that is meant, however it is written; a SpecError that names the nearest where there is none."""
    words = list(known)
    spelled = {plain(each): each for each in words}
    aliased = {plain(alias): name for alias, name in aliases.items() if name in words}
    name = plain(word)
    if name in spelled:
        return spelled[name]
    if name in aliased:
        return aliased[name]
    hint = suggestion(word, [*words, *(alias for alias, name in aliases.items() if name in words)]) or f"known: {', '.join(words)}"
    raise SpecError(Problem(f"no {what} {word!r}", hint=hint))


def chosen(
    asked: str | None, default: Iterable[str], known: Iterable[str], what: str = "column", aliases: Mapping[str, str] = NO_ALIASES
) -> list[str]:
    """The words of an option: a,b for these, +a,b and -c for the default with more and without some."""
    words = (asked or "").replace(",", " ").split()
    names = list(known)
    found = list(default) if not words or words[0][0] in "+-" else []
    for word in words:
        name = choose(word.lstrip("+-"), names, what, aliases)
        if word[0] == "-":
            found = [each for each in found if each != name]
        elif name not in found:
            found.append(name)
    if not found:
        raise SpecError(Problem(f"no {what} is left", hint=f"known: {', '.join(names)}"))
    return found
