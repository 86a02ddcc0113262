"""Who makes a plain HTTP request: the holder of a bearer token, or on bare loopback the one person there."""

import base64
import binascii
from dataclasses import dataclass
from http import HTTPStatus

from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request

from rootline.domain.tenant import Actor
from rootline.server.problem import Problem
from rootline.server.tokens import FileTokens

_LONGEST = 4096


@dataclass(frozen=True, kw_only=True)
class Callers:
    """Knows who calls. The tenant is the credential's, and no word of a request can change it."""

    tokens: FileTokens | None
    anyone: Actor | None
    guard: TransportSecuritySettings

    def of(self, request: Request) -> Actor:
        """Return who calls.

        Raises:
            Problem: 401 without a valid token where tokens are asked for; without tokens, 421 or 403 for a host or
                an origin that is not ours, so that no web page can reach in.

        """
        if self.anyone is None:
            return self._holder(request)
        self._refuse_strangers(request)
        return self.anyone

    def writer(self, request: Request) -> Actor:
        """Return who calls, if they may write; a viewer gets 403."""
        return may_write(self.of(request))

    def _holder(self, request: Request) -> Actor:
        token = presented(request)
        found = self.tokens.holder(token) if self.tokens and token else None
        if found is None:
            what = "The token is not known here, or is for another server." if token else "A token is missing."
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "unauthorized",
                f"{what} Send `Authorization: Bearer TOKEN` with a token of ROOTLINE_TOKENS.",
                {"WWW-Authenticate": "Bearer"},
            )
        return found

    def _refuse_strangers(self, request: Request) -> None:
        if request.headers.get("host", "") not in self.guard.allowed_hosts:
            raise Problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "host_not_served",
                "This host name is not served without tokens. Use the loopback address, or set ROOTLINE_TOKENS.",
            )
        origin = request.headers.get("origin")
        if origin and origin not in self.guard.allowed_origins:
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "origin_not_served",
                "A web page of another origin may not call this. Set ROOTLINE_TOKENS to let others in by token.",
            )


def may_write(actor: Actor) -> Actor:
    """Return the person if they may write; a viewer gets 403."""
    if actor.role == "viewer":
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "forbidden",
            f"{actor.name} is a viewer, and this stores something. Use a token with the role engineer.",
        )
    return actor


def presented(request: Request) -> str:
    """Return the token of the request: a bearer token, or the password of basic authentication; else nothing."""
    scheme, _, rest = request.headers.get("authorization", "")[:_LONGEST].partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    return _password(rest.strip()) if scheme.lower() == "basic" else ""


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
