"""Images that cannot be pulled: what the registry or the resolver answered."""

import re
from collections import Counter
from collections.abc import Iterator

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Event, Pod
from rootline.analysis.cluster.proof import LineProof
from rootline.analysis.cluster.snapshot import Snapshot

_STATES = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError"}
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


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain each application whose image cannot be pulled now."""
    for pod in snapshot.pods:
        state = pod.status.removeprefix("Init:")
        if state in _STATES:
            yield from _explain(snapshot, pod, state)


def _explain(snapshot: Snapshot, pod: Pod, state: str) -> Iterator[Candidate]:
    told = [e for e in snapshot.events if e.subject == f"pod/{pod.name}" and e.warning]
    kind, event, lines = _blame(snapshot, pod.app, told)
    if (not kind and state in {"InvalidImageName", "ErrImageNeverPull"}) or not kind:
        kind = "incorrect_image_reference"
    yield Candidate(
        object=f"app/{pod.app}",
        cause=kind,
        score=0.95 if event else 0.6,
        mechanism=f"The container of {pod.app} never starts because {_WHY[kind]}.",
        support=tuple(([event.proof] if event else []) + lines + [pod.proof]),
    )


def _blame(snapshot: Snapshot, app: str, told: list[Event]) -> tuple[str, Event | None, list[LineProof]]:
    for event in told:
        if "pull" in event.message.lower() and _RESOLVER.search(event.message):
            return "image_registry_dns_failure", event, []
    missing = next((e for e in told if _NO_SECRET.search(f"{e.reason} {e.message}")), None)
    for event in told:
        if _DENIED.search(event.message):
            if missing or not _looks_like_a_slip(snapshot, app):
                return "missing_image_pull_secret", event, [missing.proof] if missing else []
            return "incorrect_image_reference", event, []
    for event in told:
        if _UNKNOWN.search(event.message):
            return "incorrect_image_reference", event, []
    return "", None, []


def _looks_like_a_slip(snapshot: Snapshot, app: str) -> bool:
    """Whether the denied image comes from where most running neighbours get theirs.

    A public registry answers "denied" for a name that does not exist as well; what its neighbours
    pull without a secret needs none.
    """
    workload = snapshot.workload(app)
    if workload and workload.named("pull_secret"):
        return False
    places = Counter(_place(image) for d in snapshot.deployments if d.ready for image in d.images)
    own = snapshot.deployment(app)
    return bool(own and own.images and places[_place(own.images[0])] > 0)


def _place(image: str) -> str:
    return image.rpartition("/")[0]


_WHY = {
    "image_registry_dns_failure": "the name of its registry does not resolve",
    "missing_image_pull_secret": "the registry refuses to hand out its image without credentials",
    "incorrect_image_reference": "its image does not exist under the name and tag it asks for",
}
