"""From all that was read to one ranked answer over all kinds of evidence."""

import re
from collections.abc import Mapping, Sequence

from rootline.analysis.database.gauges import gauge_of
from rootline.analysis.joining.combining import shares
from rootline.analysis.joining.explaining import why_not
from rootline.analysis.topology import downstream
from rootline.domain.fact import RankingFact, ScoreComponent
from rootline.domain.service_key import home_of
from rootline.domain.session import Question
from rootline.domain.stated import MOST_HIT, StatedAnswer, StatedClaim, StatedHypothesis
from rootline.models.builtin.agreeing import remembered, weighed
from rootline.models.builtin.beginning import begins_there, origins
from rootline.models.builtin.candidate import BOOKKEEPING, Candidate
from rootline.models.builtin.circumstances import circumstances
from rootline.models.builtin.databases import databases
from rootline.models.builtin.from_changes import from_changes
from rootline.models.builtin.from_cluster import from_cluster
from rootline.models.builtin.from_database import from_database
from rootline.models.builtin.from_outside import from_outside
from rootline.models.builtin.from_services import from_services
from rootline.models.builtin.from_words import from_words
from rootline.models.builtin.parting import Home, parted
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.models.builtin.symptoms import first_failing, victims
from rootline.models.builtin.wellness import WELL, is_well, well

MOST = 6
MOST_OF_ALL, MOST_TOLD = 8, 24
"""Source: what an answer may hold; of further clusters in trouble it tells what speaks most for the cause of each."""

Stated = tuple[StatedHypothesis, ...]
_FAINT = 0.005
_NEARLY = 0.67
"""Source: ours; what is less than half as much again as likely is hardly likelier."""
_FIGURE = re.compile(r"\b\d+\.\d+ times\b")
_LESS = "less of the evidence speaks for it"


def argue(shelf: Shelf, question: Question) -> StatedAnswer:
    """Rank every explanation that the evidence bears; blame nothing where nothing is wrong or nothing is strong."""
    seen = Seen(shelf, was_detected=question.trigger != "question")
    places = parted(shelf)
    home = home_of(question.service, question.text, seen.places.clusters)
    ranking = next(iter(shelf.of(RankingFact)), None)
    each = _of_each(seen, places, home)
    hypotheses, rest = _merged(each) if each else (), each[MOST_OF_ALL:]
    where = hypotheses[0].subject if hypotheses else home
    shelf = next((part for near, part in places.items() if seen.places.cluster(where) in near), shelf)
    first = _deeper(first_failing(shelf) or question.service, where, shelf, seen if len(places) == 1 else Seen(shelf))
    healthy = not hypotheses and is_well(seen)
    none_reasons = tuple(reason.reason[:600] for reason in ranking.fact.none_reasons[:8]) if ranking else ()
    return StatedAnswer(
        hypotheses=hypotheses,
        claims=well(seen) if healthy else _beside(seen, hypotheses, rest),
        none_probability=ranking.fact.none_probability if ranking else 0.0,
        none_reasons=(*none_reasons, *([WELL] if healthy else [])),
        first_failing_service=first,
        blast_radius=victims(shelf, first)[:MOST_HIT],
    )


def _beside(seen: Seen, hypotheses: Stated, rest: Sequence[Stated]) -> tuple[StatedClaim, ...]:
    """What is told beside explanations: the best of further clusters, or what stands around what is blamed."""
    told = tuple(some[0].support[0] for some in rest[:MOST_TOLD])
    return told if told or seen.places.clusters else circumstances(seen, hypotheses)


def _deeper(first: str, blamed: str, shelf: Shelf, seen: Seen) -> str:
    """Return the service to blame instead of the alerted one, if that depends on it and it is hurt itself."""
    name = seen.service(blamed)
    return name if name in downstream(seen.graph, first) and name in victims(shelf, first) else first


