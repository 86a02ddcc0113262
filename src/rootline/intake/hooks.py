"""The secrets with which vendors sign, out of a file: each belongs to one tenant."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from rootline.domain.tenant import Actor, cluster_of, tenant_of
from rootline.errors import Misconfigured
from rootline.intake.signatures import BY_VENDOR, Headers, signer

LINE = "vendor local|tenant-uuid name secret [cluster=NAME]"
LEAST_SECRET = 16
MOST_HOOKS = 200


@dataclass(frozen=True, kw_only=True)
class Hook:
    """One line of the file: a vendor's secret, whose deliveries are one tenant's."""

    vendor: str
    actor: Actor
    secret: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """All secrets. While one is being replaced, both stand in the file."""

    hooks: tuple[Hook, ...] = ()

    def asks(self, vendor: str) -> bool:
        """Whether anyone's deliveries of this vendor have to be signed."""
        return any(one.vendor == vendor for one in self.hooks)

    def binds(self, vendor: str, tenant: UUID) -> bool:
        """Whether this tenant's deliveries of this vendor have to be signed."""
        return any((one.vendor, one.actor.tenant) == (vendor, tenant) for one in self.hooks)

    def signed_by(self, vendor: str, headers: Headers, body: bytes, now: datetime) -> Actor:
        """Return whose secret a delivery was signed with; raise BadSignature where it is nobody's."""
        known = [one for one in self.hooks if one.vendor == vendor]
        return known[signer(BY_VENDOR[vendor](headers), body, [one.secret for one in known], now)].actor


def read_hooks(file: Path) -> Hooks:
    """Read the file, or raise Misconfigured that names the line; lines that begin with # are skipped."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & stat.S_IROTH:
            raise Misconfigured(f"ROOTLINE_HOOKS={file} holds secrets and everybody may read it. Run chmod 600 on it.")
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as bad:
        raise Misconfigured(f"ROOTLINE_HOOKS={file} cannot be read: {bad}.") from bad
    kept = [(at, line.split()) for at, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not kept or len(kept) > MOST_HOOKS:
        raise Misconfigured(
            f"ROOTLINE_HOOKS={file} holds {len(kept)} secrets; it takes 1 to {MOST_HOOKS}, as `{LINE}`."
        )
    hooks = tuple(_hook(f"{file}, line {at}", parts) for at, parts in kept)
    if len({(one.vendor, one.secret) for one in hooks}) < len(hooks):
        raise Misconfigured(f"{file}: two lines of one vendor hold the same secret, so it would be anyone's.")
    return Hooks(hooks=hooks)


def _hook(where: str, parts: Sequence[str]) -> Hook:
    try:
        cluster, (vendor, tenant, name, secret) = cluster_of(parts)
        actor = Actor(tenant=tenant_of(tenant), name=name, role="engineer", cluster=cluster)
    except ValueError as bad:
        raise Misconfigured(f"{where}: a line is `{LINE}`.") from bad
    if vendor not in BY_VENDOR:
        raise Misconfigured(f"{where}: {vendor[:40]!r} does not sign. Known: {', '.join(BY_VENDOR)}.")
    if len(secret) < LEAST_SECRET:
        raise Misconfigured(f"{where}: a secret has at least {LEAST_SECRET} characters.")
    return Hook(vendor=vendor, actor=actor, secret=secret.encode())
