"""Where to look next: computed from what is missing, never invented."""

from collections.abc import Iterator

from rootline.domain.hypothesis import Answer, CoverageItem
from rootline.reports.coverage import gaps
from rootline.store.journal import Record

_MOST = 8
_WORDS = {
    "not_configured": "connect a source for it",
    "not_asked": "ask it",
    "timeout": "ask again with a shorter window",
    "error": "ask again",
    "partial": "ask again with a narrower question",
    "no_data": "see whether it should have data",
}


def next_steps(record: Record) -> list[str]:
    """List what would make the answer surer, the most telling first, at most eight. Plain text."""
    steps = [*(_proofs(record.answer) if record.answer else ()), *map(_gap, gaps(record)), *_hints(record)]
    return list(dict.fromkeys(steps))[:_MOST]


def _proofs(answer: Answer) -> Iterator[str]:
    best = answer.hypotheses[0] if answer.hypotheses else None
    if best is not None and not best.is_proven and best.type != "none":
        yield f"Prove hypothesis 1: what began first, and what links {best.change or best.subject} to it"
    if len(answer.hypotheses) > 1:
        second = answer.hypotheses[1]
        other = second.change or second.cause.replace("_", " ") or second.subject
        yield f"Tell hypothesis 2 from hypothesis 1: look for what only {other} explains"


def _gap(item: CoverageItem) -> str:
    what = f"{item.tool} {item.asked}".strip()
    return f"{what}: {item.status.replace('_', ' ')}; {_WORDS.get(item.status, 'ask again')}"


def _hints(record: Record) -> Iterator[str]:
    connected = (one for one in record.evidence if one.reading.source.backend not in {"", "none"})
    for evidence in connected:
        for hint in evidence.reading.hints:
            yield f"{evidence.label}: {hint}"
