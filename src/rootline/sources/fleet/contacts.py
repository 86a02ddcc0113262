"""When each source last answered and what it last failed with, gathered until somebody stores it."""

from dataclasses import dataclass, replace
from datetime import datetime

LONGEST_ERROR = 600


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What happened with one source since this was last stored; `failures` are those in a row at the end of it."""

    cluster: str
    source: str
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""
    failures: int = 0
    found: str = ""


class Contacts:
    """Collects contacts of this process."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], Contact] = {}

    def succeeded(self, cluster: str, source: str, at: datetime, found: str = "") -> None:
        """Note an answer; `found` is what an examination found out about the source."""
        one = self._of(cluster, source)
        self._keep(replace(one, succeeded_at=at, failures=0, found=found or one.found))

    def failed(self, cluster: str, source: str, at: datetime, error: str) -> None:
        """Note a failure."""
        one = self._of(cluster, source)
        self._keep(replace(one, failed_at=at, error=error[:LONGEST_ERROR], failures=one.failures + 1))

    def drain(self) -> tuple[Contact, ...]:
        """Return what happened since the last time, ordered by cluster and source, and forget it."""
        since, self._since = self._since, {}
        return tuple(since[key] for key in sorted(since))

    def _of(self, cluster: str, source: str) -> Contact:
        return self._since.get((cluster, source)) or Contact(cluster=cluster, source=source)

    def _keep(self, one: Contact) -> None:
        self._since[one.cluster, one.source] = one
