"""Where alerting systems and deployment tools post to: a request is answered with 200 when it is stored."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rootline.domain.tenant import Actor
from rootline.intake.receiving import HEADED, READERS
from rootline.intake.signatures import BY_VENDOR, HEADERS
from rootline.server.body import parsed, read_body, refuse_other_types
from rootline.server.callers import Callers
from rootline.server.deliveries import Sender
from rootline.server.problem import Problem
from rootline.server.route import route
from rootline.server.workbench import Workbench
from rootline.store.intake import Stored


def intake_routes(workbench: Workbench, callers: Callers) -> list[Route]:
    """Return one route a vendor, and one that tells of them whoever posts elsewhere."""
    return [
        *(
            route(f"/intake/{vendor}", _Desk(vendor=vendor, workbench=workbench, callers=callers).take)
            for vendor in (*READERS, *HEADED)
        ),
        route("/intake/{vendor}", _nowhere),
    ]


async def _nowhere(_: Request) -> Response:
    known = ", ".join(f"/intake/{vendor}" for vendor in (*READERS, *HEADED))
    raise Problem(HTTPStatus.NOT_FOUND, "not_found", f"Nothing is taken here. Post to one of {known}.")


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """Takes one vendor's deliveries."""

    vendor: str
    workbench: Workbench
    callers: Callers

    async def take(self, request: Request) -> Response:
        """Store a delivery, then say so."""
        with self.workbench.deliveries.taking(self.vendor) as sender:
            return JSONResponse(_told(await self._store(request, sender)))

    async def _store(self, request: Request, sender: Sender) -> Stored:
        refuse_other_types(request, hint=_HINTS.get(self.vendor, ""))
        known = None if self._is_signed(request) else self._unsigned(request)
        sender.actor = known or sender.actor
        body = await read_body(request)
        sender.actor = actor = known or self._signer(request, body)
        reception = self.workbench.reception(actor)
        return await reception.take(self.vendor, parsed(body), request.headers)

    def _is_signed(self, request: Request) -> bool:
        return self._may_sign and HEADERS[self.vendor] in request.headers

    @property
    def _may_sign(self) -> bool:
        return self.vendor in BY_VENDOR and self.workbench.hooks.asks(self.vendor)

    def _signer(self, request: Request, body: bytes) -> Actor:
        now = self.workbench.desk.clock()
        return self.workbench.hooks.signed_by(self.vendor, request.headers, body, now)

    def _unsigned(self, request: Request) -> Actor:
        """Return who sends by token or on bare loopback; 401 for who has to sign."""
        actor = self.callers.writer(request)
        is_bare = self.callers.anyone is not None
        if self._may_sign and (is_bare or self.workbench.hooks.binds(self.vendor, actor.tenant)):
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "bad_signature",
                f"ROOTLINE_HOOKS has a secret for {self.vendor}, so its deliveries have to be signed, and this is not.",
            )
        return actor


_HINTS = {"github": "Choose that content type in the webhook's settings on GitHub."}


def _told(stored: Stored) -> dict[str, object]:
    new = stored.decision.notices
    return {
        "delivery": str(stored.delivery.id),
        "is_repeat": stored.is_repeat,
        "alerts": len(new),
        "suppressed": sum(bool(one.suppressed) for one in new),
        "changes": stored.changes,
        **({"remark": stored.remark} if stored.remark else {}),
        "incidents": sorted({str(one.incident) for one in new if one.incident}),
    }
