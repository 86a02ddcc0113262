"""What was watched in Kubernetes becomes changes that are stored, so that other processes know what stood before."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from uuid import UUID

from rootline.alongside import alongside
from rootline.domain.change import ChangeSet
from rootline.domain.notice import Delivery, Notice, ReportedChange
from rootline.errors import RootlineError
from rootline.intake.keys import key_of
from rootline.redaction import Redactor
from rootline.store.intake import Decision, Intake, Standing

VENDOR = "kubernetes"
SENDER = "rootline serve"
MOST_WAITING = 1_000
"""Source: ours; news beyond it is still known in the process that watches."""
Tell = Callable[[str, ChangeSet], None]
_LOG = logging.getLogger(__name__)


def observed(cluster: str, news: ChangeSet) -> tuple[ReportedChange, ...]:
    """Return what was seen to change in a cluster as it is stored; the same seen twice has one key."""
    rolled = [
        ReportedChange(
            key=key_of(VENDOR, cluster, "deployment", one.service, one.version, one.at.isoformat()),
            kind="deployment",
            at=one.at,
            service=one.service,
            after=one.commit,
            version=one.version,
            cluster=cluster,
        )
        for one in news.deployments
    ]
    configured = [
        ReportedChange(
            key=key_of(VENDOR, cluster, "config", one.service, one.key, one.at.isoformat(), one.after),
            kind="config",
            at=one.at,
            service=one.service,
            name=one.key,
            before=one.before,
            after=one.after,
            cluster=cluster,
        )
        for one in news.configs
    ]
    return (*rolled, *configured)


@contextlib.asynccontextmanager
async def kept(
    intake: Intake, redactor: Redactor, clock: Callable[[], datetime], new_id: Callable[[], UUID]
) -> AsyncIterator[Tell]:
    """Store what is told, from any thread, while the block runs; what cannot be stored is logged and let go of."""
    loop, waiting = asyncio.get_running_loop(), asyncio.Queue[tuple[ReportedChange, ...]](MOST_WAITING)

    async def store() -> None:
        while True:
            changes = await waiting.get()
            try:
                await _stored(intake, redactor, changes, clock(), new_id())
            except RootlineError as fault:
                _LOG.warning("what changed in Kubernetes is not stored: %s", fault)

    def put(changes: tuple[ReportedChange, ...]) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            waiting.put_nowait(changes)

    def tell(cluster: str, news: ChangeSet) -> None:
        if changes := observed(cluster, news):
            loop.call_soon_threadsafe(put, changes)

    async with alongside(store()):
        yield tell


async def _stored(
    intake: Intake, redactor: Redactor, changes: Sequence[ReportedChange], now: datetime, identity: UUID
) -> None:
    clean = [redactor.model(one).model_copy(update={"key": one.key}) for one in changes]
    delivery = Delivery(
        id=identity,
        vendor=VENDOR,
        key=key_of(VENDOR, *sorted(one.key for one in changes)),
        sender=SENDER,
        received_at=now,
        body=[one.model_dump(mode="json") for one in clean],
    )
    await intake.take(delivery, (), _nothing, clean)


def _nothing(_: Standing, __: Sequence[Notice]) -> Decision:
    """Decide nothing: changes are no alerts."""
    return Decision()
