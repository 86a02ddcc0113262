"""What stands out where nothing explains it: the complaint, and the strongest claims of each explanation too weak."""

from collections.abc import Mapping

from rootline.domain.evidence import Evidence
from rootline.domain.session import Question
from rootline.domain.stated import StatedClaim
from rootline.models.builtin.argument import candidates
from rootline.models.builtin.asked import is_plain
from rootline.models.builtin.claims import complained, diverse
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf

MOST = 8
_LOOKED_AT = 4


def observed(evidence: Mapping[str, Evidence], question: Question) -> tuple[StatedClaim, ...]:
    """State at most eight observations, different in kind; nothing is blamed by them.

    A plain question is answered with the facts it asks for, and with nothing where there are none.
    """
    if is_plain(question):
        return ()
    seen = Seen(Shelf(evidence), was_detected=question.trigger != "question")
    weak = candidates(seen)[:_LOOKED_AT] if seen.is_trouble else []
    return diverse(complained(seen), *(one.support for one in weak))[:MOST]
