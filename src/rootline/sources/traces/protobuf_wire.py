"""Walks a protobuf message field by field without building it, so that a small body cannot become a large object.

Source: protobuf.dev, "Encoding": tags, varints and length-delimited fields. Groups, which were given up, are skipped.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

VARINT, FIXED64, DELIMITED, START, END, FIXED32 = range(6)
_DEEPEST = 100
MOST_FIELDS = 100_000
"""Source: ours; five times as many as spans are taken at once, and walked in a tenth of a second."""
_LONGEST_VARINT = 10
_WIDTHS = {FIXED64: 8, FIXED32: 4}


class NotProtobuf(ValueError):
    """The bytes are no message."""


class TooManyFields(NotProtobuf):
    """The bytes may be a message, but none that anybody would send."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it stands in the message: `whole` is with its tag, `inside` what a length delimits, else nothing."""

    number: int
    kind: int
    whole: memoryview
    inside: memoryview


_NOTHING = memoryview(b"")


def fields(message: memoryview) -> Iterator[Field]:
    """Yield the fields of a message in their order.

    Raises:
        NotProtobuf: A field breaks off, or has a kind that there is not.
        TooManyFields: There are more than anyone writes; those before were yielded.

    """
    at = 0
    for _ in range(MOST_FIELDS):
        if at >= len(message):
            return
        number, kind, begin, end = _next(message, at)
        if kind == START:
            end = _end_of_group(message, begin, number)
        elif kind == END:
            raise NotProtobuf("a group ends that did not begin")
        yield Field(number, kind, message[at:end], message[begin:end] if kind == DELIMITED else _NOTHING)
        at = end
    if at < len(message):
        raise TooManyFields(f"one message in it has more than {MOST_FIELDS:,} fields")


def _next(message: memoryview, at: int) -> tuple[int, int, int, int]:
    """Return the number and kind of a field, and where what it says begins and ends; a group's is not looked for."""
    tag, begin = _varint(message, at)
    number, kind = tag >> 3, tag & 7
    end = begin
    if kind == VARINT:
        _, end = _varint(message, begin)
    elif kind == DELIMITED:
        length, begin = _varint(message, begin)
        end = begin + length
    elif kind in _WIDTHS:
        end = begin + _WIDTHS[kind]
    elif kind not in {START, END}:
        raise NotProtobuf(f"a field has the kind {kind}")
    if end > len(message) or number == 0:
        raise NotProtobuf("a field breaks off, or has no number")
    return number, kind, begin, end


def _end_of_group(message: memoryview, at: int, number: int) -> int:
    """Return where a group ends, with those inside of it."""
    open_ones = [number]
    while open_ones:
        inner, kind, _, at = _next(message, at)
        if kind == START:
            open_ones.append(inner)
        elif kind == END and open_ones.pop() != inner:
            raise NotProtobuf("a group ends that did not begin")
        if len(open_ones) > _DEEPEST:
            raise NotProtobuf("groups are too deep")
    return at


def delimited(message: memoryview, number: int) -> Iterator[memoryview]:
    """Yield what one field of a message delimits, each time that it is there."""
    return (one.inside for one in fields(message) if one.number == number and one.kind == DELIMITED)


def kept(message: memoryview, keeps: Callable[[Field], bytes | memoryview]) -> bytes:
    """Return the message with each field as `keeps` wants it, which may be nothing of it; of too many, the first."""
    made = bytearray()
    with suppress(TooManyFields):
        for one in fields(message):
            made += keeps(one)
    return bytes(made)


def written(number: int, inside: bytes) -> bytes:
    """Write a length-delimited field."""
    return _as_varint(number << 3 | DELIMITED) + _as_varint(len(inside)) + inside


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Read a number, and return it with where it ends."""
    number = 0
    for place, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:  # noqa: PLR2004 the bit that says that more follows
            return number, at + place + 1
    raise NotProtobuf("a number breaks off")


def _as_varint(number: int) -> bytes:
    rest, made = number, bytearray()
    while rest >= 0x80:  # noqa: PLR2004 see above
        made.append(rest & 0x7F | 0x80)
        rest >>= 7
    return bytes([*made, rest])
