"""A plain HTTP route: a function of a request; what it raises becomes problem+json."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rootline.errors import NotApproved, NotFound, RootlineError
from rootline.intake.signatures import BadSignature, Stale
from rootline.intake.told import BadPayload
from rootline.server.problem import Problem
from rootline.store.refusals import StoreUnreachable

Endpoint = Callable[[Request], Awaitable[Response]]
CLIENT_WENT = 499
"""Source: nginx; the client closed the connection before it was answered."""
_RETRY_S = "5"
_KINDS: tuple[tuple[type[RootlineError], HTTPStatus, str], ...] = (
    (Stale, HTTPStatus.UNAUTHORIZED, "stale_signature"),
    (BadSignature, HTTPStatus.UNAUTHORIZED, "bad_signature"),
    (BadPayload, HTTPStatus.UNPROCESSABLE_ENTITY, "payload_not_understood"),
    (NotFound, HTTPStatus.NOT_FOUND, "not_found"),
    (NotApproved, HTTPStatus.FORBIDDEN, "forbidden"),
    (RootlineError, HTTPStatus.UNPROCESSABLE_ENTITY, "refused"),
)


def route(path: str, endpoint: Endpoint, *, methods: Sequence[str] = ("POST",)) -> Route:
    """Make a route whose errors are answered as problem+json; whatever is unforeseen is logged and not shown."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            return Response(status_code=CLIENT_WENT)
        except RootlineError as fault:
            return as_problem(fault).response(request)
        except Exception:
            logging.getLogger(__name__).exception("a request to %s failed", path)
            detail = "A fault of Rootline itself; nothing was stored. Its log says more under this time."
            return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail).response(request)

    return Route(path, answered, methods=list(methods))


def as_problem(fault: RootlineError) -> Problem:
    """Return the problem that an error of ours is to a caller."""
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, StoreUnreachable):
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "store_unreachable", str(fault), {"Retry-After": _RETRY_S})
    status, code = next((status, code) for kind, status, code in _KINDS if isinstance(fault, kind))
    return Problem(status, code, str(fault))


async def health(_: Request) -> Response:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})
