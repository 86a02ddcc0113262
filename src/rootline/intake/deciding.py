"""What follows from new notices: which incidents open, grow, come together, calm down or come back.

A pure function of how things stand, what is new, and a policy; stores call it inside their transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from rootline.analysis.topology import Graph
from rootline.domain.incident import Incident, Transition
from rootline.domain.notice import Notice
from rootline.domain.window import Window
from rootline.intake.alert_state import AlertState, by_alert
from rootline.intake.describing import described
from rootline.intake.grouping import NO_GRAPH, Mark, grouped
from rootline.intake.holding import held_back, let_through
from rootline.intake.keys import key_of
from rootline.intake.maintenance import Maintenance
from rootline.intake.moving import absorbed, followed
from rootline.store.intake import Decision, Standing

NOT_FIRING = "nothing of it was firing here"
_ACTIVE = frozenset({"detected", "acknowledged", "investigating", "mitigated"})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """By what is decided, as of `now`."""

    now: datetime
    new_id: Callable[[], UUID]
    graph: Graph = NO_GRAPH
    windows: Sequence[Maintenance] = ()

    def __call__(self, standing: Standing, new: Sequence[Notice]) -> Decision:
        """Decide."""
        book = _Book(standing, self)
        book.follow_all()
        book.hear(new)
        return book.decision()


@dataclass
class _Case:
    """One incident while it is decided about. `was` is what is stored, None for one that opens now."""

    now: Incident
    was: Incident | None
    notices: list[Notice] = field(default_factory=list)
    new: list[Notice] = field(default_factory=list)
    moved: list[Transition] = field(default_factory=list)
    _read: tuple[int, int] = (0, 0)
    _states: Mapping[str, AlertState] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        return self.now.state in _ACTIVE and self.now.part_of is None

    def states(self) -> Mapping[str, AlertState]:
        """What each of its alerts is, read anew only once more was told."""
        known = len(self.notices), len(self.new)
        if known != self._read:
            self._read, self._states = known, by_alert([*self.notices, *self.new])
        return self._states

    def move(self, step: Transition | None) -> None:
        if step is not None:
            self.now = self.now.model_copy(update={"state": step.after})
            self.moved.append(step)


class _Book:
    """The incidents that alerts can join, while one decision is made."""

    def __init__(self, standing: Standing, policy: Policy) -> None:
        self._policy = policy
        self._cases = {one.id: _Case(now=one, was=one) for one in _with_their_wholes(standing.incidents)}
        self._held = by_alert(standing.held)
        self._kept: list[Notice] = []
        for notice in standing.notices:
            if notice.incident in self._cases:
                self._whole(notice.incident).notices.append(notice)

    def _whole(self, incident: UUID) -> _Case:
        """Return the case of an incident, or of the one that it is a part of."""
        case = self._cases[incident]
        while case.now.part_of is not None:
            case = self._cases[case.now.part_of]
        return case

    def follow_all(self) -> None:
        """Let the passing of time count."""
        for case in self._cases.values():
            if case.is_active:
                case.move(followed(case.now, [*case.states().values()], (), self._policy.now))

    def hear(self, new: Sequence[Notice]) -> None:
        """Place every notice: what fires first, so that what is resolved finds its incident."""
        placed = {one.fingerprint: case for case in self._cases.values() for one in case.notices}
        waiting = let_through(self._held, self._policy.windows, placed, self._policy.now)
        fires = [*self._counting(new, placed), *waiting]
        self._fire(fires)
        self._resolve([*(one for one in new if one.state == "resolved"), *self._told_before(fires)])
        for case in self._cases.values():
            if case.new and case.is_active:
                self._flag(case)
                case.move(followed(case.now, [*case.states().values()], case.new, self._policy.now))

    def _counting(self, new: Iterable[Notice], placed: dict[str, _Case]) -> list[Notice]:
        """Return the notices that fire and count; the others are kept with the reason."""
        counting = []
        for one in (one for one in new if one.state == "firing"):
            case = placed.get(one.fingerprint)
            noise = f"incident {case.now.id} is suppressed" if case and case.now.state == "suppressed" else ""
            reason = noise or held_back(one, self._policy.windows, self._policy.now)
            if reason:
                self._kept.append(one.model_copy(update={"suppressed": reason, "incident": None}))
            else:
                counting.append(one)
        return counting

    def _told_before(self, fires: Iterable[Notice]) -> Iterator[Notice]:
        """Yield the ends that were told before their alerts: deliveries may come in any order."""
        for one in fires:
            held = self._held.get(one.fingerprint)
            if held and not held.is_firing and held.latest.at >= one.at:
                again = {"key": key_of(held.latest.key, "told before", one.key), "suppressed": ""}
                yield held.latest.model_copy(update=again)

    def _fire(self, new: Sequence[Notice]) -> None:
        """Put what fires into incidents, old or new; incidents that it connects become one."""
        known = [mark for case in self._cases.values() if case.is_active for mark in _marks(case)]
        for group in grouped([*known, *(_mark(one) for one in new)], self._policy.graph):
            fresh = [new[at - len(known)] for at in group.members if at >= len(known)]
            if fresh:
                case = self._joined(group.owners) if group.owners else self._opened(fresh)
                case.new += [one.model_copy(update={"incident": case.now.id}) for one in fresh]

    def _opened(self, fresh: Sequence[Notice]) -> _Case:
        first, now = min(fresh, key=lambda one: (one.fired_at, one.key)), self._policy.now
        blank = Incident(
            id=self._policy.new_id(),
            title=first.name,
            severity=first.severity,
            state="detected",
            service=first.service,
            cluster=first.home,
            window=Window(start=now, end=now + timedelta(seconds=1)),
            opened_at=now,
        )
        case = _Case(now=described(blank, fresh), was=None)
        step = Transition(
            incident=case.now.id, before=None, after="detected", at=now, actor=first.vendor, reason=case.now.title
        )
        case.moved.append(step)
        self._cases[case.now.id] = case
        return case

    def _joined(self, owners: Sequence[UUID]) -> _Case:
        """Return the oldest of the incidents; the others become parts of it."""
        whole, *parts = (self._cases[one] for one in owners)
        for part in parts:
            part.move(absorbed(part.now, whole.now.id, self._policy.now))
            part.now = part.now.model_copy(update={"part_of": whole.now.id})
            whole.notices += [*part.notices, *part.new]
        return whole

    def _resolve(self, new: Sequence[Notice]) -> None:
        holding = {one.fingerprint: case for case in self._cases.values() for one in (*case.notices, *case.new)}
        for one in new:
            case = holding.get(one.fingerprint)
            if case is None:
                held = self._held.get(one.fingerprint)
                reason = held.latest.suppressed if held and held.is_firing else NOT_FIRING
                self._kept.append(one.model_copy(update={"suppressed": reason}))
            else:
                case.new.append(one.model_copy(update={"incident": case.now.id}))

    def _flag(self, case: _Case) -> None:
        flapping = {name for name, state in case.states().items() if state.flaps(self._policy.now)}
        case.new = [one.model_copy(update={"is_flapping": one.fingerprint in flapping}) for one in case.new]

    def decision(self) -> Decision:
        """Return what has to be stored."""
        cases = [*self._cases.values()]
        for case in cases:
            case.now = described(case.now, [*case.notices, *case.new]) if case.new else case.now
        return Decision(
            notices=(*(one for case in cases for one in case.new), *self._kept),
            opened=tuple((_words(case.now), case.moved[0]) for case in cases if case.was is None),
            revised=tuple(case.now for case in cases if case.was and _words(case.now) != _words(case.was)),
            moved=tuple(step for case in cases for step in (case.moved if case.was else case.moved[1:])),
        )


def _with_their_wholes(incidents: Sequence[Incident]) -> list[Incident]:
    """Return the incidents without parts of one that is closed: what comes again of those is a new incident."""
    known = {one.id: one for one in incidents}

    def stands(one: Incident) -> bool:
        return one.part_of is None or (one.part_of in known and stands(known[one.part_of]))

    return [one for one in incidents if stands(one)]


def _words(one: Incident) -> Incident:
    """Return the incident as it opens, which is all of it but its state."""
    return one.model_copy(update={"state": "detected"})


def _marks(case: _Case) -> list[Mark]:
    """Return where an incident's alerts are; of one that no alert opened, the service that it speaks of."""
    one = case.now
    marks = [_mark(state.latest, one.id) for state in case.states().values()]
    seen = one.window.end.timestamp()
    return marks or [Mark(at_s=seen, fingerprint=str(one.id), service=one.service, owner=one.id, is_anywhere=True)]


def _mark(one: Notice, owner: UUID | None = None) -> Mark:
    return Mark(
        at_s=one.at.timestamp(),
        fingerprint=one.fingerprint,
        service=one.service,
        cluster=one.cluster,
        namespace=one.namespace,
        host=one.host,
        owner=owner,
    )
