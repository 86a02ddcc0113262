"""A small cluster that prints itself the way kubectl does, and that a test can break."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rootline.analysis.cluster.diagnose import diagnose
from rootline.analysis.cluster.proof import ClusterFinding
from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.analysis.cluster.reads import next_reads

NAMESPACE = "shop"


@dataclass
class App:
    """An application with one deployment and one service."""

    name: str
    port: int = 8080
    service_port: int = 0
    target: str = ""
    protocol: str = "TCP"
    selector: str = ""
    service_type: str = "ClusterIP"
    has_service: bool = True
    service_name: str = ""
    image: str = ""
    env: dict[str, str] = field(default_factory=dict)
    wanted: int = 1
    ready: int = 1
    pods: int = 1
    status: str = "Running"
    restarts: str = "0"
    node: str = "node-a"
    liveness: str = "tcpSocket {port} 5 10 3"
    readiness: str = "tcpSocket {port} 5 10 3"
    cpu: str = "100m"
    memory: str = "64Mi"
    spec: str = ""
    more_yaml: str = ""
    sidecar: str = ""
    sidecar_port: int = 0
    states: str = ""
    events: tuple[str, ...] = ()
    replica_events: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    ip: str = "10.1.0.9"

    @property
    def replica_set(self) -> str:
        return f"{self.name}-7d9f8c6b5"

    def pod_name(self, place: int = 0) -> str:
        return f"{self.replica_set}-x{place}k2p"


@dataclass
class Worker:
    """A node."""

    name: str
    status: str = "Ready"
    roles: str = "<none>"
    labels: tuple[str, ...] = ()
    taints: tuple[str, ...] = ()
    cpu: str = "4"
    memory: str = "8Gi"
    stopped: tuple[str, ...] = ()
    pressed: tuple[str, ...] = ()
    conditions: str = "  Ready  True  now  now  KubeletReady  kubelet is posting ready status"


@dataclass
class Cluster:
    """Applications on nodes."""

    apps: dict[str, App]
    nodes: dict[str, Worker]
    alerts: str = ""
    quotas: str = ""
    claims: str = ""
    volumes: str = ""
    claim_events: dict[str, str] = field(default_factory=dict)
    unreachable_from: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def answers(self) -> dict[ClusterQuery, str]:
        """Everything that can be asked about the cluster."""
        apps, nodes = self.apps.values(), self.nodes.values()
        found = {
            listing("pods", NAMESPACE, "wide"): self._pods(),
            listing("services", NAMESPACE, "wide"): self._services(),
            listing("deployments", NAMESPACE, "wide"): self._deployments(),
            listing("nodes", NAMESPACE): self._nodes(),
            listing("events", NAMESPACE): self._events(),
            listing("endpoints", NAMESPACE): self._endpoints(),
            listing("resourcequotas", NAMESPACE): self.quotas,
            listing("persistentvolumeclaims", NAMESPACE): self.claims,
            listing("persistentvolumes", NAMESPACE, "labels"): self.volumes,
            ClusterQuery(verb="alerts"): self.alerts,
            ClusterQuery(verb="configuration"): "\n".join(_facts(n) for n in nodes),
        }
        for name, text in self.claim_events.items():
            query = ClusterQuery(verb="describe", kind="persistentvolumeclaims", name=name, namespace=NAMESPACE)
            found[query] = f"Name:  {name}\nStatus:  Pending\nEvents:\n{text}"
        for app in apps:
            found |= self._of_app(app)
        for node in nodes:
            found |= _of_node(node)
        return found

    def _of_app(self, app: App) -> dict[ClusterQuery, str]:
        logs = "\n".join(app.logs)
        checked = "\n".join(self._check(app, n.name) for n in self.nodes.values())
        port = app.service_port or app.port
        found = {
            ClusterQuery(verb="manifest", name=app.name): _manifest(app),
            ClusterQuery(verb="error_logs", name=app.name, namespace=NAMESPACE): logs,
            ClusterQuery(verb="connectivity", name=app.name, namespace=NAMESPACE, port=port): checked,
            ClusterQuery(verb="dependencies", name=app.name): self._dependencies(app),
        }
        for place in range(app.pods):
            query = ClusterQuery(verb="describe", kind="pods", name=app.pod_name(place), namespace=NAMESPACE)
            found[query] = _described(app, place)
        return found

    def _check(self, app: App, node: str) -> str:
        verdict = "Failed" if node in self.unreachable_from or not app.ready else "Succeeded"
        return f"Debug Pod test results deployed on {node}: {app.name}\nConnection {verdict}"

    def _dependencies(self, app: App) -> str:
        callers = [a.name for a in self.apps.values() if app.name in a.calls]
        head = f"[Service]: {app.name}\n[Upstream (Called By)]: {', '.join(callers) or '(User Traffic)'}\n"
        tree = [app.name, *self._branches(app, "")]
        return head + "[Downstream (Calls)]:\n" + "\n".join(tree)

    def _branches(self, app: App, margin: str) -> list[str]:
        lines = []
        for callee in app.calls:
            lines += [f"{margin}├── {callee}", *self._branches(self.apps[callee], f"{margin}│   ")]
        return lines

    def _pods(self) -> str:
        rows = [
            (
                app.pod_name(place),
                f"{app.ready if place == 0 else 1}/{2 if app.sidecar else 1}",
                app.status if place == 0 else "Running",
                app.restarts,
                "5m",
                app.ip if app.node != "<none>" else "<none>",
                app.node,
            )
            for app in self.apps.values()
            for place in range(app.pods)
        ]
        return table(("NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"), rows)

    def _services(self) -> str:
        rows = [
            (
                app.service_name or app.name,
                app.service_type,
                f"10.96.0.{place + 10}",
                "<none>",
                f"{app.service_port or app.port}/{app.protocol}",
                "5m",
                app.selector or f"app={app.name}",
            )
            for place, app in enumerate(self.apps.values())
            if app.has_service
        ]
        titles = ("NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE", "SELECTOR")
        return table(titles, rows)

    def _deployments(self) -> str:
        rows = [
            (a.name, f"{min(a.ready, a.wanted)}/{a.wanted}", str(a.pods), "5m", "main", _image(a), f"app={a.name}")
            for a in self.apps.values()
        ]
        return table(("NAME", "READY", "UP-TO-DATE", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"), rows)

    def _nodes(self) -> str:
        rows = [(n.name, n.status, n.roles, "90d", "v1.31.2") for n in self.nodes.values()]
        return table(("NAME", "STATUS", "ROLES", "AGE", "VERSION"), rows)

    def _endpoints(self) -> str:
        rows = [(a.service_name or a.name, self._leads_to(a), "5m") for a in self.apps.values() if a.has_service]
        return table(("NAME", "ENDPOINTS", "AGE"), rows)

    def _leads_to(self, app: App) -> str:
        selects = app.selector in {"", f"app={app.name}"}
        target = app.target or str(app.port)
        return f"{app.ip}:{target}" if app.ready and app.pods and selects and target.isdigit() else "<none>"

    def _events(self) -> str:
        lines = list(self.events)
        for app in self.apps.values():
            lines += [f"30s   Warning   {event.replace('|', f'   pod/{app.pod_name()}   ')}" for event in app.events]
            lines += [
                f"20s   Warning   {event.replace('|', f'   replicaset/{app.replica_set}   ')}"
                for event in app.replica_events
            ]
        return "\n".join(["LAST SEEN   TYPE   REASON   OBJECT   MESSAGE", *lines])


def table(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Print rows in columns three spaces apart."""
    widths = [max(len(row[i]) for row in [titles, *rows]) for i in range(len(titles))]
    lines = ["   ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in [titles, *rows]]
    return "\n".join(lines)


def _image(app: App) -> str:
    return app.image or f"registry.example/shop/{app.name}:1.4.2"


def _facts(node: Worker) -> str:
    lines = [f"node/{node.name} status {node.status}"]
    lines += [f"node/{node.name} label {label}" for label in (f"kubernetes.io/hostname={node.name}", *node.labels)]
    lines += [f"node/{node.name} taint {taint}" for taint in node.taints]
    lines += [f"node/{node.name} condition {condition}" for condition in node.pressed]
    lines += [f"node/{node.name} allocatable cpu={node.cpu}", f"node/{node.name} allocatable memory={node.memory}"]
    return "\n".join(lines)


def _of_node(node: Worker) -> dict[ClusterQuery, str]:
    found = {
        ClusterQuery(verb="describe", kind="nodes", name=node.name, namespace=NAMESPACE): (
            f"Name:   {node.name}\nConditions:\n  Type  Status\n{node.conditions}\nAddresses:\n  Hostname:  {node.name}"
        )
    }
    for service in ("kubelet", "containerd", "kube-proxy", "kube-scheduler"):
        state = "inactive (dead)" if service in node.stopped else "active (running)"
        found[ClusterQuery(verb="node_service", kind=service, name=node.name)] = (
            f"Service: {service}\nStatus: {service}.service\n     Active: {state} since Fri"
        )
    return found


def _probe(written: str, app: App) -> tuple[str, str, str, str, str]:
    handler, port, delay, period, failures = written.format(port=app.port).split()
    return handler, port, delay, period, failures


def _probe_yaml(key: str, written: str, app: App) -> str:
    handler, port, delay, period, failures = _probe(written, app)
    return (
        f"        {key}:\n          initialDelaySeconds: {delay}\n          periodSeconds: {period}\n"
        f"          failureThreshold: {failures}\n          {handler}:\n            port: {port}\n"
    )


def _probe_line(key: str, written: str, app: App) -> str:
    handler, port, delay, period, failures = _probe(written, app)
    word = {"tcpSocket": f"tcp-socket :{port}", "httpGet": f"http-get http://:{port}/", "grpc": f"grpc <pod>:{port} "}
    return f"    {key}:   {word[handler]} delay={delay}s timeout=1s period={period}s #success=1 #failure={failures}\n"


def _manifest(app: App) -> str:
    env = "".join(f'        - name: {k}\n          value: "{v}"\n' for k, v in app.env.items())
    sidecar = f"      - name: {app.sidecar}\n        image: proxy:1\n" if app.sidecar else ""
    sidecar += f"        ports:\n        - containerPort: {app.sidecar_port}\n" if app.sidecar_port else ""
    service = (
        f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {app.name}\nspec:\n  selector:\n"
        f"    {(app.selector or f'app={app.name}').replace('=', ': ')}\n  ports:\n"
        f"  - port: {app.service_port or app.port}\n    targetPort: {app.target or app.port}\n"
        f"    protocol: {app.protocol}\n"
    )
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {app.name}\nspec:\n  replicas: {app.wanted}\n"
        f"  selector:\n    matchLabels:\n      app: {app.name}\n  template:\n    metadata:\n      labels:\n"
        f"        app: {app.name}\n    spec:\n{app.spec}      containers:\n      - name: main\n"
        f"        image: {_image(app)}\n        ports:\n        - containerPort: {app.port}\n"
        f"{_probe_yaml('livenessProbe', app.liveness, app)}{_probe_yaml('readinessProbe', app.readiness, app)}"
        + (f"        env:\n{env}" if env else "")
        + f"        resources:\n          requests:\n            cpu: {app.cpu}\n            memory: {app.memory}\n"
        + f"{sidecar}{service if app.has_service else ''}{app.more_yaml}"
    )


