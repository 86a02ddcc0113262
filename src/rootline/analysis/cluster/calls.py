"""Turn a recorded call of a kubectl-like tool into our question and line-oriented text."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from rootline.analysis.cluster.query import ClusterQuery, ClusterVerb, View
from rootline.analysis.cluster.text import whole

_CALL = re.compile(r"^([A-Za-z]{1,64}):(\{.{0,4000}\})$", re.DOTALL)
_VERBS: Mapping[str, ClusterVerb] = {
    "GetResources": "get",
    "DescribeResource": "describe",
    "GetAppYAML": "manifest",
    "GetRecentLogs": "logs",
    "GetErrorLogs": "error_logs",
    "GetAlerts": "alerts",
    "GetServiceDependencies": "dependencies",
    "CheckNodeServiceStatus": "node_service",
    "CheckServiceConnectivity": "connectivity",
    "GetClusterConfiguration": "configuration",
}
_PLURALS: Mapping[str, str] = {
    "resourcequota": "resourcequotas",
    "pvc": "persistentvolumeclaims",
    "pv": "persistentvolumes",
    "serviceaccount": "serviceaccounts",
}
_NODE_SECTIONS = {
    "conditions": "condition",
    "labels": "label",
    "allocatable_resources": "allocatable",
    "allocatable": "allocatable",
}


def from_call(key: str, value: object) -> tuple[ClusterQuery, str] | None:
    """Read a call key such as `GetResources:{"resource_type":"pods",...}` and its recorded answer.

    Returns:
        The question in our words and its answer as text, where a JSON answer becomes one fact a
        line; None when the key is no call that we know.

    """
    query = _query(key)
    return (query, _text(query.verb, value)) if query else None


def _query(key: str) -> ClusterQuery | None:
    found = _CALL.match(key)
    verb = _VERBS.get(found.group(1)) if found else None
    if found is None or verb is None:
        return None
    try:
        given = json.loads(found.group(2))
    except (ValueError, RecursionError):
        return None
    return _asked(verb, {str(k): v for k, v in given.items()}) if isinstance(given, dict) else None


def _asked(verb: ClusterVerb, given: Mapping[str, Any]) -> ClusterQuery:
    kind = str(given.get("resource_type", "")).lower()
    named = next((given[k] for k in ("name", "app_name", "service_name") if given.get(k)), "")
    if verb == "node_service":
        kind, named = str(given.get("service_name", "")), given.get("node_name", "")
    return ClusterQuery(
        verb=verb,
        kind=_PLURALS.get(kind, kind),
        name=str(named),
        namespace=str(given.get("namespace", "")),
        view=_view(given),
        selector=str(given.get("label_selector", "")),
        port=whole(str(given.get("port", ""))),
    )


def _view(given: Mapping[str, Any]) -> View:
    if given.get("output_wide"):
        return "wide"
    return "labels" if given.get("show_labels") else ""


def _text(verb: ClusterVerb, value: object) -> str:
    if isinstance(value, str):
        parsed = _parsed(value) if verb in _RENDERERS else None
        if parsed is None:
            return value
        value = parsed
    render = _RENDERERS.get(verb, _flat)
    return "\n".join(render(value))


def _parsed(text: str) -> object:
    """The object in a text that holds JSON; None when it is plain text."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return None


def _alerts(value: object) -> Iterator[str]:
    for alert in _dicts(_member(value, "alerts")):
        subject = f"{str(alert.get('type', '')).lower()}/{alert.get('name', '')}"
        yield f"{subject} {alert.get('status', '')} {alert.get('time_range', '')}".strip()
        yield from (f"{subject} {_one_line(signal)}" for signal in _items(alert.get("evidence")))


def _error_logs(value: object) -> Iterator[str]:
    for key in ("total_log_count", "total_errors"):
        if isinstance(value, dict) and key in value:
            yield f"{key}: {value[key]}"
    for pattern in _dicts(_member(value, "patterns")):
        yield f"{pattern.get('count', 0)}x {_one_line(pattern.get('sample', ''))}"


def _configuration(value: object) -> Iterator[str]:
    for node in _dicts(_member(value, "nodes")):
        subject = f"node/{node.get('name', '')}"
        for key in ("status", "role"):
            if key in node:
                yield f"{subject} {key} {node[key]}"
        yield from (f"{subject} taint {_one_line(taint)}" for taint in _items(node.get("taints")))
        for section, word in _NODE_SECTIONS.items():
            held = node.get(section)
            if isinstance(held, dict):
                yield from (f"{subject} {word} {k}={_one_line(v)}" for k, v in held.items())


def _flat(value: object, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{place}]")
    else:
        yield f"{path}: {_one_line(value)}"


def _member(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in _items(value) if isinstance(item, dict)]


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


_RENDERERS: Mapping[ClusterVerb, Callable[[object], Iterator[str]]] = {
    "alerts": _alerts,
    "error_logs": _error_logs,
    "configuration": _configuration,
}
