"""Whether what supports a hypothesis was measured, or only written by someone who could write anything."""

from collections.abc import Mapping, Sequence

from rootline.claims.pointer import index_of
from rootline.domain.claim import Checked, Selector, SeriesSelector
from rootline.domain.evidence import Evidence
from rootline.domain.fact import AnyFact, LogFact, NoteFact


def rests_on_words_alone(support: Sequence[Checked], evidence: Mapping[str, Evidence]) -> bool:
    """Whether each verified claim cites a log that users can write, or a note, first of all."""
    facts = [_first_fact(one.claim.selectors[0], evidence) for one in support if one.is_fact]
    return bool(facts) and all(_is_written(fact) for fact in facts)


def _is_written(fact: AnyFact | None) -> bool:
    return isinstance(fact, NoteFact) or (isinstance(fact, LogFact) and fact.user_written)


def _first_fact(selector: Selector, evidence: Mapping[str, Evidence]) -> AnyFact | None:
    """The fact a pointer of a verified claim leads into; None for a series, which is measured."""
    if isinstance(selector, SeriesSelector):
        return None
    parts = selector.pointer.split("/")
    index = index_of(parts[2]) if len(parts) > 2 else None  # noqa: PLR2004 (/facts/N)
    facts = evidence[selector.evidence].reading.facts
    return facts[index] if index is not None and index < len(facts) else None
