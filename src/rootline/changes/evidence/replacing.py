"""Switches of one key: what the next switch replaced before anything was wrong is not at work any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.domain.window import rfc3339

SWITCHED = frozenset({"flag", "config"})
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Switches:
    """The moments at which each flag and each setting was switched, in order."""

    of: Mapping[Key, Sequence[datetime]]

    @classmethod
    def among(cls, candidates: Sequence[Candidate]) -> "Switches":
        """Gather them by kind, name and service."""
        found: dict[Key, list[datetime]] = {}
        for one in candidates:
            if one.kind in SWITCHED and one.effects:
                found.setdefault(_key(one), []).append(one.effects[0].at)
        return cls({key: sorted(moments) for key, moments in found.items()})


def replaced(candidate: Candidate, known: Switches, symptom: Symptom) -> list[Component]:
    """That the same flag or setting was switched once more, before the onset: since then it is not what it was."""
    if candidate.kind not in SWITCHED or not candidate.effects or symptom.onset is None:
        return []
    began = min(symptom.onset, symptom.failing_at or symptom.onset)
    later = (one for one in known.of.get(_key(candidate), ()) if candidate.effects[0].at < one <= began)
    again = next(later, None)
    if again is None:
        return []
    reason = f"it was switched again at {rfc3339(again)}, before the onset"
    return [Component(name="replaced", contribution=weights.REVERTED_BEFORE, reason=reason)]


def _key(candidate: Candidate) -> Key:
    return candidate.kind, candidate.label, candidate.effects[0].service
