"""Jaeger, Tempo and Zipkin as far as their documented query APIs are used here, over spans of a test.

None of them is packaged by Debian, so their answers are written after their documentation.
"""

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from itertools import groupby

from tests.fakes.wire import Answer, Asked, Said, said

from rootline.domain.signal import VERSION, Span

OTLP_STATUS = {"ok": 1, "error": 2, "unset": 0}


def _traces(spans: Sequence[Span]) -> list[list[Span]]:
    ordered = sorted(spans, key=lambda span: span.trace_id)
    return [list(own) for _, own in groupby(ordered, key=lambda span: span.trace_id)]


def _searched(spans: Sequence[Span], service: str, start: float, end: float, limit: int) -> list[list[Span]]:
    """The newest traces that touch the service and began in that time."""
    found = [
        trace
        for trace in _traces(spans)
        if any(span.service == service or not service for span in trace)
        and start <= min(span.start.timestamp() for span in trace) <= end
    ]
    return sorted(found, key=lambda trace: min(span.start for span in trace), reverse=True)[:limit]


def _services(spans: Sequence[Span]) -> list[str]:
    return sorted({span.service for span in spans})


def jaeger(spans: Sequence[Span]) -> Answer:
    """Answer services and searches."""

    def answer(asked: Asked) -> Said:
        if asked.path == "/api/services":
            return _json({"data": _services(spans) or None, "total": 0, "limit": 0, "offset": 0, "errors": None})
        start, end = int(asked.query["start"]) / 1e6, int(asked.query["end"]) / 1e6
        found = _searched(spans, asked.query["service"], start, end, int(asked.query["limit"]))
        return _json({"data": [_jaeger_trace(trace) for trace in found], "errors": None})

    return answer


def _jaeger_trace(trace: Sequence[Span]) -> object:
    names = sorted({_process(span) for span in trace})
    processes = {
        f"p{at}": {"serviceName": name, "tags": [{"key": VERSION, "value": version}] if version else []}
        for at, (name, version) in enumerate(names)
    }
    return {
        "traceID": trace[0].trace_id,
        "spans": [_jaeger_span(span, f"p{names.index(_process(span))}") for span in trace],
        "processes": processes,
        "warnings": None,
    }


def _process(span: Span) -> tuple[str, str]:
    return span.service, span.attributes.get(VERSION, "")


def _jaeger_span(span: Span, process: str) -> object:
    above = {"refType": "CHILD_OF", "traceID": span.trace_id, "spanID": span.parent_id}
    tags = [{"key": key, "type": "string", "value": value} for key, value in span.attributes.items() if key != VERSION]
    error = [{"key": "error", "type": "bool", "value": True}] if span.status == "error" else []
    thrown = [
        {"key": "event", "type": "string", "value": "exception"},
        {"key": "exception.message", "type": "string", "value": span.error},
    ]
    return {
        "traceID": span.trace_id,
        "spanID": span.span_id,
        "flags": 1,
        "operationName": span.operation,
        "references": [above] if span.parent_id else [],
        "startTime": round(span.start.timestamp() * 1e6),
        "duration": round(span.duration_s * 1e6),
        "tags": [*tags, *error],
        "logs": [{"timestamp": 0, "fields": thrown}] if span.error else [],
        "processID": process,
        "warnings": None,
    }


def zipkin(spans: Sequence[Span]) -> Answer:
    """Answer services and searches."""

    def answer(asked: Asked) -> Said:
        if asked.path == "/api/v2/services":
            return _json(_services(spans))
        end = int(asked.query["endTs"]) / 1e3
        start = end - int(asked.query["lookback"]) / 1e3
        found = _searched(spans, asked.query["serviceName"], start, end, int(asked.query["limit"]))
        return _json([[_zipkin_span(span) for span in trace] for trace in found])

    return answer


def _zipkin_span(span: Span) -> object:
    own = {"error": span.error or "true"} if span.status == "error" else {}
    whole = {
        "traceId": span.trace_id,
        "id": span.span_id,
        "name": span.operation,
        "timestamp": round(span.start.timestamp() * 1e6),
        "duration": round(span.duration_s * 1e6),
        "localEndpoint": {"serviceName": span.service, "ipv4": "10.0.0.1"},
        "tags": {**span.attributes, **own},
    }
    return {**whole, "parentId": span.parent_id} if span.parent_id else whole


def tempo(spans: Sequence[Span], *, has_second_version: bool = True) -> Answer:
    """Answer searches and traces; identifiers inside of traces are in base64, as protobuf writes bytes in JSON."""

    def answer(asked: Asked) -> Said:
        if asked.path == "/api/search":
            named = re.fullmatch(r"\{ resource\.service\.name = (.*) \}", asked.query["q"])
            service = json.loads(named.group(1)) if named else ""
            bounds = int(asked.query["start"]), int(asked.query["end"])
            found = _searched(spans, service, *bounds, int(asked.query["limit"]))
            hits = [{"traceID": trace[0].trace_id, "rootServiceName": "x", "durationMs": 1} for trace in found]
            return _json({"traces": hits, "metrics": {}})
        trace = [span for span in spans if span.trace_id == asked.path.rpartition("/")[2]]
        if not trace or (asked.path.startswith("/api/v2/") and not has_second_version):
            return said("404 page not found", 404)
        resources = otlp_resources(trace, in_base64=True)
        second = asked.path.startswith("/api/v2/")
        return _json({"trace": {"resourceSpans": resources}} if second else {"batches": resources})

    return answer


def otlp_resources(spans: Sequence[Span], *, in_base64: bool = False) -> list[object]:
    """Write spans as OpenTelemetry's resource spans."""
    own = {service: [span for span in spans if span.service == service] for service in _services(spans)}
    return [
        {
            "resource": {"attributes": [_attribute("service.name", service)]},
            "scopeSpans": [{"scope": {}, "spans": [_otlp_span(span, in_base64=in_base64) for span in found]}],
        }
        for service, found in own.items()
    ]


def _otlp_span(span: Span, *, in_base64: bool) -> object:
    def identifier(text: str) -> str:
        return b64encode(bytes.fromhex(text)).decode() if in_base64 else text

    start = round(span.start.timestamp() * 1e6) * 1000
    attributes = [_attribute(key, value) for key, value in span.attributes.items() if key != "span.kind"]
    kind = span.attributes.get("span.kind", "")
    return {
        "traceId": identifier(span.trace_id),
        "spanId": identifier(span.span_id),
        **({"parentSpanId": identifier(span.parent_id)} if span.parent_id else {}),
        "name": span.operation,
        **({"kind": f"SPAN_KIND_{kind.upper()}"} if kind else {}),
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + round(span.duration_s * 1e9)),
        "attributes": attributes,
        "status": {"code": OTLP_STATUS[span.status], "message": span.error},
    }


def _attribute(key: str, value: str) -> object:
    return {"key": key, "value": {"stringValue": value}}


def _json(value: object) -> Said:
    return said(json.dumps(value), content_type="application/json")
