"""Metrics with names, labels and kinds that many shops do not have, read from the real programs."""

import asyncio
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.fakes.incident import HOUR
from tests.fakes.observability import prometheus, send, victoria_metrics

from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.examining import examine
from rootline.sources.metrics.expressions import are_native, grouped, single
from rootline.sources.metrics.meters import may_be_native, meters
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus
from rootline.sources.stack import Named, Stack

pytestmark = pytest.mark.anyio
LONG = "q" * 900


@pytest.fixture(scope="module")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with victoria_metrics(tmp_path_factory.mktemp("unusual"), "") as url:
        times = range(round(HOUR.start.timestamp()), round(HOUR.end.timestamp()), 60)
        named = {"http.server.duration": "dotted", "wait_seconds": LONG, "queue_depth": "plain"}
        lines = [
            f'{{"metric":{{"__name__":"{metric}","service":"{service}","job":"j"}},'
            f'"values":{[2.0] * len(times)},"timestamps":{[at * 1000 for at in times]}}}'
            for metric, service in named.items()
        ]
        send(f"{url}/api/v1/import", "\n".join(lines))
        send(f"{url}/internal/force_flush", "")
        yield url


def reader(url: str) -> PrometheusMetrics:
    return PrometheusMetrics(Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)), clock=lambda: HOUR.end)


async def test_a_name_of_opentelemetrys_is_read_as_it_stands(victoria: str) -> None:
    metrics = reader(victoria)

    looked = await metrics.series(MetricQuery(), HOUR)
    one = await metrics.series(MetricQuery(metric="http.server.duration", service="dotted"), HOUR)

    assert ("dotted", "http.server.duration") in {(each.service, each.metric) for each in looked}
    assert [(each.service, set(each.values.tolist())) for each in one] == [("dotted", {2.0})]
    assert ("dotted", "http.server.duration") in await metrics.names("")


async def test_a_label_that_is_longer_than_any_name_names_no_service(victoria: str) -> None:
    found = await reader(victoria).series(MetricQuery(metric="wait_seconds"), HOUR)

    assert [one.service for one in found] == ["j"]


async def test_the_doctor_says_which_label_told_the_services_and_that_the_configured_one_is_on_none(
    victoria: str,
) -> None:
    where = backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", victoria)
    named = (Named(name="prometheus", kind="prometheus", backend=where),)

    right, wrong = [
        (await examine(Stack(service_label=label, backends=named), HOUR))[0].found for label in ("job", "micro")
    ]

    assert "1 services by job (j)" in right
    assert "by service" in wrong
    assert "none by micro: no metric of the last hour has that label" in wrong


def test_a_native_histogram_is_read_as_quantiles_and_as_a_rate() -> None:
    known = meters(["rpc_seconds", "up"], natives=["rpc_seconds"])

    p99, rate = known["rpc_seconds_p99"], known["rpc_seconds_count_per_second"]
    assert {*known} == {"rpc_seconds_p50", "rpc_seconds_p95", "rpc_seconds_p99", "rpc_seconds_count_per_second", "up"}
    assert (p99.unit, rate.unit) == ("s", "1/s")
    assert single(p99, {"service": "a"}, 60) == 'histogram_quantile(0.99, rate(rpc_seconds{service="a"}[60s]))'
    assert grouped(rate, {}, 60, ["service"]) == "sum by (service) (histogram_count(rate(rpc_seconds[60s])))"


def test_only_what_has_a_measure_and_no_parts_may_be_native() -> None:
    names = ["a_seconds", "b_seconds", "b_seconds_bucket", "c_bytes", "d_total", "process_start_time_seconds", "up"]

    assert may_be_native([*names, "e_seconds", "e_seconds_count", "e_seconds_sum"]) == ["a_seconds", "c_bytes"]


async def test_a_backend_that_knows_no_native_histograms_has_none(victoria: str) -> None:
    known = await reader(victoria).names("")

    assert ("j", "wait_seconds") in known


def varint(number: int) -> bytes:
    more, rest = number & 0x7F, number >> 7
    return bytes([more | 0x80]) + varint(rest) if rest else bytes([more])


def field(number: int, body: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(body)) + body


def histogram(service: str, count: int) -> bytes:
    """Write one of Prometheus' client protobuf: all observations lie between 4 and 8 s.

    Source: prometheus/client_model, metrics.proto: sums are doubles, schemas and deltas zigzag.
    """
    label = field(1, field(1, b"service") + field(2, service.encode()))
    numbers = varint(1 << 3) + varint(count) + varint(2 << 3 | 1) + struct.pack("<d", 5.0 * count)
    schema = varint(5 << 3) + varint(0) + varint(6 << 3 | 1) + struct.pack("<d", 1e-9) + varint(7 << 3) + varint(0)
    spans = field(12, varint(1 << 3) + varint(6) + varint(2 << 3) + varint(1)) + field(13, varint(2 * count))
    return field(4, label + field(7, numbers + schema + spans))


@contextmanager
def exporting() -> Iterator[str]:
    """Serve native histograms of two services, of which each scrape finds ten more observations."""
    scrapes = iter(range(1, 10_000))

    class Exporter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            count = 10 * next(scrapes)
            family = field(1, b"rpc_seconds") + field(2, b"x") + varint(3 << 3) + varint(4)
            body = family + histogram("cart", count) + histogram("mail", 2 * count)
            kind = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(varint(len(body)) + body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Exporter) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


async def test_native_histograms_of_a_real_prometheus_tell_quantiles_and_rates(tmp_path: Path) -> None:
    with exporting() as target, prometheus(tmp_path, "", scrape=target, features="native-histograms") as url:
        async with asyncio.timeout(60):
            while True:
                now = datetime.now(tz=UTC)
                window = Window(start=now - timedelta(minutes=5), end=now)
                found = {(one.service, one.metric): one for one in await reader(url).series(MetricQuery(), window)}
                if ("mail", "rpc_seconds_p99") in found and len(found["mail", "rpc_seconds_p99"].values) > 1:
                    break
                await asyncio.sleep(0.5)

        asked = await Prometheus(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)).instant(
            are_native(["rpc_seconds", "scrape_duration_seconds"]), now
        )

    assert {name for name in found if name[1].startswith("rpc")} == {
        (service, metric)
        for service in ("cart", "mail")
        for metric in ("rpc_seconds_p99", "rpc_seconds_count_per_second")
    }
    assert 4 < found["mail", "rpc_seconds_p99"].values[-1] <= 8
    cart, mail = (found[service, "rpc_seconds_count_per_second"].values[-1] for service in ("cart", "mail"))
    assert mail == pytest.approx(2 * cart, rel=0.2)
    assert [labels for labels, _ in asked] == [{"native": "rpc_seconds"}]
