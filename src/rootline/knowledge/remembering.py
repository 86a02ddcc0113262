"""What an investigation leaves behind for later ones: its answer in short, and the diffs it looked at, by hunk."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rootline.analysis.joining.remembering import Signature
from rootline.analysis.joining.signature import signature
from rootline.domain.fact import ChangeFact
from rootline.domain.window import rfc3339
from rootline.store.documents import Document
from rootline.store.journal import Record
from rootline.store.passages import Passage

MOST_HUNKS = 200
MOST_WORDS = 200
LONGEST_HUNK, LONGEST_HEADING = 1_200, 200
_CUT = "2"
"""What is kept of each; counting it up keeps everything anew."""
_PLACE = re.compile(r"^@@ (\S{1,300}) @@")
_NEW_FILE = re.compile(r"^\+\+\+ (?:b/)?(\S{1,300})")


def incident_summary(record: Record) -> Document | None:
    """Sum up an investigation that has an explanation; what the checker refused is no part of it."""
    answer, investigation = record.answer, record.investigation
    if answer is None or not answer.hypotheses:
        return None
    question, best = investigation.question, answer.hypotheses[0]
    said = "\n".join(f"{one.rank}. {one.cause.replace('_', ' ')}: {one.statement}" for one in answer.hypotheses[:3])
    looked = signature(fact for one in record.evidence for fact in one.reading.facts)
    payload = {
        "incident_id": str(investigation.id),
        "service_key": best.subject,
        "started_at": rfc3339(question.window.start),
        **payload_of(looked),
    }
    return _document(str(investigation.id), " ".join(question.text.split())[:LONGEST_HEADING], said, payload)


def payload_of(looked: Signature) -> dict[str, str]:
    """Write down what an incident looked like, so that later ones are compared without reading its evidence."""
    return {
        "first_failed": looked.service,
        "symptoms": ",".join(sorted(looked.families)),
        "words": " ".join(sorted(looked.terms)[:MOST_WORDS]),
    }


def signature_of(payload: Mapping[str, str]) -> Signature:
    """Read it back; what was never written is empty, and alike to nothing."""
    families = payload.get("symptoms", "").split(",")
    return Signature(
        service=payload.get("first_failed", ""),
        families=frozenset(one for one in families if one),
        terms=frozenset(payload.get("words", "").split()),
    )


def diff_chunks(record: Record) -> list[Document]:
    """Return the hunks of the diffs that were read, each with the commit it is of."""
    facts = (fact for one in record.evidence for fact in one.reading.facts)
    changes = {fact.label: fact for fact in facts if isinstance(fact, ChangeFact) and fact.change == "commit"}
    return [chunk for fact in changes.values() if fact.diff for chunk in _chunks(fact)][:MOST_HUNKS]


def _chunks(fact: ChangeFact) -> Iterator[Document]:
    heading = " ".join(fact.message.split())[:LONGEST_HEADING]
    for number, (path, lines) in enumerate(_hunks(fact.diff)):
        payload = {
            "repo": fact.subject,
            "sha": fact.label,
            "path": path,
            "hunk_id": str(number),
            "authored_at": _moment(fact.written_at),
        }
        yield _document(f"{fact.label}#{number}", f"{heading} {path}".strip(), "\n".join(lines), payload)


def _hunks(diff: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Cut a diff where hunks begin; each carries the path last named."""
    path, lines = "", list[str]()
    for line in diff:
        if line.startswith("@@") and lines:
            yield path, lines
            lines = []
        named = _PLACE.match(line) or _NEW_FILE.match(line)
        path = named[1] if named else path
        lines.append(line)
    if lines:
        yield path, lines


def _document(name: str, heading: str, text: str, payload: dict[str, str]) -> Document:
    held = Passage(runbook=name, heading=heading, quote=text[:LONGEST_HUNK], payload=payload)
    whole = "\x00".join([_CUT, name, heading, text[:LONGEST_HUNK], *sorted(payload.values())])
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(name=name, body=text, passages=(held,), digest=digest, payload=payload)


def _moment(at: datetime | None) -> str:
    return rfc3339(at) if at else ""
