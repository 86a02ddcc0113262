"""Limits from outside of the workloads: addresses, machines that are taken back, the autoscaler's maximum, webhooks."""

from tests.analysis.cluster.landscapes.consequences import stopped, victims
from tests.analysis.cluster.landscapes.landscape import Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants


@plants("pod_addresses_used_up")
def _addresses(land: Landscape) -> str:
    app = land.pick()
    told = land.rng.choice(
        [
            'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
            "failed to allocate for range 0: no IP addresses available in range set: 10.1.0.1-10.1.0.254",
        ]
    )
    stopped(
        app, "ContainerCreating", f"Warning|FailedCreatePodSandBox|20s|kubelet|Failed to create pod sandbox: {told}"
    )
    victims(land, app)
    return f"app/{app.name}"


@plants("pod_sandbox_fails")
def _sandbox(land: Landscape) -> str:
    app = land.pick()
    told = "rpc error: code = Unknown desc = failed to setup network for sandbox: plugin crashed"
    stopped(
        app, "ContainerCreating", f"Warning|FailedCreatePodSandBox|20s|kubelet|Failed to create pod sandbox: {told}"
    )
    victims(land, app)
    return f"app/{app.name}"


@plants("pod_storage_limit_reached")
def _own_storage(land: Landscape) -> str:
    app = land.pick()
    told = land.rng.choice(
        [
            "Pod ephemeral local storage usage exceeds the total limit of containers 2Gi.",
            'Usage of EmptyDir volume "scratch" exceeds the limit "1Gi".',
        ]
    )
    stopped(app, "Evicted", f"Warning|Evicted|25s|kubelet|{told}")
    victims(land, app)
    return f"app/{app.name}"


@plants("node_reclaimed")
def _reclaimed(land: Landscape) -> str:
    node = land.rng.choice([n for n in land.workers() if any(pod.node == n.name for _, pod in land.pods())])
    land.lists_events = True
    told = (
        "Warning|SpotInterruption|50s|node-termination-handler|Spot interruption notice: the instance will be reclaimed"
    )
    land.other_events.append((f"node/{node.name}", told))
    node.status = "NotReady"
    for app, pod in land.pods():
        if pod.node == node.name:
            pod.status, pod.ready, app.ready = "Terminating", 0, max(0, app.ready - 1)
    return f"node/{node.name}"


@plants("autoscaler_at_maximum")
def _at_maximum(land: Landscape) -> str:
    app = land.pick()
    land.lists_events = True
    told = "the desired replica count is more than the maximum replica count"
    event = f"Warning|ScalingLimited|30s|horizontal-pod-autoscaler|{told}"
    land.other_events.append((f"horizontalpodautoscaler/{app.name}", event))
    return f"app/{app.name}"


@plants("admission_webhook_fails")
def _webhook(land: Landscape) -> str:
    app = land.pick()
    app.pods, app.ready = [], 0
    told = 'Internal error occurred: failed calling webhook "pods.mesh.example": x509: certificate has expired'
    app.set_events.append(f"Warning|FailedCreate|12s (x15 over 100s)|replicaset-controller|Error creating: {told}")
    victims(land, app)
    return f"app/{app.name}"
