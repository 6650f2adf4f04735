"""Writes a file atomically."""

from __future__ import annotations

import os
from contextlib import suppress
from stat import S_ISCHR, S_ISDIR, S_ISREG
from typing import TYPE_CHECKING

from cnncalc.errors import Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Collection

OPEN = ("/dev/fd", "/proc/self/fd")  # folders of open descriptors


def write(path: str, content: str | bytes, protect: Collection[tuple[int, int]] = ()) -> None:
    """Write a file through a temporary file that is renamed. Files in `protect` (device, number) are not overwritten."""
    data = content.encode(errors="backslashreplace") if isinstance(content, str) else content
    try:
        status = _found(path)
        if status is not None and (status.st_dev, status.st_ino) in protect:
            raise SpecError(Problem(f"{path}: this file was read for the result; it is not overwritten"))
        if not os.path.basename(path) or (status is not None and S_ISDIR(status.st_mode)):
            raise SpecError(Problem(f"{path}: a folder, not a file" if path else "-o: the name of a file is empty"))
        descriptor = _descriptor(path, status)
        if status is None or (S_ISREG(status.st_mode) and descriptor is None):
            _replace(os.path.realpath(path), data, status)  # of a symbolic link, the target is replaced
        else:  # a FIFO, /dev/null, /dev/stdout: no rename possible
            with open(path if descriptor is None else descriptor, "wb", closefd=descriptor is None) as stream:
                stream.write(data)
    except BrokenPipeError:  # the reader closed its end, as with a shell pipe
        raise
    except (OSError, ValueError) as error:  # ValueError: NUL character in the path
        raise SpecError(Problem(f"{path}: cannot be written: {_reason(path, error)}")) from None


def make_folder(path: str) -> None:
    """Make a folder, if it is not there."""
    try:
        os.makedirs(path, exist_ok=True)
    except (OSError, ValueError) as error:
        raise SpecError(Problem(f"{path}: cannot be made: {_reason(path, error)}")) from None


def _found(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _descriptor(path: str, status: os.stat_result | None) -> int | None:
    """Return the open descriptor that the path names, such as /dev/stdout; reopening the file would truncate it."""
    folder, name = os.path.split(os.path.abspath(path))
    named = [int(name)] if folder in OPEN and name.isdecimal() else []
    for number in (*named, 1, 2):
        with suppress(OSError, OverflowError):
            if status is not None and not S_ISCHR(status.st_mode) and os.path.samestat(status, os.fstat(number)):
                return number
    return None


def _replace(path: str, data: bytes, status: os.stat_result | None) -> None:
    """Write a temporary file and rename it to the path, with the owner and permissions of the old file."""
    if status is not None and not os.access(path, os.W_OK):
        raise PermissionError(13, "Permission denied")
    beside = os.path.join(os.path.dirname(path), f".cnncalc-{os.urandom(6).hex()}.tmp")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666 if status is None else 0o600)
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        if status is not None:
            with suppress(OSError, AttributeError):  # not permitted for another user's file, and missing on Windows
                os.chown(beside, status.st_uid, status.st_gid)
            os.chmod(beside, status.st_mode & 0o777)
        os.replace(beside, path)
    except BaseException:  # including Ctrl-C: leave no partial file
        with suppress(OSError):
            os.unlink(beside)
        raise


def _reason(path: str, error: OSError | ValueError) -> str:
    """Return the reason of an error; for a missing folder, name the folder."""
    folder = os.path.dirname(path)
    if isinstance(error, FileNotFoundError) and folder and not os.path.isdir(folder):
        return f"there is no folder {folder!r}"
    return getattr(error, "strerror", None) or str(error)
