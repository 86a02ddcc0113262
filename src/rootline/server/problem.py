"""What went wrong with a request, as problem+json (RFC 9457) with an `error_code` and a `trace_id`."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse

from rootline.domain.identity import ulid
from rootline.errors import RootlineError

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_LONGEST_HEADER = 55


class Problem(RootlineError):
    """A request that is not answered as asked. `detail` says what was asked, what is wrong and what would help."""

    def __init__(
        self, status: HTTPStatus, error_code: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.error_code = error_code
        self.headers = dict(headers or {})

    def response(self, request: Request) -> JSONResponse:
        """Return what is sent for it."""
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": str(self),
            "instance": request.url.path[:200],
            "error_code": self.error_code,
            "trace_id": trace_id(request),
        }
        return JSONResponse(body, int(self.status), self.headers, media_type="application/problem+json")


def trace_id(request: Request) -> str:
    """Return the id of the caller's trace where it sends one (W3C Trace Context), else a ULID of our own."""
    told = _TRACEPARENT.match(request.headers.get("traceparent", "")[:_LONGEST_HEADER])
    return told.group(1) if told else ulid(datetime.now(tz=UTC), secrets.randbits(80))
