"""A landscape as the recorded calls of a kubectl-like tool: keys and texts as such a tool gives them."""

import json
from collections.abc import Iterator, Sequence

from tests.analysis.cluster.landscapes.landscape import App, Landscape, Pod, Probe, Worker

_SERVICES = ("kubelet", "containerd", "kube-proxy")


def recorded(land: Landscape) -> dict[str, object]:
    """Every call with its answer."""
    found: dict[str, object] = {"collection_timestamp": "2026-02-03T10:09:00.000000"}
    for name, given, answer in _calls(land):
        found[f"{name}:{json.dumps(given, separators=(',', ':'))}"] = answer
    return found


def _calls(land: Landscape) -> Iterator[tuple[str, dict[str, object], object]]:
    for kind, plain, wide in _lists(land):
        given: dict[str, object] = {"resource_type": kind, "name": "", "namespace": land.namespace}
        yield "GetResources", given, plain
        yield "GetResources", given | {"output_wide": True}, wide
        yield "GetResources", given | {"show_labels": True}, wide if kind == "persistentvolumes" else plain
    for kind, name, text in _described(land):
        yield "DescribeResource", {"resource_type": kind, "name": name, "namespace": land.namespace}, text
    for app in land.apps.values():
        yield "GetAppYAML", {"app_name": app.name}, manifest(land, app)
        at: dict[str, object] = {"namespace": land.namespace, "service_name": app.name}
        yield "GetErrorLogs", at, _logs(app)
        yield "GetServiceDependencies", {"service_name": app.name}, _dependencies(land, app)
        if app.has_service:
            port = app.service_port or app.port
            yield "CheckServiceConnectivity", at | {"service_name": app.service_name, "port": port}, _reach(land, app)
    for node in land.nodes.values():
        for service in (*_SERVICES, "kube-scheduler") if node.head else _SERVICES:
            given = {"node_name": node.name, "service_name": service}
            yield "CheckNodeServiceStatus", given, _unit(node, service)
    yield (
        "GetClusterConfiguration",
        {},
        {"node_count": len(land.nodes), "nodes": [_facts(n) for n in land.nodes.values()]},
    )
    yield "GetAlerts", {}, _alerts(land)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns three spaces apart."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in (titles, *rows)) for i in range(len(titles))]
    lines = ["   ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in (titles, *rows)]
    return "\n".join(lines) + "\n"


def _lists(land: Landscape) -> Iterator[tuple[str, str, str]]:
    pods = [
        (
            p.name,
            f"{p.ready}/{1 + bool(a.sidecar)}" if p.ready <= 1 else f"{p.ready}/{p.ready}",
            p.status,
            p.restarts,
            p.age,
            p.ip,
            p.node,
            "<none>",
            "<none>",
        )
        for a, p in land.pods()
    ]
    titles: tuple[str, ...] = (
        "NAME",
        "READY",
        "STATUS",
        "RESTARTS",
        "AGE",
        "IP",
        "NODE",
        "NOMINATED NODE",
        "READINESS GATES",
    )
    yield "pods", table(titles[:5], [row[:5] for row in pods]), table(titles, pods)
    rows: list[tuple[str, ...]] = [_service_row(app) for app in land.apps.values() if app.has_service]
    titles = ("NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE", "SELECTOR")
    yield "services", table(titles[:6], [row[:6] for row in rows]), table(titles, rows)
    rows = [
        (
            a.name,
            f"{a.ready}/{a.replicas}",
            str(len([p for p in a.pods if p.listed])),
            str(a.ready),
            "10m",
            "server",
            a.image,
            _pairs(a.pod_labels),
        )
        for a in land.apps.values()
        if not a.stateful
    ]
    titles = ("NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "CONTAINERS", "IMAGES", "SELECTOR")
    yield "deployments", table(titles[:5], [row[:5] for row in rows]), table(titles, rows)
    rows = [
        (a.replica_set, str(a.replicas), str(len([p for p in a.pods if p.listed])), str(a.ready), "10m")
        for a in land.apps.values()
        if not a.stateful
    ]
    sets = table(("NAME", "DESIRED", "CURRENT", "READY", "AGE"), rows)
    yield "replicasets", sets, sets
    rows = [(n.name, n.status, n.role, "40d", "v1.29.3") for n in land.nodes.values()]
    nodes = table(("NAME", "STATUS", "ROLES", "AGE", "VERSION"), rows)
    yield "nodes", nodes, nodes
    rows = [(a.service_name, _endpoints(land, a), "10m") for a in land.apps.values() if a.has_service]
    ends = table(("NAME", "ENDPOINTS", "AGE"), rows)
    yield "endpoints", ends, ends
    claims = table(
        ("NAME", "STATUS", "VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS", "AGE"),
        [(*c[:4], "RWO" if c[1] == "Bound" else "", c[4], "9m") for c in land.claims],
    )
    yield "persistentvolumeclaims", claims, claims
    volumes = table(
        ("NAME", "CAPACITY", "ACCESS MODES", "RECLAIM POLICY", "STATUS", "CLAIM", "STORAGECLASS", "AGE", "LABELS"),
        [(v[0], v[1], v[2], "Retain", v[3], v[4], v[5], "9m", v[6] or "<none>") for v in land.volumes],
    )
    yield "persistentvolumes", volumes, volumes
    quota = "NAME        AGE   REQUEST   LIMIT\n" + "".join(f"{n}   5m    {t}   \n" for n, t in land.quota.items())
    yield "resourcequota", quota if land.quota else "", quota if land.quota else ""
    if land.lists_events:
        yield "events", _events(land), _events(land)
    yield "configmaps", "NAME               DATA   AGE\nkube-root-ca.crt   1      15d\n", ""
    ingress = table(
        ("NAME", "CLASS", "HOSTS", "ADDRESS", "PORTS", "AGE"),
        [(land.ingress, "nginx", "*", "", "80", "9m")] if land.ingress else [],
    )
    yield "ingresses", ingress, ingress
    rows = [(a.name, f"{a.ready}/{a.replicas}", "10m", "server", a.image) for a in land.apps.values() if a.stateful]
    wide = table(("NAME", "READY", "AGE", "CONTAINERS", "IMAGES"), rows)
    yield "statefulsets", wide, wide
    for kind in ("daemonsets", "secrets", "networkpolicies", "jobs"):
        yield kind, "", ""


def _pairs(labels: dict[str, str]) -> str:
    return ",".join(f"{k}={v}" for k, v in labels.items()) or "<none>"


def _service_row(app: App) -> tuple[str, ...]:
    port = app.service_port or app.port
    shown = (
        f"{port}:30080/{app.protocol}" if app.service_type in {"NodePort", "LoadBalancer"} else f"{port}/{app.protocol}"
    )
    ip = "<none>" if app.service_type == "ExternalName" else app.cluster_ip
    return (app.service_name, app.service_type, ip, "<none>", shown, "10m", _pairs(app.selector))


def _endpoints(land: Landscape, app: App) -> str:
    found = [
        f"{pod.ip}:{app.led_to if app.led_to.isdigit() else other.port}"
        for other, pod in land.pods()
        if app.selector.items() <= other.pod_labels.items() and pod.ready and pod.status == "Running"
    ]
    return ",".join(found[:3]) or "<none>"


def _events(land: Landscape) -> str:
    told = list(land.other_events)
    for app in land.apps.values():
        told += [(f"replicaset/{app.replica_set}", event) for event in app.set_events]
        told += [(f"pod/{pod.name}", event) for pod in app.pods for event in pod.events]
    lines = []
    for subject, event in told:
        level, reason, age, _, message = event.split("|", 4)
        lines.append(f"{age.split(' ')[0]:<11} {level:<9} {reason:<20} {subject:<45} {message}")
    return "\n".join(lines) + "\n"


def _event_table(events: Sequence[str]) -> str:
    if not events:
        return "Events:  <none>\n"
    rows = "".join("  " + "  ".join(event.split("|", 4)) + "\n" for event in events)
    return f"Events:\n  Type  Reason  Age  From  Message\n  ----  ------  ----  ----  -------\n{rows}"


def _described(land: Landscape) -> Iterator[tuple[str, str, str]]:
    for app, pod in land.pods():
        yield "pods", pod.name, _pod(land, app, pod)
    for app in land.apps.values():
        text = f"Name:           {app.replica_set}\nNamespace:      {land.namespace}\nReplicas:       {app.ready} current / {app.replicas} desired\n"
        yield "replicasets", app.replica_set, text + _event_table(app.set_events)
    for node in land.nodes.values():
        yield "nodes", node.name, _node(node)
    for claim in land.claims:
        text = f"Name:          {claim[0]}\nNamespace:     {land.namespace}\nStorageClass:  {claim[4]}\nStatus:        {claim[1]}\nVolume:        {claim[2]}\n"
        event = land.claim_events.get(claim[0])
        yield "persistentvolumeclaims", claim[0], text + _event_table([event] if event else [])
    if land.ingress:
        yield "ingresses", land.ingress, land.ingress_text


def _probe_line(key: str, probe: Probe | None) -> str:
    if probe is None:
        return ""
    where = {"grpc": f"grpc <pod>:{probe.port} ", "tcpSocket": f"tcp-socket :{probe.port}"}
    what = where.get(probe.handler, f"http-get http://:{probe.port}{probe.path}")
    return f"    {key + ':':<11} {what} delay={probe.delay}s timeout=1s period={probe.period}s #success=1 #failure={probe.failures}\n"


def _pod(land: Landscape, app: App, pod: Pod) -> str:
    env = "".join(f"      {k}:  {v}\n" for k, v in app.env.items())
    env += "".join(
        f"      {k}:  <set to the key '{key}' in secret '{name}'>  Optional: false\n"
        for k, (name, key) in app.secret_env.items()
    )
    labels = f"\n{' ' * 18}".join(f"{k}={v}" for k, v in (app.pod_labels | {"pod-template-hash": app.hash}).items())
    second = "  proxy:\n    Image:          mesh/proxy:1\n    Restart Count:  0\n" if app.sidecar else ""
    node = f"{pod.node}/10.0.0.1" if pod.node != "<none>" else "<none>"
    return (
        f"Name:             {pod.name}\nNamespace:        {land.namespace}\nPriority:         0\nService Account:  {app.account}\n"
        f"Node:             {node}\nLabels:           {labels}\nAnnotations:      <none>\n"
        f"Status:           {'Pending' if node == '<none>' else 'Running'}\nIP:               {pod.ip}\nContainers:\n  server:\n"
        f"    Image:          {app.image}\n    Port:           {app.port}/TCP\n    Host Port:      0/TCP\n{pod.state}"
        f"    Ready:          {'True' if pod.ready else 'False'}\n    Restart Count:  {pod.restarts.split()[0]}\n"
        f"    Limits:\n      memory:  {app.memory_limit}\n    Requests:\n      cpu:      {app.cpu}\n      memory:   {app.memory}\n"
        f"{_probe_line('Liveness', app.liveness)}{_probe_line('Readiness', app.readiness)}"
        f"    Environment:{chr(10) + env if env else '  <none>' + chr(10)}    Mounts:         <none>\n{second}"
        f"Conditions:\n  Type           Status\n  Ready          {'True' if pod.ready else 'False'} \n"
        "Volumes:\n  kube-api-access-x:\n    Type:                    Projected\n    ConfigMapName:           kube-root-ca.crt\n"
        "QoS Class:                   Burstable\nNode-Selectors:              <none>\n"
        "Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s\n"
        f"                             node.kubernetes.io/unreachable:NoExecute op=Exists for 300s\n{_event_table(pod.events)}"
    )


def _node(node: Worker) -> str:
    status, reason, message = node.ready
    return (
        f"Name:               {node.name}\nRoles:              {node.role}\nTaints:             {node.taints or '<none>'}\nConditions:\n"
        "  Type                 Status  LastHeartbeatTime  LastTransitionTime  Reason  Message\n"
        "  MemoryPressure       False   Tue, 03 Feb 2026   Tue, 03 Feb 2026   KubeletHasSufficientMemory   kubelet has sufficient memory available\n"
        f"  Ready                {status}   Tue, 03 Feb 2026   Tue, 03 Feb 2026   {reason}   {message}\nAddresses:\n  InternalIP:  10.0.0.1\nEvents:  <none>\n"
    )


def _unit(node: Worker, service: str) -> str:
    state = "inactive (dead)" if service in node.stopped else "active (running)"
    return (
        f"Service: {service}\nNode: {node.name}\nStatus: \u25cf {service}.service - {service}\n"
        f"     Loaded: loaded (/etc/systemd/system/{service}.service; enabled)\n     Active: {state} since Tue 2026-02-03 10:00:00 UTC; 9min ago\n"
    )


def _facts(node: Worker) -> dict[str, object]:
    labels = {"kubernetes.io/os": "linux", "kubernetes.io/hostname": node.name} | node.labels
    return {
        "name": node.name,
        "role": "worker",
        "status": node.status.split(",")[0],
        "conditions": {"MemoryPressure": "False"} | ({node.pressed: "True"} if node.pressed else {}),
        "taints": list(node.taints),
        "labels": labels,
        "allocatable_resources": {"cpu": node.cpu, "memory": node.memory},
    }


def _alerts(land: Landscape) -> object:
    alerts = [
        {"type": kind, "name": name, "time_range": "10:07 ~ 10:09", "status": "ABNORMAL", "evidence": evidence}
        for kind, name, evidence in land.alerts
    ]
    return {"status": "has_anomalies", "alert_count": len(alerts), "alerts": alerts} if alerts else {}


def _logs(app: App) -> object:
    if not app.logs:
        return {}
    total = sum(count for count, _ in app.logs)
    patterns = [{"count": count, "ratio": 0.1, "sample": text} for count, text in sorted(app.logs, key=lambda x: -x[0])]
    return {"total_log_count": total * 4, "total_errors": total, "total_error_ratio": 0.25, "patterns": patterns}


def _dependencies(land: Landscape, app: App) -> str:
    callers = ", ".join(a.name for a in land.callers(app.name)) or "(User Traffic)"
    lines = [f"[Service]: {app.name}", f"[Upstream (Called By)]: {callers}", "[Downstream (Calls)]:"]
    if not app.calls:
        return "\n".join([*lines, "(None - Leaf Service)"])
    return "\n".join([*lines, app.name, *_branches(land, app, "", {app.name})])


def _branches(land: Landscape, app: App, indent: str, above: set[str]) -> Iterator[str]:
    below = [name for name in app.calls if name not in above]
    for place, name in enumerate(below):
        last = place == len(below) - 1
        note = "          <-- (Database)" if land.apps[name].is_store else ""
        yield f"{indent}{'└── ' if last else '├── '}{name}{note}"
        yield from _branches(land, land.apps[name], f"{indent}{'    ' if last else '│   '}", above | {name})


def _reach(land: Landscape, app: App) -> str:
    port = app.service_port or app.port
    leads = _endpoints(land, app)
    serves = {str(o.port) for o in land.apps.values() if app.selector.items() <= o.pod_labels.items()}
    led = leads.split(",")[0].rpartition(":")[2]
    works = leads != "<none>" and led in serves and app.protocol == "TCP"
    told = f"{app.service_name} ({app.cluster_ip}:{port}) open\nConnection Succeeded" if works else "Connection Failed"
    if not land.deaf:
        return told
    lines = [f"=== Service {app.service_name}:{port} Connectivity test report ==="]
    for node in land.workers():
        deaf = "punt!\nTerminated\nConnection Failed"
        lines.append(f"Debug Pod test results deployed on {node.name}: {deaf if node.name in land.deaf else told}")
    return "\n".join(lines)


def _probe_yaml(key: str, probe: Probe | None) -> str:
    if probe is None:
        return ""
    path = f"            path: {probe.path}\n" if probe.handler == "httpGet" else ""
    return (
        f"        {key}:\n          initialDelaySeconds: {probe.delay}\n          periodSeconds: {probe.period}\n"
        f"          failureThreshold: {probe.failures}\n          {probe.handler}:\n{path}            port: {probe.port}\n"
    )


def _mapping(pairs: dict[str, str], indent: int) -> str:
    return "".join(f"{' ' * indent}{k}: {v}\n" for k, v in pairs.items())


def manifest(land: Landscape, app: App) -> str:
    """What an application was installed with."""
    env = "".join(f'        - name: {k}\n          value: "{v}"\n' for k, v in app.env.items())
    env += "".join(
        f"        - name: {k}\n          valueFrom:\n            secretKeyRef:\n              name: {name}\n              key: {key}\n"
        for k, (name, key) in app.secret_env.items()
    )
    args = "".join(f"        - {word}\n" for word in app.args)
    service = (
        f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {app.service_name}\nspec:\n  type: {app.service_type}\n"
        f"  selector:\n{_mapping(app.selector, 4)}  ports:\n  - name: main\n    port: {app.service_port or app.port}\n"
        f"    targetPort: {app.led_to}\n" + (f"    protocol: {app.protocol}\n" if app.protocol != "TCP" else "")
    )
    return (
        f"apiVersion: apps/v1\nkind: {'StatefulSet' if app.stateful else 'Deployment'}\nmetadata:\n  name: {app.name}\n  namespace: {land.namespace}\nspec:\n"
        f"  replicas: {app.replicas}\n  selector:\n    matchLabels:\n{_mapping(app.pod_labels, 6)}  template:\n    metadata:\n"
        f"      labels:\n{_mapping(app.pod_labels, 8)}    spec:\n      serviceAccountName: {app.account}\n{app.spec}"
        f"      containers:\n      - name: server\n        image: {app.image}\n"
        + (f"        args:\n{args}" if args else "")
        + f"        ports:\n        - containerPort: {app.port}\n"
        + (f"        env:\n{env}" if env else "")
        + f"        resources:\n          requests:\n            cpu: {app.cpu}\n            memory: {app.memory}\n"
        f"          limits:\n            memory: {app.memory_limit}\n"
        f"{_probe_yaml('readinessProbe', app.readiness)}{_probe_yaml('livenessProbe', app.liveness)}{app.sidecar}"
        f"{app.volumes}{service}{app.more}"
    )
