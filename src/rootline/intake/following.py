"""What became, at the Alertmanagers that are connected, of the alerts that open incidents wait for.

Alertmanager tells nobody of an alert that is silenced, nor that a silenced one is resolved: who only listens would
wait for ever.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from rootline.domain.incident import Incident
from rootline.domain.notice import Notice
from rootline.errors import RootlineError
from rootline.intake.alert_state import AlertState, by_alert
from rootline.intake.alertmanager import VENDOR
from rootline.intake.case import parts_of
from rootline.intake.held_memory import remember, remembered
from rootline.intake.keys import key_of
from rootline.intake.moving import OPEN, UNSEEN
from rootline.intake.receiving import Reception, fingerprint_in
from rootline.sources.alerts.held import AlertHolder, HeldAlert
from rootline.store.journal import Journal

GONE_FOR = timedelta(minutes=3)
"""Source: ours; an Alertmanager that was started anew is told again by Prometheus within about a minute."""
FORGOTTEN_AFTER = timedelta(minutes=30)
"""Source: ours; whoever waits for an alert that is gone was told long before."""
LOOKED_BACK = 1000
_GONE = "gone"
_SILENCE = "silence "


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One look at all of them: what fires, and since when each alert that fired there before no longer does."""

    at: datetime
    firing: Mapping[str, HeldAlert]
    gone_since: Mapping[str, datetime]


@dataclass(kw_only=True)
class Follower:
    """Remembers what it has seen fire where. What one holder held is gone only when that one answers without it.

    In `memory`, a file, that is kept beyond the process, so that what ends while nobody looks is noticed too.
    """

    holders: Sequence[AlertHolder]
    memory: Path | None = None
    _held: dict[str, frozenset[str]] = field(default_factory=dict)
    _kept: dict[str, frozenset[str]] = field(default_factory=dict)
    _gone: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Remember what was held before."""
        self._kept = remembered(self.memory) if self.memory else {}
        self._held = {place: names for place, names in self._kept.items() if place != _GONE}

    async def look(self, now: datetime) -> Looked:
        """Ask every holder, side by side; one that fails leaves what it held as it was."""
        answers = await asyncio.gather(*(_asked(one) for one in self.holders))
        firing: dict[str, HeldAlert] = {}
        places = [f"{at} {one.cluster}" for at, one in enumerate(self.holders)]
        for place, holder, answer in zip(places, self.holders, answers, strict=True):
            if answer is not None:
                named = {name: one for one in answer for name in _names(holder.cluster, one.fingerprint)}
                for gone in self._held.get(place, frozenset()) - named.keys():
                    self._gone.setdefault(gone, now)
                self._held[place] = frozenset(named)
                firing |= named
        silent = (place for place, answer in zip(places, answers, strict=True) if answer is None)
        unknown = frozenset[str]().union(*(self._held.get(place, frozenset()) for place in silent))
        for gone in self._kept.get(_GONE, frozenset()):
            self._gone.setdefault(gone, now)
        self._gone = {
            name: since
            for name, since in self._gone.items()
            if name not in {*firing, *unknown} and now - since <= FORGOTTEN_AFTER
        }
        await self._keep()
        return Looked(at=now, firing=firing, gone_since=dict(self._gone))

    async def _keep(self) -> None:
        """Keep what is held, and what is gone but not told of yet."""
        now = {**self._held, _GONE: frozenset(self._gone)}
        if self.memory and now != self._kept:
            await asyncio.to_thread(remember, self.memory, now)
        self._kept = now

    async def follow(self, looked: Looked, journal: Journal, reception: Reception) -> int:
        """Tell a tenant's open incidents what became of their alerts; return of how many something was told."""
        every = await journal.incidents(limit=LOOKED_BACK)
        waiting = {one: frozenset({one.id, *(part.id for part in parts_of(one, every))}) for one in _open(every)}
        told = await reception.intake.notices([each for ids in waiting.values() for each in ids])
        news = [notice for one, ids in waiting.items() for notice in _news(one, by_alert(_of(ids, told)), looked)]
        if news:
            key = key_of(VENDOR, "followed", *sorted(one.key for one in news))
            await reception.hear(VENDOR, key, news, [one.name for one in news])
        return len(news)


async def _asked(holder: AlertHolder) -> Sequence[HeldAlert] | None:
    try:
        return await holder.held()
    except RootlineError:
        return None  # its health row says so


def _names(cluster: str, fingerprint: str) -> Iterator[str]:
    """By what an alert is known here: its fingerprint, and that of a credential which names the cluster."""
    plain = key_of(VENDOR, fingerprint)
    yield plain
    if cluster:
        yield fingerprint_in(cluster, plain)


def _open(every: Sequence[Incident]) -> list[Incident]:
    return [one for one in every if one.state in OPEN and one.part_of is None]


def _of(incidents: Collection[UUID], told: Sequence[Notice]) -> list[Notice]:
    return [one for one in told if one.incident in incidents and one.vendor == VENDOR]


def _news(incident: Incident, states: Mapping[str, AlertState], looked: Looked) -> Iterator[Notice]:
    """Yield what is over, or who silenced all that still fires."""
    firing = {name: one.latest for name, one in states.items() if one.is_firing}
    over = {name for name in firing if _is_over(name, looked)}
    yield from (_resolved(firing[name], looked) for name in sorted(over))
    left = {name: one for name, one in firing.items() if name not in over}
    silenced = [name for name in sorted(left) if name in looked.firing and looked.firing[name].silenced_by]
    if left and len(silenced) == len(left) and incident.state in UNSEEN:
        yield _acknowledged(left[silenced[0]], looked.firing[silenced[0]].silenced_by[0], looked.at)


def _is_over(name: str, looked: Looked) -> bool:
    since = looked.gone_since.get(name)
    return name not in looked.firing and since is not None and looked.at - since >= GONE_FOR


def _resolved(one: Notice, looked: Looked) -> Notice:
    """Say that an alert is resolved, as of when it was last seen."""
    at = max(looked.gone_since[one.fingerprint], one.at)
    key = key_of(VENDOR, "gone", one.fingerprint, one.fired_at.isoformat())
    return _anew(one, key, at, {"state": "resolved"})


def _acknowledged(one: Notice, silence: str, at: datetime) -> Notice:
    key = key_of(VENDOR, "silenced", one.fingerprint, one.fired_at.isoformat(), silence[:100])
    return _anew(one, key, at, {"acknowledged_by": f"{_SILENCE}{silence[:36]}"})


def _anew(one: Notice, key: str, at: datetime, said: Mapping[str, object]) -> Notice:
    return one.model_copy(update={"key": key, "at": at, "incident": None, "acknowledged_by": "", **said})
