"""One watched cluster: each slot its metrics are read, judged against their history, decided on and kept."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from rootline.analysis.detection.board import Board, board
from rootline.analysis.detection.daily import as_the_day_before
from rootline.analysis.detection.features import Feature, features_at
from rootline.analysis.detection.gating import Decision, Exempt, Ongoing, decide
from rootline.analysis.detection.limits import Limits
from rootline.analysis.detection.policy import Policy
from rootline.analysis.detection.replaying import replay, traffic_at
from rootline.analysis.detection.survey import MOST_GROWING_S, survey
from rootline.domain.anomaly import GateMemory, WatchRound
from rootline.domain.identity import uuid7
from rootline.domain.incident import Incident, Transition
from rootline.domain.service_key import means, placed
from rootline.domain.window import Window
from rootline.errors import NotFound, RootlineError
from rootline.intake.grouping import SAME_SERVICE_S, WINDOW_S
from rootline.intake.moving import OPEN
from rootline.intake.watching.closing import (
    ACTOR,
    CREEPING,
    Alerted,
    acknowledge,
    calm_down,
    is_calm,
    never_alerted,
    take_up,
)
from rootline.intake.watching.history import MOST_SERIES, History
from rootline.intake.watching.listening import Ear
from rootline.intake.watching.other_days import OtherDays
from rootline.intake.watching.placing import Told, is_elsewhere, nothing_told
from rootline.intake.watching.slots import due
from rootline.intake.watching.telling import gated_of, memory_of, ongoing_of, rationale, severity, stored_of, title
from rootline.sources.metrics.source import MetricQuery, MetricSource
from rootline.store.journal import Journal
from rootline.store.refusals import Taken
from rootline.store.watchbook import Watchbook

HISTORY = timedelta(hours=25)
"""Source: ours; one whole day, so that each hour of it is known, also the one that was a day ago."""
BACK = frozenset({"mitigated", "acknowledged"})
"""States in which an incident of this watch waits for more of it: it was over, or was silenced."""
AT_ONCE = timedelta(hours=4)
"""Source: ours; a range of 240 minutes is what one query may ask."""
OVERLAP = timedelta(minutes=5)
"""Source: ours; what arrives late is still read in the slots after."""


@dataclass(kw_only=True)
class Watcher:
    """Watches one cluster. A slot is evaluated once, whoever asks, and whatever happens in between.

    `exempt` says at a moment which services are under maintenance. What `ear` hears in logs speaks for an incident
    together with another signal, never alone. Where several `clusters` are watched, this one is among them, an
    incident's service is named with its cluster, what their alerts have `told` keeps incidents of the others apart,
    and the room for what is remembered is shared between them.
    """

    metrics: MetricSource
    journal: Journal
    book: Watchbook
    policy: Policy
    cluster: str
    interval: timedelta = timedelta(minutes=1)
    exempt: Callable[[datetime], Sequence[Exempt]] = lambda _: ()
    ear: Ear | None = None
    clusters: frozenset[str] = frozenset()
    told: Told = nothing_told
    has_alerts: Alerted = never_alerted
    _history: History = field(init=False)
    _other_days: OtherDays = field(init=False)
    _read_until: datetime | None = None
    _unusual: set[float] = field(default_factory=set)
    _is_learned: bool = False

    def __post_init__(self) -> None:
        """Share the memory between the clusters."""
        self._other_days = OtherDays(metrics=self.metrics)
        self._history = History(length=HISTORY, most=MOST_SERIES // max(1, len(self.clusters)))

    async def catch_up(self, now: datetime) -> list[WatchRound]:
        """Evaluate every slot that is over and was not evaluated, and return the rounds that were added."""
        last = await self.book.last_round(self.cluster)
        slots = due(last.slot if last else None, now, self.interval)
        rounds = [await self.evaluate(slot) for slot in slots]
        return [one for one in rounds if one is not None]

    async def evaluate(self, slot: datetime) -> WatchRound | None:
        """Evaluate one slot; None where another watch, or an earlier life of this one, has done so."""
        last = await self.book.last_round(self.cluster)
        if last is not None and last.slot >= slot:
            return None
        failures = await self._read(slot)
        deaf = await self.ear.hear(slot) if self.ear else ""
        seen = board(self._history.series(), least_step_s=self.interval.total_seconds())
        before = self._remembered(last, slot)
        if failures or not _is_current(seen, slot, self.interval):
            one = self._round(slot, seen, failures or (f"{self.metrics.name} has no sample at this slot",), last)
        else:
            one = await self._judged(slot, seen, before, last)
        if deaf:
            one = one.model_copy(update={"failures": (*one.failures, deaf)})
        return one if await self.book.add_round(one) else None

    def _decided(
        self, slot: datetime, seen: Board, features: Sequence[Feature], before: Ongoing
    ) -> tuple[list[Decision], Ongoing]:
        traffic = traffic_at(seen, -1)
        return decide(slot.timestamp(), features, before, self.policy, exempt=self.exempt(slot), traffic=traffic)

    async def _judged(self, slot: datetime, seen: Board, before: Ongoing, last: WatchRound | None) -> WatchRound:
        self._learn(seen)
        usual = ~np.isin(seen.times, list(self._unusual))
        readings = survey(seen, self.policy, usual, self.policy.tail)
        features = as_the_day_before(seen, features_at(seen, readings, -1, least=self.policy.kept), self.policy)
        features += Limits(board=seen, policy=self.policy).at(seen.times.size - 1)
        features += self.ear.loud(slot) if self.ear else ()
        decisions, now = self._decided(slot, seen, features, before)
        marked = await self._other_days.marked(features, decisions, self.policy)
        if marked is not features:
            features = [*marked]
            decisions, now = self._decided(slot, seen, features, before)
        known = last.memory.incident if last else None
        underway = await self._underway(slot, decisions)
        rule = next(
            (one.candidate.rule for one in decisions if one.action == "opened"), last.memory.rule if last else ""
        )
        if back := self._unusual_slots(
            decisions, is_on=not is_calm(rule, now, features, self.policy), rule=rule, seen=seen
        ):
            self._unusual.update(seen.times[-back:].tolist())
        if underway is not None:
            decisions = [replace(one, action="joined") if one.action == "opened" else one for one in decisions]
            await take_up(self.journal, underway, slot, f"{underway.service or 'a service'} deviates again")
        incident = (underway.id if underway else await self._opened(slot, decisions)) or known
        one = self._round(slot, seen, (), last, features)
        gated = tuple(gated_of(decision, incident) for decision in decisions)
        memory = memory_of(now, incident, rule)
        if incident is not None and is_calm(rule, now, features, self.policy):
            silenced = frozenset(one.candidate.service for one in decisions if one.reason == "maintenance")
            await self._calm(incident, slot, memory.seen_at, silenced)
        return one.model_copy(update={"memory": memory, "gated": gated})

    def _unusual_slots(self, decisions: Sequence[Decision], *, is_on: bool, rule: str, seen: Board) -> int:
        """Return how many of the last slots teach nothing from now on: of what creeps, all that it was judged by."""
        creeps = any(one.candidate.rule == CREEPING and one.action == "opened" for one in decisions)
        if creeps:
            return round(MOST_GROWING_S / seen.step_s)
        return self.policy.hold + 1 if decisions or (rule == CREEPING and is_on) else 0

    async def _calm(self, incident: UUID, slot: datetime, seen: datetime | None, silenced: frozenset[str]) -> None:
        with suppress(NotFound):
            one = await self.journal.incident(incident)
            if one.part_of is not None or await self.has_alerts(incident):
                return
            if any(one.service == self._named(service) for service in silenced):
                await acknowledge(self.journal, one, slot, f"it goes on, and {one.service} is silenced or worked on")
            else:
                await calm_down(self.journal, one, slot, seen)

    def _learn(self, seen: Board) -> None:
        """Find out, once, which slots of the history were incidents, so that they are not learned as normal."""
        if not self._is_learned:
            self._is_learned = True
            self._unusual = set(seen.times[~replay(seen, self.policy).usual].tolist())
        self._unusual = {at for at in self._unusual if at >= seen.times[0]}

    def _remembered(self, last: WatchRound | None, slot: datetime) -> Ongoing:
        if last is None:
            return Ongoing()
        skipped = max(0, int((slot - last.slot) / self.interval) - 1)
        before = ongoing_of(last.memory)
        return replace(before, quiet=before.quiet + skipped)

    async def _read(self, slot: datetime) -> tuple[str, ...]:
        """Read what is new; the whole history first. A part that fails is told, and read again in the next slot."""
        start = self._read_until - OVERLAP if self._read_until else slot - HISTORY
        end = slot + timedelta(seconds=1)
        while start < end:
            until = min(start + AT_ONCE, end)
            try:
                found = await self.metrics.series(MetricQuery(), Window(start=start, end=until))
            except (RootlineError, OSError) as failed:
                return (f"{self.metrics.name}: {failed}"[:500],)
            self._history.keep(found, slot)
            start = until
        self._read_until = slot
        return ()

    def _round(
        self,
        slot: datetime,
        seen: Board,
        failures: tuple[str, ...],
        last: WatchRound | None,
        features: Sequence[Feature] = (),
    ) -> WatchRound:
        left_out = (f"{self._history.left_out} series too many were left out",) if self._history.left_out else ()
        return WatchRound(
            cluster=self.cluster,
            slot=slot,
            policy=self.policy.version,
            services=len({one.service for one in seen.series}),
            series=len(seen.series),
            failures=(*failures, *left_out),
            memory=last.memory if last else GateMemory(),
            features=stored_of(features),
        )

    async def _underway(self, slot: datetime, decisions: Sequence[Decision]) -> Incident | None:
        """Return the incident that what is about to be opened belongs to: of the service, or of just now.

        An alert has opened it, or this watch has, and it was mitigated before, or goes on in the same service.
        """
        first = next((one.candidate for one in decisions if one.action == "opened"), None)
        if first is None:
            return None
        for one in await self.journal.incidents():
            is_same = means(one.service, self._named(first.service), self.clusters)
            near = timedelta(seconds=SAME_SERVICE_S if one.service and is_same else WINDOW_S)
            is_own = one.id == _identity(self.cluster, one.opened_at, self.policy.version)
            is_back = is_own and one.state in BACK and not await self.has_alerts(one.id)
            goes_on = is_own and is_same and bool(one.service) and one.state in OPEN
            is_near = (is_back or (one.state in OPEN and not is_own)) and slot - near <= one.window.end <= slot + near
            if (goes_on or is_near) and not await is_elsewhere(one, self.cluster, self.clusters, self.told):
                return one
        return None

    def _named(self, service: str) -> str:
        """Name a service with its cluster where several are watched."""
        return placed(self.cluster, service) if self.clusters else service

    async def _opened(self, slot: datetime, decisions: Sequence[Decision]) -> UUID | None:
        """Open the incident that was decided on, under an identifier that the same decision makes again."""
        found = next((one for one in decisions if one.action == "opened"), None)
        if found is None:
            return None
        first = found.candidate
        held_s = self.policy.hold * self.policy.windows[0].bin_s
        incident = Incident(
            id=_identity(self.cluster, slot, self.policy.version),
            title=title(replace(first, service=self._named(first.service))),
            severity=severity(first),
            state="detected",
            service=self._named(first.service),
            cluster=self.cluster if self.clusters else "",
            window=Window(start=slot - timedelta(seconds=held_s), end=slot),
            opened_at=slot,
        )
        step = Transition(
            incident=incident.id,
            before=None,
            after="detected",
            at=slot,
            actor=ACTOR,
            reason=f"{rationale(found)} Policy {self.policy.version}.",
        )
        with suppress(Taken):  # another watch has opened it at this slot, from samples read a moment earlier or later
            await self.journal.open_incident(incident, step)
        return incident.id


def _identity(cluster: str, slot: datetime, policy: str) -> UUID:
    digest = hashlib.sha256(f"{cluster}\0{slot.astimezone(UTC).isoformat()}\0{policy}".encode()).digest()
    return uuid7(slot, int.from_bytes(digest[:16], "big"))


def _is_current(seen: Board, slot: datetime, interval: timedelta) -> bool:
    """Whether the last slot of the board is the one in question."""
    return bool(seen.times.size) and float(seen.times[-1]) > slot.timestamp() - max(
        interval.total_seconds(), seen.step_s
    )
