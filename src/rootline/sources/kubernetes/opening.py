"""A described access becomes sources that can be asked; nothing is sent before the first question."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from rootline.sources.kubernetes.access import DEADLINE_S, Access
from rootline.sources.kubernetes.changes import KubernetesChanges
from rootline.sources.kubernetes.cluster import KubernetesCluster
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.observing import Observer
from rootline.sources.kubernetes.pod_logs import PodLogs
from rootline.sources.kubernetes.sealing import Seal
from rootline.sources.kubernetes.watching import Watch


def _now() -> datetime:
    return datetime.now(tz=UTC)


@dataclass(frozen=True, kw_only=True)
class Kubernetes:
    """What one cluster can be asked, and a watch that anyone may run beside it.

    `logs` makes a reader of pods' logs, whose services a label may name.
    """

    cluster: KubernetesCluster
    changes: KubernetesChanges
    watch: Watch
    logs: Callable[[str], PodLogs]


@lru_cache(maxsize=1024)
def _memory(access: Access) -> Observer:  # noqa: ARG001 one memory for each access
    return Observer(Seal(secrets.token_bytes(32)))


def kubernetes(access: Access) -> Kubernetes:
    """Open a cluster for reading.

    Within one process all that is opened with one access shares what was watched, however long its requests may take,
    and equal values have equal hashes.

    Raises:
        Misconfigured: The kubernetes library is not installed.

    """
    connection, observer = Connection(access), _memory(replace(access, deadline_s=DEADLINE_S))
    mark = observer.seal.key
    changes = KubernetesChanges(connection, key=mark, namespace=access.namespace, observer=observer)
    return Kubernetes(
        cluster=KubernetesCluster(connection, clock=_now, key=mark, namespace=access.namespace),
        changes=changes,
        watch=Watch(connection, observer, clock=_now, namespace=access.namespace),
        logs=lambda label: PodLogs(connection, key=mark, namespace=access.namespace, service_label=label),
    )
