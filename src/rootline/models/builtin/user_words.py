"""Text that users can write (addresses, user agents, messages) persuades nobody alone."""

import re
from collections.abc import Iterable

from rootline.domain.fact import AlertFact, LogFact, OperationFact, ScoreComponent
from rootline.models.builtin.seen import Seen

MOST_ON_USER_WORDS = 0.5
"""Source: own choice, in logits: as much as a weak hint."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,40}")
_READ = 600


def capped(parts: Iterable[ScoreComponent], seen: Seen) -> tuple[ScoreComponent, ...]:
    """Bound every part whose quoted words stand in nothing but text that users can write."""
    users = _words(fact.template for fact in _logs(seen, user_written=True))
    if not users:
        return tuple(parts)
    theirs = users - _independent(seen)
    return tuple(_capped(one, theirs) for one in parts)


def _capped(one: ScoreComponent, theirs: frozenset[str]) -> ScoreComponent:
    quoted = _words([one.reason.partition(": ")[2]])
    if one.contribution <= MOST_ON_USER_WORDS or not quoted or not quoted <= theirs:
        return one
    reason = f"{one.reason[:200]} (capped: only text that users can write says so)"
    return one.model_copy(update={"contribution": MOST_ON_USER_WORDS, "reason": reason})


def _independent(seen: Seen) -> frozenset[str]:
    """Words of errors that programs wrote, of alerts and of traces."""
    logs = [fact.template for fact in _logs(seen, user_written=False) if fact.is_error]
    alerts = [f"{spot.fact.metric} {spot.fact.summary}" for spot in seen.shelf.of(AlertFact)]
    traces = [f"{spot.fact.operation} {spot.fact.error}" for spot in seen.shelf.of(OperationFact)]
    return _words([*logs, *alerts, *traces])


def _logs(seen: Seen, *, user_written: bool) -> list[LogFact]:
    return [spot.fact for spot in seen.shelf.of(LogFact) if spot.fact.user_written is user_written]


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text[:_READ]))
