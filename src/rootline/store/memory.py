"""Everything that is stored, for as long as the process lasts: one journal and one intake a tenant."""

from dataclasses import dataclass, field
from uuid import UUID

from rootline.domain.tenant import Actor
from rootline.store.intake import MemoryIntake
from rootline.store.journal import MemoryJournal


@dataclass
class MemoryStores:
    """Gives each actor what the actor's tenant has."""

    _intakes: dict[UUID, MemoryIntake] = field(default_factory=dict)

    def journal(self, actor: Actor) -> MemoryJournal:
        """Return the journal of the actor's tenant."""
        return self.intake(actor).journal

    def intake(self, actor: Actor) -> MemoryIntake:
        """Return what the actor's tenant was told; its incidents are those of the journal."""
        return self._intakes.setdefault(actor.tenant, MemoryIntake(MemoryJournal()))
