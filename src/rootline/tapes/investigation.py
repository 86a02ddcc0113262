"""The tape of an investigation: its tool results, its answer, the hash of what it read, and the sources if wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from rootline.domain.evidence import Evidence, canonical, fingerprint, is_intact
from rootline.domain.hypothesis import Answer
from rootline.redaction import Redactor
from rootline.store.journal import Record
from rootline.tapes.recording import Recording
from rootline.tapes.redacted import redacted

Value = TypeVar("Value")


def saved(record: Record, recording: Recording, redactor: Redactor, *, copy: bool) -> Recording:
    """Return a recording that replays the investigation: from its results, or with `copy` from its sources."""
    kept = redacted(recording, redactor) if copy else Recording(title=recording.title, question=recording.question)
    return replace(
        kept,
        question=record.investigation.question,
        results=record.evidence,
        answer=record.answer,
        read_sha256=recording.read_sha256 or recording.sha256,
    )


class Difference(BaseModel):
    """One thing that is not the same: what it is, and how it was and is."""

    model_config = ConfigDict(frozen=True)

    what: str
    before: str
    after: str


class Differences(BaseModel):
    """All that differs between two investigations, in the order of reading."""

    model_config = ConfigDict(frozen=True)

    found: tuple[Difference, ...]

    def told(self) -> str:
        """Write the differences, one a line."""
        lines = [f"{one.what}: {one.before or '–'} → {one.after or '–'}" for one in self.found]
        return "\n".join(lines) or "nothing differs"


def differences(before: Recording, after: Recording) -> Differences:
    """Compare what two investigations read, claimed and concluded."""
    compared = (
        ("what was read", {"sha256": _read(before)[:12]}, {"sha256": _read(after)[:12]}),
        ("evidence", _evidence(before.results or ()), _evidence(after.results or ())),
        ("outcome", _outcome(before.answer), _outcome(after.answer)),
        ("hypothesis", _hypotheses(before.answer), _hypotheses(after.answer)),
        ("claim", _claims(before.answer), _claims(after.answer)),
    )
    return Differences(found=tuple(one for what, old, new in compared for one in _compare(what, old, new)))


def _read(recording: Recording) -> str:
    """Return the hash of what was read; a tape of live sources is itself what was read."""
    return recording.read_sha256 or recording.sha256


def _compare(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    names = dict.fromkeys([*old, *new])
    return [
        Difference(what=f"{what} {name}", before=old.get(name, ""), after=new.get(name, ""))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _evidence(results: Sequence[Evidence]) -> Mapping[str, str]:
    return {f"{one.tool} {canonical(one.arguments)}": f"{one.reading.status} {_hash(one)[:12]}" for one in results}


def _hash(one: Evidence) -> str:
    """Hash it as it is hashed now, whenever it was stored; what is not intact keeps the hash that it claims."""
    return fingerprint(one.tool, one.arguments, one.reading) if is_intact(one) else one.sha256


def _outcome(answer: Answer | None) -> Mapping[str, str]:
    if answer is None:
        return {"outcome": "none"}
    return {"outcome": answer.outcome, "written by": answer.written_by, "first failing": answer.first_failing_service}


def _hypotheses(answer: Answer | None) -> Mapping[str, str]:
    ranked = answer.hypotheses if answer else ()
    return {
        f"{one.cause} on {one.subject} {one.change[:12]}".strip(): f"#{one.rank} {one.confidence.value:.2f}"
        for one in ranked
    }


def _claims(answer: Answer | None) -> Mapping[str, str]:
    if answer is None:
        return {}
    inside = [claim for one in answer.hypotheses for claim in (*one.support, *one.against)]
    return {claim.sentence: claim.mark for claim in (*inside, *answer.claims, *answer.failed)}
