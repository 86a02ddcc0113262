"""What changes would have to explain, of several clusters in each where trouble shows, and one ranking out of all.

Trouble of two clusters that no call joins is two symptoms: a change that explains one says nothing of the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking, RankedChange
from rootline.domain.change import ChangeSet
from rootline.domain.service_key import ServiceKey, home_of, means, placed
from rootline.domain.window import Window
from rootline.tools.observation import STRONG, Observation, observe
from rootline.tools.scene import Scene
from rootline.tools.symptom import symptom_of

MOST_CLUSTERS = 4
"""Source: ours; each costs a reading of its own, within the time that one tool call has."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A symptom with the ranking against it; `homes` are the clusters whose changes it judges, empty for all."""

    symptom: Symptom
    ranking: ChangeRanking
    homes: frozenset[str] = frozenset()


async def judged(scene: Scene, window: Window, service: str, changes: ChangeSet) -> tuple[Judged, ...]:
    """Rank the changes against the symptom; of several clusters, against that of each where it shows.

    A question or a service that names one cluster is about that one alone.
    """
    first = await symptom_of(scene, window, service)
    found = [_judged(first, window, changes)]
    for home in await _others(scene, window, service, first):
        if len(found) < MOST_CLUSTERS and not any(home in one.homes for one in found):
            named = placed(home, service) if service else ""
            found.append(_judged(await symptom_of(scene, window, named, home), window, changes))
    return tuple(found) if len(found) > 1 else (Judged(symptom=first, ranking=found[0].ranking),)


def _judged(symptom: Symptom, window: Window, changes: ChangeSet) -> Judged:
    return Judged(symptom=symptom, ranking=rank(symptom, changes, window), homes=symptom.reached)


async def _others(scene: Scene, window: Window, service: str, first: Symptom) -> list[str]:
    """Return the clusters in trouble beside those of the first symptom, as they were first told."""
    clusters = scene.sources.clusters
    if not clusters or not first.reached or home_of(service, scene.question, clusters):
        return []
    seen = await observe(scene.sources, window, service)
    troubled = (ServiceKey.of(one, clusters).cluster for one in _in_trouble(seen) if means(service, one, clusters))
    return [one for one in dict.fromkeys(troubled) if one in clusters and one not in first.reached]


def _in_trouble(seen: Observation) -> Iterable[str]:
    yield from (one.service for one in seen.alerts)
    yield from (one.service for one in seen.findings if one.direction != "flat" and one.score >= STRONG)


def ranked_of(found: Sequence[Judged], clusters: Iterable[str]) -> tuple[RankedChange, ...]:
    """Return each change once, as the symptom of its own cluster judges it, the likeliest first.

    What belongs to no cluster in trouble is taken from the symptom that it explains best.
    """
    if len(found) == 1:
        return found[0].ranking.ranked
    known = frozenset(clusters)
    best: dict[tuple[str, str, str], tuple[bool, float, RankedChange]] = {}
    for each in found:
        for one in each.ranking.ranked:
            is_own = ServiceKey.of(one.service, known).cluster in each.homes
            key, rated = (one.kind, one.label, one.service), (is_own, one.probability, one)
            if key not in best or rated[:2] > best[key][:2]:
                best[key] = rated
    return tuple(sorted((one for *_, one in best.values()), key=_likeliest_first))


def _likeliest_first(one: RankedChange) -> tuple[float, float, str, str, str]:
    return -one.probability, -one.score, one.kind, one.label, one.service
