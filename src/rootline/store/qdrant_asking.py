"""Asks Qdrant, whose client has errors of several kinds, and fails as every other source does."""

from collections.abc import Awaitable
from json import JSONDecodeError
from typing import Any, TypeVar

from pydantic import ValidationError
from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from rootline.sources.failure import SourceFailed

Answer = TypeVar("Answer")
_LONGEST = 200


async def answered(asking: Awaitable[Answer], *, advice: str) -> Answer:
    """Return what Qdrant answers.

    Raises:
        SourceFailed: It is away or refuses; the advice says what then helps.

    """
    try:
        return await asking
    except (ApiException, QdrantException, OSError, ValueError) as bad:  # the client's own checks raise ValueError
        happened = " ".join(_happened(bad).split())[:_LONGEST] or type(bad).__name__
        status = (bad.status_code or 0) if isinstance(bad, UnexpectedResponse) else 0
        raise SourceFailed("Qdrant", happened, advice, status=status) from bad


def _happened(bad: Exception) -> str:
    if isinstance(bad, UnexpectedResponse):
        return f"it answers {bad.status_code}: {_said(bad) or bad.reason_phrase}"
    if isinstance(bad, ResourceExhaustedResponse):
        return f"it answers 429: {bad.message or 'too many requests'}; it asks for {bad.retry_after_s} s of rest"
    if isinstance(bad, JSONDecodeError):
        return "it sent no JSON, as another program or a proxy would"
    if isinstance(bad, ResponseHandlingException):
        is_odd = isinstance(bad.source, ValidationError)
        return "its JSON is not that of Qdrant" if is_odd else str(bad.source) or type(bad.source).__name__
    return str(bad)


def _said(bad: UnexpectedResponse) -> str:
    """Return the reason that Qdrant gives, or else the beginning of what was sent."""
    try:
        told: Any = bad.structured()
    except (ValueError, RecursionError):
        return bad.content[:_LONGEST].decode(errors="replace")
    status = told.get("status") if isinstance(told, dict) else None
    return str(status.get("error", "")) if isinstance(status, dict) else ""
