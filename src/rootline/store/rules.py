"""What a step must hold to be stored.

The first two rules are asked by both journals. The others PostgreSQL keeps by constraints, so that raw SQL
meets them too, and the journal in memory asks here.
"""

from collections.abc import Sequence

from rootline.domain.claim import Checked, Claim
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.incident import Incident, Transition
from rootline.domain.session import Investigation, InvestigationState, Message, Session
from rootline.store.refusals import AlreadyClosed, Refused, SessionExpired
from rootline.store.repeats import same


def refuse_odd_opening(incident: Incident, transition: Transition) -> None:
    """Refuse a first transition that is not this incident's, from nothing, into its state."""
    if (transition.incident, transition.before, transition.after) != (incident.id, None, incident.state):
        raise Refused(f"The first transition of incident {incident.id} must lead from nothing to {incident.state}.")


def refuse_opened_closed(investigation: Investigation) -> None:
    """Refuse to store an investigation that did not run here."""
    if (investigation.state, investigation.outcome) != ("running", None):
        raise Refused(f"An investigation opens as running, not as {investigation.state}.")


def refuse_expired(session: Session, investigation: Investigation) -> None:
    """Refuse to add to a session after its end."""
    if investigation.opened_at >= session.expires_at:
        raise SessionExpired(f"This session expired at {session.expires_at}. Open a new one.")


def refuse_closed(investigation: Investigation) -> None:
    """Refuse to go on after the end."""
    if investigation.state != "running":
        raise AlreadyClosed(f"This investigation is {investigation.state}. Open another one to go on.")


def refuse_gap(sequence: int, count: int) -> None:
    """Refuse a message that does not follow right behind the one before it."""
    if sequence != count:
        raise Refused(f"The next message of this investigation has place {count}, not {sequence}.")


def refuse_end(investigation: Investigation, state: InvestigationState) -> None:
    """Refuse an end after the end, or one that is none."""
    refuse_closed(investigation)
    if state == "running":
        raise Refused("An investigation can only become done, cancelled or failed.")


def refuse_done_without_answer(state: InvestigationState) -> None:
    """Refuse to call something done that has no answer."""
    if state == "done":
        raise Refused("An investigation is done only with its answer.")


def refuse_other_start(incident: Incident, transition: Transition) -> None:
    """Refuse a transition from where the incident is not."""
    if incident.state != transition.before:
        raise Refused(f"Incident {incident.id} is {incident.state}, not {transition.before}.")


def refuse_uncited(message: Message, evidence: Sequence[Evidence]) -> None:
    """Refuse a tool result that cites evidence nobody stored."""
    labels = {one.label for one in evidence} | {""}
    if missing := [one.evidence for one in message.results if one.evidence not in labels]:
        raise Refused(f"A tool result cites {missing[0]}, which is not stored.")


def refuse_unproven(answer: Answer, evidence: Sequence[Evidence]) -> None:
    """Refuse a hypothesis without a verified claim for it, and a verified claim without its evidence."""
    ranks = [one.rank for one in answer.hypotheses]
    if len(set(ranks)) < len(ranks):
        raise Refused("Two hypotheses have the same rank.")
    if answer.outcome == "explained" and 1 not in ranks:
        raise Refused("An answer that explains needs a hypothesis of rank 1.")
    if not all(any(claim.is_fact for claim in one.support) for one in answer.hypotheses):
        raise Refused("A hypothesis without a verified claim for it cannot be stored.")
    labels = {one.label for one in evidence}
    if any(one.is_fact and one.claim.selectors[0].evidence not in labels for one in claims_of(answer)):
        raise Refused("A verified claim cites evidence that is not stored.")


def refuse_unknown_claims(answer: Answer | None, checks: Sequence[Checked]) -> None:
    """Refuse to re-check what was never claimed."""
    known: list[Claim] = [] if answer is None else [one.claim for one in claims_of(answer)]
    if any(not any(same(check.claim, claim) for claim in known) for check in checks):
        raise Refused("Only a stored claim can be re-checked.")


def refuse_unknown_rank(answer: Answer | None, rank: int | None) -> None:
    """Refuse what is about a hypothesis that is not there."""
    ranks = set() if answer is None else {one.rank for one in answer.hypotheses}
    if rank is not None and rank not in ranks:
        raise Refused(f"There is no stored hypothesis of rank {rank}.")


def claims_of(answer: Answer) -> tuple[Checked, ...]:
    """Return every checked claim of an answer, in the order in which they are stored."""
    parts = [part for one in answer.hypotheses for part in (*one.support, *one.against)]
    return (*parts, *answer.claims, *answer.failed)
