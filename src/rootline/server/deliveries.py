"""How each way in does becomes a row of health: its last delivery, its last refusal, and how many in a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import ClientDisconnect

from rootline.desk import Desk
from rootline.errors import RootlineError
from rootline.sources.fleet.contacts import INTAKE, Contacts

HUNG_UP = "The sender hung up before its delivery was read."


@dataclass
class Sender:
    """Of which cluster a delivery is, once its credential is known to name one."""

    cluster: str = ""


class Deliveries:
    """Counts what is taken and refused until somebody stores it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._contacts = Contacts()

    @contextmanager
    def taking(self, vendor: str) -> Iterator[Sender]:
        """Count the delivery that the block takes: as refused when it raises an error of ours or the sender goes."""
        sender, row = Sender(), f"{INTAKE}{vendor}"
        try:
            yield sender
        except (RootlineError, ClientDisconnect) as why:
            said = str(why) if isinstance(why, RootlineError) else HUNG_UP
            self._contacts.failed(sender.cluster, row, self._desk.clock(), said)
            raise
        self._contacts.succeeded(sender.cluster, row, self._desk.clock())

    async def store(self) -> None:
        """Store what was counted since the last time, with secrets taken out of the reasons."""
        if new := self._contacts.drain():
            await self._desk.note(new)
