"""Payloads as the vendors document them, with names of our own."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from tests.store.examples import NOON

from rootline.domain.window import rfc3339

NEVER = "0001-01-01T00:00:00Z"


def am_alert(number: int = 1, *, state: str = "firing", begun: datetime = NOON, **labels: str) -> dict[str, Any]:
    named = {"alertname": "ErrorsHigh", "service": "checkout", "severity": "critical", "instance": f"10.0.0.{number}"}
    return {
        "status": state,
        "labels": {**named, **labels},
        "annotations": {"summary": f"checkout {number} answers errors", "runbook_url": "https://wiki.example/checkout"},
        "startsAt": rfc3339(begun),
        "endsAt": rfc3339(begun + timedelta(minutes=9)) if state == "resolved" else NEVER,
        "generatorURL": "http://prometheus.example/graph?g0.expr=errors",
        "fingerprint": f"{number:016x}",
    }


def am(*alerts: dict[str, Any], group: str = '{}:{alertname="ErrorsHigh"}') -> dict[str, Any]:
    return {
        "version": "4",
        "groupKey": group,
        "truncatedAlerts": 0,
        "status": "firing" if any(one["status"] == "firing" for one in alerts) else "resolved",
        "receiver": "rootline",
        "groupLabels": {"alertname": "ErrorsHigh"},
        "commonLabels": {"alertname": "ErrorsHigh"},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example:9093",
        "notification_reason": "first notification",
        "alerts": list(alerts),
    }


def gf(*alerts: dict[str, Any], organisation: int = 1) -> dict[str, Any]:
    extra = {
        "silenceURL": "https://grafana.example/alerting/silence/new",
        "dashboardURL": "",
        "panelURL": "",
        "values": {"B": 44.2, "C": 1},
        "valueString": "[ var='B' labels={} value=44.2 ]",
        "orgId": organisation,
    }
    return {
        "receiver": "rootline",
        "status": "firing",
        "orgId": organisation,
        "alerts": [{**one, **extra} for one in alerts],
        "groupLabels": {},
        "commonLabels": {"team": "blue"},
        "commonAnnotations": {},
        "externalURL": "https://grafana.example/",
        "appVersion": "13.2.0",
        "version": "1",
        "groupKey": '{}/{team="blue"}:{}',
        "truncatedAlerts": 0,
        "title": "[FIRING:1] High memory",
        "state": "alerting",
        "message": "**Firing**",
    }


def pd(kind: str = "incident.triggered", number: int = 1, *, at: datetime = NOON, event: str = "") -> dict[str, Any]:
    reference = {"id": "PXPGF42", "self": "https://api.pagerduty.example/x", "html_url": "https://x.pagerduty.example"}
    return {
        "event": {
            "id": event or f"01EV{number}{kind}",
            "event_type": kind,
            "resource_type": "incident",
            "occurred_at": rfc3339(at),
            "agent": {**reference, "type": "user_reference", "summary": "Grace Example"},
            "client": None,
            "data": {
                "id": f"PINC{number}",
                "type": "incident",
                "self": f"https://api.pagerduty.example/incidents/PINC{number}",
                "html_url": f"https://x.pagerduty.example/incidents/PINC{number}",
                "number": number,
                "status": "triggered",
                "incident_key": "d3640fbd41094207a1c11e58e46b1662",
                "created_at": rfc3339(NOON),
                "title": "Checkout answers errors",
                "service": {**reference, "type": "service_reference", "summary": "checkout"},
                "assignees": [{**reference, "type": "user_reference", "summary": "Grace Example"}],
                "escalation_policy": {**reference, "type": "escalation_policy_reference", "summary": "Shop"},
                "teams": [{**reference, "type": "team_reference", "summary": "Shop"}],
                "priority": {**reference, "type": "priority_reference", "summary": "P1"},
                "urgency": "high",
                "conference_bridge": {"conference_number": "+1", "conference_url": "https://meet.example/1"},
                "resolve_reason": None,
            },
        }
    }


def pd_ping() -> dict[str, Any]:
    return {
        "event": {
            "id": "01PING",
            "event_type": "pagey.ping",
            "resource_type": "pagey",
            "occurred_at": rfc3339(NOON),
            "agent": None,
            "client": None,
            "data": {"message": "Hello from your friend Pagey!", "type": "ping"},
        }
    }


def dd_default(word: str = "Triggered", number: int = 1, *, at: datetime = NOON) -> dict[str, Any]:
    return {
        "body": "%%%\nErrors are high @webhook-rootline\n%%%",
        "last_updated": str(round(at.timestamp() * 1000)),
        "event_type": "metric_alert_monitor",
        "title": f"[{word} on {{service:checkout,host:web-1}}] Errors are high",
        "date": str(round(at.timestamp() * 1000)),
        "org": {"id": "11023", "name": "shop"},
        "id": f"765432{number}",
    }


def dd_full(word: str = "Triggered", number: int = 1, *, at: datetime = NOON) -> dict[str, Any]:
    return {
        **dd_default(word, number, at=at),
        "alert_id": "1234",
        "alert_cycle_key": "1709200",
        "aggreg_key": "9bd4ac313a4d1e8fae2482df7b77628",
        "alert_transition": word,
        "alert_type": "error",
        "alert_priority": "P2",
        "alert_scope": "service:checkout,env:production",
        "alert_title": "Errors are high",
        "alert_metric": "http.errors",
        "hostname": "web-1",
        "tags": "service:checkout,kube_namespace:shop,kube_cluster_name:eu,monitor",
        "link": "https://app.datadoghq.example/event/event?id=1",
    }


def written(payload: Any) -> bytes:
    return json.dumps(payload).encode()


def signature(secret: str, body: bytes, prefix: str = "") -> str:
    return hmac.new(secret.encode(), prefix.encode() + body, hashlib.sha256).hexdigest()
