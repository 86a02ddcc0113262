"""Evidence from where a change is: the failing service's own code, a library it inherits, or somebody else's."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rootline.changes import weights
from rootline.changes.candidate import Candidate
from rootline.changes.paths.kinds import kind_of
from rootline.changes.paths.ownership import Owner, belongs, is_same_service, is_shared, owner
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import Component
from rootline.domain.service_key import ServiceKey

DEEP = 2
WEIGHTS: Mapping[Owner, float] = {"own": weights.OWN, "other": weights.OTHER, "shared": weights.SHARED}
REASONS: Mapping[Owner, str] = {
    "own": "it changes {service}'s own code",
    "other": "it changes another service's code",
    "shared": "it changes a library that {service} inherits",
}


def grounds(suspects: Iterable[Candidate], symptom: Symptom) -> frozenset[str]:
    """Return the folders of code from which the failing service is built, as the commits show that were deployed as it.

    A folder is told by its first two names; libraries, which others build from too, are none.
    """
    own = (one for one in suspects if one.commit is not None and _deployed_itself(one, symptom))
    return frozenset(ground for one in own for path in one.files[:50] if (ground := _ground(path)))


def place(
    candidate: Candidate, symptom: Symptom, known: frozenset[str], built_from: frozenset[str] = frozenset()
) -> list[Component]:
    """Where the change is; nothing when the failing service or the paths are unknown."""
    if not symptom.service:
        return []
    if elsewhere := _elsewhere(candidate, symptom):
        reason = f"it runs in {elsewhere}, and {symptom.service} does not"
        return [Component(name="place", contribution=weights.OTHER_CLUSTER, reason=reason)]
    whose = _whose(candidate, symptom, known)
    if whose in {"unknown", "shared"} and _rode(candidate, symptom) and _stands_on(candidate, built_from):
        whose = "own"
    if whose == "unknown":
        return []
    weight, reason = _of_silence(whose, candidate, symptom) or _weighed(whose, candidate, symptom)
    return [Component(name="place", contribution=weight, reason=reason)]


def _of_silence(whose: Owner, candidate: Candidate, symptom: Symptom) -> tuple[float, str] | None:
    """What it tells where the failing service is well, and only asked no more: its callers are then nearer."""
    if whose == "own" and symptom.askers:
        return weights.ASKED, f"it changes the code of {symptom.service}, which is asked no more"
    if whose == "other" and _asks(candidate, symptom):
        return weights.ASKS, f"it changes the code of a service that no longer asks {symptom.service}"
    return None


def _weighed(whose: Owner, candidate: Candidate, symptom: Symptom) -> tuple[float, str]:
    """What it tells that a change is there, and why."""
    service = symptom.service
    if whose == "own" and symptom.by_way_of:
        return weights.HANDED, f"it changes the code of {service}, which fails over what came by way of others alone"
    if whose != "other":
        return WEIGHTS[whose], REASONS[whose].format(service=service)
    if _handed_on(candidate, symptom):
        return weights.HANDS_ON, f"what {service} fails over came by way of a service whose code it changes"
    if _in_affected(candidate, symptom):
        return weights.AFFECTED, "it changes another affected service's code"
    if _is_near(candidate, symptom):
        return weights.NEAR, f"it changes the code of a service that {service} calls or hears of"
    return WEIGHTS[whose], REASONS[whose].format(service=service)


def _elsewhere(candidate: Candidate, symptom: Symptom) -> str:
    """The other clusters in which a change runs; empty where one that the failing service depends on is among them."""
    if any(symptom.reaches(one.service) for one in candidate.effects):
        return ""
    return ", ".join(dict.fromkeys(ServiceKey.of(one.service, symptom.clusters).cluster for one in candidate.effects))


def _whose(candidate: Candidate, symptom: Symptom, known: frozenset[str]) -> Owner:
    service = symptom.service
    if candidate.commit is None:
        return _switch(candidate, symptom)
    owners = Counter(owner(path, service, known - {service}) for path in candidate.files[:200])
    if owners["own"] or _deployed_itself(candidate, symptom):
        return "own"
    if owners["shared"]:
        return "shared"
    return "other" if owners["other"] else "unknown"


def _ground(path: str) -> str:
    folders = path.lower().split("/")[:-1]
    is_code = len(folders) >= DEEP and kind_of(path) == "code" and not is_shared(path)
    return "/".join(folders[:DEEP]) if is_code else ""


def _rode(candidate: Candidate, symptom: Symptom) -> bool:
    return any(symptom.is_of(one.service) for one in candidate.effects)


def _stands_on(candidate: Candidate, built_from: frozenset[str]) -> bool:
    return any(_ground(path) in built_from for path in candidate.files[:50])


def _asks(candidate: Candidate, symptom: Symptom) -> bool:
    direct = (one.service for one in candidate.effects if not one.rode_along)
    return any(is_same_service(one, other, symptom.clusters) for one in direct for other in symptom.askers[:50])


def _in_affected(candidate: Candidate, symptom: Symptom) -> bool:
    affected = symptom.services[:20]
    direct = (one.service for one in candidate.effects if not one.rode_along)
    return any(belongs(path, one) for path in candidate.files[:50] for one in affected) or any(
        is_same_service(one, other, symptom.clusters) for one in direct for other in affected
    )


def _handed_on(candidate: Candidate, symptom: Symptom) -> bool:
    direct = (one.service for one in candidate.effects if not one.rode_along)
    return any(is_same_service(one, other, symptom.clusters) for one in direct for other in symptom.by_way_of[:50])


def _is_near(candidate: Candidate, symptom: Symptom) -> bool:
    paths = candidate.files[:50]
    direct = (one.service for one in candidate.effects if not one.rode_along)
    return any(belongs(path, one) for path in paths for one in symptom.near[:50]) or any(
        is_same_service(one, other, symptom.clusters) for one in direct for other in symptom.near[:50]
    )


def _deployed_itself(candidate: Candidate, symptom: Symptom) -> bool:
    return any(not one.rode_along and symptom.is_of(one.service) for one in candidate.effects)


def _switch(candidate: Candidate, symptom: Symptom) -> Owner:
    if any(symptom.is_of(one.service) for one in candidate.effects):
        return "own"
    return "other" if any(one.service for one in candidate.effects) else "unknown"
