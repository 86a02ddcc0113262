"""What outlives the process: the Protocol of the journal, and its in-memory twin.

Each method is one transaction: it is stored whole or not at all. A journal belongs to one tenant, and
knows nothing of any other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.incident import Feedback, Incident, Transition
from rootline.domain.plan import Plan
from rootline.domain.session import Investigation, InvestigationState, Message, Session
from rootline.errors import NotFound
from rootline.store import repeats, rules
from rootline.store.limits import Limits


@dataclass(frozen=True, kw_only=True)
class Record:
    """One investigation with all that was stored of it, each list in the order of storing."""

    investigation: Investigation
    messages: tuple[Message, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    rechecks: tuple[Checked, ...] = ()
    plans: tuple[Plan, ...] = ()
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gone:
    """What a journal let go of."""

    incidents: tuple[Incident, ...]
    counts: Mapping[str, int]


class Journal(Protocol):
    """Stores sessions, investigations and everything they own."""

    async def open_session(self, session: Session) -> None:
        """Store a new session."""
        ...

    async def session(self, session: UUID) -> Session:
        """Return one session, or raise NotFound."""
        ...

    async def sessions(self, limit: int = 50) -> Sequence[Session]:
        """Return the most recently active sessions first."""
        ...

    async def open_investigation(self, investigation: Investigation, message: Message) -> None:
        """Store a new investigation with the message that asked for it; marks its session active."""
        ...

    async def record(self, investigation: UUID) -> Record:
        """Return one investigation whole, or raise NotFound."""
        ...

    async def summary(self, investigation: UUID) -> Record:
        """Return one investigation with its answer, plans and feedback, but none of what it read; or raise."""
        ...

    async def messages(self, investigation: UUID) -> Sequence[Message]:
        """Return the messages of an investigation in order, or raise NotFound."""
        ...

    async def labels(self, investigation: UUID) -> Sequence[str]:
        """Return the labels of an investigation's evidence in the order of storing, or raise NotFound."""
        ...

    async def evidence(self, investigation: UUID, labels: Collection[str]) -> Sequence[Evidence]:
        """Return the evidence with these labels, as far as it is there, in the order of storing; or raise NotFound."""
        ...

    async def investigations(self, session: UUID | None = None, limit: int = 50) -> Sequence[Investigation]:
        """Return investigations, newest first, of one session or of all."""
        ...

    async def judged(self, limit: int = 30) -> Sequence[Investigation]:
        """Return the finished investigations that somebody gave feedback on, newest first."""
        ...

    async def add_messages(
        self, investigation: UUID, sequence: int, messages: Sequence[Message], evidence: Sequence[Evidence] = ()
    ) -> None:
        """Store messages from a place on (0 is the question), with new evidence; either may be empty.

        Refuses a place that is taken.
        """
        ...

    async def conclude(
        self, investigation: UUID, answer: Answer, state: InvestigationState = "done", plan: Plan | None = None
    ) -> None:
        """Store the answer with its claims, marks and hypotheses and the plan, and close the investigation."""
        ...

    async def close(self, investigation: UUID, state: InvestigationState) -> None:
        """Close an investigation without an answer (cancelled or failed)."""
        ...

    async def add_recheck(self, investigation: UUID, checks: Sequence[Checked]) -> None:
        """Append a later re-check of stored claims; the first marks stay."""
        ...

    async def add_plan(self, investigation: UUID, plan: Plan) -> None:
        """Store a plan; the same hash twice is one row."""
        ...

    async def add_feedback(self, feedback: Feedback) -> None:
        """Append what a person said about an answer."""
        ...

    async def open_incident(self, incident: Incident, transition: Transition) -> None:
        """Store an incident with its first transition."""
        ...

    async def move_incident(self, transition: Transition) -> Incident:
        """Append a transition and return the incident in its new state; refuses a `before` that is not current."""
        ...

    async def revise_incident(self, incident: Incident) -> None:
        """Append what an incident is called and how bad it is by now; its state is moved by transitions alone."""
        ...

    async def incident(self, incident: UUID) -> Incident:
        """Return one incident as it is now, or raise NotFound."""
        ...

    async def transitions(self, incident: UUID) -> Sequence[Transition]:
        """Return an incident's transitions, first to last."""
        ...

    async def incidents(self, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first."""
        ...


@dataclass
class MemoryJournal:
    """A journal that ends with the process: for evals, tests and one-off questions.

    It refuses what PostgreSQL refuses, and takes a repeated step as PostgreSQL takes it.
    """

    _sessions: dict[UUID, Session] = field(default_factory=dict)
    _records: dict[UUID, Record] = field(default_factory=dict)
    _incidents: dict[UUID, Incident] = field(default_factory=dict)
    _opened: dict[UUID, Incident] = field(default_factory=dict)
    _transitions: dict[UUID, tuple[Transition, ...]] = field(default_factory=dict)

    async def open_session(self, session: Session) -> None:
        """Keep the session."""
        stored = self._sessions.setdefault(session.id, session)
        repeats.refuse_other_session(stored, session)

    async def session(self, session: UUID) -> Session:
        """Return one session."""
        if session not in self._sessions:
            raise NotFound(f"There is no session {session} here.")
        return self._sessions[session]

    async def sessions(self, limit: int = 50) -> Sequence[Session]:
        """Return the most recently active sessions first."""
        return sorted(self._sessions.values(), key=lambda one: (one.active_at, one.id), reverse=True)[:limit]

    async def open_investigation(self, investigation: Investigation, message: Message) -> None:
        """Keep the investigation and its question."""
        rules.refuse_opened_closed(investigation)
        if stored := self._records.get(investigation.id):
            repeats.refuse_other_investigation(stored.investigation, investigation)
            repeats.refuse_other_message(stored.messages[0], message, 0)
            return
        session = await self.session(investigation.session)
        rules.refuse_expired(session, investigation)
        active_at = max(session.active_at, investigation.opened_at)
        self._sessions[session.id] = session.model_copy(update={"active_at": active_at})
        self._records[investigation.id] = Record(investigation=investigation, messages=(message,))

    async def record(self, investigation: UUID) -> Record:
        """Return one investigation whole."""
        if investigation not in self._records:
            raise NotFound(f"There is no investigation {investigation} here.")
        return self._records[investigation]

    async def summary(self, investigation: UUID) -> Record:
        """Return one investigation without what it read."""
        return replace(await self.record(investigation), messages=(), evidence=(), rechecks=())

    async def messages(self, investigation: UUID) -> Sequence[Message]:
        """Return the messages."""
        return (await self.record(investigation)).messages

    async def labels(self, investigation: UUID) -> Sequence[str]:
        """Return the labels."""
        return [one.label for one in (await self.record(investigation)).evidence]

    async def evidence(self, investigation: UUID, labels: Collection[str]) -> Sequence[Evidence]:
        """Return the evidence with these labels."""
        return [one for one in (await self.record(investigation)).evidence if one.label in labels]

    async def investigations(self, session: UUID | None = None, limit: int = 50) -> Sequence[Investigation]:
        """Return investigations, newest first."""
        found = [one.investigation for one in self._records.values() if session in {None, one.investigation.session}]
        return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)[:limit]

    async def judged(self, limit: int = 30) -> Sequence[Investigation]:
        """Return those with feedback, newest first."""
        every = await self.investigations(limit=len(self._records))
        return [one for one in every if one.state == "done" and self._records[one.id].feedback][:limit]

    async def add_messages(
        self, investigation: UUID, sequence: int, messages: Sequence[Message], evidence: Sequence[Evidence] = ()
    ) -> None:
        """Append the messages and their evidence."""
        record = await self.record(investigation)
        new = repeats.new_evidence(record.evidence, evidence)
        stored = dict(enumerate(record.messages))
        fresh = repeats.new_messages(stored, sequence, messages, new)
        for at, message in fresh.items():
            rules.refuse_closed(record.investigation)
            rules.refuse_gap(at, len(stored))
            rules.refuse_uncited(message, (*record.evidence, *new))
            stored[at] = message
        together = (*record.evidence, *new)
        self._records[investigation] = replace(record, messages=tuple(stored.values()), evidence=together)

    async def conclude(
        self, investigation: UUID, answer: Answer, state: InvestigationState = "done", plan: Plan | None = None
    ) -> None:
        """Keep the answer."""
        record = await self.record(investigation)
        if record.answer is not None:
            repeats.refuse_other_answer(record.investigation, record.answer, answer, state)
            return
        rules.refuse_unproven(answer, record.evidence)
        rules.refuse_end(record.investigation, state)
        rules.refuse_unknown_rank(answer, plan.hypothesis_rank if plan else None)
        closed = record.investigation.model_copy(update={"state": state, "outcome": answer.outcome})
        plans = () if plan is None else (plan,)
        self._records[investigation] = replace(record, investigation=closed, answer=answer, plans=plans)

    async def close(self, investigation: UUID, state: InvestigationState) -> None:
        """Close without an answer."""
        record = await self.record(investigation)
        if record.investigation.state == state != "running":
            return
        rules.refuse_end(record.investigation, state)
        rules.refuse_done_without_answer(state)
        closed = record.investigation.model_copy(update={"state": state})
        self._records[investigation] = replace(record, investigation=closed)

    async def add_recheck(self, investigation: UUID, checks: Sequence[Checked]) -> None:
        """Append a re-check."""
        record = await self.record(investigation)
        rules.refuse_unknown_claims(record.answer, checks)
        self._records[investigation] = replace(record, rechecks=(*record.rechecks, *checks))

    async def add_plan(self, investigation: UUID, plan: Plan) -> None:
        """Keep the plan once."""
        record = await self.record(investigation)
        rules.refuse_unknown_rank(record.answer, plan.hypothesis_rank)
        if plan.sha256 not in {one.sha256 for one in record.plans}:
            self._records[investigation] = replace(record, plans=(*record.plans, plan))

    async def add_feedback(self, feedback: Feedback) -> None:
        """Append feedback."""
        record = await self.record(feedback.investigation)
        rules.refuse_unknown_rank(record.answer, feedback.hypothesis_rank)
        if not any(repeats.same(feedback, one) for one in record.feedback):
            self._records[feedback.investigation] = replace(record, feedback=(*record.feedback, feedback))

    async def open_incident(self, incident: Incident, transition: Transition) -> None:
        """Keep the incident."""
        rules.refuse_odd_opening(incident, transition)
        if stored := self._opened.get(incident.id):
            repeats.refuse_other_incident(stored, self._transitions[incident.id][0], incident, transition)
            return
        self._incidents[incident.id] = self._opened[incident.id] = incident
        self._transitions[incident.id] = (transition,)

    async def move_incident(self, transition: Transition) -> Incident:
        """Move the incident."""
        incident = await self.incident(transition.incident)
        before = self._transitions[incident.id]
        if repeats.same(before[-1], transition):
            return incident
        rules.refuse_other_start(incident, transition)
        moved = incident.model_copy(update={"state": transition.after})
        self._incidents[incident.id] = moved
        self._transitions[incident.id] = (*before, transition)
        return moved

    async def revise_incident(self, incident: Incident) -> None:
        """Keep the incident's new words."""
        stored = await self.incident(incident.id)
        self._incidents[incident.id] = incident.model_copy(update={"state": stored.state})

    async def incident(self, incident: UUID) -> Incident:
        """Return one incident."""
        if incident not in self._incidents:
            raise NotFound(f"There is no incident {incident} here.")
        return self._incidents[incident]

    async def transitions(self, incident: UUID) -> Sequence[Transition]:
        """Return the transitions."""
        await self.incident(incident)
        return self._transitions[incident]

    async def incidents(self, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first."""
        return sorted(self._incidents.values(), key=lambda one: (one.opened_at, one.id), reverse=True)[:limit]

    def forget(self, limits: Limits, told_of: Collection[UUID]) -> Gone:
        """Let go of old investigations, of ended incidents that nothing tells of any more, and of empty sessions."""
        asked = {one.investigation.id for one in self._records.values() if self._is_old(one, limits)}
        ended = [one for one in self._incidents.values() if _is_over(one, limits) and one.id not in told_of]
        self._records = {key: one for key, one in self._records.items() if key not in asked}
        for one in ended:
            del self._incidents[one.id], self._opened[one.id], self._transitions[one.id]
        used = {one.investigation.session for one in self._records.values()}
        empty = [one for one in self._sessions.values() if one.id not in used and one.expires_at < limits.told]
        for session in empty:
            del self._sessions[session.id]
        counts = {"investigations": len(asked), "incidents": len(ended), "sessions": len(empty)}
        return Gone(incidents=tuple(ended), counts=counts)

    def _is_old(self, record: Record, limits: Limits) -> bool:
        one, answer = record.investigation, record.answer
        is_found = bool((answer and answer.hypotheses) or record.feedback or one.incident)
        return one.opened_at < limits.found or (not is_found and self._sessions[one.session].expires_at < limits.told)


def _is_over(one: Incident, limits: Limits) -> bool:
    return one.opened_at < limits.found and one.state in {"resolved", "learned", "inconclusive", "suppressed"}
