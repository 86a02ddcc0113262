"""Claims that find no volume."""

from tests.analysis.cluster.landscapes.consequences import pending
from tests.analysis.cluster.landscapes.landscape import Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants

CLAIM = (
    "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {app}-pvc\nspec:\n  accessModes:\n    - {mode}\n"
    '  resources:\n    requests:\n      storage: {size}\n  storageClassName: "{kind}"\n{rest}'
)
_VOLUME = (
    "---\napiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: {app}-pv\n{labels}spec:\n  capacity:\n    storage: {size}\n"
    '  accessModes:\n    - {mode}\n  persistentVolumeReclaimPolicy: Retain\n  storageClassName: "{kind}"\n{claim}'
    "  hostPath:\n    path: /mnt/data\n"
)
_NONE = "Normal|FailedBinding|0s (x9 over 117s)|persistentvolume-controller|no persistent volumes available for this claim and no storage class is set"


def _storage(
    land: Landscape,
    *,
    mode: str = "ReadWriteOnce",
    size: str = "1Gi",
    kind: str = "",
    rest: str = "",
    taken: str = "",
    labels: str = "",
    event: str = _NONE,
    in_manifest: bool = True,
) -> str:
    app = land.pick(store=True)
    app.volumes = (
        f"      volumes:\n      - name: data\n        persistentVolumeClaim:\n          claimName: {app.name}-pvc\n"
    )
    app.more = CLAIM.format(app=app.name, mode=mode, size=size, kind=kind, rest=rest.format(app=app.name))
    claim_ref = f"  claimRef:\n    namespace: {land.namespace}\n    name: {taken}\n" if taken else ""
    if in_manifest:
        shown = f"  labels:\n    {labels.replace('=', ': ')}\n" if labels else ""
        app.more += _VOLUME.format(
            app=app.name, mode="ReadWriteOnce", size="1Gi", kind="", labels=shown, claim=claim_ref
        )
    state = ("Bound", f"{land.namespace}/{taken}") if taken else ("Available", "")
    land.volumes.append((f"{app.name}-pv", "1Gi", "RWO", *state, "", labels))
    if land.rng.random() < 0.5:
        land.volumes.append(("other-pv", "9Gi", "RWX", "Bound", "monitoring/prometheus", "standard", ""))
    land.claims.append((f"{app.name}-pvc", "Pending", f"{app.name}-pv" if "volumeName" in rest else "", "", kind))
    if taken:
        land.claims.append((taken, "Bound", f"{app.name}-pv", "1Gi", ""))
    land.claim_events[f"{app.name}-pvc"] = event
    pending(land, app, f"0/{len(land.nodes)} nodes are available: pod has unbound immediate PersistentVolumeClaims.")
    return f"app/{app.name}"


@plants("claim_larger_than_volume")
def _capacity(land: Landscape) -> str:
    return _storage(land, size=land.rng.choice(["10Gi", "5000Mi"]))


@plants("claim_access_mode_not_offered")
def _mode(land: Landscape) -> str:
    return _storage(land, mode=land.rng.choice(["ReadWriteMany", "ReadOnlyMany"]))


@plants("claim_selector_matches_no_volume")
def _volume_labels(land: Landscape) -> str:
    return _storage(land, rest="  selector:\n    matchLabels:\n      type: fast\n", labels="type=slow")


@plants("claim_storage_class_not_offered")
def _class(land: Landscape) -> str:
    event = 'Warning|ProvisioningFailed|3s (x8 over 110s)|persistentvolume-controller|storageclass.storage.k8s.io "fast-ssd" not found'
    return _storage(land, kind="fast-ssd", event=event)


@plants("volume_claimed_already")
def _occupied(land: Landscape) -> str:
    return _storage(land, taken="older-claim", in_manifest=land.rng.random() < 0.5)


@plants("volume_claimed_already")
def _occupied_by_name(land: Landscape) -> str:
    event = 'Warning|FailedBinding|3s (x8 over 110s)|persistentvolume-controller|volume "x" already bound to a different claim.'
    return _storage(land, taken="older-claim", rest="  volumeName: {app}-pv\n", event=event)
