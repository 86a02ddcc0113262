"""Row identifiers that sort by time."""

from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 74
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7(moment: datetime, randomness: int) -> UUID:
    """Make a version 7 UUID from a moment and at least 74 random bits.

    Source: RFC 9562, section 5.7.
    """
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    bits = randomness & ((1 << _RANDOM_BITS) - 1)
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


def made_at(identity: UUID) -> datetime:
    """Return the moment, to a millisecond, that a version 7 UUID was made of.

    Raises:
        ValueError: It is of another version, which tells none.

    """
    if identity.version != 7:  # noqa: PLR2004 the version that begins with a time
        raise ValueError(f"{identity} tells no time")
    return datetime.fromtimestamp((identity.int >> 80) / 1000, UTC)


def ulid(moment: datetime, randomness: int) -> str:
    """Make a ULID, 26 characters that sort by time, from a moment and at least 80 random bits.

    Source: the ULID specification, "Canonical String Representation".
    """
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    number = (milliseconds << 80) | (randomness & ((1 << 80) - 1))
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in range(25, -1, -1))
