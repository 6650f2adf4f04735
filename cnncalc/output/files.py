"""Results in files: a text goes in, the whole file is there, or nothing of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable


def write(path: str, content: str | bytes, protect: Iterable[str] = ()) -> None:
    """Write a file at once: beside its place first, then renamed. Files in `protect` are not overwritten."""
    data = content.encode() if isinstance(content, str) else content
    for known in protect:
        if os.path.exists(path) and os.path.exists(known) and os.path.samefile(path, known):
            raise SpecError(Problem(f"{path}: this is the file that was read; it is not overwritten"))
    if os.path.isdir(path):
        raise SpecError(Problem(f"{path}: a folder, not a file"))
    whole = os.path.realpath(path)  # behind a link, the file itself is replaced
    try:
        if os.path.exists(whole) and not os.path.isfile(whole):  # /dev/null, a FIFO: there is nothing to rename
            with open(whole, "wb") as device:
                device.write(data)
            return
        _replace(whole, data)
    except OSError as error:
        raise SpecError(Problem(f"{path}: cannot be written: {error.strerror or error}")) from None


def _replace(path: str, data: bytes) -> None:
    """A new file beside the place, then in its place."""
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.replace(beside, path)
    except BaseException:  # also on Ctrl-C, nothing half-written stays
        os.unlink(beside)
        raise
