"""What a model names must exist: it blames services, objects and changes that the evidence knows, and nothing else."""

import difflib
import re
from collections.abc import Iterable, Mapping

from rootline.analysis.cluster.query import is_of_cluster
from rootline.domain.evidence import Evidence, clusters_of
from rootline.domain.fact import (
    AnyFact,
    ChangeFact,
    EdgeFact,
    HunkFact,
    IncidentFact,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)
from rootline.domain.hypothesis import Answer
from rootline.domain.service_key import ServiceKey
from rootline.domain.stated import StatedAnswer, StatedHypothesis
from rootline.errors import ToolFault

SHORTEST_SHA = 7
_OBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")


def grounded(answer: StatedAnswer, evidence: Mapping[str, Evidence]) -> StatedAnswer:
    """Return the answer with full labels and no scores of the model's own; raise ToolFault for what nobody knows."""
    facts = [fact for one in evidence.values() for fact in one.reading.facts]
    names = {name for fact in facts for name in _names(fact) if name}
    labels = [fact.label for fact in facts if isinstance(fact, ChangeFact)]
    clusters = clusters_of(evidence.values())
    texts = [fact for fact in facts if isinstance(fact, TextFact)]
    kept = tuple(_grounded(one, names, labels, _printed(one.subject, texts, clusters)) for one in answer.hypotheses)
    return answer.model_copy(update={"hypotheses": kept})


def _grounded(one: StatedHypothesis, names: set[str], labels: list[str], texts: Iterable[str]) -> StatedHypothesis:
    if one.subject not in names and not _is_object(one.subject, texts):
        meant = difflib.get_close_matches(one.subject[:80], names, n=3) or sorted(names)[:8]
        raise ToolFault(f"The evidence names nothing like the subject {one.subject[:80]!r}. Known: {', '.join(meant)}.")
    if any(char.isdigit() for char in one.cause):
        raise ToolFault(f"The cause {one.cause[:60]!r} holds figures. Name the mechanism, and put figures into claims.")
    return one.model_copy(update={"components": (), "change": _label(one.change, labels)})


def _names(fact: AnyFact) -> Iterable[str]:
    if isinstance(fact, IncidentFact | HunkFact):  # what only the past names is no part of this incident
        return
    yield fact.subject
    if isinstance(fact, SeriesFact | OperationFact):
        yield fact.service
    if isinstance(fact, EdgeFact):
        yield fact.callee
    if isinstance(fact, ServiceFact):
        yield from (*fact.callers, *fact.callees, *fact.victims)


def _is_object(subject: str, texts: Iterable[str]) -> bool:
    """Whether the last part of `kind/NAME` stands as a word in what a cluster printed."""
    name = subject.rsplit("/", 1)[-1]
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")
    return bool(_OBJECT.fullmatch(name)) and any(word.search(line[:2000]) for line in texts)


def _printed(subject: str, texts: Iterable[TextFact], clusters: frozenset[str]) -> Iterable[str]:
    """What clusters printed: of several, that of the subject."""
    told = ServiceKey.of(subject, clusters).cluster
    home = told if told in clusters else ""
    return (line for fact in texts if is_of_cluster(fact.asked, home) for line in fact.lines)


def _label(change: str, labels: list[str]) -> str:
    fitting = [
        label for label in labels if label == change or (len(change) >= SHORTEST_SHA and label.startswith(change))
    ]
    if change and not fitting:
        known = ", ".join(label[:12] for label in labels[:8]) or "none"
        raise ToolFault(
            f"No change {change[:40]!r} is in the evidence. Known: {known}. Leave it empty if none is to blame."
        )
    return fitting[0] if change else ""


def labelled(answer: Answer, model: str) -> Answer:
    """Say of a model's free words that nobody has checked them."""
    mark = f" [unchecked words of {model[:60]}]"
    ranked = tuple(one.model_copy(update={"why_not": _marked(one.why_not, mark)}) for one in answer.hypotheses)
    reasons = tuple(_marked(one, mark) for one in answer.none_reasons)
    return answer.model_copy(update={"hypotheses": ranked, "none_reasons": reasons})


def _marked(words: str, mark: str) -> str:
    return words + mark if words else ""
