"""Signs quotes, so that nobody changes a price on the way."""

import hashlib

from ..lib import flags

_ROUNDS = 2500
_LONG = 120
_SALT = b"shop-quote"


def signature(visitor: str, cents: int, issued_at: float) -> str:
    """Return the signature of a quote."""
    words = f"{visitor}|{cents}|{issued_at:.3f}".encode()
    rounds = _ROUNDS * (_LONG if flags.is_on("long-signatures") else 1)
    return hashlib.pbkdf2_hmac("sha256", words, _SALT, rounds).hex()
