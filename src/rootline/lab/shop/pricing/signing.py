"""Signs quotes, so that nobody changes a price on the way."""

import hashlib

_ROUNDS = 2500
_SALT = b"shop-quote"


def signature(visitor: str, cents: int, issued_at: float) -> str:
    """Return the signature of a quote."""
    words = f"{visitor}|{cents}|{issued_at:.3f}".encode()
    return hashlib.pbkdf2_hmac("sha256", words, _SALT, _ROUNDS).hex()
