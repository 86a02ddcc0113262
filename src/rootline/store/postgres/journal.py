"""The journal in PostgreSQL: each method is one transaction of one tenant.

A commit whose answer was lost may or may not have arrived. Therefore every step can be repeated: the same
content at the same place is a success, and another content there is refused.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.incident import Feedback, Incident, Transition
from rootline.domain.plan import Plan
from rootline.domain.session import Investigation, InvestigationState, Message, Session
from rootline.errors import RootlineError
from rootline.store import repeats, rules
from rootline.store.journal import Record
from rootline.store.postgres import closing, consequences, conversations, findings, turns
from rootline.store.postgres.pool import Cursor, TenantPool


@dataclass(frozen=True)
class PostgresJournal:
    """Stores what one tenant's sessions, investigations and incidents own."""

    tenant: TenantPool

    async def open_session(self, session: Session) -> None:
        """Store a new session."""
        async with self.tenant.transaction() as cursor:
            if not await conversations.add_session(cursor, session):
                repeats.refuse_other_session(await conversations.read_session(cursor, session.id), session)

    async def session(self, session: UUID) -> Session:
        """Return one session, or raise NotFound."""
        async with self.tenant.transaction() as cursor:
            return await conversations.read_session(cursor, session)

    async def sessions(self, limit: int = 50) -> Sequence[Session]:
        """Return the most recently active sessions first."""
        async with self.tenant.transaction() as cursor:
            return await conversations.list_sessions(cursor, limit)

    async def open_investigation(self, investigation: Investigation, message: Message) -> None:
        """Store a new investigation with the message that asked for it; marks its session active."""
        rules.refuse_opened_closed(investigation)
        async with self.tenant.transaction() as cursor:
            await conversations.lock(cursor, investigation.id)
            stored = await conversations.find_investigation(cursor, investigation.id)
            if stored is None:
                await conversations.add_investigation(cursor, investigation)
                await turns.add(cursor, investigation.id, {0: message})
            else:
                repeats.refuse_other_investigation(stored, investigation)
                asked = await conversations.read_messages_at(cursor, investigation.id, [0])
                repeats.refuse_other_message(asked[0], message, 0)

    async def record(self, investigation: UUID) -> Record:
        """Return one investigation whole, or raise NotFound."""
        async with self.tenant.transaction(snapshot=True) as cursor:
            return Record(
                investigation=await conversations.read_investigation(cursor, investigation),
                messages=await conversations.read_messages(cursor, investigation),
                evidence=await findings.read_evidence(cursor, investigation),
                answer=await findings.read_answer(cursor, investigation),
                rechecks=await findings.read_rechecks(cursor, investigation),
                plans=await consequences.read_plans(cursor, investigation),
                feedback=await consequences.read_feedback(cursor, investigation),
            )

    async def summary(self, investigation: UUID) -> Record:
        """Return one investigation with its answer, plans and feedback, or raise NotFound."""
        async with self.tenant.transaction(snapshot=True) as cursor:
            return Record(
                investigation=await conversations.read_investigation(cursor, investigation),
                answer=await findings.read_answer(cursor, investigation),
                plans=await consequences.read_plans(cursor, investigation),
                feedback=await consequences.read_feedback(cursor, investigation),
            )

    async def messages(self, investigation: UUID) -> Sequence[Message]:
        """Return the messages of an investigation in order, or raise NotFound."""
        async with self.tenant.transaction(snapshot=True) as cursor:
            await conversations.read_investigation(cursor, investigation)
            return await conversations.read_messages(cursor, investigation)

    async def labels(self, investigation: UUID) -> Sequence[str]:
        """Return the labels of an investigation's evidence in the order of storing, or raise NotFound."""
        async with self.tenant.transaction(snapshot=True) as cursor:
            await conversations.read_investigation(cursor, investigation)
            return await findings.read_labels(cursor, investigation)

    async def evidence(self, investigation: UUID, labels: Collection[str]) -> Sequence[Evidence]:
        """Return the evidence with these labels, as far as it is there, in the order of storing; or raise NotFound."""
        async with self.tenant.transaction(snapshot=True) as cursor:
            await conversations.read_investigation(cursor, investigation)
            return await findings.read_evidence(cursor, investigation, labels)

    async def investigations(self, session: UUID | None = None, limit: int = 50) -> Sequence[Investigation]:
        """Return investigations, newest first, of one session or of all."""
        async with self.tenant.transaction() as cursor:
            return await conversations.list_investigations(cursor, session, limit)

    async def judged(self, limit: int = 30) -> Sequence[Investigation]:
        """Return the finished investigations that somebody gave feedback on, newest first."""
        async with self.tenant.transaction() as cursor:
            return await conversations.list_judged(cursor, limit)

    async def add_messages(
        self, investigation: UUID, sequence: int, messages: Sequence[Message], evidence: Sequence[Evidence] = ()
    ) -> None:
        """Store messages from a place on (0 is the question), with new evidence; either may be empty.

        Nearly always all of it is new, so it is sent at once; only what is refused is compared with what is there.
        """
        placed = dict(enumerate(messages, start=sequence))
        with suppress(RootlineError):
            await turns.add_at_once(self.tenant, investigation, placed, evidence)
            return
        async with self.tenant.transaction() as cursor:
            await conversations.lock_investigation(cursor, investigation)
            new = await _new_evidence(cursor, investigation, evidence)
            stored = await conversations.read_messages_at(cursor, investigation, list(placed))
            fresh = repeats.new_messages(stored, sequence, messages, new)
            await turns.add(cursor, investigation, fresh, new)

    async def conclude(
        self, investigation: UUID, answer: Answer, state: InvestigationState = "done", plan: Plan | None = None
    ) -> None:
        """Store the answer with its claims, marks and hypotheses and the plan, and close the investigation."""
        async with self.tenant.transaction() as cursor:
            now = await conversations.lock_investigation(cursor, investigation)
            stored = await findings.read_answer(cursor, investigation)
            if stored is not None:
                repeats.refuse_other_answer(now, stored, answer, state)
            else:
                await findings.add_answer(cursor, investigation, answer)
                if plan is not None:
                    await consequences.add_plan(cursor, investigation, plan)
                await closing.add_closing(cursor, investigation, state, answer.outcome)

    async def close(self, investigation: UUID, state: InvestigationState) -> None:
        """Close an investigation without an answer (cancelled or failed)."""
        async with self.tenant.transaction() as cursor:
            now = await conversations.lock_investigation(cursor, investigation)
            if now.state != state or state == "running":
                await closing.add_closing(cursor, investigation, state, None)

    async def add_recheck(self, investigation: UUID, checks: Sequence[Checked]) -> None:
        """Append a later re-check of stored claims; the first marks stay."""
        async with self.tenant.transaction() as cursor:
            await conversations.lock_investigation(cursor, investigation)
            await findings.add_recheck(cursor, investigation, checks)

    async def add_plan(self, investigation: UUID, plan: Plan) -> None:
        """Store a plan; the same hash twice is one row."""
        async with self.tenant.transaction() as cursor:
            await conversations.lock_investigation(cursor, investigation)
            await consequences.add_plan(cursor, investigation, plan)

    async def add_feedback(self, feedback: Feedback) -> None:
        """Append what a person said about an answer."""
        async with self.tenant.transaction() as cursor:
            await conversations.lock_investigation(cursor, feedback.investigation)
            await consequences.add_feedback(cursor, feedback)

    async def open_incident(self, incident: Incident, transition: Transition) -> None:
        """Store an incident with its first transition."""
        rules.refuse_odd_opening(incident, transition)
        async with self.tenant.transaction() as cursor:
            await consequences.lock_incident(cursor, incident.id)
            stored = await consequences.read_transitions(cursor, incident.id)
            if stored:
                opened = await consequences.read_incident(cursor, incident.id, as_opened=True)
                repeats.refuse_other_incident(opened, stored[0], incident, transition)
            else:
                await consequences.add_incident(cursor, incident)
                await consequences.add_transition(cursor, transition)

    async def move_incident(self, transition: Transition) -> Incident:
        """Append a transition and return the incident in its new state; refuses a `before` that is not current."""
        async with self.tenant.transaction() as cursor:
            await consequences.lock_intake(cursor)
            await consequences.lock_incident(cursor, transition.incident)
            await consequences.read_incident(cursor, transition.incident)
            *_, last = await consequences.read_transitions(cursor, transition.incident)
            if not repeats.same(last, transition):
                await consequences.add_transition(cursor, transition)
            return await consequences.read_incident(cursor, transition.incident)

    async def revise_incident(self, incident: Incident) -> None:
        """Append what an incident is called and how bad it is by now; its state is moved by transitions alone."""
        async with self.tenant.transaction() as cursor:
            await consequences.lock_intake(cursor)
            await consequences.read_incident(cursor, incident.id)
            await consequences.add_revision(cursor, incident)

    async def incident(self, incident: UUID) -> Incident:
        """Return one incident as it is now, or raise NotFound."""
        async with self.tenant.transaction() as cursor:
            return await consequences.read_incident(cursor, incident)

    async def transitions(self, incident: UUID) -> Sequence[Transition]:
        """Return an incident's transitions, first to last."""
        async with self.tenant.transaction(snapshot=True) as cursor:
            await consequences.read_incident(cursor, incident)
            return await consequences.read_transitions(cursor, incident)

    async def incidents(self, limit: int = 50) -> Sequence[Incident]:
        """Return incidents, newest first."""
        async with self.tenant.transaction() as cursor:
            return await consequences.list_incidents(cursor, limit)


async def _new_evidence(cursor: Cursor, investigation: UUID, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence that is not stored yet; refuses other content under a stored label."""
    stored = await findings.read_evidence(cursor, investigation, [one.label for one in evidence])
    return repeats.new_evidence(stored, evidence)
