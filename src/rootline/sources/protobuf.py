"""Protocol Buffers as they are on the wire: numbered fields of four kinds, read one by one and never beyond the end.

Source: protobuf.dev, "Encoding"; what is read is what OpenTelemetry needs, and groups, long deprecated, are refused.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Field = int | memoryview
Reader = Callable[[Field], Any]
Shape = Mapping[int, tuple[str, Reader]]
"""The fields of a message that are read: by number the name and how its value is. A list is named with `[]`."""

MOST_ITEMS = 1_000
"""Source: ours; of a list inside a message so many are kept, twenty-five times what a span shows."""
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LONGEST_VARINT = 10
_SIGN = 1 << 63


class NotProtobuf(ValueError):
    """The bytes are no message."""


def fields(data: memoryview) -> Iterator[tuple[int, Field]]:
    """Yield number and value of each field in order, or raise NotProtobuf."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield tag >> 3, value
            continue
        size = {_EIGHT: 8, _FOUR: 4}.get(kind, -1)
        if kind == _BYTES:
            size, at = _varint(data, at)
        if size < 0 or at + size > end or not tag >> 3:
            raise NotProtobuf(f"there is no field at byte {at}")
        piece = data[at : at + size]
        at += size
        yield tag >> 3, piece if kind == _BYTES else int.from_bytes(piece, "little")


def message(data: Field, shape: Shape) -> dict[str, Any]:
    """Read the fields of a message that the shape names; the last one of a name counts, but in a list."""
    found: dict[str, Any] = {}
    for number, value in fields(piece(data)):
        name, read = shape.get(number, ("", piece))
        if name.endswith("[]"):
            held = found.setdefault(name[:-2], [])
            if len(held) < MOST_ITEMS:
                held.append(read(value))
        elif name:
            found[name] = read(value)
    return found


def inside(shape: Shape) -> Reader:
    """Return a reader of messages of that shape."""
    return lambda value: message(value, shape)


def piece(value: Field) -> memoryview:
    """Read bytes."""
    if isinstance(value, int):
        raise NotProtobuf("a number stands where a message should")
    return value


def text(value: Field) -> str:
    """Read a text; what is no UTF-8 in it is replaced."""
    return str(piece(value), "utf-8", "replace")


def hexadecimal(value: Field) -> str:
    """Read bytes as hexadecimal digits."""
    return piece(value).hex()


def whole(value: Field) -> int:
    """Read a number that is not negative, of whichever width."""
    if isinstance(value, int):
        return value
    raise NotProtobuf("bytes stand where a number should")


def signed(value: Field) -> int:
    """Read a number that may be negative."""
    number = whole(value)
    return number - (_SIGN << 1) if number & _SIGN else number


def double(value: Field) -> float:
    """Read a floating-point number."""
    return float(struct.unpack("<d", whole(value).to_bytes(8, "little"))[0])


def truth(value: Field) -> bool:
    """Read a truth value."""
    return bool(whole(value))


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    number = 0
    for place in range(_LONGEST_VARINT):
        if at + place >= len(data):
            break
        byte = data[at + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 (the bit that says more follows)
            return number & 0xFFFF_FFFF_FFFF_FFFF, at + place + 1
    raise NotProtobuf(f"a number does not end at byte {at}")


def varint(number: int) -> bytes:
    """Write a number that is not negative."""
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 (seven bits a byte)
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])


def written(number: int, value: int | bytes) -> bytes:
    """Write one field: a number, or the bytes of a text or message."""
    if isinstance(value, int):
        return varint(number << 3 | _VARINT) + varint(value)
    return varint(number << 3 | _BYTES) + varint(len(value)) + value
