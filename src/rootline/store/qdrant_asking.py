"""Asks Qdrant, whose client has errors of several kinds, and fails as every other source does."""

from collections.abc import Awaitable
from typing import TypeVar

from qdrant_client.http.exceptions import ApiException

from rootline.sources.failure import SourceFailed

Answer = TypeVar("Answer")


async def answered(asking: Awaitable[Answer], *, advice: str) -> Answer:
    """Return what Qdrant answers.

    Raises:
        SourceFailed: It is away or refuses; the advice says what then helps.

    """
    try:
        return await asking
    except (ApiException, OSError, ValueError) as bad:  # the client's own checks raise ValueError
        happened = " ".join(str(bad).split())[:200] or type(bad).__name__
        raise SourceFailed("Qdrant", happened, advice) from bad
