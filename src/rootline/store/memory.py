"""Everything that is stored, for as long as the process lasts: one journal and one intake a tenant."""

from dataclasses import dataclass, field
from uuid import UUID

from rootline.domain.tenant import Actor
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal
from rootline.store.retention import MemoryRetention
from rootline.store.watchbook import MemoryWatchbook


@dataclass
class MemoryStores:
    """Gives each actor what the actor's tenant has."""

    _intakes: dict[UUID, MemoryIntake] = field(default_factory=dict)
    _watchbooks: dict[UUID, MemoryWatchbook] = field(default_factory=dict)

    def journal(self, actor: Actor) -> MemoryJournal:
        """Return the journal of the actor's tenant."""
        return self.intake(actor).journal

    def intake(self, actor: Actor) -> MemoryIntake:
        """Return what the actor's tenant was told; its incidents are those of the journal."""
        return self._intakes.setdefault(actor.tenant, MemoryIntake(MemoryJournal()))

    def retention(self, tenant: UUID) -> MemoryRetention:
        """Return who lets go of what a tenant has kept long enough."""
        intake = self._intakes.setdefault(tenant, MemoryIntake(MemoryJournal()))
        watchbook = self._watchbooks.setdefault(tenant, MemoryWatchbook())
        return MemoryRetention(journal=intake.journal, intake=intake, watchbook=watchbook)

    def watchbook(self, actor: Actor) -> MemoryWatchbook:
        """Return the book of rounds of the actor's tenant."""
        return self._watchbooks.setdefault(actor.tenant, MemoryWatchbook())
