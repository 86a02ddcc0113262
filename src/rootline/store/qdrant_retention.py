"""Lets go of what investigations left in Qdrant long ago, as PostgreSQL does with its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from rootline.domain.identity import made_at
from rootline.store.documents import Collection
from rootline.store.limits import Limits
from rootline.store.qdrant_asking import answered
from rootline.store.retention import Forgotten, Retention

PAGE = 1_000
DIFFS: Collection = "git_diff_chunks"
SUMMARIES: Collection = "incident_summaries"
ADVICE = "What is old there is left for the next time."
_asked = partial(answered, advice=ADVICE)


@dataclass(frozen=True, kw_only=True)
class QdrantRetention:
    """One tenant's; `rows` is where its other rows are, which are let go of first."""

    client: AsyncQdrantClient
    tenant: UUID
    rows: Retention

    async def forget(self, limits: Limits) -> Forgotten:
        """Let go of rows, then of hunks that were written and of answers in short that were given before the limits.

        Raises:
            SourceFailed: Qdrant is away; what is done is done, and repeating it goes on.
            StoreUnreachable: The database is.

        """
        gone = await self.rows.forget(limits)
        counts = dict(gone.counts)
        counts["diffs in Qdrant"] = await self._forget_diffs(limits)
        counts["answers in Qdrant"] = await self._forget_answers(limits)
        return Forgotten(counts=counts)

    async def _forget_diffs(self, limits: Limits) -> int:
        """Remove hunks by the day on which they were written; one of which that is not known stays."""
        day = limits.seen.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        old = q.FieldCondition(key="authored_at", range=q.DatetimeRange(lt=day))
        return await self._remove(DIFFS, q.Filter(must=[self._mine(), old]))

    async def _forget_answers(self, limits: Limits) -> int:
        """Remove answers by when their investigation was opened, which its identifier tells."""
        removed, offset = 0, None
        while await self._there(SUMMARIES):
            records, offset = await _asked(
                self.client.scroll(
                    SUMMARIES,
                    scroll_filter=q.Filter(must=[self._mine()]),
                    limit=PAGE,
                    offset=offset,
                    with_payload=["incident_id"],
                )
            )
            old = [one.id for one in records if _is_before(one.payload or {}, limits.found)]
            removed += await self._remove(SUMMARIES, q.Filter(must=[self._mine(), q.HasIdCondition(has_id=old)]), old)
            if offset is None:
                break
        return removed

    async def _remove(self, collection: Collection, chosen: q.Filter, ids: Sequence[Any] | None = None) -> int:
        if ids == [] or not await self._there(collection):
            return 0
        counted = await _asked(self.client.count(collection, chosen, exact=True))
        if counted.count:
            await _asked(self.client.delete(collection, q.FilterSelector(filter=chosen), wait=True))
        return counted.count

    async def _there(self, collection: Collection) -> bool:
        return await _asked(self.client.collection_exists(collection))

    def _mine(self) -> q.FieldCondition:
        return q.FieldCondition(key="tenant_id", match=q.MatchValue(value=str(self.tenant)))


def _is_before(payload: dict[str, Any], limit: datetime) -> bool:
    """Whether an investigation was opened before; one whose identifier tells no time stays."""
    try:
        return made_at(UUID(str(payload.get("incident_id", "")))) < limit
    except ValueError:
        return False
