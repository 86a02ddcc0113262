"""Processors that are busy and networks that are slow."""

from tests.analysis.cluster.landscapes.landscape import App, Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants


def _late(name: str, before: float, now: float) -> str:
    return f"LATENCY_DEGRADATION [Slow Response] | {name}-p90latency: Normal={before:.2f}ms -> Current={now:.2f}ms (+{(now / before - 1) * 100:.1f}%)"


def _slow_callers(land: Landscape, app: App, added: float, evidence: dict[str, list[str]], depth: int = 0) -> None:
    for caller in land.callers(app.name):
        if caller.name not in evidence and depth < 3:
            now = added * land.rng.uniform(0.9, 1.15)
            evidence[caller.name] = [_late(caller.name, land.rng.uniform(15, 40), now)]
            _slow_callers(land, caller, now * 0.8, evidence, depth + 1)


@plants("cpu_limit_reached")
def _busy(land: Landscape) -> str:
    app = land.pick()
    evidence = {
        app.name: [
            "RESOURCE_SATURATION [cpu_cfs] | Val: 0.971s (Throttled)",
            "RESOURCE_SATURATION [cpu core] | Normal=0.02 cores -> Current=0.19 cores (+850.0%)",
            _late(app.name, 5, 120),
        ]
    }
    _slow_callers(land, app, 150, evidence)
    land.alerts = [("Service", name, lines) for name, lines in sorted(evidence.items())]
    land.question = "Service latency increased significantly"
    return f"app/{app.name}"


@plants("pod_network_slow")
def _slow_pod(land: Landscape) -> str:
    app = land.pick()
    delay = land.rng.choice([400.0, 1200.0, 3000.0])
    evidence = {app.name: [_late(app.name, 4, delay)]}
    _slow_callers(land, app, delay + 30, evidence)
    land.alerts = [("Service", name, lines) for name, lines in sorted(evidence.items())]
    land.question = "Service latency increased significantly"
    return f"app/{app.name}"


@plants("node_network_loses_packets")
def _loss(land: Landscape) -> str:
    node = land.rng.choice(land.workers())
    here = {app.name for app, pod in land.pods() if pod.node == node.name}
    touched = sorted(n for n in here if land.rng.random() < 0.6) or sorted(here)
    land.alerts = [("Service", n, [_late(n, 10, land.rng.uniform(90, 400))]) for n in touched]
    for other in land.workers():
        told = land.rng.uniform(4, 12) if other is node else land.rng.uniform(0.2, 0.9)
        if other is node or land.rng.random() < 0.5:
            land.alerts.append(
                (
                    "Node",
                    other.name,
                    [
                        f"NETWORK_QUALITY_DEGRADED [TCP Retransmission] | Normal=0.01retrans -> Current={told:.2f}retrans (New Spike)"
                    ],
                )
            )
    land.question = "Service latency increased significantly"
    return f"node/{node.name}"


@plants("node_network_slow")
def _slow_node(land: Landscape) -> str:
    node = land.rng.choice(land.workers())
    here = {app.name for app, pod in land.pods() if pod.node == node.name}
    near = (
        here | {n for n, a in land.apps.items() if here & set(a.calls)} | {n for h in here for n in land.apps[h].calls}
    )
    for name in sorted(near):
        slow = name in here or land.rng.random() < 0.4
        lines = [_late(name, 12, land.rng.uniform(300, 9000))] if slow else []
        drop = land.rng.uniform(40, 80)
        lines.append(f"THROUGHPUT_DROP [RPS] | Normal=20.00req/s -> Current={20 - drop / 5:.2f}req/s (-{drop:.1f}%)")
        land.alerts.append(("Service", name, lines))
    if land.rng.random() < 0.5:
        land.alerts.append(
            (
                "Node",
                node.name,
                [
                    "NETWORK_QUALITY_DEGRADED [TCP Retransmission] | Normal=0.01retrans -> Current=0.55retrans (New Spike)"
                ],
            )
        )
    land.question = "Service latency increased significantly"
    return f"node/{node.name}"
