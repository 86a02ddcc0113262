"""Which label or field of a log line says what, in the names that collectors usually give."""

from collections.abc import Mapping
from datetime import datetime

from rootline.domain.signal import LogLine

# Source: the defaults of Promtail, Grafana Alloy, Fluent Bit, Vector and the OpenTelemetry collector.
SERVICES = (
    "service_name",
    "service",
    "service.name",
    "app",
    "app_kubernetes_io_name",
    "k8s_app",
    "container",
    "container_name",
    "kubernetes.container_name",
    "k8s.container.name",
    "job",
)
SEVERITIES = ("level", "detected_level", "severity", "severity_text", "lvl", "log.level")
TRACES = ("trace_id", "traceID", "traceId", "trace.id")
INSTANCES = ("pod", "k8s_pod_name", "k8s.pod.name", "kubernetes.pod_name", "instance", "host", "hostname")
_NUMBERED = {"60": "fatal", "50": "error", "40": "warn", "30": "info", "20": "debug", "10": "trace"}
"""Source: pino and bunyan, "level"."""
LONGEST_LINE = 8000
_SPECIAL = frozenset("\\.+*?()|[]{}^$")


def first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the first of the named fields that is not empty."""
    return next((fields[name] for name in names if fields.get(name)), "")[:300]


def services(configured: str) -> tuple[str, ...]:
    """Return the labels that may name a service; a configured one goes before all."""
    return (configured, *(name for name in SERVICES if name != configured)) if configured else SERVICES


def line_of(
    at: datetime, text: str, fields: Mapping[str, str], names: tuple[str, ...], *, unnamed: str = ""
) -> LogLine:
    """Make a log line of its text and fields; `names` are those that may name its service, `unnamed` is it else."""
    level = first(fields, SEVERITIES)
    return LogLine(
        at=at,
        service=first(fields, names) or unnamed,
        text=text[:LONGEST_LINE],
        severity=_NUMBERED.get(level, level),
        trace_id=first(fields, TRACES),
        instance=first(fields, INSTANCES),
    )


def literal(text: str) -> str:
    """Write words as a regular expression of RE2 that finds just them.

    Source: the syntax page of google/re2, whose special characters these are.
    """
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)
