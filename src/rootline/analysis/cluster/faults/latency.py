"""Slowness: a busy processor, a slow pod, or the network of a node."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import Signal
from rootline.analysis.cluster.snapshot import Snapshot

_LOSS_PER_S = 2.0
"""Retransmissions a second above which packets are lost rather than late.

Source: Linux retransmits after its timeout of at least 200 ms, so a delay causes single spurious
retransmissions, while each lost packet of a busy node causes one (RFC 6298, sections 2.4 and 5).
"""
_SOME_LOSS_PER_S = 0.3
_HALF = 0.5
"""A delay slows all flows alike, so traffic falls everywhere; loss hits single packets and most flows go on."""
_WIDESPREAD = 0.6
"""Share of the applications that deviate together when it is not one application that is slow."""

_EVERYWHERE = 0.8
_SEVERAL = 4
_SHARED = 0.75
"""Several slow applications, of which no such share calls a common one, are slow for a common ground."""
_MANY = 6
_SAME = 0.95
"""Many slow applications that nearly all call the same one of them are slow because of that one."""


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain the deviations that the alerting reports, as long as no broken pod explains them."""
    share = 0.6 if snapshot.broken_pods() else 1.0
    yield from (replace(found, score=found.score * share) for found in _slowness(snapshot))


def _slowness(snapshot: Snapshot) -> Iterator[Candidate]:
    busy = [s for s in snapshot.signals if s.scope == "service" and s.kind == "saturation"]
    yield from _overload(snapshot, busy)
    lossy = _lossy(snapshot)
    if lossy:
        yield from _loss(lossy)
    elif not busy:
        yield from _late_node(snapshot)
        yield from _late_pod(snapshot)


def _ratio(signal: Signal) -> float:
    if signal.current is None:
        return 0.0
    return signal.current / signal.normal if signal.normal else signal.current


def _overload(snapshot: Snapshot, busy: list[Signal]) -> Iterator[Candidate]:
    worst = max((_ratio(s) for s in busy), default=0.0) or 1.0
    for name in dict.fromkeys(s.name for s in busy):
        mine = [s for s in busy if s.name == name]
        slow = [s.proof for s in snapshot.signals if s.name == name and s.kind == "latency"]
        yield Candidate(
            object=f"app/{snapshot.app_of(name)}",
            cause="cpu_limit_reached",
            score=min(0.96, 0.89 + 0.03 * len(mine) + 0.01 * max(_ratio(s) for s in mine) / worst),
            mechanism=f"{name} uses up its share of the processor, so it and its callers become slow.",
            support=(*(s.proof for s in mine[:2]), *slow[:1]),
        )


def _lossy(snapshot: Snapshot) -> list[Signal]:
    """Nodes that lose packets, the worst first: many are sent again, or some while the traffic holds up."""
    shaky = [s for s in snapshot.signals if s.scope == "node" and s.kind == "retransmission"]
    apps = {d.name for d in snapshot.deployments}
    fewer = {snapshot.app_of(s.name) for s in snapshot.signals if s.scope == "service" and s.kind == "traffic"}
    flows = bool(apps) and len(fewer & apps) < _HALF * len(apps)
    least = _SOME_LOSS_PER_S if flows else _LOSS_PER_S
    lossy = [s for s in shaky if (s.current or 0.0) >= least]
    return sorted(lossy, key=lambda s: -(s.current or 0.0))


def _loss(lossy: list[Signal]) -> Iterator[Candidate]:
    for rank, signal in enumerate(lossy):
        yield Candidate(
            object=f"node/{signal.name}",
            cause="node_network_loses_packets",
            score=0.95 if rank == 0 else 0.5,
            mechanism=f"{signal.name} loses packets, so whatever crosses its network is sent again and late.",
            support=(signal.proof,),
        )


def _deviating(snapshot: Snapshot) -> dict[str, list[Signal]]:
    found: dict[str, list[Signal]] = {}
    for signal in snapshot.signals:
        if signal.scope == "service":
            found.setdefault(snapshot.app_of(signal.name), []).append(signal)
    return found


