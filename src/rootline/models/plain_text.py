"""Text and JSON from outside, made safe to store, to send on and to print."""

from pydantic import JsonValue

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """Join split surrogate pairs and replace what neither UTF-8 nor PostgreSQL can hold: lone surrogates and NUL."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", REPLACEMENT)


def plain_json(value: JsonValue) -> JsonValue:
    """Do the same to every string and key of a JSON value, whose depth the caller has bounded."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    if isinstance(value, dict):
        return {plain(key): plain_json(item) for key, item in value.items()}
    return value


def one_line(text: str, longest: int) -> str:
    """Bound a text and leave nothing in it that moves a cursor or breaks a line."""
    kept = "".join(char if char.isprintable() else " " for char in plain(text[: 4 * longest]))
    short = " ".join(kept.split())
    return short if len(short) <= longest else short[: longest - 1] + "…"
