"""The objects of a cluster as they were read, each with the line that shows it."""

from dataclasses import dataclass

from rootline.analysis.cluster.proof import LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Pod:
    """A row of the list of pods; ages in seconds."""

    name: str
    app: str
    ready: int
    wanted: int
    status: str
    restarts: int
    restarted_s: float | None
    age_s: float | None
    node: str
    ip: str
    proof: LineProof

    @property
    def healthy(self) -> bool:
        """Running with all its containers ready, or done."""
        running = self.status == "Running" and self.ready >= self.wanted
        return running or self.status in {"Completed", "Succeeded"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """A row of the list of deployments or stateful sets; `current` replicas run the newest template."""

    name: str
    ready: int
    wanted: int
    current: int
    images: tuple[str, ...]
    selector: dict[str, str]
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A row of the list of services; ports as (port, protocol)."""

    name: str
    type: str
    cluster_ip: str
    ports: tuple[tuple[int, str], ...]
    selector: dict[str, str]
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """A row of the list of nodes."""

    name: str
    ready: bool
    cordoned: bool
    control_plane: bool
    role: str = ""
    age_s: float | None
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeFact:
    """One fact of a node: its topic (`taint`, `label`, `allocatable`, `condition`) and its text."""

    node: str
    topic: str
    text: str
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event; `subject` is `pod/NAME` and the like, `age_s` when it was seen last."""

    subject: str
    warning: bool
    reason: str
    message: str
    age_s: float | None
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A persistent volume claim as asked for; empty where it was not read."""

    name: str
    status: str
    storage_class: str | None
    capacity: float | None
    modes: frozenset[str]
    labels: dict[str, str]
    volume: str
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A persistent volume."""

    name: str
    status: str
    claim: str
    storage_class: str
    capacity: float | None
    modes: frozenset[str]
    labels: dict[str, str]
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """One limited resource of a namespace; used and hard in the same unit."""

    name: str
    resource: str
    used: float
    hard: float
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Where a service leads; no addresses when it leads nowhere."""

    service: str
    addresses: tuple[tuple[str, int], ...]
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A deviation that the alerting reports, with its values where it gives them.

    Attributes:
        scope: `service` (for a pod as well) or `node`.
        kind: One of latency, traffic, errors, saturation, memory, retransmission, missing, other.

    """

    scope: str
    name: str
    kind: str
    normal: float | None
    current: float | None
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class LogPattern:
    """An error that an application logged, and how often."""

    app: str
    count: int
    text: str
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Whether a service could be reached, from a node where the check says so."""

    service: str
    port: int
    node: str
    reached: bool
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeService:
    """The state of a system service on a node."""

    node: str
    service: str
    running: bool
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One application calls another."""

    caller: str
    callee: str
    proof: LineProof
