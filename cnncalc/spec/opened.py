"""Reads files, and records which ones, so that a result never overwrites them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    Identity = tuple[int, int]  # of a file, whatever it is called: its device and its number there

_RECORD: ContextVar[set[Identity] | None] = ContextVar("read", default=None)


def content(path: str, most: int) -> bytes:
    """The bytes of a file or a pipe, so many at most."""
    from stat import S_ISDIR, S_ISFIFO, S_ISREG

    if "\0" in path:  # versions of Python call this by different words
        raise ValueError("no file has a NUL character in its name")
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
        note(handle)
        with open(handle, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(handle)


def note(file: str | int) -> None:
    """A file is read, by its path or as a descriptor."""
    record = _RECORD.get()
    if record is not None:
        record.add(identity(os.stat(file)))


def identity(found: os.stat_result) -> Identity:
    """What a file is known by under all its names."""
    return found.st_dev, found.st_ino


@contextmanager
def recorded() -> Iterator[None]:
    """Inside, it is written down which files are read."""
    token = _RECORD.set(set())
    try:
        yield
    finally:
        _RECORD.reset(token)


def known() -> Collection[Identity]:
    """The files that were read so far."""
    return _RECORD.get() or ()
