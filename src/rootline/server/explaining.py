"""Incidents that nobody has explained yet are investigated in the background: the worst first, a few at once.

What there is to do is read from the store each time, so nothing is forgotten when the process ends, and work that
was interrupted is taken up where it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from rootline.desk import Desk
from rootline.domain.incident import Incident
from rootline.domain.session import Investigation
from rootline.domain.tenant import Actor
from rootline.ground import Ground
from rootline.intake.describing import WORST_FIRST
from rootline.store.alone import Held, alone
from rootline.store.journal import Record

AT_ONCE = 2
YOUNG = timedelta(hours=24)
MOST_TRIES = 3
LOOKED_BACK = 200
"""Source: ours; older incidents are history, and one that was interrupted three times is left to people."""
_WAITING = frozenset({"detected", "acknowledged", "investigating"})


@dataclass(frozen=True, kw_only=True)
class Task:
    """An incident of a tenant that waits for its explanation; `begun` is an investigation that was interrupted."""

    actor: Actor
    incident: Incident
    begun: Investigation | None = None


@dataclass(kw_only=True)
class Explainer:
    """Finds what waits, and explains it. Each incident is worked on once at a time, over all processes of a home."""

    desk: Desk
    ground: Ground
    _busy: set[UUID] = field(default_factory=set)

    async def explain_next(self, actors: Sequence[Actor]) -> Record | None:
        """Investigate the worst incident that waits, to its end; None when none does."""
        for task in await self._tasks(actors):
            if task.incident.id in self._busy:
                continue
            self._busy.add(task.incident.id)
            try:
                with alone(self.desk.settings.home, task.incident.id):
                    return await self._explain(task)
            except Held:
                continue  # another process of this home works on it
            finally:
                self._busy.discard(task.incident.id)
        return None

    async def _tasks(self, actors: Sequence[Actor]) -> list[Task]:
        found = [task for actor in actors for task in await self._of(actor)]
        return sorted(found, key=lambda one: (WORST_FIRST.index(one.incident.severity), one.incident.opened_at))

    async def _of(self, actor: Actor) -> list[Task]:
        desk = self.desk.acting_for(actor)
        incidents = await desk.journal.incidents(limit=LOOKED_BACK)
        asked = [one for one in await desk.journal.investigations(limit=LOOKED_BACK) if one.incident]
        return [*self._waiting(actor, incidents, asked)]

    def _waiting(self, actor: Actor, incidents: Sequence[Incident], asked: Sequence[Investigation]) -> Iterator[Task]:
        for one in incidents:
            tried = [each for each in asked if each.incident == one.id]
            begun = next((each for each in tried if each.state == "running" and not each.led_by), None)
            is_explained = any(each.state in {"done", "failed"} for each in tried) or len(tried) >= MOST_TRIES
            is_young = one.opened_at > self.desk.clock() - YOUNG
            if one.state in _WAITING and one.part_of is None and is_young and (begun or not is_explained):
                yield Task(actor=actor, incident=one, begun=begun)

    async def _explain(self, task: Task) -> Record:
        desk = self.desk.acting_for(task.actor)
        ground = await desk.told(self.ground)
        if task.begun is None:
            record = await desk.open_for(task.incident.id, ground)
        else:
            record = await desk.journal.record(task.begun.id)
        with alone(desk.settings.home, record.investigation.id):
            return await desk.run(record, ground)
