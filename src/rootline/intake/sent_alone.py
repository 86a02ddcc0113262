"""A cluster of which nothing can be asked is known by what it sends: spans, alerts and changes."""

from dataclasses import dataclass
from datetime import datetime

from rootline.domain.window import Window, rfc3339
from rootline.intake.homes import Homes
from rootline.intake.traces import TraceInbox
from rootline.sources.examining import Examined
from rootline.sources.fleet.contacts import SENT
from rootline.sources.traces.otlp import CLUSTER
from rootline.store.intake import Intake


@dataclass(frozen=True, kw_only=True)
class SentAlone:
    """What one tenant was sent. Whose a delivery is, its credential says; its text names a cluster at most."""

    inbox: TraceInbox
    intake: Intake
    homes: Homes

    async def examine(self, cluster: str, window: Window) -> Examined:
        """Tell what came of a cluster within the window; where nothing did, how to send it.

        Raises:
            StoreUnreachable: The database is away.

        """
        every = await self.inbox.spans("", window)
        spans = [one for one in every if self.homes.owns(cluster, one.attributes.get(CLUSTER, ""))]
        told = [one for one in await self.intake.notices_of(window) if self._is_of(cluster, one.home, one.at, window)]
        changes = [
            one for one in await self.intake.changes(window) if self._is_of(cluster, one.cluster, one.at, window)
        ]
        services = {one.service for one in spans}
        parts = [f"{_many(len(spans), 'span')} of {_many(len(services), 'service')}"] if spans else []
        parts += [_many(len(those), what) for those, what in ((told, "alert"), (changes, "change")) if those]
        if not parts:
            return Examined(name=SENT, is_well=False, found=_nothing_came(cluster), answers=False)
        last = max([*(one.start for one in spans), *(one.at for one in told), *(one.at for one in changes)])
        found = f"{_no_address(cluster)} it sent {', '.join(parts)} within the hour, the last at {rfc3339(last)}"
        return Examined(name=SENT, is_well=True, found=found)

    def _is_of(self, cluster: str, home: str, at: datetime, window: Window) -> bool:
        return window.contains(at) and self.homes.owns(cluster, home)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _no_address(cluster: str) -> str:
    return f"{cluster} has no address, so nothing is asked of it;"


def _nothing_came(cluster: str) -> str:
    return (
        f"{_no_address(cluster)} and it sent nothing within the hour. Send its spans to /v1/traces of `rootline serve` "
        f"with k8s.cluster.name={cluster} in their resource, or with a token that ends in cluster={cluster} "
        "(docs/intake.md)."
    )
