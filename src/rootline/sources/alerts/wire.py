"""Alerts as Prometheus and Alertmanager write them become ours."""

import re
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import BeforeValidator

from rootline.domain.signal import Alert
from rootline.sources.alerts.severities import severity_of
from rootline.sources.metrics.service_labels import LONGEST_NAME, service_of

Pairs = Annotated[dict[str, str], BeforeValidator(lambda given: {} if given is None else given)]
"""Labels or annotations; vmalert writes null where a rule has none."""
_LONGEST = 2000
_THRESHOLD = re.compile(r"(?:>=|<=|==|!=|>|<)\s*(-?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,3})?)\s*\Z", re.IGNORECASE)
_NAMES = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]{1,200}(?=\s*[{\[])|\b[a-zA-Z_:][a-zA-Z0-9_:]{1,200}(?=\s*[><=!/*+%-])")
_MATCHERS = re.compile(r"\{[^{}]{0,1000}\}")
_TEXTS = ("summary", "description", "message", "title")
_OF_MACHINES = "node_"
_OTHERS = ("namespace", "pod", "instance", "node", "host")


def alert(
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    *,
    fired_at: datetime,
    resolved_at: datetime | None,
    expression: str = "",
    observed: str = "",
    fingerprint: str = "",
    service_label: str = "",
) -> Alert:
    """Make an alert of its labels and annotations; where no label names a service, the next best place does."""
    kept = {key[:200]: value[:500] for key, value in labels.items() if key not in {"__name__", "alertstate"}}
    metric, threshold = condition(expression)
    return Alert(
        name=labels.get("alertname", "alert")[:300],
        service=owner(labels, service_label, metric),
        severity=severity_of(labels),
        fired_at=fired_at,
        resolved_at=resolved_at,
        summary=next((annotations[key] for key in _TEXTS if annotations.get(key)), "")[:_LONGEST],
        metric=metric if threshold is not None else "",
        threshold=threshold,
        observed=_number(observed),
        fingerprint=fingerprint,
        labels=kept,
    )


def owner(labels: Mapping[str, str], service_label: str = "", metric: str = "") -> str:
    """Return the service an alert speaks of, or else the place.

    Of a rule on what machines tell it is the machine, as the machine's own series are called, and not the exporter.
    """
    told = next((labels[key] for key in ("destination_service_name", "deployment", "container") if labels.get(key)), "")
    named = {key: value for key, value in labels.items() if key != "job"}
    machine = service_of(metric, labels)[1] if metric.startswith(_OF_MACHINES) else ""
    service = service_of("", named, service_label)[1] or told or machine or labels.get("job", "")
    return (service or next((labels[key] for key in _OTHERS if labels.get(key)), ""))[:LONGEST_NAME]


def condition(expression: str) -> tuple[str, float | None]:
    """Return the metric and the number that a rule compares, where it is a plain comparison with a number.

    Of a metric that is divided by another it is the first: what is used, and not how much there may be.
    """
    bounded = expression[:_LONGEST].strip()
    found = _THRESHOLD.search(bounded)
    names = _NAMES.findall(_MATCHERS.sub("{}", bounded))
    return (names[0] if names else ""), (_number(found.group(1)) if found else None)


def rule_of(link: str) -> str:
    """Return the rule's expression out of the link that Prometheus gives an alert; empty where it holds none."""
    try:
        return next(iter(parse_qs(urlsplit(link).query).get("g0.expr", ())), "")[:_LONGEST]
    except ValueError:
        return ""


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