def _described(app: App, place: int) -> str:
    events = "".join(
        f"  Warning  {event.split('|')[0]}  30s (x4 over 2m)  kubelet  {event.split('|')[1]}\n" for event in app.events
    )
    again = app.restarts.split()[0]
    return (
        f"Name:             {app.pod_name(place)}\nNamespace:        {NAMESPACE}\nNode:  {app.node}/10.0.0.2\n"
        f"Labels:           app={app.name}\n                  pod-template-hash=7d9f8c6b5\nContainers:\n  main:\n"
        f"    Image:          {_image(app)}\n    Port:           {app.port}/TCP\n{app.states}"
        f"    Restart Count:  {again}\n{_probe_line('Liveness', app.liveness, app)}"
        f"{_probe_line('Readiness', app.readiness, app)}"
        "    Environment:\n"
        + "".join(f"      {k}:  {v}\n" for k, v in app.env.items())
        + (f"  {app.sidecar}:\n    Image:   proxy:1\n    Restart Count:  {again}\n" if app.sidecar else "")
        + f"Conditions:\n  Type   Status\n  Ready  {'True' if app.ready else 'False'}\n"
        f"Node-Selectors:  <none>\nTolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s\n"
        f"Events:\n  Type  Reason  Age  From  Message\n  ----  ------  ----  ----  -------\n{events}"
    )


