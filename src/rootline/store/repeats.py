"""A step may be repeated: the same content at the same place is a success, and another content is refused.

Two values are the same when they are written the same.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer
from rootline.domain.incident import Incident, Transition
from rootline.domain.session import Investigation, InvestigationState, Message, Session
from rootline.store.bodies import write
from rootline.store.refusals import AlreadyClosed, Taken

_STEP = "Read the investigation again before going on."


def same(one: BaseModel, other: BaseModel, *, but: Sequence[str] = ()) -> bool:
    """Whether two values are written the same, but for the named fields."""
    return write(one, without=but) == write(other, without=but)


def refuse_other_session(stored: Session, session: Session) -> None:
    """Refuse a second session under one id; the last activity may have moved on."""
    if not same(stored, session, but=("active_at",)):
        raise Taken(f"Another session is stored as {session.id}.")


def refuse_other_investigation(stored: Investigation, investigation: Investigation) -> None:
    """Refuse a second investigation under one id; its state may have moved on."""
    if not same(stored, investigation, but=("state", "outcome")):
        raise Taken(f"Another investigation is stored as {investigation.id}.")


def refuse_other_message(stored: Message, message: Message, sequence: int) -> None:
    """Refuse a second message at one place."""
    if not same(stored, message):
        raise Taken(f"Another message is stored at place {sequence} of this investigation. {_STEP}")


def new_evidence(stored: Sequence[Evidence], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return what is not stored yet; refuse other content under a label that is."""
    labelled = {one.label: one for one in stored}
    for one in evidence:
        if one.label in labelled and not same(labelled[one.label], one):
            raise Taken(f"Other evidence is stored as {one.label}. {_STEP}")
    return tuple(one for one in evidence if one.label not in labelled)


def new_messages(
    stored: Mapping[int, Message], sequence: int, messages: Sequence[Message], evidence: Sequence[Evidence]
) -> dict[int, Message]:
    """Return by place the messages that are not stored yet; refuse another message at a place that is taken.

    Evidence that is not stored yet is refused too where all messages are.
    """
    placed = dict(enumerate(messages, start=sequence))
    for at in placed.keys() & stored.keys():
        refuse_other_message(stored[at], placed[at], at)
    fresh = {at: message for at, message in placed.items() if at not in stored}
    if evidence and messages and not fresh:
        raise Taken(f"Message {sequence} is stored already, without {evidence[0].label}. {_STEP}")
    return fresh


def refuse_other_answer(
    investigation: Investigation, stored: Answer, answer: Answer, state: InvestigationState
) -> None:
    """Refuse a second answer, or the same with another end."""
    if not same(stored, answer):
        raise Taken(f"Another answer is stored for this investigation. {_STEP}")
    if investigation.state != state:
        raise AlreadyClosed(f"This investigation is {investigation.state} and cannot become {state}.")


def refuse_other_incident(stored: Incident, first: Transition, incident: Incident, transition: Transition) -> None:
    """Refuse a second incident under one id; its state may have moved on."""
    if not (same(stored, incident, but=("state",)) and same(first, transition)):
        raise Taken(f"Another incident is stored as {incident.id}.")
