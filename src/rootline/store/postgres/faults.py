"""What the database's errors mean to us, and never more of them than concerns the caller."""

import psycopg
from psycopg.errors import IntegrityError, OperationalError

from rootline.errors import NotFound, RootlineError
from rootline.store.refusals import AlreadyClosed, Refused, SessionExpired, StoreUnreachable, Taken

_MEANINGS: dict[str, tuple[type[RootlineError], str]] = {
    "session_expired": (SessionExpired, "This session has expired and can only be read. Open a new one."),
    "investigation_closed": (AlreadyClosed, "This investigation is closed. Open another one to go on."),
    "closings_once": (AlreadyClosed, "This investigation is closed. Open another one to go on."),
    "investigations_session_exists": (NotFound, "There is no such session here."),
    "messages_place_taken": (Taken, "Another message is stored at this place. Read the investigation again."),
    "messages_no_gap": (Refused, "A message must follow right behind the one before it."),
    "messages_from_zero": (Refused, "A message must follow right behind the one before it."),
    "evidence_label_taken": (Taken, "Other evidence is stored under this label. Evidence is never changed."),
    "tool_results_evidence_exists": (Refused, "A tool result cites evidence that is not stored."),
    "claims_evidence_exists": (Refused, "A verified claim cites evidence that is not stored."),
    "claims_verified_cites": (Refused, "A verified claim must cite evidence."),
    "hypotheses_proof_named": (Refused, "A hypothesis without a verified claim for it cannot be stored."),
    "hypotheses_proof_verified": (Refused, "A hypothesis without a verified claim for it cannot be stored."),
    "answers_explained_by": (Refused, "An answer that explains needs a hypothesis of rank 1."),
    "answers_once": (Taken, "Another answer is stored for this investigation."),
    "closings_done_has_answer": (Refused, "An investigation is done only with its answer."),
    "closings_state": (Refused, "An investigation can only become done, cancelled or failed."),
    "rechecks_claim_named": (Refused, "Only a stored claim can be re-checked."),
    "plans_hypothesis_exists": (Refused, "A plan needs a stored hypothesis of that rank."),
    "feedback_hypothesis_exists": (Refused, "There is no stored hypothesis of that rank."),
    "transitions_from_current": (Refused, "The incident is not in the state the transition starts from."),
    "clusters_name_taken": (Taken, "A cluster of this name is registered. Remove it first, or choose another name."),
    "transitions_first_from_nothing": (Refused, "The incident is not in the state the transition starts from."),
}


def explained(error: psycopg.Error) -> RootlineError:
    """Say what a database error means; an unknown integrity error keeps the name of its rule."""
    if isinstance(error, IntegrityError):
        rule = error.diag.constraint_name or error.diag.column_name or "unnamed"
        kind, text = _MEANINGS.get(rule, (Refused, f"The database's rule {rule!r} forbids it."))
        return kind(text)
    if isinstance(error, OperationalError | psycopg.InterfaceError):
        return StoreUnreachable(
            f"The database did not take the step: {_first_line(error)}. Nothing half is stored; repeat the step."
        )
    return Refused(f"The database refused the step ({error.sqlstate}): {_first_line(error)}.")


def _first_line(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).strip().partition("\n")[0].rstrip(".")
