"""Pods, services and claims that are not accepted."""

from tests.analysis.cluster.landscapes.consequences import above, pending, victims
from tests.analysis.cluster.landscapes.landscape import App, Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants
from tests.analysis.cluster.landscapes.plants.storage import CLAIM
from tests.analysis.cluster.landscapes.styles import unresolved


def _forbidden(land: Landscape, app: App, told: str, *, all_of_them: bool = True) -> None:
    kept = [] if all_of_them else app.pods[:1]
    app.pods = kept
    app.ready = len(kept)
    app.replicas = max(app.replicas, len(kept) + 1)
    app.set_events.append(
        f'Warning|FailedCreate|12s (x15 over 100s)|replicaset-controller|Error creating: pods "{app.replica_set}-" is forbidden: {told}'
    )
    if not kept:
        victims(land, app)


@plants("service_account_missing")
def _account(land: Landscape) -> str:
    app = land.pick()
    app.account = f"{app.name}-sa2"
    _forbidden(
        land,
        app,
        f'error looking up service account {land.namespace}/{app.account}: serviceaccount "{app.account}" not found',
    )
    return f"app/{app.name}"


def _quota(land: Landscape, key: str, asked: str, used: str, hard: str) -> str:
    app = land.pick()
    land.quota["team-quota"] = f"{key}: {used}/{hard}"
    _forbidden(
        land,
        app,
        f"exceeded quota: team-quota, requested: {key}={asked}, used: {key}={used}, limited: {key}={hard}",
        all_of_them=land.rng.random() < 0.7,
    )
    return f"namespace/{land.namespace}"


@plants("cpu_quota_used_up")
def _cpu_quota(land: Landscape) -> str:
    return _quota(land, land.rng.choice(["requests.cpu", "limits.cpu", "cpu"]), "500m", "3900m", "4")


@plants("memory_quota_used_up")
def _memory_quota(land: Landscape) -> str:
    return _quota(land, land.rng.choice(["requests.memory", "limits.memory", "memory"]), "1Gi", "3800Mi", "4Gi")


@plants("pod_quota_used_up")
def _pod_quota(land: Landscape) -> str:
    return _quota(land, "pods", "1", str(len(land.apps)), str(len(land.apps)))


@plants("service_quota_used_up")
def _service_quota(land: Landscape) -> str:
    app = land.pick()
    app.has_service = False
    count = str(sum(a.has_service for a in land.apps.values()))
    land.quota["svc-quota"] = f"services: {count}/{count}"
    for caller in land.callers(app.name):
        caller.logs.append((60, unresolved(caller, app.name)))
        above(land, caller)
    return f"namespace/{land.namespace}"


@plants("storage_quota_used_up")
def _storage_quota(land: Landscape) -> str:
    app = land.pick(store=True)
    app.volumes = (
        f"      volumes:\n      - name: data\n        persistentVolumeClaim:\n          claimName: {app.name}-pvc\n"
    )
    app.more = CLAIM.format(app=app.name, mode="ReadWriteOnce", size="5Gi", kind="", rest="")
    land.quota["storage-quota"] = land.rng.choice(
        ["requests.storage: 0/1Gi", "requests.storage: 900Mi/1Gi", "persistentvolumeclaims: 2/2"]
    )
    pending(land, app, f'0/{len(land.nodes)} nodes are available: persistentvolumeclaim "{app.name}-pvc" not found.')
    return f"namespace/{land.namespace}"
