"""Keys under which the same thing told twice is one row, whatever characters a vendor's own key is made of."""

import hashlib
from collections.abc import Mapping


def key_of(*parts: str) -> str:
    """Return the SHA-256, in hexadecimal, of parts that no other parts can be mistaken for."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode(errors="surrogatepass")
        whole.update(len(raw).to_bytes(8, "big") + raw)
    return whole.hexdigest()


def key_of_labels(labels: Mapping[str, str]) -> str:
    """Return what an alert is known by where its sender does not say."""
    return key_of(*(part for pair in sorted(labels.items()) for part in pair))
