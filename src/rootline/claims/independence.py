"""Whether what supports a hypothesis was measured, or only written by someone who could write anything."""

from collections.abc import Mapping, Sequence

from rootline.claims.pointer import index_of
from rootline.domain.claim import Checked, Selector, SeriesSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AnyFact, HunkFact, IncidentFact, LogFact, NoteFact, RunbookFact


def measured(support: Sequence[Checked], evidence: Mapping[str, Evidence]) -> tuple[Checked, ...]:
    """Return the verified claims that cite no log which users can write, no note, and nothing of the past."""
    return tuple(one for one in of_this_incident(support, evidence) if not _cites_words(one, evidence))


def rests_on_words_alone(support: Sequence[Checked], evidence: Mapping[str, Evidence]) -> bool:
    """Whether claims were verified, and each of them cites a log that users can write, a note or the past."""
    return any(one.is_fact for one in support) and not measured(support, evidence)


def of_this_incident(support: Sequence[Checked], evidence: Mapping[str, Evidence]) -> tuple[Checked, ...]:
    """Return the verified claims that cite more than guidance, past incidents and what earlier ones read."""
    return tuple(one for one in support if one.is_fact and not _cites_the_past(one, evidence))


def _cites_the_past(checked: Checked, evidence: Mapping[str, Evidence]) -> bool:
    facts = (_fact(selector, evidence) for selector in checked.claim.selectors)
    return any(isinstance(fact, RunbookFact | IncidentFact | HunkFact) for fact in facts)


def _cites_words(checked: Checked, evidence: Mapping[str, Evidence]) -> bool:
    facts = (_fact(selector, evidence) for selector in checked.claim.selectors)
    return any(isinstance(fact, NoteFact) or (isinstance(fact, LogFact) and fact.user_written) for fact in facts)


def _fact(selector: Selector, evidence: Mapping[str, Evidence]) -> AnyFact | None:
    """The fact a pointer of a verified claim leads into; None for a series, which is measured."""
    if isinstance(selector, SeriesSelector):
        return None
    parts = selector.pointer.split("/")
    index = index_of(parts[2]) if len(parts) > 2 else None  # noqa: PLR2004 (/facts/N)
    facts = evidence[selector.evidence].reading.facts
    return facts[index] if index is not None and index < len(facts) else None
