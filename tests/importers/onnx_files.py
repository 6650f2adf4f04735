"""Writes small ONNX files for tests, without the onnx package."""

from __future__ import annotations

from struct import pack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FLOAT, INT64 = 1, 7


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def field(number: int, value: Any) -> bytes:
    """A number, or the bytes of a text or message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + pack("<f", value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(name: str, dims: Sequence[int], values: Sequence[int] | None = None) -> bytes:
    """A float tensor without data, or one of int64 with values."""
    data = b"" if values is None else field(9, pack(f"<{len(values)}q", *values))
    return b"".join(field(1, size) for size in dims) + field(2, FLOAT if values is None else INT64) + field(8, name) + data


def node(operator: str, inputs: Iterable[str], outputs: Iterable[str], *, name: str = "", domain: str = "", **attributes: Any) -> bytes:
    found = b"".join([field(1, each) for each in inputs] + [field(2, each) for each in outputs])
    found += field(3, name or next(iter(outputs), operator)) + field(4, operator) + (field(7, domain) if domain else b"")
    for key, value in attributes.items():
        if isinstance(value, (list, tuple)):
            inside = b"".join(field(8, each) for each in value)
        else:
            inside = field(3 if isinstance(value, int) else 2 if isinstance(value, float) else 5 if isinstance(value, bytes) else 4, value)
        found += field(5, field(1, key) + inside)
    return found


def value(name: str, shape: Iterable[int | str]) -> bytes:
    dims = b"".join(field(1, field(1 if isinstance(size, int) else 2, size)) for size in shape)
    return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, dims)))


def function(name: str, inputs: Iterable[str], outputs: Iterable[str], nodes: Iterable[bytes], domain: str = "local") -> bytes:
    parts = [field(1, name), field(10, domain), *[field(4, each) for each in inputs], *[field(5, each) for each in outputs]]
    return b"".join(parts + [field(7, each) for each in nodes])


def model(
    nodes: Iterable[bytes],
    inputs: Mapping[str, Sequence[int | str]],
    outputs: Iterable[str],
    tensors: Iterable[bytes] = (),
    *,
    stated: Mapping[str, Sequence[int | str]] | None = None,
    functions: Iterable[bytes] = (),
) -> bytes:
    graph = b"".join(
        [
            *[field(1, each) for each in nodes],
            field(2, "main_graph"),
            *[field(5, each) for each in tensors],
            *[field(11, value(name, shape)) for name, shape in inputs.items()],
            *[field(12, field(1, name)) for name in outputs],
            *[field(13, value(name, shape)) for name, shape in (stated or {}).items()],
        ]
    )
    return field(1, 8) + field(7, graph) + field(8, field(2, 17)) + b"".join(field(25, each) for each in functions)
