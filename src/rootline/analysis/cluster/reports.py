"""What checks, logs and alerts report, out of their texts."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.objects import Call, LogPattern, NodeFact, NodeService, Reach, Signal
from rootline.analysis.cluster.proof import proof_at
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.text import Line, numbered, whole

_SUBJECT = re.compile(r"^(service|node|pod)/(\S+) (.+)$", re.IGNORECASE)
_NORMAL = re.compile(r"Normal=(\d+(?:\.\d+)?)")
_CURRENT = re.compile(r"(?:Current|Cur|Val)[=:] ?(\d+(?:\.\d+)?)")
_KINDS = (
    ("retransmission", re.compile(r"retrans", re.IGNORECASE)),
    ("memory", re.compile(r"mem(?:ory)?\b|rss|oom", re.IGNORECASE)),
    ("saturation", re.compile(r"saturation|throttl|cpu", re.IGNORECASE)),
    ("latency", re.compile(r"latency|slow|duration", re.IGNORECASE)),
    ("errors", re.compile(r"error|success rate", re.IGNORECASE)),
    ("traffic", re.compile(r"throughput|traffic|rps|pps", re.IGNORECASE)),
)
_COUNTED = re.compile(r"^(\d{1,9})x (.+)$")
_FROM_NODE = re.compile(r"deployed on (\S+?):")
_VERDICT = re.compile(r"connection (succeeded|failed)", re.IGNORECASE)
_ACTIVE = re.compile(r"Active: (\w+)(?: \((\w+)\))?")
_FACT = re.compile(r"^node/(\S+) (status|role|taint|label|allocatable|condition) (.+)$")
_BRANCH = re.compile(r"^([ │]*)(?:[├└]── )?([A-Za-z0-9][\w.-]*)")
_CALLED_BY = re.compile(r"^\[Upstream[^\]]*\]: (.*)$")
_OF_SERVICE = re.compile(r"^\[Service\]: (\S+)")
_TREE = "[Downstream"


def _number(pattern: re.Pattern[str], text: str) -> float | None:
    found = [float(value) for value in pattern.findall(text)]
    return max(found) if found else None


def signals(query: ClusterQuery, text: str) -> list[Signal]:
    """The deviations in the alerts; a signal with several series keeps its largest values."""
    found = []
    for line in numbered(text):
        parts = _SUBJECT.match(line.text)
        if parts is None or "|" not in parts.group(3):
            continue
        scope = "node" if parts.group(1).lower() == "node" else "service"
        name, signal = parts.group(2), parts.group(3)
        title = signal.split("|", 1)[0]
        kind = next((kind for kind, pattern in _KINDS if pattern.search(title)), "other")
        found.append(
            Signal(
                scope=scope,
                name=name,
                kind="missing" if "MISSING" in title.upper() else kind,
                normal=_number(_NORMAL, signal),
                current=_number(_CURRENT, signal),
                proof=proof_at(query, line, f"{parts.group(1).lower()}/{name}"),
            )
        )
    return found


def log_patterns(query: ClusterQuery, text: str) -> list[LogPattern]:
    """Errors of a log; lines without a count stand for themselves."""
    found = []
    for line in numbered(text):
        counted = _COUNTED.match(line.text)
        if counted or query.verb == "logs":
            count, message = (whole(counted.group(1), 1), counted.group(2)) if counted else (1, line.text)
            proof = proof_at(query, line, f"app/{query.name}")
            found.append(LogPattern(app=query.name, count=count, text=message, proof=proof))
    return found


def reaches(query: ClusterQuery, text: str) -> list[Reach]:
    """The verdicts of a connectivity check, one for each node it ran on."""
    found = []
    node = ""
    for line in numbered(text):
        at = _FROM_NODE.search(line.text)
        node = at.group(1) if at else node
        verdict = _VERDICT.search(line.text)
        if verdict:
            reached = verdict.group(1).lower() == "succeeded"
            subject = f"service/{query.name}"
            found.append(
                Reach(
                    service=query.name,
                    port=query.port,
                    node=node,
                    reached=reached,
                    proof=proof_at(query, line, subject),
                )
            )
    return found


def node_services(query: ClusterQuery, text: str) -> list[NodeService]:
    """The state of a system service as systemd tells it."""
    for line in numbered(text):
        state = _ACTIVE.search(line.text)
        if state:
            running = state.group(1) in {"active", "reloading"} and state.group(2) != "exited"
            proof = proof_at(query, line, f"node/{query.name}")
            return [NodeService(node=query.name, service=query.kind, running=running, proof=proof)]
    return []


def node_facts(query: ClusterQuery, text: str) -> list[NodeFact]:
    """Taints, labels, capacities and conditions of all nodes."""
    found = []
    for line in numbered(text):
        fact = _FACT.match(line.text)
        if fact:
            node, topic, value = fact.groups()
            proof = proof_at(query, line, f"node/{node}")
            found.append(NodeFact(node=node, topic=topic, text=value, proof=proof))
    return found


def calls(query: ClusterQuery, text: str) -> list[Call]:
    """Who calls whom, out of a drawn tree of dependencies."""
    lines = numbered(text)
    return [*_upstream(query, lines), *_downstream(query, lines)]


def _upstream(query: ClusterQuery, lines: list[Line]) -> Iterator[Call]:
    callee = next((m.group(1) for line in lines if (m := _OF_SERVICE.match(line.text))), query.name)
    for line in lines:
        named = _CALLED_BY.match(line.text)
        for caller in named.group(1).split(",") if named else ():
            if caller.strip() and not caller.strip().startswith("("):
                proof = proof_at(query, line, f"app/{caller.strip()}")
                yield Call(caller=caller.strip(), callee=callee, proof=proof)


def _downstream(query: ClusterQuery, lines: list[Line]) -> Iterator[Call]:
    start = next((i for i, line in enumerate(lines) if line.text.startswith(_TREE)), len(lines))
    path: list[tuple[int, str]] = []
    for line in lines[start + 1 :]:
        branch = _BRANCH.match(line.text)
        if branch is None:
            continue
        depth = branch.start(2)
        path = [(d, name) for d, name in path if d < depth]
        if path:
            proof = proof_at(query, line, f"app/{path[-1][1]}")
            yield Call(caller=path[-1][1], callee=branch.group(2), proof=proof)
        path.append((depth, branch.group(2)))