def _late_node(snapshot: Snapshot) -> Iterator[Candidate]:
    deviating = _deviating(snapshot)
    known = {d.name for d in snapshot.deployments} or {p.app for p in snapshot.pods}
    share = len(deviating.keys() & known) / len(known) if known else 0.0
    shaky = {s.name: s for s in snapshot.signals if s.scope == "node" and s.kind == "retransmission"}
    slow = {app for app, held in deviating.items() if any(s.kind == "latency" for s in held)}
    scattered = len(slow) >= _SEVERAL and bool(snapshot.calls) and _common_callee(snapshot, slow) < _SHARED
    many = _MANY if share >= _EVERYWHERE else _SEVERAL - 1
    traced = len(slow) >= many and _common_callee(snapshot, slow) >= _SAME
    if not slow or traced or not (share >= _WIDESPREAD or scattered):
        return
    hosts = _hosts(snapshot, deviating, shaky)
    for rank, (node, count) in enumerate(hosts.most_common()):
        lines = [shaky[node].proof] if node in shaky else []
        lines += [s.proof for p in snapshot.pods if p.node == node for s in deviating.get(p.app, ())[:1]][:3]
        yield Candidate(
            object=f"node/{node}",
            cause="node_network_slow",
            score=(0.85 if rank == 0 else 0.6) + 0.05 * count / sum(hosts.values()),
            mechanism=f"Packets of {node} are late, so all calls that cross its network are slow.",
            support=tuple(lines),
        )


def _hosts(snapshot: Snapshot, deviating: dict[str, list[Signal]], shaky: dict[str, Signal]) -> Counter[str]:
    """How many deviating applications each node runs; one more for a node whose packets are sent again."""
    hosts = Counter(p.node for p in snapshot.pods if p.node and p.app in deviating)
    hosts.update(node for node in shaky if node in hosts)
    return hosts


def _common_callee(snapshot: Snapshot, slow: set[str]) -> float:
    """The largest share of the slow applications that call the same one of them, through others too."""
    return max(len(slow & _callers(snapshot, app)) for app in slow) / len(slow)


def _callers(snapshot: Snapshot, app: str) -> set[str]:
    """An application and all that call it, through others too."""
    found, fresh = {app}, {app}
    while fresh:
        fresh = {c.caller for c in snapshot.calls if c.callee in fresh} - found
        found |= fresh
    return found


def _late_pod(snapshot: Snapshot) -> Iterator[Candidate]:
    """The application that is slow on its own.

    A caller is slow as often as it calls, so what speaks against an application is both the
    latency that it adds to that of the applications it calls, and how many times slower than
    usual it is.
    """
    deviating = _deviating(snapshot)
    slow = {app: worst for app, signals in deviating.items() if (worst := _slowest(signals)) is not None}
    weight = {app: _added(snapshot, app, slow) * _ratio(signal) for app, signal in slow.items()}
    total = sum(weight.values()) or 1.0
    for app in sorted(weight, key=lambda a: -weight[a]):
        calls = [c.proof for c in snapshot.calls if c.callee == app]
        yield Candidate(
            object=f"app/{app}",
            cause="pod_network_slow",
            score=0.2 + 0.65 * weight[app] / total,
            mechanism=f"{app} answers late without being busy, and its callers wait for it.",
            support=(slow[app].proof, *calls[:1]),
        )


def _slowest(signals: list[Signal]) -> Signal | None:
    late = [s for s in signals if s.kind == "latency"]
    return max(late, key=lambda s: s.current or 0.0, default=None)


def _added(snapshot: Snapshot, app: str, slow: dict[str, Signal]) -> float:
    """Latency of an application less the worst latency of those it calls; never negative."""
    called = {c.callee for c in snapshot.calls if c.caller == app}
    beneath = max((slow[name].current or 0.0 for name in called if name in slow), default=0.0)
    return max(0.0, (slow[app].current or 0.0) - beneath)
