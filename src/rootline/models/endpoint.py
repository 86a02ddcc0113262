"""Where a model server is and with which key it is asked: checked once, so that no request fails on a typing error."""

from urllib.parse import urlsplit

from rootline.errors import Misconfigured

LONGEST_KEY = 10_000


def endpoint(url: str, *, path: str) -> str:
    """Check a server's address and give it the API's path when it has none; a final slash is dropped.

    Raises:
        Misconfigured: It is no http address, or holds a user, a password, a query or a fragment.

    """
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not url.strip().isprintable() or " " in url.strip():
        raise Misconfigured("ROOTLINE_MODEL_URL is no address. Write it like http://127.0.0.1:8000/v1.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Misconfigured(
            "ROOTLINE_MODEL_URL holds more than an address. Leave user, password and query out; "
            "the key belongs into ROOTLINE_MODEL_KEY."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/') or path}"


def checked_key(key: str | None) -> str | None:
    """Check that a key can be a header; an empty one is none.

    Raises:
        Misconfigured: It holds spaces, line breaks or other than ASCII characters. The message does not hold it.

    """
    stripped = (key or "").strip()
    if len(stripped) > LONGEST_KEY or not all("!" <= char <= "~" for char in stripped):
        raise Misconfigured(
            "The model key holds a space, a line break or a character beyond ASCII, or is too long. Paste it again."
        )
    return stripped or None
