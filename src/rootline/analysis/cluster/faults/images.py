"""Images that cannot be pulled: what the registry or the resolver answered."""

import re
from collections import Counter
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.names import slip_of
from rootline.analysis.cluster.objects import Event, Pod
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

STATES = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"}
_RESOLVER = re.compile(
    r"no such host|dial tcp: lookup|server misbehaving|name resolution|could not resolve|SERVFAIL|NXDOMAIN",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"pull access denied|unauthorized|authentication required|no basic auth|authorization failed"
    r"|denied: |forbidden|insufficient_scope|40[13] ",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(r"FailedToRetrieveImagePullSecret|image pull secret", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"not found|manifest unknown|NotFound|invalid reference|InvalidImageName|couldn't parse image"
    r"|failed to apply default image|pull policy of Never|name unknown",
)
_LIMITED = re.compile(r"toomanyrequests|too many requests|rate limit|429 ", re.IGNORECASE)
_SILENT = re.compile(
    r"i/o timeout|deadline exceeded|connection refused|no route to host|TLS handshake timeout|\b50[0234] ",
    re.IGNORECASE,
)
_WHY = {
    "image_pull_rate_limited": "the registry limits how often images are pulled",
    "registry_unreachable": "its registry does not answer",
    "registry_name_not_resolved": "the name of its registry does not resolve",
    "pull_secret_missing": "the registry refuses to hand out its image without credentials",
    "image_not_found": "its image does not exist under the name and tag it asks for",
}


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain each application whose image cannot be pulled now."""
    for pod in snapshot.pods:
        if pod.status.removeprefix("Init:") in STATES:
            yield _explain(snapshot, pod)


def _explain(snapshot: Snapshot, pod: Pod) -> Candidate:
    told = [e for e in snapshot.events if e.subject == f"pod/{pod.name}" and e.warning]
    cause, lines = _blame(snapshot, pod.app, told)
    cause = cause or "image_not_found"
    return Candidate(
        object=f"app/{pod.app}",
        cause=cause,
        score=0.95 if lines else 0.6,
        mechanism=f"The container of {pod.app} never starts because {_WHY[cause]}.",
        support=(*lines, pod.proof),
    )


def _first(told: list[Event], pattern: re.Pattern[str]) -> list[LineProof]:
    return [e.proof for e in told if pattern.search(f"{e.reason} {e.message}")][:1]


def _blame(snapshot: Snapshot, app: str, told: list[Event]) -> tuple[str, list[LineProof]]:
    pulls = [e for e in told if "pull" in e.message.lower() and not _NO_SECRET.search(e.reason)]
    unresolved, denied, unknown = (_first(pulls, p) for p in (_RESOLVER, _DENIED, _UNKNOWN))
    if unresolved:
        return "registry_name_not_resolved", unresolved
    limited, silent = _first(pulls, _LIMITED), _first(pulls, _SILENT)
    if limited or (silent and not denied and not unknown):
        return ("image_pull_rate_limited" if limited else "registry_unreachable"), limited or silent
    no_secret = _first(told, _NO_SECRET)
    if no_secret and (denied or unknown):
        return "pull_secret_missing", [*no_secret, *denied, *unknown]
    if denied and not _looks_like_a_slip(snapshot, app):
        return "pull_secret_missing", denied
    if denied or unknown:
        return "image_not_found", denied or unknown
    return "", _first(told, _UNKNOWN)


def _looks_like_a_slip(snapshot: Snapshot, app: str) -> bool:
    """Whether the denied image comes from where most running neighbours get theirs, or nearly so.

    A public registry answers "denied" for a name that does not exist as well; what its neighbours
    pull without a secret needs none.
    """
    workload, own = snapshot.workload(app), snapshot.deployment(app)
    if own is None or not own.images or (workload and workload.named("pull_secret")):
        return False
    place = _place(own.images[0])
    places = Counter(_place(image) for d in snapshot.deployments if d.ready for image in d.images)
    return places[place] > 0 or any(slip_of(place, other) for other in places)


def _place(image: str) -> str:
    return image.rpartition("/")[0].removeprefix("docker.io/")
