"""A made-up application in a cluster: what it runs, where, and what its parts log."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

SAFE = "bcdfghjklmnpqrstvwxz2456789"
WORDS = [
    "alder",
    "amber",
    "anvil",
    "aspen",
    "badge",
    "birch",
    "bramble",
    "cedar",
    "clover",
    "cobalt",
    "copper",
    "coral",
    "crane",
    "delta",
    "ember",
    "fable",
    "falcon",
    "fern",
    "flint",
    "garnet",
    "ginger",
    "hazel",
    "heron",
    "indigo",
    "iris",
    "ivory",
    "jasper",
    "juniper",
    "kestrel",
    "laurel",
    "lilac",
    "linden",
    "lotus",
    "maple",
    "marble",
    "meadow",
    "nectar",
    "oak",
    "olive",
    "onyx",
    "opal",
    "orchid",
    "osprey",
    "pebble",
    "pine",
    "plover",
    "quartz",
    "quill",
    "raven",
    "reed",
    "rowan",
    "saffron",
    "sorrel",
    "spruce",
    "sumac",
    "teal",
    "thistle",
    "topaz",
    "tulip",
    "umber",
    "violet",
    "walnut",
    "willow",
    "wren",
    "yarrow",
    "zephyr",
]


@dataclass
class Pod:
    """One pod; `events` are `Type|Reason|Age|From|Message`, `state` the lines of its container."""

    name: str
    node: str
    ip: str
    status: str = "Running"
    ready: int = 1
    restarts: str = "0"
    age: str = "9m12s"
    events: list[str] = field(default_factory=list)
    state: str = "    State:          Running\n      Started:      Tue, 03 Feb 2026 10:00:02 +0000\n"
    listed: bool = True


@dataclass
class Probe:
    """A health check as it is written: handler is grpc, tcpSocket or httpGet."""

    handler: str
    port: str
    delay: int = 10
    period: int = 10
    failures: int = 3
    path: str = "/healthz"


@dataclass
class App:
    """One application with its pods, its service and its manifest's parts."""

    name: str
    port: int
    image: str
    calls: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    secret_env: dict[str, tuple[str, str]] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    replicas: int = 1
    ready: int = 1
    liveness: Probe | None = None
    readiness: Probe | None = None
    cpu: str = "100m"
    memory: str = "128Mi"
    memory_limit: str = "512Mi"
    account: str = "default"
    pod_labels: dict[str, str] = field(default_factory=dict)
    spec: str = ""
    volumes: str = ""
    sidecar: str = ""
    more: str = ""
    has_service: bool = True
    service: str = ""
    service_port: int = 0
    target: str = ""
    protocol: str = "TCP"
    service_type: str = "ClusterIP"
    selector: dict[str, str] = field(default_factory=dict)
    cluster_ip: str = ""
    set_events: list[str] = field(default_factory=list)
    logs: list[tuple[int, str]] = field(default_factory=list)
    hash: str = "6d9f8c7b5d"
    is_store: bool = False
    stateful: bool = False
    tongue: str = "go"

    @property
    def replica_set(self) -> str:
        """The name of its replica set."""
        return f"{self.name}-{self.hash}"

    @property
    def service_name(self) -> str:
        """The name of its service."""
        return self.service or self.name

    @property
    def led_to(self) -> str:
        """Where its service leads."""
        return self.target or str(self.port)


@dataclass
class Worker:
    """A node."""

    name: str
    role: str = "<none>"
    status: str = "Ready"
    labels: dict[str, str] = field(default_factory=dict)
    taints: list[str] = field(default_factory=list)
    stopped: tuple[str, ...] = ()
    ready: tuple[str, str, str] = ("True", "KubeletReady", "kubelet is posting ready status")
    cpu: str = "8"
    memory: str = "16265412Ki"
    pressed: str = ""

    @property
    def head(self) -> bool:
        """Whether it is the control plane."""
        return self.role in {"control-plane", "master"}


@dataclass
class Landscape:
    """A cluster with one application in one namespace; alerts as (type, name, evidence)."""

    namespace: str
    style: str
    rng: Random
    apps: dict[str, App] = field(default_factory=dict)
    nodes: dict[str, Worker] = field(default_factory=dict)
    entry: str = ""
    alerts: list[tuple[str, str, list[str]]] = field(default_factory=list)
    quota: dict[str, str] = field(default_factory=dict)
    claims: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    claim_events: dict[str, str] = field(default_factory=dict)
    volumes: list[tuple[str, str, str, str, str, str, str]] = field(default_factory=list)
    deaf: tuple[str, ...] = ()
    question: str = "Some requests fail."
    lists_events: bool = True
    other_events: list[tuple[str, str]] = field(default_factory=list)
    ingress: str = ""
    ingress_text: str = ""

    def workers(self) -> list[Worker]:
        """The nodes that run workloads."""
        return [node for node in self.nodes.values() if not node.head]

    def pods(self) -> Iterator[tuple[App, Pod]]:
        """Every pod that exists with its application."""
        for app in self.apps.values():
            for pod in app.pods:
                if pod.listed:
                    yield app, pod

    def callers(self, name: str) -> list[App]:
        """Who calls an application."""
        return [app for app in self.apps.values() if name in app.calls]

    def pick(self, *, store: bool = False, called: bool = True, entry: bool = False) -> App:
        """Choose an application: a store or not, one that another calls."""
        found = [
            app
            for app in self.apps.values()
            if app.is_store == store and (entry or app.name != self.entry) and (not called or self.callers(app.name))
        ]
        return self.rng.choice(found)


def tail(rng: Random, length: int = 5) -> str:
    """The random end of a generated name."""
    return "".join(rng.choice(SAFE) for _ in range(length))


def place(land: Landscape, app: App) -> None:
    """Give an application its pods and its service's address."""
    rng = land.rng
    app.hash = tail(rng, rng.choice((9, 10)))
    app.cluster_ip = f"10.96.{rng.randrange(1, 250)}.{rng.randrange(1, 250)}"
    app.pod_labels = app.pod_labels or {"app": app.name}
    app.selector = app.selector or dict(app.pod_labels)
    workers = land.workers()
    for _ in range(app.replicas):
        at = rng.randrange(len(workers))
        ip = f"10.244.{at}.{rng.randrange(2, 250)}"
        name = f"{app.name}-{len(app.pods)}" if app.stateful else f"{app.replica_set}-{tail(rng)}"
        app.pods.append(Pod(name=name, node=workers[at].name, ip=ip))
    app.ready = app.replicas
