"""A described access becomes sources that can be asked; nothing is sent before the first question."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.changes import KubernetesChanges
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.watching import Watch


def _now() -> datetime:
    return datetime.now(tz=UTC)


@dataclass(frozen=True, kw_only=True)
class Kubernetes:
    """What one cluster can be asked, and a watch that anyone may run beside it."""

    cluster: KubernetesCluster
    changes: KubernetesChanges
    watch: Watch


def kubernetes(access: Access, *, key: bytes = b"") -> Kubernetes:
    """Open a cluster for reading.

    Hashes of settings can be compared where the key is the same; without one it is random.

    Raises:
        Misconfigured: The kubernetes library is not installed.

    """
    connection, mark = Connection(access), key or secrets.token_bytes(32)
    changes = KubernetesChanges(connection, key=mark, namespace=access.namespace)
    return Kubernetes(
        cluster=KubernetesCluster(connection, clock=_now, key=mark, namespace=access.namespace),
        changes=changes,
        watch=Watch(connection, changes.observer, clock=_now, namespace=access.namespace),
    )
