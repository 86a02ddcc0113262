"""The rivals that rank services, on cases whose culprit is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rootline.domain.signal import Series
from rootline.evals.rivals.rankings import Scored, by_chance, by_rank
from rootline.evals.rivals.series import Strength, baro, by_service, n_sigma

_RIVALS: Mapping[str, Strength] = {"n-sigma": n_sigma, "BARO (robust scorer)": baro}


@dataclass(frozen=True, kw_only=True)
class Known:
    """A case for rivals: series with their history, where the window starts (Unix seconds), candidates, culprit."""

    series: Sequence[Series]
    start: float
    services: Sequence[str]
    culprit: str


def rivals(cases: Iterable[Known]) -> Mapping[str, Mapping[str, float]]:
    """Run every rival and score it with strict ranks."""
    scored: dict[str, list[Scored]] = {name: [] for name in _RIVALS}
    for case in cases:
        for name, strength in _RIVALS.items():
            found = by_service(case.series, case.start, strength)
            scores = [found.get(service, 0.0) for service in case.services]
            truth = case.services.index(case.culprit) if case.culprit in case.services else None
            scored[name].append(Scored(scores=scores, truth=truth))
    if not any(scored.values()):
        return {}
    ranked = {name: by_rank(found) for name, found in scored.items()}
    return {"random": by_chance(next(iter(scored.values()))), **ranked, "always none": {"top1": 0.0, "top3": 0.0}}
