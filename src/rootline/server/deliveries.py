"""How each way in does becomes a row of health: its last delivery, its last refusal, and how many in a row."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import ClientDisconnect

from rootline.desk import Desk
from rootline.domain.tenant import LOCAL, Actor
from rootline.errors import NotFound, RootlineError
from rootline.sources.fleet.contacts import INTAKE, Contacts

HUNG_UP = "The sender hung up before its delivery was read."


@dataclass
class Sender:
    """Whose a delivery is, once its credential is known; until then it is the installation's own matter."""

    actor: Actor = LOCAL


class Deliveries:
    """Counts what is taken and refused, of each tenant for itself, until somebody stores it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._contacts: dict[UUID, tuple[Actor, Contacts]] = {}

    @contextmanager
    def taking(self, vendor: str) -> Iterator[Sender]:
        """Count the delivery that the block takes: as refused when it raises an error of ours or the sender goes."""
        sender, row = Sender(), f"{INTAKE}{vendor}"
        try:
            yield sender
        except (RootlineError, ClientDisconnect) as why:
            said = str(why) if isinstance(why, RootlineError) else HUNG_UP
            self._of(sender.actor).failed(sender.actor.cluster, row, self._desk.clock(), said)
            raise
        self._of(sender.actor).succeeded(sender.actor.cluster, row, self._desk.clock())

    async def store(self) -> None:
        """Store what was counted since the last time for each tenant, with secrets taken out of the reasons.

        Of a tenant that a credential names and that is not here, nothing can be stored; the others lose nothing by it.
        """
        for actor, contacts in [*self._contacts.values()]:
            if new := contacts.drain():
                with suppress(NotFound):
                    await self._desk.note(new, actor)

    def _of(self, actor: Actor) -> Contacts:
        return self._contacts.setdefault(actor.tenant, (actor, Contacts()))[1]
