import pytest

from rootline.analysis.cluster.describe import parse
from rootline.analysis.cluster.listings import events, nodes, pods, quotas
from rootline.analysis.cluster.manifests import manifest
from rootline.analysis.cluster.poddetail import pod_detail
from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.analysis.cluster.reports import calls, node_services, reaches, signals
from rootline.analysis.cluster.tables import rows
from rootline.analysis.cluster.text import age_s, quantity
from rootline.analysis.cluster.yamltree import documents

PODS = listing("pods", "shop", "wide")
EVENTS = listing("events", "shop")


def test_a_row_of_pods_keeps_its_line_and_the_age_of_its_last_restart() -> None:
    text = (
        "NAME          READY   STATUS             RESTARTS      AGE   IP         NODE\n"
        "web-0         0/1     CrashLoopBackOff   4 (47s ago)   2m    10.0.0.3   n1\n"
    )

    (pod,) = pods(PODS, text)

    assert (pod.status, pod.restarts, pod.restarted_s, pod.age_s, pod.node) == (
        "CrashLoopBackOff",
        4,
        47.0,
        120.0,
        "n1",
    )
    assert (pod.proof.line, pod.proof.subject) == (2, "pod/web-0")
    assert not pod.healthy


def test_empty_cells_are_found_by_the_place_of_their_titles() -> None:
    text = "NAME    STATUS    VOLUME   CAPACITY   AGE\nclaim   Pending                       3m"

    (row,) = rows(text)

    assert (row.cell("STATUS"), row.cell("CAPACITY"), row.cell("AGE")) == ("Pending", "", "3m")


def test_cells_are_still_told_apart_where_a_name_outgrew_its_column() -> None:
    text = "NAME   READY   STATUS\na-very-long-name-indeed   1/1   Running"

    (row,) = rows(text)

    assert (row.cell("NAME"), row.cell("STATUS")) == ("a-very-long-name-indeed", "Running")


@pytest.mark.parametrize("head", ["", "LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n"])
def test_events_are_read_with_and_without_their_titles(head: str) -> None:
    text = head + "2m17s   Warning   FailedCreate   replicaset/web-7d   Error creating: no"

    (event,) = events(EVENTS, text)

    assert (event.subject, event.reason, event.message, event.age_s) == (
        "replicaset/web-7d",
        "FailedCreate",
        "Error creating: no",
        137.0,
    )


def test_a_quota_is_read_with_its_units() -> None:
    text = (
        "NAME   AGE   REQUEST                                      LIMIT\n"
        "q      1m    pods: 3/4, requests.memory: 512Mi/1Gi"
    )

    assert [(q.resource, q.used, q.hard) for q in quotas(listing("resourcequotas", "shop"), text)] == [
        ("pods", 3.0, 4.0),
        ("requests.memory", 512.0 * 2**20, 2.0**30),
    ]


def test_a_node_tells_whether_it_is_ready_and_cordoned() -> None:
    text = (
        "NAME   STATUS                     ROLES    AGE\n"
        "n1     Ready,SchedulingDisabled   master   9d\n"
        "n2     NotReady                   node     9d"
    )

    found = nodes(listing("nodes", "shop"), text)

    assert [(n.ready, n.cordoned, n.control_plane) for n in found] == [(True, True, True), (False, False, False)]


def test_a_description_keeps_values_that_go_on_over_lines() -> None:
    tree, _ = parse("Labels:   app=web\n          tier=front\nStatus:   Running\n")

    assert [value for value, _ in tree.values("Labels")] == ["app=web", "tier=front"]
    assert tree.text("Status") == "Running"


def test_a_described_pod_has_probes_states_and_events_with_their_lines() -> None:
    query = ClusterQuery(verb="describe", kind="pods", name="web-0", namespace="shop")
    text = (
        "Name:  web-0\nContainers:\n  main:\n    Image:  web:1\n    Ports:  80/TCP, 81/UDP\n"
        "    Last State:  Terminated\n      Reason:  OOMKilled\n    Restart Count:  2\n"
        "    Liveness:  http-get https://:web/alive delay=5s timeout=2s period=10s #success=1 #failure=4\n"
        "    Environment:\n      ADDR:  db:5432\nNode-Selectors:  disk=ssd\nEvents:\n"
        "  Warning  Unhealthy  3s (x9 over 81s)  kubelet  Liveness probe failed: no\n"
    )

    detail = pod_detail(query, text, "web")

    container = detail.workload.containers[0]
    probe = container.probes[0]
    assert [(p.number, p.protocol) for p in container.ports] == [(80, "TCP"), (81, "UDP")]
    assert (probe.handler, probe.port, probe.path, probe.failures) == ("https", "web", "/alive", 4)
    assert probe.patience_s == 37.0
    assert [(line.line, line.quote) for line in container.states] == [
        (6, "Last State:  Terminated"),
        (7, "Reason:  OOMKilled"),
    ]
    assert [(v.name, v.value, v.proof.line) for v in container.env] == [("ADDR", "db:5432", 11)]
    assert [(w.key, w.values) for w in detail.workload.wishes] == [("disk", ("ssd",))]
    assert [(e.reason, e.age_s, e.proof.line) for e in detail.events] == [("Unhealthy", 3.0, 14)]


