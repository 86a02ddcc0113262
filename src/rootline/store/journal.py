"""What outlives the process: the Protocol of the journal, and its in-memory twin.

Each method is one transaction: it is stored whole or not at all. A journal belongs to one tenant, and
knows nothing of any other.
"""

from collections.abc import Sequence
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


@dataclass(frozen=True, kw_only=True)
class Record:
    """One investigation with all that was stored of it, each list in the order of storing."""

    investigation: Investigation
    messages: tuple[Message, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answer: Answer | None = None
    plans: tuple[Plan, ...] = ()
    feedback: tuple[Feedback, ...] = ()


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

    async def investigations(self, session: UUID | None = None, limit: int = 50) -> Sequence[Investigation]:
        """Return investigations, newest first, of one session or of all."""
        ...

    async def add_message(self, investigation: UUID, sequence: int, message: Message) -> None:
        """Store the message at its place (0 is the question); refuses a place that is taken."""
        ...

    async def add_results(
        self, investigation: UUID, sequence: int, message: Message, evidence: Sequence[Evidence]
    ) -> None:
        """Store a round of tool results with the new evidence they made, in call order."""
        ...

    async def add_evidence(self, investigation: UUID, evidence: Sequence[Evidence]) -> None:
        """Store evidence that no message asked for: the first reads, a direct tool call, a note."""
        ...

    async def conclude(self, investigation: UUID, answer: Answer, state: InvestigationState = "done") -> None:
        """Store the answer with its claims, marks and hypotheses, and close the investigation."""
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

    async def incidents(self, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first."""
        ...


@dataclass
class MemoryJournal:
    """A journal that ends with the process: for evals, tests and one-off questions."""

    _sessions: dict[UUID, Session] = field(default_factory=dict)
    _records: dict[UUID, Record] = field(default_factory=dict)
    _rechecks: dict[UUID, list[Checked]] = field(default_factory=dict)
    _incidents: dict[UUID, Incident] = field(default_factory=dict)
    _transitions: list[Transition] = field(default_factory=list)

    async def open_session(self, session: Session) -> None:
        """Keep the session."""
        self._sessions[session.id] = session

    async def session(self, session: UUID) -> Session:
        """Return one session."""
        if session not in self._sessions:
            raise NotFound(f"There is no session {session} here.")
        return self._sessions[session]

    async def sessions(self, limit: int = 50) -> Sequence[Session]:
        """Return the most recently active sessions first."""
        return sorted(self._sessions.values(), key=lambda one: one.active_at, reverse=True)[:limit]

    async def open_investigation(self, investigation: Investigation, message: Message) -> None:
        """Keep the investigation and its question."""
        session = await self.session(investigation.session)
        self._sessions[session.id] = session.model_copy(update={"active_at": investigation.opened_at})
        self._records[investigation.id] = Record(investigation=investigation, messages=(message,))

    async def record(self, investigation: UUID) -> Record:
        """Return one investigation whole."""
        if investigation not in self._records:
            raise NotFound(f"There is no investigation {investigation} here.")
        return self._records[investigation]

    async def investigations(self, session: UUID | None = None, limit: int = 50) -> Sequence[Investigation]:
        """Return investigations, newest first."""
        found = [one.investigation for one in self._records.values() if session in {None, one.investigation.session}]
        return sorted(found, key=lambda one: (one.opened_at, one.id), reverse=True)[:limit]

    async def add_message(self, investigation: UUID, sequence: int, message: Message) -> None:
        """Append the message."""
        await self.add_results(investigation, sequence, message, ())

    async def add_results(
        self, investigation: UUID, sequence: int, message: Message, evidence: Sequence[Evidence]
    ) -> None:
        """Append the message and its evidence."""
        record = await self.record(investigation)
        if sequence != len(record.messages):
            raise ValueError(f"message {sequence} of investigation {investigation} is already stored")
        self._records[investigation] = replace(record, messages=(*record.messages, message))
        await self.add_evidence(investigation, evidence)

    async def add_evidence(self, investigation: UUID, evidence: Sequence[Evidence]) -> None:
        """Append evidence."""
        record = await self.record(investigation)
        self._records[investigation] = replace(record, evidence=(*record.evidence, *evidence))

    async def conclude(self, investigation: UUID, answer: Answer, state: InvestigationState = "done") -> None:
        """Keep the answer."""
        record = await self.record(investigation)
        closed = record.investigation.model_copy(update={"state": state, "outcome": answer.outcome})
        self._records[investigation] = replace(record, investigation=closed, answer=answer)

    async def close(self, investigation: UUID, state: InvestigationState) -> None:
        """Close without an answer."""
        record = await self.record(investigation)
        closed = record.investigation.model_copy(update={"state": state})
        self._records[investigation] = replace(record, investigation=closed)

    async def add_recheck(self, investigation: UUID, checks: Sequence[Checked]) -> None:
        """Append a re-check."""
        self._rechecks.setdefault(investigation, []).extend(checks)

    async def add_plan(self, investigation: UUID, plan: Plan) -> None:
        """Keep the plan once."""
        record = await self.record(investigation)
        if plan.sha256 not in {one.sha256 for one in record.plans}:
            self._records[investigation] = replace(record, plans=(*record.plans, plan))

    async def add_feedback(self, feedback: Feedback) -> None:
        """Append feedback."""
        record = await self.record(feedback.investigation)
        self._records[feedback.investigation] = replace(record, feedback=(*record.feedback, feedback))

    async def open_incident(self, incident: Incident, transition: Transition) -> None:
        """Keep the incident."""
        self._incidents[incident.id] = incident
        self._transitions.append(transition)

    async def move_incident(self, transition: Transition) -> Incident:
        """Move the incident."""
        incident = self._incidents.get(transition.incident)
        if incident is None:
            raise NotFound(f"There is no incident {transition.incident} here.")
        if incident.state != transition.before:
            raise ValueError(f"incident {incident.id} is {incident.state}, not {transition.before}")
        moved = incident.model_copy(update={"state": transition.after})
        self._incidents[incident.id] = moved
        self._transitions.append(transition)
        return moved

    async def incidents(self, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first."""
        return sorted(self._incidents.values(), key=lambda one: (one.opened_at, one.id), reverse=True)[:limit]