def healthy() -> Cluster:
    """Four applications and a database on two nodes; one variable points at something optional."""
    apps = [
        App(
            "front",
            8080,
            service_port=80,
            service_type="NodePort",
            calls=("basket", "orders"),
            env={"BASKET_ADDR": "basket:7000", "ORDERS_ADDR": "orders:9000", "HELPER_ADDR": "assistant:80"},
        ),
        App(
            "basket",
            7000,
            node="node-b",
            calls=("ledger-mysql",),
            env={"LEDGER_MYSQL_HOST": "ledger-mysql", "LEDGER_MYSQL_PORT": "3306"},
        ),
        App(
            "orders",
            9000,
            calls=("ledger-mysql", "mailer"),
            env={"LEDGER_MYSQL_HOST": "ledger-mysql", "LEDGER_MYSQL_PORT": "3306", "MAILER_ADDR": "mailer:5000"},
        ),
        App("mailer", 5000, node="node-b"),
        App("ledger-mysql", 3306, image="mysql:8.4"),
    ]
    nodes = [
        Worker(
            "head",
            status="Ready,SchedulingDisabled",
            roles="control-plane",
            taints=("node.kubernetes.io/unschedulable:NoSchedule",),
        ),
        Worker("node-a"),
        Worker("node-b"),
    ]
    return Cluster({app.name: app for app in apps}, {node.name: node for node in nodes})


