"""Described backends become sources that can be asked. Nothing is sent before the first question."""

from rootline.sources.alerts import AlertSource
from rootline.sources.bundle import Sources
from rootline.sources.joined_alerts import JoinedAlerts
from rootline.sources.metrics import MetricSource
from rootline.sources.stack import Named, Stack


def connect(stack: Stack) -> Sources:
    """Return the sources of a stack; libraries are imported only for what is in it."""
    return Sources(cluster_name=stack.cluster, metrics=_metrics(stack), alerts=_alerts(stack))


def _metrics(stack: Stack) -> MetricSource | None:
    one = stack.of("prometheus")
    if one is None:
        return None
    from rootline.sources.prometheus import Prometheus  # noqa: PLC0415 its library is loaded when it is used
    from rootline.sources.prometheus_metrics import PrometheusMetrics  # noqa: PLC0415 see above

    return PrometheusMetrics(
        Prometheus(one.backend), name=one.name, service_label=stack.service_label, has_history=True
    )


def _alerts(stack: Stack) -> AlertSource | None:
    found = [_alerts_of(one, stack) for one in stack.backends if one.kind in {"alertmanager", "prometheus"}]
    return JoinedAlerts(found) if len(found) > 1 else found[0] if found else None


def _alerts_of(one: Named, stack: Stack) -> AlertSource:
    if one.kind == "alertmanager":
        from rootline.sources.alertmanager import AlertmanagerAlerts  # noqa: PLC0415 loaded when it is used

        return AlertmanagerAlerts(one.backend, name=one.name, service_label=stack.service_label)
    from rootline.sources.prometheus import Prometheus  # noqa: PLC0415 its library is loaded when it is used
    from rootline.sources.prometheus_alerts import PrometheusAlerts  # noqa: PLC0415 see above

    return PrometheusAlerts(Prometheus(one.backend), name=one.name, service_label=stack.service_label)
