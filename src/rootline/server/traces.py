"""OTLP over HTTP, in protobuf and in JSON: spans that programs or a collector send.

Source: OpenTelemetry Protocol 1.x, "OTLP/HTTP": the answer has the encoding of the request, spans that could not be
taken are told in a partial success, and what will never be taken is 400 with a Status.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rootline.errors import RootlineError
from rootline.intake.told import BadPayload
from rootline.intake.traces import Delivered, TraceInbox, of_cluster, read_spans, unpack_spans
from rootline.server.body import JSON, media_type, parsed, read_body, unread_type
from rootline.server.callers import Callers
from rootline.server.deliveries import Sender
from rootline.server.problem import Problem, trace_id
from rootline.server.route import as_problem, route
from rootline.server.workbench import Workbench
from rootline.sources.traces.otlp_protobuf import exported, status

PROTOBUF = "application/x-protobuf"
_READ = (PROTOBUF, JSON)


def trace_routes(workbench: Workbench, callers: Callers) -> list[Route]:
    """Return the route of OTLP's traces."""
    return [route("/v1/traces", _Traces(workbench=workbench, callers=callers).take)]


@dataclass(frozen=True, kw_only=True)
class _Traces:
    workbench: Workbench
    callers: Callers

    async def take(self, request: Request) -> Response:
        """Store spans, then say so as OTLP does, in the encoding they came in."""
        kind = media_type(request)
        try:
            with self.workbench.deliveries.taking("otlp") as sender:
                return _taken(await self._store(request, kind, sender), kind)
        except RootlineError as fault:
            if kind not in _READ:
                raise
            return _refused(_permanent(fault), request, kind)

    async def _store(self, request: Request, kind: str, sender: Sender) -> Delivered:
        if kind not in _READ:
            raise unread_type(kind, f"Send {PROTOBUF} or {JSON}.")
        sender.actor = actor = self.callers.writer(request)
        body = await read_body(request)
        desk = self.workbench.desk
        if kind == PROTOBUF:
            delivered = await asyncio.to_thread(unpack_spans, body, desk.redactor)
        else:
            delivered = await asyncio.to_thread(read_spans, parsed(body), desk.redactor)
        await TraceInbox.of(desk.settings.home, actor.tenant).take(of_cluster(delivered.spans, actor.cluster))
        return delivered


def _taken(delivered: Delivered, kind: str) -> Response:
    if kind == PROTOBUF:
        return Response(exported(delivered.rejected, delivered.why), media_type=PROTOBUF)
    partial = {"rejectedSpans": str(delivered.rejected), "errorMessage": delivered.why}
    return JSONResponse({"partialSuccess": partial} if delivered.rejected else {})


def _permanent(fault: RootlineError) -> Problem:
    """Return the problem that a fault is; OTLP's clients give up at 400, and may try again after others."""
    if isinstance(fault, BadPayload):
        return Problem(HTTPStatus.BAD_REQUEST, "payload_not_understood", str(fault))
    return as_problem(fault)


def _refused(problem: Problem, request: Request, kind: str) -> Response:
    """Say why nothing was taken, as a Status."""
    if kind == PROTOBUF:
        return Response(status(str(problem)), int(problem.status), problem.headers, media_type=PROTOBUF)
    told = {"message": str(problem), "error_code": problem.error_code, "trace_id": trace_id(request)}
    return JSONResponse(told, int(problem.status), problem.headers)