def test_a_manifest_knows_the_line_of_each_value() -> None:
    text = (
        "kind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      dnsPolicy: Default\n"
        '      containers:\n      - name: main\n        env:\n        - name: DB\n          value: "db:3306"\n'
        "---\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n    targetPort: http\n"
    )

    found = manifest(ClusterQuery(verb="manifest", name="web"), text)

    (workload,), (service,) = found.workloads, found.services
    assert [(v.value, v.proof.line, v.proof.quote) for v in workload.env] == [("db:3306", 12, 'value: "db:3306"')]
    assert [line.line for line in workload.dns] == [7]
    assert [(p.port, p.target, p.protocol, p.proof.line) for p in service.ports] == [(80, "http", "TCP", 20)]


def test_a_secret_is_compared_but_never_quoted() -> None:
    text = (
        "kind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - name: m\n"
        "        envFrom:\n        - secretRef:\n            name: keys\n---\nkind: Secret\nmetadata:\n  name: keys\n"
        "data:\n  DB_PASSWORD: aHVzaA==\n"
    )

    (workload,) = manifest(ClusterQuery(verb="manifest", name="web"), text).workloads

    assert [(v.name, v.value, v.proof.quote) for v in workload.env] == [("DB_PASSWORD", "hush", "DB_PASSWORD")]


def test_routes_are_read_from_objects_and_from_proxy_texts() -> None:
    text = (
        "kind: Ingress\nmetadata:\n  name: web\nspec:\n  rules:\n  - http:\n      paths:\n      - path: /\n"
        "        backend:\n          service:\n            name: web\n            port:\n              number: 80\n"
        "---\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n  app: |\n    - uri: lb://Stock-Service\n"
        '      predicates: ["Path=/api/stock/**"]\n  conf: |\n    location /pay { proxy_pass http://payment:9000; }\n'
    )

    found = manifest(ClusterQuery(verb="manifest", name="web"), text).routes

    assert [(r.service, r.port, r.path, r.proof.line) for r in found] == [
        ("web", "80", "/", 11),
        ("stock-service", "", "/api/stock/", 20),
        ("payment", "9000", "/pay", 23),
    ]


def test_a_repeated_alias_is_read_once() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))

    (tree,) = documents(bomb)

    assert sum(1 for _ in tree.walk()) < 40


def test_broken_yaml_is_no_manifest() -> None:
    assert manifest(ClusterQuery(verb="manifest", name="web"), "a: [1,\n}").workloads == ()


def test_a_check_is_read_for_each_node() -> None:
    query = ClusterQuery(verb="connectivity", name="web", port=80)
    text = (
        "Debug Pod test results deployed on n1: web open\nConnection Succeeded\n"
        "Debug Pod test results deployed on n2: punt!\nConnection Failed\n"
        "Debug Pod test results deployed on n3:\n"
    )

    assert [(r.node, r.reached, r.proof.line) for r in reaches(query, text)] == [("n1", True, 2), ("n2", False, 4)]


@pytest.mark.parametrize(
    ("state", "running"),
    [("active (running)", True), ("inactive (dead)", False), ("failed (Result: exit-code)", False)],
)
def test_a_system_service_runs_or_not(state: str, running: bool) -> None:
    query = ClusterQuery(verb="node_service", kind="kubelet", name="n1")

    (found,) = node_services(query, f"Status: kubelet\n   Active: {state} since Fri")

    assert (found.running, found.proof.line) == (running, 2)


def test_a_signal_keeps_its_largest_value_and_what_is_usual() -> None:
    text = (
        "service/web LATENCY [Slow] | web-p50: Normal=2.00ms -> Current=30.00ms"
        " | web-p90: Normal=4.00ms -> Current=90.00ms"
    )

    (found,) = signals(ClusterQuery(verb="alerts"), text)

    assert (found.scope, found.name, found.kind, found.normal, found.current) == (
        "service",
        "web",
        "latency",
        4.0,
        90.0,
    )


def test_a_drawn_tree_tells_who_calls_whom() -> None:
    text = (
        "[Service]: web\n[Upstream (Called By)]: edge, (User Traffic)\n[Downstream (Calls)]:\n"
        "web\n├── cart\n│   └── store      <-- (Database)\n└── mail\n"
    )

    found = calls(ClusterQuery(verb="dependencies", name="web"), text)

    assert [(c.caller, c.callee) for c in found] == [
        ("edge", "web"),
        ("web", "cart"),
        ("cart", "store"),
        ("web", "mail"),
    ]


@pytest.mark.parametrize(("text", "value"), [("100m", 0.1), ("64Mi", 64 * 2.0**20), ('"16"', 16.0), ("lots", None)])
def test_quantities_are_numbers(text: str, value: float | None) -> None:
    assert quantity(text) == value


@pytest.mark.parametrize(("text", "seconds"), [("2m17s", 137.0), ("95d", 8_208_000.0), ("<unknown>", None)])
def test_ages_are_seconds(text: str, seconds: float | None) -> None:
    assert age_s(text) == seconds
