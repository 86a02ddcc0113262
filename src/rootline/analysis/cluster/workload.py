"""What an application runs: containers, ports, probes, environment and what it asks of the cluster."""

from dataclasses import dataclass, field

from rootline.analysis.cluster.objects import Claim, Event, Volume
from rootline.analysis.cluster.proof import LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Port:
    """A port that a container declares."""

    number: int
    name: str = ""
    protocol: str = "TCP"
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """A health check; times in seconds.

    Attributes:
        kind: liveness, readiness or startup.
        handler: http, https, tcp, grpc or exec.
        port: A number or the name of a container's port; empty for exec.

    """

    kind: str
    handler: str
    port: str = ""
    path: str = ""
    delay_s: float = 0.0
    period_s: float = 10.0
    timeout_s: float = 1.0
    failures: int = 3
    proof: LineProof

    @property
    def patience_s(self) -> float:
        """Seconds from the start of a container until the first verdict against it can fall.

        Source: kubernetes.io/docs/concepts/workloads/pods/probes/ (initialDelaySeconds,
        periodSeconds, failureThreshold).
        """
        return self.delay_s + self.period_s * max(0, self.failures - 1) + self.timeout_s


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """An environment variable given in the open."""

    name: str
    value: str
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """A container as declared, and as it went where a pod was described; `words` are its command line."""

    name: str
    image: str = ""
    ports: tuple[Port, ...] = ()
    probes: tuple[Probe, ...] = ()
    env: tuple[Variable, ...] = ()
    words: tuple[Variable, ...] = ()
    requests: dict[str, float] = field(default_factory=dict)
    states: tuple[LineProof, ...] = ()
    restarts: int = 0
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Something that a pod demands of its node: a label (`selector`), an expression (`affinity`)."""

    kind: str
    key: str
    operator: str = "In"
    values: tuple[str, ...] = ()
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Toleration:
    """A taint that a pod can stand; an empty key stands for every taint."""

    key: str
    operator: str
    value: str
    effect: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """Something that a pod refers to by name: secret, pull_secret, configmap, claim, account, host_path.

    `host_alias` is a name that the pod resolves by itself.
    """

    kind: str
    name: str
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """The pod template of an application, from its manifest or from a described pod."""

    app: str
    labels: dict[str, str] = field(default_factory=dict)
    replicas: int | None = None
    containers: tuple[Container, ...] = ()
    wishes: tuple[Wish, ...] = ()
    tolerations: tuple[Toleration, ...] = ()
    references: tuple[Reference, ...] = ()
    dns: tuple[LineProof, ...] = ()
    settings: tuple[Variable, ...] = ()
    proof: LineProof

    def named(self, kind: str) -> tuple[Reference, ...]:
        """The references of a kind."""
        return tuple(r for r in self.references if r.kind == kind)

    @property
    def ports(self) -> tuple[Port, ...]:
        """The ports of all containers."""
        return tuple(p for c in self.containers for p in c.ports)

    @property
    def env(self) -> tuple[Variable, ...]:
        """The environment of all containers, with the settings objects it takes from."""
        return tuple(v for c in self.containers for v in c.env) + self.settings


@dataclass(frozen=True, kw_only=True, slots=True)
class ServicePort:
    """A port of a service and where it leads: `target` is a number or a name."""

    name: str
    port: int
    target: str
    protocol: str
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceSpec:
    """A service as it was installed or described."""

    name: str
    selector: dict[str, str]
    ports: tuple[ServicePort, ...]
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A rule of an ingress, gateway or mesh that sends the traffic of a path to a service."""

    owner: str
    service: str
    port: str
    path: str = ""
    proof: LineProof


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Everything that an application was installed with.

    `limits` are the options by which a database limits its clients: `max_connections`, `read_only`.
    """

    app: str
    workloads: tuple[Workload, ...] = ()
    services: tuple[ServiceSpec, ...] = ()
    claims: tuple[Claim, ...] = ()
    volumes: tuple[Volume, ...] = ()
    routes: tuple[Route, ...] = ()
    limits: tuple[Variable, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PodDetail:
    """A described pod."""

    name: str
    app: str
    workload: Workload
    events: tuple[Event, ...]
