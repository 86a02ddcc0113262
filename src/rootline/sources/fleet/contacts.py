"""When each source last answered and what it last failed with, gathered until somebody stores it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LONGEST_ERROR = 600
INTAKE = "intake/"
"""With which the row of a way in begins; the vendor's name follows."""
SENT = "sent"
"""The row of a cluster that has no address: what it sent to us."""
MOMENT = timedelta(seconds=10)
"""Source: ours; a question to a model takes as long, and within it the same source is asked many times."""


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
    """Collects contacts of this process. That a source answers as it did a moment ago waits for a while."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], Contact] = {}
        self._answered: dict[tuple[str, str], datetime] = {}

    def succeeded(self, cluster: str, source: str, at: datetime, found: str = "") -> None:
        """Note an answer; `found` is what an examination found out about the source."""
        one = self._of(cluster, source)
        self._keep(replace(one, succeeded_at=at, failures=0, found=found or one.found))

    def failed(self, cluster: str, source: str, at: datetime, error: str) -> None:
        """Note a failure."""
        one = self._of(cluster, source)
        self._keep(replace(one, failed_at=at, error=error[:LONGEST_ERROR], failures=one.failures + 1))

    def drain(self) -> tuple[Contact, ...]:
        """Return what is new since the last time, ordered by cluster and source, and forget it."""
        new = {key: one for key, one in self._since.items() if self._is_new(key, one)}
        for key, one in new.items():
            del self._since[key]
            self._answered.pop(key, None)
            if one.succeeded_at and not one.failures:
                self._answered[key] = one.succeeded_at
        return tuple(new[key] for key in sorted(new))

    def _is_new(self, key: tuple[str, str], one: Contact) -> bool:
        before = self._answered.get(key)
        if before is None or one.succeeded_at is None or one.failed_at or one.found:
            return True
        return one.succeeded_at - before >= MOMENT

    def _of(self, cluster: str, source: str) -> Contact:
        return self._since.get((cluster, source)) or Contact(cluster=cluster, source=source)

    def _keep(self, one: Contact) -> None:
        self._since[one.cluster, one.source] = one
