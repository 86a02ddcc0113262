"""A made-up market in a made-up cluster: three nodes, a few applications, and faults to put into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SPACE = "market"
Object = dict[str, Any]


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def address(app: str, net: int = 1) -> str:
    return f"10.{net}.0.{sum(map(ord, app)) % 250}"


def meta(name: str, *, space: str = SPACE, labels: dict[str, str] | None = None, **more: Any) -> Object:
    inside = {"namespace": space} if space else {}
    return {"name": name, **inside, "labels": labels or {}, "creationTimestamp": ago(days=3), **more}


def node(name: str, *, ready: str = "True", reason: str = "KubeletReady", told: str = "kubelet is posting") -> Object:
    beat = ago(minutes=1 if ready == "True" else 20)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": meta(name, space="", labels={"kubernetes.io/hostname": name}),
        "spec": {
            "taints": [] if ready == "True" else [{"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"}]
        },
        "status": {
            "nodeInfo": {"kubeletVersion": "v1.37.0", "containerRuntimeVersion": "containerd://2.2.0"},
            "addresses": [{"type": "InternalIP", "address": "10.0.0.1"}],
            "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
            "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
            "conditions": [
                {
                    "type": "Ready",
                    "status": ready,
                    "reason": reason,
                    "message": told,
                    "lastHeartbeatTime": beat,
                    "lastTransitionTime": beat,
                }
            ],
        },
    }


def template(app: str, *, image: str = "", port: int = 8080, **container: Any) -> Object:
    return {
        "metadata": {"labels": {"app": app}},
        "spec": {
            "serviceAccountName": app,
            "containers": [
                {
                    "name": "server",
                    "image": image or f"registry.example/{app}:1.0",
                    "ports": [{"containerPort": port, "protocol": "TCP"}],
                    "env": [
                        {"name": "PORT", "value": str(port)},
                        {
                            "name": "DB_PASSWORD",
                            "valueFrom": {"secretKeyRef": {"name": f"{app}-db", "key": "password"}},
                        },
                    ],
                    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
                    **container,
                }
            ],
        },
    }


def deployment(app: str, *, wanted: int = 1, ready: int = 1, updated: int = 1, held: Object | None = None) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta(app, labels={"app": app}, annotations={"deployment.kubernetes.io/revision": "1"}),
        "spec": {
            "replicas": wanted,
            "selector": {"matchLabels": {"app": app}},
            "template": held or template(app),
        },
        "status": {
            "replicas": updated,
            "updatedReplicas": updated,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "unavailableReplicas": max(0, wanted - ready),
            "observedGeneration": 1,
            "conditions": [
                {"type": "Available", "status": "True" if ready >= wanted else "False", "reason": "Minimum"}
            ],
        },
    }


def replica_set(app: str, mark: str, *, wanted: int = 1, held: int = 1, revision: int = 1, **more: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": meta(
            f"{app}-{mark}",
            labels={"app": app, "pod-template-hash": mark},
            annotations={"deployment.kubernetes.io/revision": str(revision)},
            ownerReferences=[_owner("Deployment", app)],
            **more.pop("metadata", {}),
        ),
        "spec": {
            "replicas": wanted,
            "selector": {"matchLabels": {"app": app, "pod-template-hash": mark}},
            "template": more.pop("template", None) or template(app),
        },
        "status": {"replicas": held, "readyReplicas": held},
    }


def _owner(kind: str, name: str) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "name": name,
        "uid": f"uid-{kind.lower()}s-{name}",
        "controller": True,
    }


def pod(
    app: str, mark: str = "5d8f4c7b9-x2x4z", *, on: str = "node-a", held: Object | None = None, **status: Any
) -> Object:
    made_by = f"{app}-{mark.partition('-')[0]}"
    spec = {**(held or template(app))["spec"], **({"nodeName": on} if on else {})}
    running = {"running": {"startedAt": ago(hours=2)}}
    own = {"name": "server", "image": f"registry.example/{app}:1.0", "ready": True, "restartCount": 0, "state": running}
    ready = status.pop("ready", True)
    container = {**own, "ready": ready, **status.pop("container", {})}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": meta(
            f"{app}-{mark}",
            labels={"app": app, "pod-template-hash": mark.partition("-")[0]},
            ownerReferences=[_owner("ReplicaSet", made_by)],
        ),
        "spec": spec,
        "status": {
            "phase": "Running",
            "podIP": address(app),
            "startTime": ago(hours=2),
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [container],
            **status,
        },
    }


def service(app: str, *, selects: str = "", port: int = 80, target: int = 8080) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": meta(app, labels={"app": app}),
        "spec": {
            "type": "ClusterIP",
            "clusterIP": address(app, 2),
            "selector": {"app": selects or app},
            "ports": [{"name": "http", "port": port, "targetPort": target, "protocol": "TCP"}],
        },
    }


def slice_of(app: str, *addresses: str, port: int = 8080) -> Object:
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": meta(f"{app}-abcde", labels={"kubernetes.io/service-name": app}),
        "addressType": "IPv4",
        "ports": [{"name": "http", "port": port, "protocol": "TCP"}],
        "endpoints": [{"addresses": [one], "conditions": {"ready": True}} for one in addresses],
    }


def event(kind: str, name: str, reason: str, message: str, *, level: str = "Warning", count: int = 1) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": meta(f"{name}.{reason.lower()}"),
        "involvedObject": {"kind": kind, "name": name, "namespace": SPACE},
        "type": level,
        "reason": reason,
        "message": message,
        "count": count,
        "source": {"component": "kubelet"},
        "firstTimestamp": ago(minutes=9),
        "lastTimestamp": ago(minutes=2),
    }


def quota(**hard_and_used: tuple[str, str]) -> Object:
    hard = {key.replace("_", "."): value[0] for key, value in hard_and_used.items()}
    used = {key.replace("_", "."): value[1] for key, value in hard_and_used.items()}
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": meta("budget"),
        "spec": {"hard": hard},
        "status": {"hard": hard, "used": used},
    }


def secret(name: str, **data: str) -> Object:
    applied = {"kubectl.kubernetes.io/last-applied-configuration": str(data)}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": meta(name, annotations=applied),
        "data": data,
    }


def config_map(name: str, *, managed: list[Object] | None = None, **data: str) -> Object:
    more: dict[str, Any] = {"managedFields": managed} if managed else {}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta(name, **more), "data": data}


APPS = ("cart", "orders", "search", "users")


def healthy(*but: str) -> list[Object]:
    """Everything well, without the applications that are named."""
    nodes = [node(name) for name in ("node-a", "node-b", "node-c")]
    apps = [app for app in APPS if app not in but]
    made = (
        (deployment(app), replica_set(app, "5d8f4c7b9"), pod(app), service(app), slice_of(app, address(app)))
        for app in apps
    )
    return [*nodes, *(one for group in made for one in group)]


def bad_image() -> list[Object]:
    held = template("cart", image="registry.example/cart:1.0-typo")
    waits = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}
    broken = pod("cart", held=held, ready=False, phase="Pending", container={"state": waits})
    told = 'Failed to pull image "registry.example/cart:1.0-typo": manifest unknown: manifest unknown'
    return [
        *healthy("cart"),
        deployment("cart", ready=0, held=held),
        service("cart"),
        broken,
        event("Pod", broken["metadata"]["name"], "Failed", told, count=4),
    ]


def wrong_probe_port() -> list[Object]:
    check = {"httpGet": {"path": "/ready", "port": 9999}, "periodSeconds": 5, "failureThreshold": 3}
    held = template("orders", readinessProbe=check)
    broken = pod("orders", held=held, ready=False)
    told = (
        'Readiness probe failed: Get "http://10.1.0.7:9999/ready": dial tcp 10.1.0.7:9999: connect: connection refused'
    )
    return [
        *healthy("orders"),
        deployment("orders", ready=0, held=held),
        service("orders"),
        broken,
        event("Pod", broken["metadata"]["name"], "Unhealthy", told, count=40),
    ]


def unschedulable() -> list[Object]:
    held = template("search", resources={"requests": {"cpu": "64", "memory": "64Mi"}})
    waiting = pod("search", on="", held=held, ready=False, phase="Pending", containerStatuses=[], podIP="")
    told = "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No victims found."
    return [
        *healthy("search"),
        deployment("search", ready=0, held=held),
        service("search"),
        waiting,
        event("Pod", waiting["metadata"]["name"], "FailedScheduling", told, count=7),
    ]


def quota_exceeded() -> list[Object]:
    told = (
        'Error creating: pods "users-5d8f4c7b9-abcde" is forbidden: exceeded quota: budget, '
        "requested: requests.memory=64Mi, used: requests.memory=1Gi, limited: requests.memory=1Gi"
    )
    return [
        *healthy("users"),
        deployment("users", ready=0, updated=0),
        replica_set("users", "5d8f4c7b9", held=0),
        service("users"),
        quota(requests_memory=("1Gi", "1Gi"), pods=("50", "12")),
        event("ReplicaSet", "users-5d8f4c7b9", "FailedCreate", told, count=12),
    ]


def selector_mismatch() -> list[Object]:
    astray = service("orders", selects="order")
    return [one for one in healthy() if _name(one) not in {"Service/orders", "EndpointSlice/orders-abcde"}] + [
        astray,
        slice_of("orders"),
    ]


def zero_replicas() -> list[Object]:
    return [*healthy("users"), deployment("users", wanted=0, ready=0, updated=0), service("users"), slice_of("users")]


def node_not_ready() -> list[Object]:
    told = "Kubelet stopped posting node status."
    silent = node("node-c", ready="Unknown", reason="NodeStatusUnknown", told=told)
    lost = pod("cart", "5d8f4c7b9-q7w8z", on="node-c", ready=False)
    return [*(one for one in healthy() if _name(one) != "Node/node-c"), silent, lost]


def _name(object_: Object) -> str:
    return f"{object_['kind']}/{object_['metadata']['name']}"
