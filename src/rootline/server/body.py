"""Reads the body of a request: bounded before and after it is unpacked, JSON of bounded size and depth."""

import zlib
from http import HTTPStatus
from typing import Any

from starlette.requests import Request

from rootline.server.problem import Problem
from rootline.sources.parsing import TooMuch, parse

JSON = "application/json"
LARGEST_BODY = 4 * 2**20
"""Source: ours; a delivery of a thousand alerts is about 1 MB."""
DEEPEST = 32
"""Source: ours; the deepest documented payload of a vendor has eight levels."""
_GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request) -> bytes:
    """Return the body as it was signed: unpacked from gzip where it says so.

    Raises:
        Problem: 413 when it is larger than LARGEST_BODY, packed or not; 415 when it is packed in another way.

    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", ""}:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_encoding",
            f"The content encoding {encoding[:40]!r} is not read. Send the body plain or as gzip.",
        )
    packed = bytearray()
    async for piece in request.stream():
        packed += piece
        if len(packed) > LARGEST_BODY:
            raise _too_large()
    return _unpacked(bytes(packed)) if encoding == "gzip" else bytes(packed)


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(_GZIP)
    try:
        body = unpacking.decompress(packed, LARGEST_BODY + 1)
    except zlib.error as bad:
        raise Problem(HTTPStatus.BAD_REQUEST, "body_not_gzip", "The body says it is gzip and is not.") from bad
    if len(body) > LARGEST_BODY:
        raise _too_large()
    if not unpacking.eof:
        raise Problem(HTTPStatus.BAD_REQUEST, "body_not_gzip", "The gzip body ends too early. Send it again, whole.")
    return body


def _too_large() -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        f"A body is read up to {LARGEST_BODY // 2**20} MiB. Send fewer at once.",
    )


def refuse_other_types(request: Request, *, hint: str = "") -> None:
    """Raise a Problem (415) unless the request says that it is JSON."""
    kind = media_type(request)
    if kind != JSON:
        raise unread_type(kind, f"Send {JSON}.{f' {hint}' if hint else ''}")


def media_type(request: Request) -> str:
    """Return what a request says that its body is, without parameters; empty where it does not say."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def unread_type(kind: str, hint: str) -> Problem:
    """Return the refusal of a body of another kind; `hint` says what to send."""
    detail = f"The content type {kind[:60] or 'is missing and'!r} is not read here. {hint}"
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)


def parsed(body: bytes) -> Any:
    """Return the JSON of a body.

    Raises:
        Problem: 400 when it is no JSON or is nested too deeply, 413 when it holds more values than are read at once.

    """
    try:
        found = parse(bytearray(body))
    except TooMuch as bad:
        detail = "The body holds more JSON values than are read at once. Send fewer at once."
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", detail) from bad
    except ValueError as bad:
        raise Problem(HTTPStatus.BAD_REQUEST, "body_not_json", "The body is no JSON in UTF-8.") from bad
    if _is_deeper(found, DEEPEST):
        raise Problem(HTTPStatus.BAD_REQUEST, "json_too_deep", f"The JSON is nested more than {DEEPEST} deep.")
    return found


def _is_deeper(value: Any, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [one for one in value.values() if isinstance(one, dict | list)]
    return [one for one in value if isinstance(one, dict | list)] if isinstance(value, list) else []
