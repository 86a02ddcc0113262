"""Addresses under which a person sees in a browser what was asked. Each begins with a configured address.

Everything else in them is written so that it can be nothing but a value: no text of a tool can change where one leads.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from rootline.domain.window import Window

LONGEST = 2_000
"""Source: RFC 9110 asks for 8,000 characters; ours, so that a link costs little and every mail program keeps it."""
_TRACE = re.compile(r"[0-9a-fA-F]{1,64}")
_SHA = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, kw_only=True)
class Grafana:
    """Where Grafana is, and the uid or name of the data source that stands for one backend."""

    url: str
    source: str

    def explore(self, kind: str, query: dict[str, str], window: Window) -> str:
        """The Explore page with a query. Source: grafana.com, "Explore", URLs of the schema version 1."""
        asked = {"refId": "A", "datasource": {"type": kind, "uid": self.source}, **query}
        span = {"from": _milliseconds(window)[0], "to": _milliseconds(window)[1]}
        panes = {"A": {"datasource": self.source, "queries": [asked], "range": span}}
        written = json.dumps(panes, separators=(",", ":"), sort_keys=True)
        return f"{self.url}/explore?{_values(schemaVersion='1', panes=written)}"


def prometheus_graph(url: str, expression: str, window: Window) -> str:
    """The graph of an expression. Source: Prometheus' web UI, whose page writes these parameters itself."""
    seconds = max(1, round(window.duration.total_seconds()))
    end = window.end.strftime("%Y-%m-%d %H:%M:%S")
    parameters = {"g0.expr": expression, "g0.tab": "0", "g0.range_input": f"{seconds}s", "g0.end_input": end}
    return f"{url}/graph?{_values(**parameters)}"


def jaeger_search(url: str, service: str, window: Window) -> str:
    """The search of Jaeger's UI."""
    start, end = (str(round(at.timestamp() * 1e6)) for at in (window.start, window.end))
    asked = {"service": service} if service else {}
    return f"{url}/search?{_values(**asked, start=start, end=end, lookback='custom')}"


def jaeger_trace(url: str, trace: str) -> str:
    """One trace in Jaeger's UI; empty for what is no identifier."""
    return f"{url}/trace/{trace}" if _TRACE.fullmatch(trace) else ""


def zipkin_search(url: str, service: str, window: Window) -> str:
    """The search of Zipkin's UI."""
    start, end = _milliseconds(window)
    asked = {"serviceName": service} if service else {}
    return f"{url}/zipkin/?{_values(**asked, lookback='range', startTs=start, endTs=end)}"


def zipkin_trace(url: str, trace: str) -> str:
    """One trace in Zipkin's UI; empty for what is no identifier."""
    return f"{url}/zipkin/traces/{trace}" if _TRACE.fullmatch(trace) else ""


def github_commit(url: str, repository: str, sha: str) -> str:
    """A commit's page; empty for what is no hash."""
    return f"{url}/{quote(repository)}/commit/{sha}" if _SHA.fullmatch(sha) else ""


def github_compare(url: str, repository: str, before: str, after: str) -> str:
    """What lies between two commits; empty where one is no hash."""
    both = _SHA.fullmatch(before) and _SHA.fullmatch(after)
    return f"{url}/{quote(repository)}/compare/{before}...{after}" if both else ""


def _values(**parameters: str) -> str:
    return urlencode(parameters, quote_via=quote, safe="")


def _milliseconds(window: Window) -> tuple[str, str]:
    return tuple(str(round(at.timestamp() * 1e3)) for at in (window.start, window.end))  # type: ignore[return-value]
