"""Every reader over HTTP, asked one usual question."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from tests.fakes.incident import HOUR

from rootline.sources.alerts.alertmanager import AlertmanagerAlerts
from rootline.sources.alerts.prometheus import PrometheusAlerts
from rootline.sources.backend import Backend, backend
from rootline.sources.logs.loki import LokiLogs
from rootline.sources.logs.source import LogQuery
from rootline.sources.logs.victorialogs import VictoriaLogs
from rootline.sources.metrics.prometheus import PrometheusMetrics
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.prometheus import Prometheus
from rootline.sources.traces.jaeger import JaegerTraces
from rootline.sources.traces.tempo import TempoTraces
from rootline.sources.traces.zipkin import ZipkinTraces

Ask = Callable[[Backend], Awaitable[object]]


async def _logs(source: LokiLogs | VictoriaLogs) -> Sequence[object]:
    return (await source.read(LogQuery(), HOUR)).lines


READERS: Mapping[str, Ask] = {
    "metrics": lambda one: PrometheusMetrics(Prometheus(one), has_history=True).series(MetricQuery(), HOUR),
    "promql": lambda one: PrometheusMetrics(Prometheus(one)).series(MetricQuery(expression="up"), HOUR),
    "alerts": lambda one: PrometheusAlerts(Prometheus(one)).alerts(HOUR),
    "alertmanager": lambda one: AlertmanagerAlerts(one).alerts(HOUR),
    "loki": lambda one: _logs(LokiLogs(one)),
    "victorialogs": lambda one: _logs(VictoriaLogs(one)),
    "jaeger": lambda one: JaegerTraces(one).spans("", HOUR),
    "tempo": lambda one: TempoTraces(one).spans("", HOUR),
    "zipkin": lambda one: ZipkinTraces(one).spans("", HOUR),
}


def at(url: str, *, token: str = "", deadline_s: float = 10.0) -> Backend:
    """A backend of no particular kind."""
    return replace(backend("Backend", "ROOTLINE_BACKEND_URL", url, token=token), deadline_s=deadline_s)
