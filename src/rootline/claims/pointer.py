"""JSON pointers, read with bounds, because whoever writes a claim is not trusted."""

from pydantic import JsonValue

from rootline.errors import ToolFault

LONGEST = 300
DEEPEST = 12
_LONGEST_INDEX = 9


class Unresolved(ToolFault):
    """The pointer leads nowhere."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(f"{pointer[:LONGEST]!r} leads nowhere: {reason}. Ask for the evidence and point into it.")
        self.reason = reason


def pointer_to(*tokens: str | int) -> str:
    """Write the pointer that leads through these keys and indices.

    Source: RFC 6901, section 3: `~` is written `~0` and `/` is written `~1`.
    """
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def tokens_of(pointer: str) -> tuple[str, ...]:
    """Split a pointer into its unescaped keys and indices; the empty pointer is the whole document.

    Raises Unresolved when it is over 300 characters or 12 levels, lacks its first slash, or has a stray `~`.

    Source: RFC 6901, sections 3 and 4: `~1` is undone before `~0`.
    """
    if len(pointer) > LONGEST:
        raise Unresolved(pointer, f"it is longer than {LONGEST} characters")
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise Unresolved(pointer, "it does not begin with /")
    parts = pointer[1:].split("/")
    if len(parts) > DEEPEST:
        raise Unresolved(pointer, f"it is deeper than {DEEPEST} levels")
    if any("~" in part.replace("~0", "").replace("~1", "") for part in parts):
        raise Unresolved(pointer, "a ~ stands for nothing")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)


def index_of(token: str) -> int | None:
    """Read an array index: ASCII digits without a leading zero, None for anything else.

    Source: RFC 6901, section 4. `-`, the place behind the end, never holds a value.
    """
    is_number = token.isascii() and token.isdecimal() and len(token) <= _LONGEST_INDEX
    return int(token) if is_number and (token == "0" or token[0] != "0") else None  # noqa: S105 (an index, no secret)


def resolve(document: JsonValue, pointer: str) -> JsonValue:
    """Return the value the pointer leads to, or raise Unresolved."""
    value = document
    for token in tokens_of(pointer):
        value = _step(value, token, pointer)
    return value


def _step(value: JsonValue, token: str, pointer: str) -> JsonValue:
    if isinstance(value, dict):
        if token not in value:
            raise Unresolved(pointer, f"there is no {token[:40]!r}")
        return value[token]
    if isinstance(value, list):
        index = index_of(token)
        if index is None or index >= len(value):
            raise Unresolved(pointer, f"the list has {len(value)} entries and no {token[:40]!r}")
        return value[index]
    raise Unresolved(pointer, f"{token[:40]!r} would be inside a plain value")
