"""Evidence from numbers that jump when a change begins to run, which may be long before anybody is hurt by it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import prod

from rootline.analysis.metrics.jumps import Jump
from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component

SOON = timedelta(minutes=5)
EARLY = timedelta(minutes=1)
"""Source: ours; instances are replaced one after the other, and a sample speaks of the time before it, too."""
# Source: own choices. A jump before the onset is nobody's symptom, so it tells much; one at the onset is what every
# change shortly before it would have to explain, and tells little.
PRECURSOR, AT_ONSET = 0.6, 0.15
_SHOWN = 3


@dataclass(frozen=True)
class Jumping:
    """For each moment at which changes began to run: the jumps that followed it, each with its share in them.

    A jump belongs in equal parts to all moments of the five minutes before it.
    """

    shares: Mapping[datetime, Sequence[tuple[Jump, float]]]

    @classmethod
    def among(cls, suspects: Sequence[Candidate], symptom: Symptom) -> "Jumping":
        """Assign the jumps of a symptom to the beginnings of all suspects."""
        moments = sorted({effect.at for one in suspects for effect in one.effects})
        found: dict[datetime, list[tuple[Jump, float]]] = {}
        for jump in symptom.jumps:
            near = [at for at in moments if at - EARLY <= jump.at <= at + SOON]
            for at in near:
                found.setdefault(at, []).append((jump, 1 / len(near)))
        return cls(found)


def jumping(candidate: Candidate, known: Jumping, symptom: Symptom) -> list[Component]:
    """That numbers of those who can have to do with the symptom jumped when the change began to run."""
    best = max((_followed(at, known, symptom) for at in {one.at for one in candidate.effects}), default=None)
    if best is None or best[0] <= 0:
        return []
    credit, told = best
    return [Component(name="jumps", contribution=weights.JUMPS * credit, reason=told)]


def _followed(at: datetime, known: Jumping, symptom: Symptom) -> tuple[float, str]:
    """How much the jumps after a moment tell, 0 to 1, and which they are."""
    found = sorted(known.shares.get(at, ()), key=lambda one: (one[0].at, one[0].service, one[0].metric))
    credit = 1 - prod(1 - weight for weight in _weights(found, symptom))
    names = ", ".join(f"{jump.metric} of {jump.service}" for jump, _ in found[:_SHOWN])
    return credit, f"numbers jumped within minutes of its beginning to run: {names[:200]}"


def _weights(found: Sequence[tuple[Jump, float]], symptom: Symptom) -> Iterator[float]:
    for jump, share in found:
        is_before = symptom.onset is not None and jump.at < symptom.onset - symptom.tolerance
        yield share * (PRECURSOR if is_before else AT_ONSET)
