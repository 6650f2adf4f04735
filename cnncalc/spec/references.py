"""Resolves what files name: other files in their folder, and parts of them."""

from __future__ import annotations

import os

from cnncalc.errors import Problem, SpecError
from cnncalc.spec.catalogue_index import MODELS, SUFFIXES


def is_path(name: str) -> bool:
    """Return whether a network or library is given by its path instead of its name."""
    path, _ = split_path(name)
    return os.sep in path or "/" in path or path.endswith((*SUFFIXES, *MODELS)) or path in (".", "..")


def split_path(name: str) -> tuple[str, str | None]:
    """Split `path:variant`, or `path:block`."""
    path, colon, part = name.rpartition(":")
    if colon and path.endswith(SUFFIXES):
        return path, part
    return name, None


def within(path: str, base: str | None, only: str) -> str:
    """Resolve a path in a sheet or file, following links; it must stay inside the folder. Without one, `only` says what is allowed."""
    if base is None:
        raise SpecError(Problem(f"{path}: a network without a file can only {only}"))
    whole, root = os.path.realpath(os.path.join(base, path)), os.path.realpath(base)
    try:
        inside = os.path.commonpath([whole, root]) == root
    except ValueError:  # another drive
        inside = False
    if not inside:
        raise SpecError(Problem(f"{path}: outside the folder of the file that names it"))
    return whole
