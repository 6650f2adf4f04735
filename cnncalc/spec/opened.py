"""Reads files, and records which ones, so that a result never overwrites them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    Identity = tuple[int, int]  # device and inode: identifies a file under all its names

_RECORD: ContextVar[set[Identity] | None] = ContextVar("read", default=None)


def read_content(path: str, most: int) -> bytes:
    """Read at most `most` bytes of a file or pipe."""
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
