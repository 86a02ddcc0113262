"""Plain questions: not "what is the cause?" but "which pods restart?" or "what is the p99 of checkout?"."""

import re
from collections.abc import Callable

from rootline.domain.fact import AlertFact, ChangeFact, EdgeFact, Fact, LogFact, OperationFact, SeriesFact, TextFact
from rootline.domain.session import Question, ToolCall
from rootline.domain.stated import StatedAnswer, StatedClaim
from rootline.models.builtin.spots import Shelf, Spot
from rootline.models.builtin.symptoms import movement, quoted

MOST = 8
_PLAIN = re.compile(r"(?i)^\W*(which|what|how (many|much|high|often)|list|show|when|who|is|are|does|did|has)\b")
_CAUSE = re.compile(r"(?i)\b(why|cause[sd]?|root|reason|wrong|broke|broken|blame|explain|fix)\b|happen(ed|ing)")
_WORD = re.compile(r"[a-z0-9]+")
_CLUSTER = re.compile(r"(?i)\b(pods?|nodes?|deployments?|services?|events?|namespaces?|replicas?|restarts?|pvcs?)\b")
_COMMON = frozenset(
    [
        "which",
        "what",
        "how",
        "many",
        "much",
        "is",
        "are",
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "for",
        "to",
        "and",
        "does",
        "did",
        "has",
        "have",
        "was",
        "were",
        "show",
        "list",
    ]
)


def is_plain(question: Question) -> bool:
    """Whether the question asks for facts rather than for a cause."""
    text = question.text[:400]
    return question.trigger == "question" and bool(_PLAIN.search(text)) and not _CAUSE.search(text)


def plain_calls(question: Question, shelf: Shelf) -> tuple[ToolCall, ...]:
    """Ask the cluster for the kind of object that the question names."""
    named = _CLUSTER.search(question.text[:400])
    if not is_plain(question) or named is None:
        return ()
    kind = {"restarts": "pods", "restart": "pods", "replicas": "deployments", "replica": "deployments"}.get(
        named.group(0).lower(), named.group(0).lower().rstrip("s") + "s"
    )
    asked = any(one.arguments.get("kind") == kind for one in shelf.evidence.values())
    return () if asked else (ToolCall(id="plain-1", tool="get_cluster_state", arguments={"verb": "get", "kind": kind}),)


def plain_answer(question: Question, shelf: Shelf) -> StatedAnswer | None:
    """Answer with the facts that share most words with the question; None when it is no plain question."""
    if not is_plain(question):
        return None
    words = {word for word in _WORD.findall(question.text.lower()[:400]) if word not in _COMMON}
    ranked = sorted(_facts(shelf), key=lambda spot: -_likeness(spot.fact, words))
    claims = [claim for spot in ranked if _likeness(spot.fact, words) for claim in _claims(spot, words)]
    return StatedAnswer(claims=tuple(claims[:MOST]))


def _began(spot: Spot[Fact]) -> StatedClaim:
    return spot.says("started")


_SAYINGS: dict[type[Fact], Callable[[Spot[Fact]], StatedClaim]] = {
    ChangeFact: lambda spot: spot.says("changed"),
    EdgeFact: lambda spot: spot.says("depends_on"),
    OperationFact: lambda spot: spot.says("equals", field="p95_after_s"),
}


def _facts(shelf: Shelf) -> list[Spot[Fact]]:
    kinds: tuple[type[Fact], ...] = (SeriesFact, TextFact, AlertFact, LogFact, ChangeFact, EdgeFact, OperationFact)
    return [spot for kind in kinds for spot in shelf.of(kind)]


def _likeness(fact: Fact, words: set[str]) -> float:
    """Count the question's words in the fact, a word in its subject twice."""
    body = set(_WORD.findall(fact.model_dump_json(exclude={"points", "diff", "components"}).lower()[:20_000]))
    return len(words & body) + len(words & set(_WORD.findall(fact.subject.lower())))


def _claims(spot: Spot[Fact], words: set[str]) -> list[StatedClaim]:
    fact = spot.fact
    if isinstance(fact, SeriesFact):
        held = Spot(evidence=spot.evidence, index=spot.index, fact=fact)
        return [held.says("equals", field="current")] if fact.direction == "flat" else [movement(held)]
    if isinstance(fact, LogFact):
        return [quoted(Spot(evidence=spot.evidence, index=spot.index, fact=fact))]
    if isinstance(fact, TextFact):
        return [spot.says("contains", line=at) for at in _telling(fact, words)]
    return [_SAYINGS.get(type(fact), _began)(spot)]


def _telling(fact: TextFact, words: set[str]) -> list[int]:
    """Choose the lines that hold most of the words; where none does, those that are not in order."""
    scored = [(len(words & set(_WORD.findall(line.lower()))), at) for at, line in enumerate(fact.lines)]
    best = [at for count, at in scored if count]
    odd = [at for at, line in enumerate(fact.lines) if re.search(r"\s[1-9]\d*\s+\(|Crash|Error|Pending|0/\d", line)]
    return (odd or best)[:MOST]
