"""Pods that find no node."""

from dataclasses import replace

from tests.analysis.cluster.landscapes.consequences import HEADS, pending, refusal
from tests.analysis.cluster.landscapes.landscape import Landscape, Pod
from tests.analysis.cluster.landscapes.plants.registry import plants


@plants("cpu_request_fits_no_node")
def _cpu(land: Landscape) -> str:
    app = land.pick()
    app.cpu = land.rng.choice(["32", "64000m"])
    pending(land, app, refusal(land, "Insufficient cpu"))
    return f"app/{app.name}"


@plants("volume_in_another_zone")
def _zone(land: Landscape) -> str:
    app = land.pick(store=True)
    pending(land, app, refusal(land, "node(s) had volume node affinity conflict"))
    return f"app/{app.name}"


@plants("claim_not_bound")
def _unbound(land: Landscape) -> str:
    app = land.pick()
    pending(land, app, refusal(land, "pod has unbound immediate PersistentVolumeClaims"))
    return f"app/{app.name}"


@plants("memory_request_fits_no_node")
def _memory(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.3)
    app.memory = land.rng.choice(["100Gi", "64000Mi", "128G"])
    pending(land, app, refusal(land, "Insufficient memory"))
    return f"app/{app.name}"


@plants("memory_request_fits_no_node")
def _both(land: Landscape) -> str:
    app = land.pick()
    app.memory, app.cpu = "200Gi", "2"
    workers = len(land.workers())
    told = f"0/{workers + 1} nodes are available: 1 node(s) were unschedulable, 1 Insufficient cpu, {workers} Insufficient memory."
    pending(land, app, told)
    return f"app/{app.name}"


_AFFINITY = (
    "      affinity:\n        nodeAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n"
    "            nodeSelectorTerms:\n            - matchExpressions:\n              - key: {key}\n"
    "                operator: In\n                values:\n                - {value}\n"
)


@plants("affinity_matches_no_node")
def _affinity(land: Landscape) -> str:
    app = land.pick()
    app.spec = _AFFINITY.format(key="topology.kubernetes.io/zone", value="zone-x")
    pending(land, app, refusal(land, "node(s) didn't match Pod's node affinity/selector"))
    return f"app/{app.name}"


@plants("selector_matches_no_node")
def _selector(land: Landscape) -> str:
    app = land.pick(store=land.rng.random() < 0.3)
    app.spec = f"      nodeSelector:\n        {land.rng.choice(['gpu: true', 'disk: nvme', 'pool: batch'])}\n"
    pending(land, app, refusal(land, "node(s) didn't match Pod's node affinity/selector"))
    return f"app/{app.name}"


@plants("node_is_cordoned")
def _cordon(land: Landscape) -> str:
    app = land.pick()
    chosen = land.workers()[0]
    chosen.labels["pool"] = "special"
    app.spec = (
        "      nodeSelector:\n        pool: special\n"
        if land.rng.random() < 0.5
        else _AFFINITY.format(key="pool", value="special")
    )
    chosen.status, chosen.taints = "Ready,SchedulingDisabled", ["node.kubernetes.io/unschedulable:NoSchedule"]
    others = len(land.workers()) - 1
    told = f"0/{others + 2} nodes are available: 2 node(s) were unschedulable, {others} node(s) didn't match Pod's node affinity/selector."
    pending(land, app, told)
    return f"app/{app.name}"


@plants("taint_not_tolerated")
def _taint(land: Landscape) -> str:
    app = land.pick()
    for node in land.workers():
        node.taints = ["dedicated=infra:NoSchedule"]
    pending(land, app, refusal(land, "node(s) had untolerated taint {dedicated: infra}"))
    return f"app/{app.name}"


_APART = (
    "      affinity:\n        podAntiAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n"
    "          - labelSelector:\n              matchLabels:\n{labels}            topologyKey: kubernetes.io/hostname\n"
)


@plants("anti_affinity_leaves_no_node")
def _apart(land: Landscape) -> str:
    app = land.pick()
    app.spec = _APART.format(labels="".join(f"                {k}: {v}\n" for k, v in app.pod_labels.items()))
    workers = len(land.workers())
    app.replicas = workers + 1
    extra = [
        replace(app.pods[0], name=f"{app.replica_set}-q{n}xkz", events=[]) for n in range(workers + 1 - len(app.pods))
    ]
    app.pods += extra
    app.ready = workers
    told = refusal(land, "node(s) didn't match pod anti-affinity rules")
    app.pods[-1] = Pod(
        name=f"{app.replica_set}-zzzx2", node="<none>", ip="<none>", status="Pending", ready=0, age="70s"
    )
    app.pods[-1].events = [f"Warning|FailedScheduling|70s|default-scheduler|{told} {HEADS}"]
    return f"app/{app.name}"


@plants("anti_affinity_leaves_no_node")
def _apart_from_all(land: Landscape) -> str:
    app = land.pick()
    app.spec = _APART.format(labels="                tier: any\n")
    pending(land, app, refusal(land, "node(s) didn't satisfy existing pods anti-affinity rules"))
    return f"app/{app.name}"
