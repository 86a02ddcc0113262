import re
from collections.abc import Mapping

import pytest
from tests.analysis.cluster.shop import NAMESPACE, healthy

from rootline.analysis.cluster.diagnose import diagnose
from rootline.analysis.cluster.query import ClusterQuery

OVERVIEW = ClusterQuery(verb="alerts")


def top(more: Mapping[ClusterQuery, str]) -> tuple[str, str]:
    """The first explanation of a healthy cluster's lists together with further answers."""
    lists = {query: text for query, text in healthy().answers().items() if query.verb == "get"}
    found = diagnose({**lists, **more}, NAMESPACE, "")
    return (found[0].object, found[0].cause) if found else ("", "")


def described(kind: str, name: str) -> ClusterQuery:
    return ClusterQuery(verb="describe", kind=kind, name=name, namespace=NAMESPACE)


@pytest.mark.parametrize(
    "backend", ["/   fornt:80 (<error: services not found>)", "/   front:8081 ()", "/   mailer:5000 (10.1.0.9:5000)"]
)
def test_an_ingress_that_leads_astray_is_a_misroute(backend: str) -> None:
    text = f"Name:  front\nRules:\n  Host  Path  Backends\n  *\n        {backend}\n"

    assert top({described("ingresses", "front"): text}) == ("app/front", "route_leads_elsewhere")


def test_a_right_ingress_explains_nothing() -> None:
    text = "Name:  front\nRules:\n  Host  Path  Backends\n  *\n        /   front:80 (10.1.0.9:8080)\n"

    assert top({described("ingresses", "front"): text}) == ("", "")


@pytest.mark.parametrize(
    ("path", "target", "explained"),
    [
        ("/api/v1/ledgermysql/", "ledger-mysql:3306", ("", "")),
        ("/api/v1/elsewhere/", "orders:9000", ("", "")),
        ("/api/v1/ledgermysql/", "orders:9000", ("app/front", "route_leads_elsewhere")),
        ("/api/v1/ledgermysql/", "legder-mysql:3306", ("app/front", "route_leads_elsewhere")),
    ],
)
def test_a_proxy_text_may_send_a_path_astray(path: str, target: str, explained: tuple[str, str]) -> None:
    text = f"Name: front-nginx\nData\n====\nlocation {path} {{\n  proxy_pass http://{target};\n}}\n"

    assert top({described("configmaps", "front-nginx"): text}) == explained


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ("Failed to pull image: lookup r.example on 10.0.0.2:53: server misbehaving", "registry_name_not_resolved"),
        ("Failed to pull image: pull access denied, repository does not exist", "image_not_found"),
        ("Failed to pull image: rpc error: code = NotFound desc = not found", "image_not_found"),
        ("Failed to pull image: manifest unknown: manifest unknown", "image_not_found"),
    ],
)
def test_the_registrys_answer_names_the_cause(told: str, cause: str) -> None:
    cluster = healthy()
    app = cluster.apps["mailer"]
    app.status, app.ready, app.events = "ErrImagePull", 0, (f"Failed|{told}",)

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert (found[0].object, found[0].cause) == ("app/mailer", cause)


def test_a_pull_secret_that_cannot_be_read_is_missing() -> None:
    cluster = healthy()
    app = cluster.apps["mailer"]
    app.status, app.ready = "ImagePullBackOff", 0
    app.events = (
        "FailedToRetrieveImagePullSecret|Unable to retrieve some image pull secrets (keys)",
        "Failed|Failed to pull image: pull access denied, repository does not exist",
    )

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert (found[0].object, found[0].cause) == ("app/mailer", "pull_secret_missing")


def test_a_sidecar_on_the_same_port_outranks_the_probe_it_disturbs() -> None:
    cluster = healthy()
    app = cluster.apps["orders"]
    app.sidecar, app.sidecar_port, app.ready, app.restarts = "proxy", 9000, 0, "3 (9s ago)"
    app.events = ("Unhealthy|Liveness probe failed: error reading server preface: http2: frame too large",)

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert (found[0].object, found[0].cause) == ("app/orders", "containers_want_one_port")


def test_several_callers_outvote_a_service_about_its_port() -> None:
    cluster = healthy()
    cluster.apps["ledger-mysql"].service_port = 3307

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert (found[0].object, found[0].cause) == ("app/ledger-mysql", "service_target_port_wrong")


def test_a_setting_that_differs_from_the_neighbours_explains_a_broken_application() -> None:
    cluster = healthy()
    for name in ("front", "basket", "mailer"):
        cluster.apps[name].env["X_DB_PASSWORD"] = "same"
    app = cluster.apps["orders"]
    app.env["X_DB_PASSWORD"], app.status, app.ready = "other", "CrashLoopBackOff", 0

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert (found[0].object, found[0].cause) == ("app/orders", "database_login_refused")


def test_a_database_that_was_installed_read_only_is_named() -> None:
    cluster = healthy()
    cluster.apps["ledger-mysql"].more_yaml = "---\nkind: ConfigMap\ndata:\n  my.cnf: |\n    super_read_only = ON\n"

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert (found[0].object, found[0].cause) == ("app/ledger-mysql", "database_refuses_writes")


def test_a_node_that_nobody_needs_explains_less_than_a_broken_pod() -> None:
    cluster = healthy()
    cluster.nodes["spare"] = type(cluster.nodes["node-a"])("spare", status="NotReady")
    cluster.apps["mailer"].status, cluster.apps["mailer"].ready = "ErrImagePull", 0

    found = diagnose(cluster.answers(), NAMESPACE, "")

    assert [f.object for f in found[:2]] == ["app/mailer", "node/spare"]


def test_one_slow_application_is_told_from_a_slow_node_by_who_calls_whom() -> None:
    cluster = healthy()
    cluster.alerts = "\n".join(
        f"service/{name} LATENCY [Slow] | p90: Normal={usual}ms -> Current={now}ms"
        for name, usual, now in (("mailer", 4.0, 800.0), ("orders", 20.0, 1700.0))
    )

    found = diagnose(cluster.answers(), NAMESPACE, "latency")

    assert (found[0].object, found[0].cause) == ("app/mailer", "pod_network_slow")


def test_memory_that_runs_full_is_no_busy_processor() -> None:
    assert top({OVERVIEW: "service/mailer RESOURCE_SATURATION [memory] | Val: 0.99"}) == ("", "")


def test_a_pod_that_waits_since_yesterday_explains_less_than_one_that_waits_since_a_minute() -> None:
    cluster = healthy()
    refused = "FailedScheduling|0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient {}."
    for name, resource in (("basket", "cpu"), ("orders", "memory")):
        app = cluster.apps[name]
        app.status, app.node, app.ready = "Pending", "<none>", 0
        app.events = (refused.format(resource),)
    answers = {query: text for query, text in cluster.answers().items() if query.verb == "get"}
    aged = {query: _aged(text, "basket-", "26h") for query, text in answers.items()}

    found = diagnose(aged, NAMESPACE, "")

    assert [one.object for one in found[:2]] == ["app/orders", "app/basket"]
    assert found[0].score > found[1].score


def _aged(text: str, name: str, age: str) -> str:
    lines = text.split("\n")
    return "\n".join(re.sub(r" \d+[smhd] ", f" {age} ", one) if one.startswith(name) else one for one in lines)
