"""Who is calling: the holder of a bearer token, or on stdio and bare loopback the one local person."""

import hashlib
import hmac
from pathlib import Path
from uuid import UUID

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from pydantic import TypeAdapter

from rootline.domain.tenant import LOCAL, Actor, MemberRole
from rootline.errors import Misconfigured

LEAST_TOKEN = 24
_ROLES: TypeAdapter[MemberRole] = TypeAdapter(MemberRole)
SCOPE = "rootline"
_FIELDS = 4


def read_tokens(file: Path) -> dict[str, Actor]:
    """Read `token tenant-uuid name role` lines into actors by the token's SHA-256; tokens themselves are not kept."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as bad:
        raise Misconfigured(f"ROOTLINE_TOKENS={file} cannot be read: {bad}.") from bad
    kept = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    actors = dict(_entry(file, number, parts) for number, parts in kept)
    if not actors:
        raise Misconfigured(f"ROOTLINE_TOKENS={file} holds no token. A line is: token tenant-uuid name role.")
    return actors


def _entry(file: Path, number: int, parts: list[str]) -> tuple[str, Actor]:
    try:
        token, tenant, name, role = parts
        actor = Actor(tenant=UUID(tenant), name=name, role=_role(role))
    except ValueError as bad:
        raise Misconfigured(f"{file}, line {number}: a line is `token tenant-uuid name role`.") from bad
    if len(token) < LEAST_TOKEN:
        raise Misconfigured(f"{file}, line {number}: a token has at least {LEAST_TOKEN} characters.")
    return hashlib.sha256(token.encode()).hexdigest(), actor


def _role(text: str) -> MemberRole:
    return _ROLES.validate_python(text)


class FileTokens(TokenVerifier):
    """Verifies bearer tokens against the file."""

    def __init__(self, actors: dict[str, Actor], resource: str) -> None:
        self._actors = actors
        self._resource = resource

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the access that a token gives, None for an unknown one; every comparison takes the same time."""
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = [actor for known, actor in self._actors.items() if hmac.compare_digest(known, digest)]
        if not found:
            return None
        actor = found[0]
        claims = {"tenant": str(actor.tenant), "role": actor.role}
        return AccessToken(
            token=digest,
            client_id=actor.name,
            subject=actor.name,
            scopes=[SCOPE],
            resource=self._resource,
            claims=claims,
        )


def caller() -> Actor:
    """Return who makes the current request."""
    access = get_access_token()
    if access is None:
        return LOCAL
    claims = access.claims or {}
    return Actor(tenant=UUID(str(claims["tenant"])), name=access.client_id, role=_role(str(claims["role"])))
