"""Made-up incidents of one workload in the layout of the suite `opensre`: what its cluster and its monitors show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tests.evals.sre_family import stamp, write_json

PODS = ("till-6c9d7f5b8-aaaaa", "till-6c9d7f5b8-bbbbb", "till-6c9d7f5b8-ccccc")
NODES = ("node-1", "node-2")


@dataclass
class Workload:
    """One incident: the state of the first pod, events about it, conditions of a node, and what is logged."""

    name: str
    summary: str
    severity: str = "critical"
    phase: str = "Running"
    state: Mapping[str, Any] = field(default_factory=lambda: {"running": True})
    restarts: int = 0
    node: str | None = "node-1"
    ready: bool = True
    all_of_them: bool = False
    events: Sequence[tuple[str, str, float]] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[tuple[str, str]] = ()
    monitor: str = ""
    cause: str = ""
    keywords: Sequence[str] = ()


def write_workload(folder: Path, case: Workload) -> None:
    """Write one incident; everything is written out, no base stands in."""
    folder.mkdir(parents=True)
    ill = PODS if case.all_of_them else PODS[:1]
    pods = [_pod(case, name) if name in ill else _pod(Workload("", ""), name) for name in PODS]
    write_json(folder, "eks_pods", {"pods": pods})
    count = 3 if case.ready else 3 - len(ill)
    row = {
        "name": "till",
        "namespace": "shop",
        "desired": 3,
        "ready": count,
        "available": count,
        "unavailable": 3 - count,
    }
    write_json(folder, "eks_deployments", {"deployments": [row]})
    nodes = [
        {
            "name": n,
            "ready": "True",
            "memory_pressure": "False",
            "disk_pressure": "False",
            "allocatable_cpu": "3920m",
            "allocatable_memory": "15321276Ki",
        }
        for n in NODES
    ]
    nodes[0].update(case.conditions)
    write_json(folder, "eks_node_health", {"nodes": nodes})
    events = [
        {
            "namespace": "shop",
            "reason": reason,
            "message": message.format(pod=PODS[0]),
            "type": "Warning",
            "count": 6,
            "involved_object": "Node/node-1" if reason.startswith("Node") else f"Pod/{PODS[0]}",
            "last_time": stamp(minute),
        }
        for reason, message, minute in case.events
    ]
    write_json(folder, "eks_events", {"warning_events": events})
    lines = [
        (1.0, "info", "GET /health 200 3ms"),
        *((6.0 + at, status, text) for at, (status, text) in enumerate(case.lines)),
    ]
    logs = [
        {"timestamp": stamp(at), "message": text, "status": status, "service": "till", "host": PODS[0]}
        for at, status, text in lines
    ]
    write_json(folder, "datadog_logs", {"logs": logs})
    states = [("till error rate", "Alert" if case.monitor == "errors" else "OK"), ("till p95 latency", "OK")]
    write_json(
        folder, "datadog_monitors", {"monitors": [{"name": n, "overall_state": s, "message": n} for n, s in states]}
    )
    labels = {"alertname": "Workload", "severity": case.severity, "service": "till", "namespace": "shop"}
    write_json(folder, "alert", {"commonLabels": labels, "commonAnnotations": {"summary": case.summary}})
    truth = {"root_cause_category": "any" if case.cause else "healthy", "required_keywords": list(case.keywords)}
    (folder / "answer.yml").write_text(yaml.safe_dump(truth))


def _pod(case: Workload, name: str) -> dict[str, Any]:
    held = {"name": "till", "ready": case.ready, "restart_count": case.restarts, "state": dict(case.state)}
    return {
        "name": name,
        "namespace": "shop",
        "phase": case.phase,
        "node_name": case.node,
        "start_time": stamp(-60),
        "containers": [held],
        "conditions": [{"type": "Ready", "status": str(case.ready), "reason": "", "message": ""}],
    }


def waiting(reason: str, message: str = "", **more: object) -> dict[str, Any]:
    return {"waiting": True, "reason": reason, "message": message, **more}


WORKLOADS = (
    Workload(
        "oom",
        "till restarts again and again.",
        state=waiting("CrashLoopBackOff", "back-off; last terminated: reason=OOMKilled, exit_code=137", exit_code=137),
        restarts=7,
        ready=False,
        events=(
            (
                "BackOff",
                "Back-off restarting failed container till in pod {pod} (reason: OOMKilled, exit code: 137)",
                15,
            ),
        ),
        lines=(("error", "[kernel] Memory cgroup out of memory: Killed process 1 (till)"),),
        cause="memory_limit_reached",
        keywords=("OOMKilled", "memory", "exit code 137", PODS[0]),
    ),
    Workload(
        "image",
        "A new pod of till does not start.",
        phase="Pending",
        state=waiting("ImagePullBackOff", 'Back-off pulling image "registry.example/till:v9"'),
        ready=False,
        events=(
            (
                "Failed",
                'Failed to pull image "registry.example/till:v9": manifest for till:v9 not found: manifest unknown',
                14,
            ),
        ),
        cause="image_not_found",
        keywords=("ImagePullBackOff", "image", "till:v9"),
    ),
    Workload(
        "pending",
        "Pods of till are pending.",
        phase="Pending",
        state={},
        node=None,
        ready=False,
        events=(("FailedScheduling", "0/2 nodes are available: 2 Insufficient memory. preemption: none", 15),),
        cause="memory_request_fits_no_node",
        keywords=("Insufficient memory", "Pending"),
    ),
    Workload(
        "node-lost",
        "till lost a pod.",
        phase="Running",
        ready=False,
        conditions={"ready": "False"},
        events=(("NodeNotReady", "Node node-1 status is now: NodeNotReady", 13),),
        cause="kubelet_down",
        keywords=("NotReady", "node-1", "kubelet"),
    ),
    Workload(
        "node-pressure",
        "Pods of till were evicted.",
        phase="Failed",
        state={"terminated": True, "reason": "Evicted"},
        ready=False,
        conditions={"disk_pressure": "True"},
        events=(("Evicted", "The node was low on resource: ephemeral-storage.", 13),),
        cause="node_disk_pressure",
        keywords=("DiskPressure", "node-1", "evict"),
    ),
    Workload(
        "secret",
        "Pods of till do not start after the rollout.",
        phase="Pending",
        state=waiting("CreateContainerConfigError", 'secret "till-keys" not found'),
        ready=False,
        events=(("Failed", 'Error: secret "till-keys" not found', 15),),
        cause="secret_missing",
        keywords=("CreateContainerConfigError", "secret", "till-keys"),
    ),
    Workload(
        "readiness",
        "till serves nothing though its pods run.",
        ready=False,
        all_of_them=True,
        events=(("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", 15),),
        cause="readiness_probe_fails",
        keywords=("Readiness probe", "503", "ready"),
    ),
    Workload(
        "liveness",
        "till restarts.",
        restarts=6,
        ready=False,
        state=waiting("CrashLoopBackOff", "back-off restarting failed container", exit_code=137),
        events=(
            ("Unhealthy", "Liveness probe failed: Get http://10.0.1.9:8080/live: context deadline exceeded", 15),
            ("BackOff", "Back-off restarting failed container till", 15),
        ),
        cause="liveness_probe_fails",
        keywords=("Liveness probe", "kubelet"),
    ),
    Workload(
        "crash",
        "till restarts.",
        restarts=9,
        ready=False,
        state=waiting("CrashLoopBackOff", "back-off; last terminated: reason=Error, exit_code=1", exit_code=1),
        events=(("BackOff", "Back-off restarting failed container till in pod {pod}", 15),),
        lines=(("error", "Traceback (most recent call last): KeyError: 'DATABASE_URL'"),),
        cause="container_crashes",
        keywords=("CrashLoopBackOff", "DATABASE_URL", PODS[0]),
    ),
    Workload(
        "dns",
        "till answers with errors; all pods are Running and Ready.",
        lines=(
            ("error", "Error: getaddrinfo EAI_AGAIN stock.shop.svc.cluster.local"),
            ("error", "stock lookup failed"),
        ),
        monitor="errors",
        cause="name_resolution_failure",
        keywords=("DNS", "stock"),
    ),
    Workload(
        "dependency",
        "till answers with errors; all pods are Running and Ready.",
        lines=(
            ("error", "Error: connect ECONNREFUSED 10.0.3.4:6379 (redis)"),
            ("error", "cart write failed: redis unavailable"),
        ),
        monitor="errors",
        cause="dependency_unreachable",
        keywords=("redis", "refused", "dependency"),
    ),
    Workload(
        "permission",
        "Uploads of till fail.",
        lines=(("error", "AccessDenied: assumed-role/node is not authorized to perform: s3:PutObject"),),
        monitor="errors",
        cause="permission_denied",
        keywords=("AccessDenied", "IAM role", "s3:PutObject"),
    ),
    Workload(
        "pool",
        "till answers late.",
        lines=(("error", "HikariPool-1 - Connection is not available, request timed out after 30000ms"),),
        monitor="errors",
        cause="connection_pool_exhausted",
        keywords=("connection pool", "exhausted"),
    ),
    Workload(
        "defect",
        "till answers with errors since its release.",
        lines=(
            ("info", "deployed till 4.2.0, was 4.1.9"),
            ("error", "java.lang.NullPointerException: price is null at Cart.total(Cart.java:18)"),
        ),
        monitor="errors",
        cause="code_exception",
        keywords=("NullPointerException", "4.2.0", "code defect"),
    ),
    Workload(
        "queue-full",
        "till rejects orders.",
        lines=(("error", "rejecting request: queue full"),),
        monitor="errors",
        cause="overload",
        keywords=("queue full", "replicas"),
    ),
    Workload(
        "consumer",
        "till falls behind.",
        lines=(("error", "consumer lag above threshold: topic=orders partition=7"),),
        monitor="errors",
        cause="consumer_lag",
        keywords=("consumer lag", "partition"),
    ),
    Workload(
        "policy",
        "till cannot reach stock.",
        lines=(
            ("info", "networkpolicy shop/deny-all applied"),
            ("error", "dial tcp 10.0.3.4:8443: i/o timeout calling stock"),
        ),
        monitor="errors",
        cause="traffic_blocked_by_policy",
        keywords=("NetworkPolicy", "deny-all", "stock"),
    ),
    Workload(
        "addresses",
        "A new pod of till does not start.",
        phase="Pending",
        state=waiting("ContainerCreating"),
        ready=False,
        events=(("FailedCreatePodSandBox", "aws-cni: failed to assign an IP address to container", 15),),
        cause="pod_addresses_used_up",
        keywords=("IP", "FailedCreatePodSandBox", "CNI"),
    ),
    Workload(
        "volume",
        "A pod of till hangs.",
        phase="Pending",
        state=waiting("ContainerCreating"),
        ready=False,
        events=(
            (
                "FailedAttachVolume",
                'Multi-Attach error for volume "pvc-7" Volume is already used by pod(s) till-old',
                15,
            ),
        ),
        cause="volume_not_mounted",
        keywords=("volume", "Multi-Attach"),
    ),
    Workload(
        "volume-elsewhere",
        "A pod of till stays pending.",
        phase="Pending",
        state={},
        ready=False,
        node=None,
        events=(("FailedScheduling", "0/2 nodes are available: 2 node(s) had volume node affinity conflict.", 15),),
        cause="volume_in_another_zone",
        keywords=("volume node affinity", "Pending"),
    ),
    Workload(
        "pulls-limited",
        "A pod of till does not start.",
        phase="Pending",
        state=waiting("ImagePullBackOff", 'Back-off pulling image "docker.io/library/redis:7"'),
        ready=False,
        events=(
            ("Failed", 'Failed to pull image "docker.io/library/redis:7": toomanyrequests: rate limit reached', 15),
        ),
        cause="image_pull_rate_limited",
        keywords=("rate limit", "ImagePullBackOff", "redis:7"),
    ),
    Workload(
        "registry-silent",
        "A pod of till does not start.",
        phase="Pending",
        state=waiting("ImagePullBackOff", 'Back-off pulling image "registry.example/till:v9"'),
        ready=False,
        events=(("Failed", 'Failed to pull image "registry.example/till:v9": dial tcp 10.1.1.1:443: i/o timeout', 15),),
        cause="registry_unreachable",
        keywords=("registry", "i/o timeout"),
    ),
    Workload(
        "taken-back",
        "till lost a pod.",
        ready=False,
        conditions={"ready": "False"},
        events=(("NodeNotReady", "Node node-1 status is now: NodeNotReady", 13),),
        lines=(("warn", "spot interruption notice received for node-1"), ("error", "connection reset by peer")),
        cause="node_reclaimed",
        keywords=("spot interruption", "node-1", "NotReady"),
    ),
    Workload(
        "heap",
        "till answers 500.",
        lines=(("error", "java.lang.OutOfMemoryError: Java heap space"),),
        monitor="errors",
        cause="application_memory_used_up",
        keywords=("OutOfMemoryError", "heap", "out of memory"),
    ),
    Workload(
        "cache-full",
        "Sessions of till are lost.",
        lines=(("error", "OOM command not allowed when used memory > 'maxmemory' (sessions-cache)"),),
        monitor="errors",
        cause="application_memory_used_up",
        keywords=("maxmemory", "sessions-cache"),
    ),
    Workload(
        "descriptors",
        "till refuses requests.",
        lines=(("error", "accept4: too many open files; retrying in 1s"),),
        monitor="errors",
        cause="file_descriptors_used_up",
        keywords=("too many open files", "file descriptors"),
    ),
    Workload(
        "throttled",
        "till is slow.",
        lines=(("warn", "cpu throttled 78% of periods, limit 200m"), ("error", "request timed out after 3000ms")),
        monitor="errors",
        cause="cpu_limit_reached",
        keywords=("CPU limit", "throttled 78%", "timed out"),
    ),
    Workload(
        "volume-full",
        "till cannot write.",
        lines=(("error", "write /data/wal/0001: no space left on device"),),
        monitor="errors",
        cause="volume_full",
        keywords=("no space left", "volume"),
    ),
    Workload(
        "provider",
        "Payments of till fail.",
        lines=(("error", "POST https://api.payco.example/charge 503 Service Unavailable"),),
        monitor="errors",
        cause="upstream_fails",
        keywords=("payco", "503", "dependency"),
    ),
    Workload(
        "bad-data",
        "till does not read prices.",
        lines=(("error", "schema validation failed: field price expected number, got string, from price-feed"),),
        monitor="errors",
        cause="malformed_data",
        keywords=("schema", "price-feed", "data quality"),
    ),
)
CALM = (
    Workload(
        "peak",
        "The autoscaler of till stands at its maximum.",
        severity="warning",
        lines=(
            ("warn", "client cancelled request after 5001ms"),
            ("info", "stats rps=4710 p95=64ms errors=2 cache_hit=0.97"),
        ),
        keywords=("normal", "3/3"),
    ),
    Workload(
        "probes-of-a-rollout",
        "Warning events of till.",
        severity="warning",
        events=(("Unhealthy", "Readiness probe failed: connection refused", -50),),
        lines=(("info", "rollout of till finished, 3/3 ready"),),
        keywords=("normal", "3/3"),
    ),
    Workload(
        "fewer",
        "Pods of till were removed.",
        severity="warning",
        lines=(("info", "scaled till from 6 to 3"), ("info", "Received SIGTERM, shutting down gracefully")),
        keywords=("normal",),
    ),
    Workload(
        "done",
        "The nightly job of till used much CPU.",
        severity="warning",
        lines=(("info", "nightly: completed, 0 failed"), ("info", "rps=300 errors=0")),
    ),
    Workload("check", "Periodic check passed.", severity="info"),
    Workload("old-restart", "Restarts of till counted.", severity="warning", restarts=2),
    Workload(
        "old-event",
        "A mount of till failed once.",
        severity="warning",
        events=(("FailedMount", "MountVolume.SetUp failed: transient issue, retried successfully", -300),),
    ),
    Workload("scary", "CRITICAL: till may be down!", lines=(("info", "processed 140 requests, p95 34ms"),)),
    Workload(
        "one-warning",
        "Latency of till looked unusual.",
        severity="warning",
        lines=(("warn", "slow request 210ms, retried"),),
    ),
)
