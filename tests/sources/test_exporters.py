"""The formulas of widely used exporters, computed by a real Prometheus and a VictoriaMetrics from what they tell."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.fakes.observability import prometheus, victoria_metrics

from rootline.domain.signal import Series
from rootline.domain.window import Window
from rootline.errors import ToolFault
from rootline.sources.backend import backend
from rootline.sources.metrics.exporters.library import built_in
from rootline.sources.metrics.golden import MOST, counted, golden, of_their_subjects
from rootline.sources.metrics.meters import meters
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus

END = datetime(2026, 3, 1, 13, tzinfo=UTC)
WINDOW = Window(start=END - timedelta(minutes=10), end=END)
EVERY = {"job": "store", "instance": "10.0.0.1:9100"}
OWN = {
    "node_cpu_": {"cpu": "0", "mode": "idle"},
    "node_filesystem_": {"fstype": "ext4", "mountpoint": "/"},
    "pg_locks_": {"mode": "accessexclusivelock", "datname": "orders"},
    "haproxy_backend_": {"proxy": "web", "code": "5xx"},
    "elasticsearch_": {"area": "heap"},
    "mysql_global_status_handlers_": {"handler": "read_rnd_next"},
    "memcached_commands_": {"command": "get", "status": "hit"},
    "apache_workers": {"state": "busy"},
    "varnish_main_sessions": {"type": "dropped"},
    "bind_responses": {"result": "SERVFAIL|NXDOMAIN"},
    "caddy_http_": {"code": "502"},
    "namedprocess_": {"groupname": "java", "memtype": "resident"},
    "mongodb_": {"conn_type": "current", "state": "current"},
    "container_": {"container": "cart"},
    "jvm_": {"area": "heap", "id": "old", "job": "web"},
    "process_": {"job": "web"},
    "http_": {"job": "web"},
}
NEEDED = {need for one in built_in() for need in one.needs}
KNOWN = meters(NEEDED, formulas=built_in()).values()
OTHERS = ["redis_slave_repl_offset", "pg_settings_work_mem_bytes", "go_goroutines", "prometheus_notifications_total"]


def exposition(names: list[str]) -> str:
    """Everything grows by half a unit a second, so that each rate is a half and each ratio of gauges is one.

    Of a label with several values, joined by a stroke, there is a series each.
    """
    first = round(WINDOW.start.timestamp()) - 600
    lines = []
    for name in [*names, "up"]:
        kind = "counter" if name.endswith("_total") else "unknown"
        lines.append(f"# TYPE {name.removesuffix('_total') if kind == 'counter' else name} {kind}\n")
        own = next((labels for start, labels in OWN.items() if name.startswith(start)), {})
        for told in each({**EVERY, **own}):
            labels = ",".join(f'{key}="{value}"' for key, value in told.items())
            lines += [f"{name}{{{labels}}} {100 + 0.5 * (at - first)} {at}\n" for at in range(first, first + 1200, 15)]
    return "".join(lines)


def each(labels: dict[str, str]) -> list[dict[str, str]]:
    several = next((key for key, value in labels.items() if "|" in value), "")
    return [{**labels, several: value} for value in labels[several].split("|")] if several else [labels]


@pytest.fixture(scope="module", params=[prometheus, victoria_metrics])
def url(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    needed = sorted(NEEDED | {*OTHERS, "http_requests_total"})
    with request.param(tmp_path_factory.mktemp("exporters"), exposition(needed)) as url:
        yield url


@pytest.fixture
def exporters(url: str) -> PrometheusMetrics:
    return PrometheusMetrics(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)), clock=lambda: END)


@pytest.mark.promise("exporters-are-known")
@pytest.mark.anyio
async def test_each_formula_is_one_series_of_its_service_with_a_number(exporters: PrometheusMetrics) -> None:
    found = {one.metric: one for one in await exporters.series(MetricQuery(), WINDOW)}

    silent = [one.name for one in built_in() if one.name not in found or not np.isfinite(found[one.name].values).any()]
    assert not silent, silent
    assert {found[one.name].unit for one in built_in() if one.name.endswith("_utilisation")} == {"ratio"}
    assert {one.service for one in found.values()} == {
        "store",
        "cart",
        "web",
        "java",
        "10.0.0.1:9100",
        "probe:10.0.0.1:9100",
    }


@pytest.mark.anyio
async def test_values_are_those_of_the_formula(exporters: PrometheusMetrics) -> None:
    found = {one.metric: one.values for one in await exporters.series(MetricQuery(), WINDOW)}

    assert found["machine_cpu_utilisation"][-1] == pytest.approx(0.5)
    assert found["pg_connections_utilisation"][-1] == pytest.approx(1.0)
    assert found["redis_errors_per_second"][-1] == pytest.approx(0.5)
    assert found["machine_memory_utilisation"][-1] == pytest.approx(0.0)
    assert found["haproxy_upstream_error_ratio"][-1] == pytest.approx(1.0)


def test_what_exporters_tell_beside_their_formulas_waits_until_one_service_is_asked_about() -> None:
    known = meters([*OTHERS, "redis_up", "pg_up"], formulas=built_in()).values()

    assert {one.name for one in golden(known)} == {
        *("redis_up", "pg_up", "go_goroutines", "prometheus_notifications_per_second"),
    }
    assert {one.raw for one in golden(known, of_one=True)} >= {"redis_slave_repl_offset", "go_goroutines", "redis_up"}


@pytest.mark.anyio
async def test_a_formula_is_asked_for_by_name_of_a_service_and_by_labels(exporters: PrometheusMetrics) -> None:
    name = "redis_memory_utilisation"
    of_service = await exporters.series(MetricQuery(metric=name, service="store"), WINDOW)
    with_label = await exporters.series(MetricQuery(metric=name, labels={"instance": "10.0.0.1:9100"}), WINDOW)
    elsewhere = await exporters.series(MetricQuery(metric=name, labels={"instance": 'x"} or up{a="'}), WINDOW)

    assert [(one.service, one.metric) for one in of_service] == [("store", name)]
    assert [(one.service, one.metric) for one in with_label] == [("store", name)]
    assert elsewhere == []
    assert ("store", name) in await exporters.names("store")
    with pytest.raises(ToolFault, match="no label's name"):
        await exporters.series(MetricQuery(metric=name, labels={'a="b",c': "d"}), WINDOW)


def test_a_formula_needs_all_of_its_metrics() -> None:
    known = meters(["redis_memory_used_bytes", "redis_up"], formulas=built_in())

    assert known["redis_up"].formula is not None
    assert "redis_memory_utilisation" not in known


def test_a_counter_is_asked_for_by_its_own_name_and_by_that_of_its_formula() -> None:
    known = meters(["redis_errors_total"], formulas=built_in())

    assert known["redis_errors_total"] is known["redis_errors_per_second"]
    assert known["redis_errors_per_second"].formula is not None


def test_names_that_begin_differently_are_looked_at_in_turns() -> None:
    names = [f"alpha_requests_{at:02}_total" for at in range(40)] + ["beta_requests_total", "gamma_requests_total"]

    chosen = [one.name for one in golden(meters(names).values())]

    assert len(chosen) == MOST
    assert chosen[:3] == ["alpha_requests_00_per_second", "beta_requests_per_second", "gamma_requests_per_second"]


def test_which_targets_are_up_is_looked_at_however_much_else_there_is() -> None:
    errors = [f"{word}{at}_errors_total" for word in ("alpha", "beta") for at in range(60)]

    assert "up" in {one.name for one in golden(meters([*errors, "up"]).values())}


def test_requests_as_conventions_name_them_go_before_those_of_a_server_without_a_prefix() -> None:
    odd = [f"{word}_request_drops_total" for word in "abcdefghijkl"]
    own = ["http_server_errors_total", "grpc_server_failures_total"]

    chosen = [one.raw for one in golden(meters([*odd, *own]).values())]

    assert chosen[:2] == sorted(own)


def test_what_services_count_of_their_own_goes_before_what_the_tooling_tells_of_itself() -> None:
    tooling = [f"prometheus_{word}_errors_total" for word in "abcdefghijklmnopqrstuvwxyz"]
    tooling += [f"prometheus_{word}_requests_total" for word in "abcdefghijklmnopqrstuvwxyz"]
    own = ["mails_sent_total", "jobs_total", "seats_taken_total", "process_cpu_seconds_total"]

    chosen = [one.raw for one in golden(meters([*tooling, *own]).values())]

    assert len(chosen) == MOST
    assert set(chosen[:4]) == set(own)


def test_the_share_of_failed_requests_is_read_before_that_of_whatever_else_is_counted() -> None:
    errors = [f"a{at}_requests_dropped_total" for at in range(9)]
    timed = ["http_call_seconds_count", "http_call_seconds_sum"]
    known = meters([*errors, *timed, "http_requests_total", "mails_total"]).values()

    assert [one.raw for one in counted(golden(known), 4)] == [
        *("http_requests_total", "mails_total", "http_call_seconds_count", "a0_requests_dropped_total"),
    ]


def test_what_is_used_and_how_much_there_is_are_told_by_the_share_alone() -> None:
    known = meters(["process_open_fds", "process_max_fds", "process_threads"], formulas=built_in()).values()

    assert {one.name for one in golden(known)} == {"process_descriptors_utilisation", "process_threads"}
    assert {one.raw for one in golden(known, of_one=True)} >= {"process_open_fds", "process_threads"}


def test_an_exporter_whose_metrics_begin_with_no_word_in_common_is_known_by_the_beginning_of_each() -> None:
    own = ["outstanding_requests", "znode_count", "response_packet_cache_hits", "avg_latency"]
    known = meters([*own, "response_seconds_count", "response_seconds_sum"], formulas=built_in()).values()

    assert {one.name for one in golden(known)} == {
        *("zookeeper_outstanding_requests_queue", "zookeeper_latency_seconds"),
        *("response_seconds_mean", "response_seconds_per_second"),
    }


def test_names_like_those_of_zookeeper_are_its_own_only_beside_them() -> None:
    known = meters(["avg_latency", "outstanding_requests", "connection_rejected"], formulas=built_in())

    assert not [name for name in known if name.startswith("zookeeper")]


def test_a_backend_without_exporters_is_looked_at_as_before() -> None:
    chosen = [one.name for one in golden(meters(["go_goroutines", "http_requests_total"]).values())]

    assert chosen == ["http_requests_per_second", "go_goroutines"]


def read(**metrics: str) -> list[Series]:
    """Series by service."""
    return [
        Series(service=service, metric=metric, unit="", labels={}, times=np.arange(2.0), values=np.ones(2))
        for service, listed in metrics.items()
        for metric in listed.split()
    ]


def test_what_exporters_tell_of_themselves_is_left_out() -> None:
    own = "up go_goroutines process_resident_memory_bytes"
    found = read(
        cache=f"redis_errors_per_second {own}", node=own, machine="machine_cpu_utilisation", web=f"http_x {own}"
    )

    assert [(one.service, one.metric) for one in of_their_subjects(found, KNOWN)] == [
        *[
            ("cache", "redis_errors_per_second"),
            ("cache", "up"),
            ("node", "up"),
            ("machine", "machine_cpu_utilisation"),
        ],
        *[("web", metric) for metric in f"http_x {own}".split()],
    ]


def test_what_is_computed_for_tooling_stays_where_tooling_is_what_is_watched() -> None:
    found = read(keys="etcd_database_utilisation etcd_leader_available process_open_fds", web="http_x")

    assert [one.metric for one in of_their_subjects(found, KNOWN)] == [
        *("etcd_database_utilisation", "etcd_leader_available", "http_x"),
    ]


def test_what_a_service_tells_of_itself_stays_though_it_is_probed_and_its_process_is_watched() -> None:
    found = read(web="http_x process_resident_memory_bytes probe_duration_seconds namedprocess_available")

    assert of_their_subjects(found, KNOWN) == found


def test_where_no_exporter_is_known_everything_stays() -> None:
    found = read(web="up go_goroutines", cart="process_resident_memory_bytes process_descriptors_utilisation")

    assert of_their_subjects(found, KNOWN) == found
