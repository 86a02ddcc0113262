"""A number that jumps to the very value which a change sets: a limit that is reached, a size that is kept."""

from itertools import islice
from math import isclose

from rootline.analysis.metrics.jumps import Jump
from rootline.analysis.metrics.units import words
from rootline.changes import weights
from rootline.changes.candidate import Candidate, quoted
from rootline.changes.evidence.jumping import EARLY, SOON
from rootline.changes.mechanisms.settings_change import Turned, turned
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.changes.words.tokens import WORD, parts

MOST = 12
WITHIN = 0.02
"""Source: ours; what stands at a limit goes to and fro below it now and then."""
ANYTHING = frozenset({"max", "min", "most", "least", "total", "count", "limit", "size", "second", "request", "time"})
"""Source: ours; words that say nothing of what is limited."""


def standing(candidate: Candidate, symptom: Symptom) -> list[Component]:
    """That an instrument which is called alike stands at the value that the change set, since it began to run."""
    own = [jump for jump in symptom.jumps if _began(jump, candidate)]
    for one in islice(turned(candidate.net), MOST) if own else ():
        jump = next((jump for jump in own if _shows(jump, one)), None)
        if jump is not None:
            reason = f"{jump.metric[:120]} of {jump.service[:120]} went to {one.new}, which it sets"
            lines = quoted((one.before, one.after))
            return [Component(name="stands at the value set", contribution=weights.STANDS, reason=reason, lines=lines)]
    return []


def _began(jump: Jump, candidate: Candidate) -> bool:
    return any(one.service == jump.service and one.at - EARLY <= jump.at <= one.at + SOON for one in candidate.effects)


def _shows(jump: Jump, one: Turned) -> bool:
    is_there = isclose(jump.after, one.value, rel_tol=WITHIN) and not isclose(jump.before, one.value, rel_tol=WITHIN)
    return is_there and bool(_meant(" ".join(words(jump.metric))) & _meant(one.after.text[:400]))


def _meant(text: str) -> frozenset[str]:
    return frozenset(part for word in WORD.findall(text) for part in parts(word) if part not in ANYTHING)
