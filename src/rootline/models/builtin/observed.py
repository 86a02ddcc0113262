"""What stands out where nothing explains it: the complaint, what stopped, and the claims of what is too weak."""

from collections.abc import Mapping

from rootline.analysis.metrics.views import view_of
from rootline.domain.evidence import Evidence
from rootline.domain.fact import SeriesFact
from rootline.domain.session import Question
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.argument import candidates
from rootline.models.builtin.asked import is_plain
from rootline.models.builtin.claims import complained, diverse, never_reached
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf
from rootline.models.builtin.symptoms import moves, quoted

MOST = 8
_LOOKED_AT = 4
_LEFT = 0.1


def observed(evidence: Mapping[str, Evidence], question: Question) -> tuple[StatedClaim, ...]:
    """State at most eight observations, different in kind; nothing is blamed by them.

    A plain question is answered with the facts it asks for, and with nothing where there are none.
    """
    if is_plain(question):
        return ()
    seen = Seen(Shelf(evidence), was_detected=question.trigger != "question")
    weak = candidates(seen)[:_LOOKED_AT] if seen.is_trouble else []
    errors = [quoted(spot) for spot in seen.errors if not spot.fact.user_written][:_LOOKED_AT]
    return diverse(complained(seen), *(one.support for one in weak), _stopped(seen), never_reached(seen), errors)[:MOST]


def _stopped(seen: Seen) -> list[StatedClaim]:
    """Say what is no longer asked or done, though whoever does it is well: what would ask for it may be gone."""
    gone = seen.shelf.of(SeriesFact, _is_gone) if seen.is_trouble else []
    return moves(sorted(gone, key=lambda spot: (-spot.fact.score, spot.fact.subject))[:_LOOKED_AT])


def _is_gone(fact: SeriesFact) -> bool:
    before, now = fact.baseline, fact.current
    if fact.unit != "1/s" or fact.direction != "down" or fact.ended is not None or before is None or now is None:
        return False
    return view_of(fact.metric) in {"rate", "other"} and now <= _LEFT * before
