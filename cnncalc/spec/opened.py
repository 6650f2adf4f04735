"""Reads files, and records which ones, so that a result never overwrites them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import TYPE_CHECKING, Any

from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    Identity = tuple[int, int]  # device and inode: identifies a file under all its names

NEIGHBOURS = 10_000  # file names considered for a suggestion
_RECORD: ContextVar[set[Identity] | None] = ContextVar("read", default=None)


def read_bytes(path: str | os.PathLike[str], shown: str, most: int = LIMITS.file_bytes) -> bytes:
    """Read a file of at most so many bytes; a SpecError calls it `shown`."""
    data: bytes = mapped(path, shown, most, map=False)
    return data


def mapped(path: str | os.PathLike[str], shown: str, most: int, *, map: bool = True) -> Any:
    """Return the bytes of a file, with `map` without reading those that are not used."""
    try:
        data = read_content(os.fspath(path), most + 1, map=map)
    except FileNotFoundError:
        raise SpecError(Problem(f"{shown}: no such file", hint=_neighbour(os.fspath(path), os.path.dirname(shown)))) from None
    except IsADirectoryError:
        raise SpecError(Problem(f"{shown}: a folder, not a file")) from None
    except (OSError, ValueError) as error:
        raise SpecError(Problem(f"{shown}: cannot be read: {getattr(error, 'strerror', None) or error}")) from None
    if len(data) > most:
        raise SpecError(Problem(f"{shown}: too large: more than {most // 2**20} MiB"))
    return data


def _neighbour(path: str, shown: str) -> str:
    """Suggest a similar file for a missing one, or report a missing folder under its name in messages."""
    folder, wanted = os.path.split(path)
    try:
        with os.scandir(folder or ".") as entries:
            return suggestion(wanted, [entry.name for entry in islice(entries, NEIGHBOURS)])
    except OSError:
        return f"the folder {shown!r} does not exist" if folder and not os.path.exists(folder) else ""


def read_content(path: str, most: int, *, map: bool = False) -> Any:
    """Read at most `most` bytes of a file or pipe; with `map`, a file is mapped into memory."""
    from stat import S_ISDIR, S_ISFIFO, S_ISREG

    if "\0" in path:  # Python's own message depends on its version
        raise ValueError("a file name cannot contain a NUL character")
    # Without O_NONBLOCK, opening a FIFO would wait for a writer; with it, one without a writer is empty.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if S_ISDIR(mode):
            raise IsADirectoryError
        if S_ISFIFO(mode):  # /dev/stdin, and what <(command) is in a shell
            os.set_blocking(handle, True)
        elif not S_ISREG(mode):
            raise ValueError("a device, not a file")
        record_read(handle)
        if map and S_ISREG(mode) and os.fstat(handle).st_size:
            from mmap import ACCESS_READ, mmap

            return mmap(handle, 0, access=ACCESS_READ)
        with open(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def record_read(file: str | int) -> None:
    """Record that a file (path or descriptor) is read."""
    record = _RECORD.get()
    if record is not None:
        record.add(identity(os.stat(file)))


def identity(status: os.stat_result) -> Identity:
    """Return what identifies a file under all its names."""
    return status.st_dev, status.st_ino


@contextmanager
def recording() -> Iterator[None]:
    """Record which files are read inside this context."""
    token = _RECORD.set(set())
    try:
        yield
    finally:
        _RECORD.reset(token)


def files_read() -> Collection[Identity]:
    """Return the files read so far."""
    return _RECORD.get() or ()