def _of_each(seen: Seen, places: Mapping[Home, Shelf], home: str) -> list[Stated]:
    """State what may explain the trouble of each cluster, or of the one that was asked about, the clearest first.

    Explanations of one cluster exclude each other; those of two do not, so each cluster has a whole to share.
    """
    asked = [shelf for near, shelf in places.items() if not home or home in near]
    each = [seen] if len(places) == 1 else [Seen(shelf, was_detected=seen.was_detected) for shelf in asked]
    found = [some for one in each if one.is_trouble and (some := stated(candidates(one)))]
    return sorted(found, key=lambda some: -some[0].probability)


def _merged(each: Sequence[Stated]) -> Stated:
    """Put what explains each cluster best before what explains any of them less well."""
    if len(each) == 1:
        return each[0]
    less = sorted((one for some in each for one in some[1:]), key=lambda one: -one.probability)
    return (*(some[0] for some in each), *less)[:MOST_OF_ALL]


def _order(one: Candidate) -> tuple[float, str, str, str]:
    return -one.score, one.subject, one.cause, one.change


def candidates(seen: Seen) -> list[Candidate]:
    """Gather explanations of every kind on one scale, likeliest first; those without a claim for them are left out."""
    judged, begins = databases(seen.shelf, seen.places.clusters), origins(seen)
    known = {name for one in judged for name in one.names if one.faults or not _moved_otherwise(seen, name)}
    services = [one for one in from_services(seen) if one.subject not in known]
    found = [
        *from_database(judged),
        *(one for one in from_words(seen) if one.subject not in known),
        *(weighed(one, seen) for one in from_cluster(seen)),
        *(weighed(one, seen).with_parts(begins_there(one, begins, seen)) for one in from_changes(seen)),
        *from_outside(seen, services),
    ]
    borne = [remembered(one, seen) for one in found if one.support]
    return sorted(borne, key=_order)


def _moved_otherwise(seen: Seen, database: str) -> bool:
    """Whether what tells most of a database is a number that no limit is known for."""
    score = seen.by_service.get(database)
    return score is not None and score.top is not None and gauge_of(score.top.metric) is None


def stated(ranked: Sequence[Candidate]) -> Stated:
    """State the likeliest explanations; none where the first, and what is nearly as likely, is less than tables ask.

    The tables were measured on first answers. What that leaves over is shared by the others as their scores share it.
    """
    probabilities = shares([one.score for one in ranked])
    at = _strong_enough(ranked, probabilities)
    if at is None:
        return ()
    winner, first = ranked[at], probabilities[at]
    worth = winner.table.read(first)[0]
    left = (1.0 - worth) / max(1.0 - first, _FAINT)
    others = [(one, p) for place, (one, p) in enumerate(zip(ranked, probabilities, strict=True)) if place != at]
    runners_up = [(one, min(p * left, worth)) for one, p in others]
    return (
        winner.stated(first, why_not=""),
        *(
            one.stated(one.table.stated_for(share), why_not=_why_not(one, winner))
            for one, share in runners_up[: MOST - 1]
            if share >= _FAINT
        ),
    )


def _strong_enough(ranked: Sequence[Candidate], probabilities: Sequence[float]) -> int | None:
    """Return the place of the likeliest explanation that its table trusts: the first, or one nearly as likely."""
    tried = ((at, one, p) for at, (one, p) in enumerate(zip(ranked, probabilities, strict=True)))
    near = ((at, one, p) for at, one, p in tried if p >= _NEARLY * probabilities[0])
    return next((at for at, one, p in near if one.table.read(p)[0] >= one.table.abstain_below), None)


def _why_not(one: Candidate, winner: Candidate) -> str:
    if one is winner:
        return ""
    return why_not(_telling(one), _telling(winner)) or _LESS


def _telling(one: Candidate) -> list[ScoreComponent]:
    """The parts that tell something; a computed figure that no evidence holds is told by the part's name alone."""
    parts = [part for part in one.parts if not part.name.startswith(BOOKKEEPING)]
    return [part.model_copy(update={"reason": part.name}) if _FIGURE.search(part.reason) else part for part in parts]
