"""Past investigations that people gave a verdict on, each with what its incident looked like."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from rootline.analysis.joining.remembering import Signature
from rootline.analysis.joining.signature import signature
from rootline.store.journal import Journal, Record

LOOKED_BACK = 30
MOST_KEPT = 3000
"""Source: ours; a signature is some kilobytes of words. When there are too many they are read anew."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Remembers for all tenants of a process what each incident looked like, since finished evidence never changes.

    It is read out of the journal of a tenant, which knows nothing of any other.
    """

    _looks: dict[UUID, Signature] = field(default_factory=dict)

    async def latest(self, journal: Journal, *, but: UUID) -> Sequence[tuple[Record, Signature]]:
        """Return the last 30 of a tenant but one, newest first: each with its answer, feedback and signature."""
        past = [one.id for one in await journal.judged(LOOKED_BACK) if one.id != but]
        return [(await journal.summary(one), await self._look(journal, one)) for one in past]

    async def _look(self, journal: Journal, past: UUID) -> Signature:
        known = self._looks.get(past)
        if known is not None:
            return known
        evidence = await journal.evidence(past, await journal.labels(past))
        if len(self._looks) >= MOST_KEPT:
            self._looks.clear()
        found = self._looks[past] = signature(fact for one in evidence for fact in one.reading.facts)
        return found
