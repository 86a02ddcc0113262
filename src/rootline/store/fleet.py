"""Registered clusters, their sealed credentials, and how every source does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from rootline.domain.fleet import Cluster, SourceHealth
from rootline.errors import NotFound
from rootline.sources.fleet.contacts import Contact
from rootline.store.refusals import Taken


class Sealed(BaseModel):
    """A secret that only the key of that id opens. `box` is base64."""

    model_config = ConfigDict(frozen=True)

    cluster: str
    source: str
    key_id: str
    box: str = Field(repr=False)


class FleetBook(Protocol):
    """Keeps one tenant's clusters."""

    async def add(self, cluster: Cluster, credentials: Sequence[Sealed]) -> None:
        """Store a cluster with its credentials, whole or not at all; raise Taken when the name is registered."""
        ...

    async def remove(self, name: str) -> None:
        """Forget a cluster, its credentials and its health; raise NotFound."""
        ...

    async def clusters(self) -> tuple[Cluster, ...]:
        """Return the clusters by name."""
        ...

    async def credentials(self) -> tuple[Sealed, ...]:
        """Return every sealed credential, by cluster and source."""
        ...

    async def reseal(self, turn: Callable[[Sealed], Sealed]) -> int:
        """Seal every credential anew in one transaction; return how many changed."""
        ...

    async def note(self, contacts: Sequence[Contact]) -> None:
        """Add what happened with sources to how they do."""
        ...

    async def health(self) -> tuple[SourceHealth, ...]:
        """Return how each source does, by cluster and source."""
        ...


@dataclass
class MemoryFleetBook:
    """A book that ends with the process."""

    _clusters: dict[str, Cluster] = field(default_factory=dict)
    _credentials: dict[tuple[str, str], Sealed] = field(default_factory=dict)
    _health: dict[tuple[str, str], SourceHealth] = field(default_factory=dict)

    async def add(self, cluster: Cluster, credentials: Sequence[Sealed]) -> None:
        """Keep the cluster."""
        if cluster.name in self._clusters:
            raise Taken("A cluster of this name is registered. Remove it first, or choose another name.")
        self._clusters[cluster.name] = cluster
        self._credentials.update({(one.cluster, one.source): one for one in credentials})

    async def remove(self, name: str) -> None:
        """Forget the cluster."""
        if self._clusters.pop(name, None) is None:
            raise not_registered(name)
        self._credentials = {key: one for key, one in self._credentials.items() if key[0] != name}
        self._health = {key: one for key, one in self._health.items() if key[0] != name}

    async def clusters(self) -> tuple[Cluster, ...]:
        """Return the clusters."""
        return tuple(self._clusters[name] for name in sorted(self._clusters))

    async def credentials(self) -> tuple[Sealed, ...]:
        """Return the credentials."""
        return tuple(self._credentials[key] for key in sorted(self._credentials))

    async def reseal(self, turn: Callable[[Sealed], Sealed]) -> int:
        """Seal all, or none when one fails."""
        turned = {key: turn(one) for key, one in self._credentials.items()}
        changed = sum(turned[key] != one for key, one in self._credentials.items())
        self._credentials = turned
        return changed

    async def note(self, contacts: Sequence[Contact]) -> None:
        """Add to the rows."""
        for one in contacts:
            key = (one.cluster, one.source)
            self._health[key] = _later(self._health.get(key), one)

    async def health(self) -> tuple[SourceHealth, ...]:
        """Return the rows."""
        return tuple(self._health[key] for key in sorted(self._health))


def not_registered(name: str) -> NotFound:
    """Say that there is no such cluster."""
    return NotFound(f"No cluster {name[:80]!r} is registered. `rootline cluster list` shows what is.")


def _later(known: SourceHealth | None, one: Contact) -> SourceHealth:
    before = known or SourceHealth(cluster=one.cluster, source=one.source)
    return SourceHealth(
        cluster=one.cluster,
        source=one.source,
        last_success=_latest(before.last_success, one.succeeded_at),
        last_failure=_latest(before.last_failure, one.failed_at),
        last_error=one.error or before.last_error,
        failures=one.failures + (0 if one.succeeded_at else before.failures),
        found=one.found or before.found,
    )


def _latest(before: datetime | None, now: datetime | None) -> datetime | None:
    known = [one for one in (before, now) if one is not None]
    return max(known, default=None)
