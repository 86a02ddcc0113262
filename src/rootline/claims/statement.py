"""The sentence that sums a hypothesis up: an inference, worded by how far it is proven."""

from collections.abc import Sequence

from rootline.claims.mechanisms import mechanism
from rootline.claims.plain import clipped
from rootline.claims.rewritten import rewritten
from rootline.claims.shown import shown
from rootline.domain.claim import Claim
from rootline.domain.hypothesis import DraftHypothesis, HypothesisType

_LONGEST_NAME = 200
_WHOLE = ("it ", "its ", "keeps ")
"""What causes begin with that are sentences about their subject."""
_CHANGES: dict[HypothesisType, str] = {
    "release": "release",
    "config": "configuration change",
    "flag": "flag",
    "external": "provider",
}


def statement(draft: DraftHypothesis, *, proven: bool = False, verified: Sequence[Claim] = ()) -> str:
    """Write a hypothesis as one sentence; where its cause has a well-known name, with how that does harm.

    What the verified claims for it are about is said in plain words beside a mechanism: of a change, the lines of its
    diff that they quote.

    A proven one says that something caused it (over a verified order in time and a verified dependency or
    mechanism); any other says only what may have.
    """
    subject = clipped(draft.subject, _LONGEST_NAME) or "something unknown"
    cause = draft.cause.replace("_", " ").strip()
    if draft.type == "none":
        why = f": {cause}" if cause and not cause.startswith("no ") else ""
        return f"No change explains what was seen in {subject}{why}"
    change = clipped(draft.change, _LONGEST_NAME)
    blamed = f"{_CHANGES.get(draft.type, 'change')} {change}" if change else cause or f"{draft.type} trouble"
    how = _how(cause, rewritten(verified, draft.change)) if change else ""
    caused = "caused" if proven else "may have caused"
    known = "" if change else mechanism(draft.cause)
    explained = "; ".join(part for part in (f": {known}", shown(verified)) if part) if known else ""
    if not change and cause.startswith(_WHOLE):
        return f"{subject}: {cause}, which {caused} what was seen{explained}"
    return f"{blamed[0].upper()}{blamed[1:]} in {subject} {caused} what was seen{how}{explained}"


def _how(cause: str, lines: str) -> str:
    """How a change does harm, with what its own lines say."""
    by = f", for {cause}" if cause.startswith("it ") else f", by {cause}" if cause else ""
    return by + (f": {lines}" if lines else "")
