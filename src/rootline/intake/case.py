"""Everything about one incident: its alerts, its parts, how it moved, and what is asked to explain it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rootline.domain.incident import Incident, Transition
from rootline.domain.notice import Notice
from rootline.domain.service_key import placed
from rootline.domain.session import Investigation, Question
from rootline.domain.window import Window, rfc3339
from rootline.intake.alert_state import AlertState, by_alert
from rootline.store.intake import Intake
from rootline.store.journal import Journal
from rootline.tools.wording import cut, some

LEAD = timedelta(minutes=45)
AFTER = timedelta(minutes=15)
LONGEST = timedelta(hours=6)
"""Source: ours; what is read begins before the first alert and ends a while after; of a long incident, its start."""
LOOKED_BACK = 1000
_LISTED = 12


@dataclass(frozen=True, kw_only=True)
class Case:
    """One incident with all that is known of it; alerts are those of its parts too, oldest first."""

    incident: Incident
    alerts: tuple[AlertState, ...]
    transitions: tuple[Transition, ...]
    parts: tuple[Incident, ...]
    investigations: tuple[Investigation, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """Every service that alerted, in the order in which they did; without alerts, the one that it is of."""
        alerted = dict.fromkeys(one.latest.service for one in self.alerts if one.latest.service)
        return tuple(alerted) or tuple(one for one in [self.incident.service] if one and not self.alerts)

    def question(self, now: datetime, clusters: Collection[str] = ()) -> Question:
        """Return what is asked to explain the incident: about the time around its first alert, and what fired.

        Where several clusters are asked together and it is in one of them, services are named with that one.
        """
        start = self.incident.window.start
        end = min(now, max(self.incident.window.end, start) + AFTER, start - LEAD + LONGEST)
        services = list(dict.fromkeys(_where(one.latest, clusters) for one in self.alerts if one.latest.service))
        only = services[0] if len(services) == 1 else ""
        own = self.incident.where if self.incident.cluster in clusters else self.incident.service
        first = min(start, end) - LEAD
        return Question(
            text=self._words(clusters),
            window=Window(start=first, end=max(end, first + timedelta(minutes=1))),
            service=only or ("" if services else own),
            trigger="alert",
        )

    def _words(self, clusters: Collection[str]) -> str:
        fired = [
            f"{cut(one.notices[0].name, 80)} of {cut(_where(one.latest, clusters), 60) or 'no service'} "
            f"since {rfc3339(one.notices[0].fired_at)}"
            for one in self.alerts
        ]
        told = f" Alerts: {some(fired, _LISTED)}." if fired else ""
        return f"Why did this happen: {cut(self.incident.title, 200)}?{told}"[:4000]


async def read_case(journal: Journal, intake: Intake, incident: UUID) -> Case:
    """Read an incident whole, or raise NotFound."""
    one = await journal.incident(incident)
    parts = parts_of(one, await journal.incidents(limit=LOOKED_BACK))
    told = await intake.notices([one.id, *(part.id for part in parts)])
    return Case(
        incident=one,
        alerts=tuple(sorted(by_alert(told).values(), key=_first)),
        transitions=tuple(await journal.transitions(incident)),
        parts=parts,
        investigations=tuple(
            each for each in await journal.investigations(limit=LOOKED_BACK) if each.incident == incident
        ),
    )


def parts_of(whole: Incident, every: Sequence[Incident]) -> tuple[Incident, ...]:
    """Return the incidents that turned out to be parts of this one, or parts of its parts."""
    found: list[Incident] = []
    wholes = {whole.id}
    while new := [one for one in every if one.part_of in wholes and one not in found]:
        found += new
        wholes = {one.id for one in new}
    return tuple(found)


def _where(one: Notice, clusters: Collection[str]) -> str:
    return placed(one.home, one.service) if one.home in clusters else one.service


def _first(state: AlertState) -> tuple[datetime, str]:
    first: Notice = state.notices[0]
    return first.fired_at, first.key
