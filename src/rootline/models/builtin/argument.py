"""From all that was read to one ranked answer."""

from collections.abc import Sequence

from rootline.domain.fact import RankingFact
from rootline.domain.session import Question
from rootline.domain.stated import StatedAnswer
from rootline.models.builtin.candidate import Candidate
from rootline.models.builtin.from_changes import from_changes
from rootline.models.builtin.from_cluster import from_cluster
from rootline.models.builtin.from_metrics import from_metrics
from rootline.models.builtin.spots import Shelf
from rootline.models.builtin.symptoms import first_failing, victims

MOST = 6


def argue(shelf: Shelf, question: Question) -> StatedAnswer:
    """Rank every explanation that the evidence bears; say nothing where it bears none."""
    ranked = _ranked(shelf)
    first = first_failing(shelf) or question.service
    ranking = next(iter(shelf.of(RankingFact)), None)
    return StatedAnswer(
        hypotheses=tuple(one.stated(_why_not(one, at)) for at, one in enumerate(ranked) if one.support),
        none_probability=ranking.fact.none_probability if ranking else 0.0,
        none_reasons=tuple(reason.reason[:600] for reason in ranking.fact.none_reasons[:8]) if ranking else (),
        first_failing_service=first,
        blast_radius=victims(shelf, first),
    )


def _ranked(shelf: Shelf) -> Sequence[Candidate]:
    changes, cluster = from_changes(shelf), from_cluster(shelf)
    found = [*cluster, *changes] or from_metrics(shelf)
    return sorted(found, key=lambda one: (-one.probability, one.subject, one.cause, one.change))[:MOST]


def _why_not(one: Candidate, at: int) -> str:
    return "" if at == 0 else one.why_not or "less of the evidence speaks for it"
