"""Reads the wire format of protocol buffers: numbered fields, one after the other."""

from __future__ import annotations

from struct import unpack_from
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


class DamagedError(ValueError):
    """The bytes are no message; the text says where and why."""


class Part(NamedTuple):
    """A message, a text or packed numbers, as the range of its bytes."""

    data: Any  # bytes or a memory map
    start: int
    end: int

    def text(self) -> str:
        """Return it as text."""
        return bytes(self.data[self.start : self.end]).decode("utf-8", "replace")

    def fields(self) -> Iterator[tuple[int, Any]]:
        """Yield the number and the value of each field: an int, or a part."""
        data, at, end = self
        while at < end:
            key, at = varint(data, at, end)
            wire = key & 7
            if wire == VARINT:
                value, at = varint(data, at, end)
                yield key >> 3, value
                continue
            if wire == LENGTH:
                size, at = varint(data, at, end)
            elif wire in (FIXED32, FIXED64):
                size = 4 if wire == FIXED32 else 8
            else:
                raise DamagedError(f"byte {at}: no field begins with {key}")
            if size > end - at:
                raise DamagedError(f"byte {at}: a field of {size:,} bytes where {end - at:,} are left")
            yield key >> 3, Part(data, at, at + size)
            at += size

    def numbers(self) -> list[int]:
        """Return packed integers."""
        found: list[int] = []
        at = self.start
        while at < self.end:
            value, at = varint(self.data, at, self.end)
            found.append(signed(value))
        return found

    def unpacked(self, form: str) -> list[Any]:
        """Return numbers of a fixed width, in the notation of `struct`: "f", "d", "q"."""
        width = {"f": 4, "i": 4, "d": 8, "q": 8}[form]
        return list(unpack_from(f"<{(self.end - self.start) // width}{form}", self.data, self.start))


def varint(data: Any, at: int, end: int) -> tuple[int, int]:
    """Return an integer of variable length, and where it ends."""
    value = shift = 0
    while True:
        if at >= end:
            raise DamagedError(f"byte {at}: the file ends within a number")
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise DamagedError(f"byte {at}: a number of more than 64 bits")


def signed(value: int) -> int:
    """Return a 64-bit number with its sign."""
    return value - (1 << 64) if value >> 63 else value
