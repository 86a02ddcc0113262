"""System services of nodes that stopped."""

from tests.analysis.cluster.landscapes.consequences import victims
from tests.analysis.cluster.landscapes.landscape import Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants
from tests.analysis.cluster.landscapes.styles import refused


@plants("container_runtime_down")
def _runtime(land: Landscape) -> str:
    node = land.rng.choice(land.workers())
    node.stopped, node.status = ("containerd",), "NotReady"
    node.ready = ("False", "KubeletNotReady", "container runtime is down")
    for app, pod in land.pods():
        if pod.node == node.name and land.rng.random() < 0.6:
            pod.status, pod.ready, app.ready = "ContainerCreating", 0, max(0, app.ready - 1)
            pod.events.append(
                "Warning|FailedCreatePodSandBox|20s|kubelet|Failed to create pod sandbox: rpc error: code = Unavailable desc = "
                "connection error: dial unix /run/containerd/containerd.sock: connect: connection refused"
            )
    return f"node/{node.name}"


@plants("kubelet_down")
def _kubelet(land: Landscape) -> str:
    node = land.rng.choice(land.workers())
    node.stopped, node.status = ("kubelet",), "NotReady"
    node.ready = ("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
    return f"node/{node.name}"


@plants("kube_proxy_down")
def _proxy(land: Landscape) -> str:
    node = land.rng.choice(land.workers())
    node.stopped, land.deaf = ("kube-proxy",), (node.name,)
    for app, pod in list(land.pods()):
        for callee in app.calls[:2]:
            if pod.node == node.name:
                other = land.apps[callee]
                app.logs.append((40, refused(app, callee, other.cluster_ip, other.port, "i/o timeout")))
    return f"node/{node.name}"


@plants("kube_scheduler_down")
def _scheduler(land: Landscape) -> str:
    node = next(n for n in land.nodes.values() if n.head)
    node.stopped = ("kube-scheduler",)
    chosen = land.rng.sample(list(land.apps.values()), land.rng.choice([1, 2, len(land.apps) // 2]))
    for app in chosen:
        app.ready = 0
        for pod in app.pods:
            pod.node, pod.ip, pod.status, pod.ready, pod.age, pod.state = "<none>", "<none>", "Pending", 0, "100s", ""
            pod.events, pod.restarts = [], "0"
        victims(land, app)
    return f"node/{node.name}"


@plants("node_pressure")
def _ids_pressure(land: Landscape) -> str:
    return _pressure(land, "PIDPressure", "pids")


@plants("node_disk_pressure")
def _disk_pressure(land: Landscape) -> str:
    return _pressure(land, "DiskPressure", "ephemeral-storage")


@plants("node_memory_pressure")
def _memory_pressure(land: Landscape) -> str:
    return _pressure(land, "MemoryPressure", "memory")


def _pressure(land: Landscape, condition: str, resource: str) -> str:
    node = land.rng.choice(land.workers())
    node.pressed = condition
    here = [(app, pod) for app, pod in land.pods() if pod.node == node.name][:2]
    for app, pod in here:
        told = f"The node was low on resource: {resource}."
        pod.status, pod.ready, app.ready = "Evicted", 0, max(0, app.ready - 1)
        pod.events.append(f"Warning|Evicted|30s|kubelet|{told}")
        victims(land, app)
    return f"node/{node.name}"
