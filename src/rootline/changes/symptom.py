"""What was observed, gathered by the caller from alerts, metrics, logs and traces."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from rootline.analysis.metrics.jumps import Jump
from rootline.changes.paths.ownership import is_same_service
from rootline.domain.service_key import ServiceKey


@dataclass(frozen=True, kw_only=True)
class Served:
    """How an operation was served that now fails: `share`, 0 to 1, of its calls fail since the first one did.

    `well` is when the calls before that began which went well, Unix seconds, in order, and `through` which services
    each went through; empty where that is not known.
    """

    operation: str
    share: float
    well: tuple[float, ...]
    through: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Parted:
    """A version of a service, new at `since`, through which calls go wrong that went well through those before it.

    Or one before which they went wrong already, `earlier` by so many nats. `told` says so with figures, and `gain` is
    how much likelier the version makes what was seen, in nats.
    """

    service: str
    version: str
    since: datetime
    told: str
    earlier: float = 0.0
    gain: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Alike:
    """One and the same new error that begins in several services: each with the moment at which it was seen first.

    It is about nobody who was called: one who is away is missed by all who call him.
    """

    error: str
    where: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class Emptied:
    """A service of which most of what it keeps for others was gone at a moment; `told` says so with figures."""

    service: str
    at: datetime
    told: str


@dataclass(frozen=True, kw_only=True)
class Symptom:
    """Everything a change would have to explain. All text in it is untrusted.

    `service` fails first or is named by the alert, '' when unknown; `services` are the others affected.
    `texts` are alert summaries, error templates, exception messages, roots of failing traces.
    `rising`, `falling` and `steady` are "metric of service" names; `traffic_ratio` is requests now over before,
    None when unknown. The onset is known to within `tolerance`; `outsiders` are failing callees that are observed
    by those who call them alone. `jumps` are of the failing service and those on its paths. `unrelated_at_once` says
    that services without a dependency path failed together.
    `near` are the services that call it or that it calls, directly or through others, and those it hears messages of.
    `failing_at` is when a new error of the failing service, or else of one `near` it, was first logged, None when no
    line tells.
    `by_way_of` are the services through which nearly all came that the failing service fails over, and hardly anything
    that it does well.
    `served` tells of an operation that fails now, None where no trace does; `parted` are the new versions that tell
    calls which go wrong from calls which went well, and `preceded` those before which the same calls failed already.
    `measured_at` is when an instrument of a cause outside of all changes moved, such as the room on a volume; None
    where it is not read every few seconds.
    `askers` are those who call it, directly or through others, where what is wrong is that they no longer do so; empty
    where anything else is wrong.
    `alike` are errors that begin in several services at once, and `emptied` who lost most of what is kept, and when.
    `filled_by_others` says with figures that a volume was filled by others than its service; empty where that is not
    measured.
    `dates_from` is the moment from which all dates that errors call too old, None where they tell no such moment.
    Of several `clusters`, `reached` are that of the service and those of whom it depends on.
    """

    service: str
    texts: tuple[str, ...]
    onset: datetime | None = None
    services: tuple[str, ...] = ()
    rising: tuple[str, ...] = ()
    falling: tuple[str, ...] = ()
    traffic_ratio: float | None = None
    unrelated_at_once: bool = False
    tolerance: timedelta = timedelta(minutes=2)
    outsiders: tuple[str, ...] = ()
    steady: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    jumps: tuple[Jump, ...] = ()
    clusters: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()
    failing_at: datetime | None = None
    by_way_of: tuple[str, ...] = ()
    served: Served | None = None
    parted: tuple[Parted, ...] = ()
    preceded: tuple[Parted, ...] = ()
    askers: tuple[str, ...] = ()
    measured_at: datetime | None = None
    dates_from: datetime | None = None
    alike: tuple[Alike, ...] = ()
    emptied: tuple[Emptied, ...] = ()
    filled_by_others: str = ""

    @property
    def nameless(self) -> tuple[str, ...]:
        """The texts without the names of services: what somebody is called says nothing of what is wrong."""
        names = sorted(
            {one for one in (self.service, *self.services, *self.near) if len(one) > 1}, key=len, reverse=True
        )
        if not names:
            return self.texts
        called = re.compile("|".join(re.escape(one) for one in names[:100]), re.IGNORECASE)
        return tuple(called.sub("it", text[:2000]) for text in self.texts[:200])

    def is_of(self, service: str) -> bool:
        """Whether a name is that of the service which fails."""
        return bool(self.service) and is_same_service(service, self.service, self.clusters)

    def reaches(self, service: str) -> bool:
        """Whether a service is in a cluster that can hurt the one which fails; each is, where there is but one."""
        return not self.reached or ServiceKey.of(service, self.clusters).cluster in {"", *self.reached}
