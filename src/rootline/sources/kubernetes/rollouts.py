"""Rollouts of workloads out of the revisions that the cluster keeps: what was changed, and when it took effect."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from rootline.domain.change import ChangeSet, ConfigChange, Deployment
from rootline.sources.kubernetes.raw import Raw, newest
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.templates import differences

_REVISION = "deployment.kubernetes.io/revision"
_CAUSE = "kubernetes.io/change-cause"
_SHA = re.compile(r"(?<![0-9a-f])[0-9a-f]{7,40}(?![0-9a-f])")
_LETTER = re.compile(r"[a-f]")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One revision of a workload: its template and when it was rolled out."""

    kind: str
    namespace: str
    owner: str
    number: int
    at: datetime
    template: Raw = field(repr=False)
    cause: str = ""

    @property
    def images(self) -> str:
        """The images of its containers, in order."""
        return ",".join(one.text("image") for one in self.template.each("spec", "containers"))


def of_replica_set(replica_set: Raw) -> Revision | None:
    """The revision that a ReplicaSet of a Deployment keeps.

    A rollback takes an old ReplicaSet again; then the revision began when its number was written, not when the
    ReplicaSet was made.
    """
    owner, notes = replica_set.owner, replica_set.pairs("metadata", "annotations")
    born = replica_set.moment("metadata", "creationTimestamp")
    if owner.text("kind") != "Deployment" or born is None:
        return None
    again = f"{_REVISION}-history" in notes
    number = notes.get(_REVISION, "")
    return Revision(
        kind="deployment",
        namespace=replica_set.namespace,
        owner=owner.text("name"),
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0,  # noqa: PLR2004
        at=(_written(replica_set) or born) if again else born,
        template=replica_set.at("spec", "template"),
        cause=notes.get(_CAUSE, ""),
    )


def of_controller_revision(held: Raw) -> Revision | None:
    """The revision of a StatefulSet or a DaemonSet."""
    owner, born = held.owner, held.moment("metadata", "creationTimestamp")
    template = held.at("data", "spec", "template")
    if owner.text("kind") not in {"StatefulSet", "DaemonSet"} or born is None or not template:
        return None
    kind, name = owner.text("kind").lower(), owner.text("name")
    number = held.number("revision")
    return Revision(kind=kind, namespace=held.namespace, owner=name, number=number, at=born, template=template)


def _written(object_: Raw) -> datetime | None:
    """When a controller last wrote the object's own fields, its status left out."""
    managed = object_.each("metadata", "managedFields")
    return newest([one.moment("time") for one in managed if one.text("subresource") != "status"])


def rollouts(revisions: Iterable[Revision], seal: Seal) -> ChangeSet:
    """Each revision but the first of a workload as a deployment, and each setting it changed as a change of its own."""
    by_owner: dict[tuple[str, str, str], list[Revision]] = {}
    for one in revisions:
        by_owner.setdefault((one.kind, one.namespace, one.owner), []).append(one)
    deployments: list[Deployment] = []
    configs: list[ConfigChange] = []
    for held in by_owner.values():
        ordered = sorted(held, key=lambda one: (one.number, one.at))
        for before, after in pairwise(ordered):
            deployments.append(_deployment(before, after))
            configs.extend(_settings(before, after, seal))
        deployments.extend(_first(ordered))
    return ChangeSet(
        deployments=tuple(sorted(deployments, key=lambda one: one.at)),
        configs=tuple(sorted(configs, key=lambda one: one.at)),
    )


def _first(ordered: Sequence[Revision]) -> Iterator[Deployment]:
    """A workload that was created and not changed since."""
    if len(ordered) == 1 and ordered[0].number <= 1:
        one = ordered[0]
        yield Deployment(service=one.owner, at=one.at, commit=_commit(one.images), version=one.images)


def _deployment(before: Revision, after: Revision) -> Deployment:
    return Deployment(
        service=after.owner,
        at=after.at,
        commit=_commit(after.images),
        version=after.images,
        previous_commit=_commit(before.images),
        previous_version=before.images,
    )


def _commit(images: str) -> str:
    """The commit in an image's tag, where it looks like one."""
    tags = (image.rpartition(":")[2] for image in images.split(",") if "@" not in image)
    found = (match.group() for tag in tags for match in _SHA.finditer(tag) if _LETTER.search(match.group()))
    return next(found, "")


def _settings(before: Revision, after: Revision, seal: Seal) -> Iterator[ConfigChange]:
    for path, old, new in differences(before.template, after.template, seal):
        yield ConfigChange(
            key=f"{after.kind}/{after.owner} {path} (revision {after.number})",
            service=after.owner,
            at=after.at,
            before=old,
            after=new,
            actor=after.cause[:200],
        )