def investigate(
    answers: Mapping[ClusterQuery, str], question: str = "What is wrong?"
) -> tuple[list[ClusterFinding], dict[ClusterQuery, str]]:
    """Read until nothing more is asked for, then explain."""
    seen: dict[ClusterQuery, str] = {}
    while wanted := next_reads(seen, NAMESPACE, question, 20 - len(seen)):
        seen |= {query: answers.get(query, "") for query in wanted}
    return diagnose(seen, NAMESPACE, question), seen


def crowded() -> Cluster:
    """The small cluster among forty applications that restarted, complained and were slow to start once."""
    cluster = healthy()
    for place in range(40):
        name = f"side-{place}-service"
        cluster.apps[name] = App(
            name,
            12000 + place,
            node=("node-a", "node-b")[place % 2],
            env={"COLLECTOR": "collector.monitor:4317", "LEDGER_MYSQL_HOST": "ledger-mysql"},
            calls=tuple(f"side-{other}-service" for other in (place // 2, place // 3) if other < place),
            restarts=f"{place % 3 + 1} (40m ago)",
            events=("Unhealthy|Readiness probe failed: dial tcp 10.1.0.9:1: connect: connection refused",),
            logs=("30x UnknownHostException: front: Name or service not known", "12x Connection reset by peer"),
        )
    cluster.apps["front"].calls += ("side-39-service", "side-38-service")
    cluster.apps["tracer"] = App("tracer", 6831, protocol="UDP")
    cluster.apps["registry"] = App("registry", 8848, service_type="NodePort")
    refused = 'pods "mailer-7d9f8c6b5-" is forbidden: error looking up service account shop/mailer'
    cluster.events = (
        f'9m   Warning   FailedCreate   replicaset/mailer-7d9f8c6b5   {refused}: serviceaccount "mailer" not found',
        "42m   Warning   FailedCreatePodSandBox   pod/dns-5f7b   open /run/flannel/subnet.env: no such file",
    )
    return cluster
