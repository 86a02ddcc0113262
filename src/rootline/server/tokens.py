"""Bearer tokens from a file: who holds one, for which tenant, in which role, and for which server."""

import hashlib
import hmac
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from pydantic import TypeAdapter, ValidationError

from rootline.domain.tenant import Actor, MemberRole, cluster_of, tenant_of
from rootline.errors import Misconfigured

LEAST_TOKEN = 24
LINE = "token local|tenant-uuid name role [audience] [cluster=NAME]"
SCOPE = "rootline"
_ROLES: TypeAdapter[MemberRole] = TypeAdapter(MemberRole)
_HASHED = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, kw_only=True)
class Token:
    """One line of the file; the token itself is not kept. An empty audience means this server."""

    sha256: str
    actor: Actor
    audience: str = ""


def read_tokens(file: Path) -> tuple[Token, ...]:
    """Read the file, or raise Misconfigured that names the line; lines that begin with # are skipped.

    A file that everybody may read is refused, unless it holds no token but hashes of them.
    """
    try:
        is_open = bool(stat.S_IMODE(file.stat().st_mode) & stat.S_IROTH)
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as bad:
        raise Misconfigured(f"ROOTLINE_TOKENS={file} cannot be read: {bad}.") from bad
    kept = [(at, line.split()) for at, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if is_open and any(not _HASHED.fullmatch(parts[0]) for _, parts in kept):
        raise Misconfigured(
            f"ROOTLINE_TOKENS={file} holds tokens and everybody may read it. "
            "Run chmod 600 on it, or write each token as sha256: and its SHA-256."
        )
    tokens = tuple(_token(f"{file}, line {at}", parts) for at, parts in kept)
    if not tokens:
        raise Misconfigured(f"ROOTLINE_TOKENS={file} holds no token. A line is `{LINE}`.")
    if len({one.sha256 for one in tokens}) < len(tokens):
        raise Misconfigured(f"{file}: two lines hold the same token. Each person gets an own one.")
    return tokens


def _token(where: str, parts: Sequence[str]) -> Token:
    try:
        cluster, (secret, tenant, name, role, *audience) = cluster_of(parts)
        actor = Actor(tenant=tenant_of(tenant), name=name, role=_ROLES.validate_python(role), cluster=cluster)
        (aimed,) = audience or ("",)
    except (ValueError, ValidationError) as bad:
        raise Misconfigured(f"{where}: a line is `{LINE}`; roles are viewer, engineer, approver, admin.") from bad
    hashed = _HASHED.fullmatch(secret)
    if hashed is None and len(secret) < LEAST_TOKEN:
        raise Misconfigured(f"{where}: a token has at least {LEAST_TOKEN} characters.")
    sha256 = hashed.group(1) if hashed else hashlib.sha256(secret.encode()).hexdigest()
    return Token(sha256=sha256, actor=actor, audience=aimed)


class FileTokens(TokenVerifier):
    """Verifies bearer tokens against the file. `resource` is the URL under which this server is reached."""

    def __init__(self, tokens: Sequence[Token], resource: str) -> None:
        self.resource = resource
        self._tokens = tuple(tokens)

    @property
    def known(self) -> tuple[Token, ...]:
        """Every token of the file."""
        return self._tokens

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the access that a token gives, None for an unknown one; each known one is compared, in equal time."""
        found = self._found(token)
        return self._access(found) if found else None

    def holder(self, token: str) -> Actor | None:
        """Return who holds a token for this server, None for an unknown one or one for another server."""
        found = self._found(token)
        return found.actor if found and found.audience in {"", self.resource} else None

    def _found(self, token: str) -> Token | None:
        digest = hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
        found = [one for one in self._tokens if hmac.compare_digest(one.sha256, digest)]
        return found[0] if found else None

    def _access(self, token: Token) -> AccessToken:
        """Name the person so that two tenants' people of one name are two principals to the SDK."""
        actor = token.actor
        return AccessToken(
            token=token.sha256,
            client_id=actor.name,
            subject=actor.name,
            scopes=[SCOPE],
            resource=token.audience or self.resource,
            claims={"iss": f"urn:uuid:{actor.tenant}", "tenant": str(actor.tenant), "role": actor.role},
        )


def token_holder() -> Actor | None:
    """Return who holds the token of the current request, None where there is none."""
    access = get_access_token()
    if access is None:
        return None
    claims = access.claims or {}
    role = _ROLES.validate_python(claims.get("role"))
    return Actor(tenant=UUID(str(claims["tenant"])), name=access.client_id, role=role)
