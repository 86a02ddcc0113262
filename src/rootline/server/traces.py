"""OTLP over HTTP, as JSON: spans that programs or a collector send."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rootline.intake.traces import TraceInbox, read_spans
from rootline.server.body import parsed, read_body, refuse_other_types
from rootline.server.callers import Callers
from rootline.server.route import route
from rootline.server.workbench import Workbench

HINT = (
    "For OTLP that is the JSON encoding: `encoding: json` of the collector's otlphttp exporter, or "
    "OTEL_EXPORTER_OTLP_PROTOCOL=http/json."
)


def trace_routes(workbench: Workbench, callers: Callers) -> list[Route]:
    """Return the route of OTLP's traces."""
    return [route("/v1/traces", _Traces(workbench=workbench, callers=callers).take)]


@dataclass(frozen=True, kw_only=True)
class _Traces:
    workbench: Workbench
    callers: Callers

    async def take(self, request: Request) -> Response:
        """Store spans, then say so as OTLP does."""
        refuse_other_types(request, hint=HINT)
        actor = self.callers.writer(request)
        body = parsed(await read_body(request))
        desk = self.workbench.desk
        spans = await asyncio.to_thread(read_spans, body, desk.redactor)
        await TraceInbox.of(desk.settings.home, actor.tenant).take(spans)
        return JSONResponse({"partialSuccess": {}})
