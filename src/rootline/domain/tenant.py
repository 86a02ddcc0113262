"""Who owns a row, and who acts."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

MemberRole = Literal["viewer", "engineer", "approver", "admin"]
LOCAL_TENANT = UUID("00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A credential's holder. The tenant comes from the credential and from nowhere else."""

    tenant: UUID
    name: str
    role: MemberRole


LOCAL = Actor(tenant=LOCAL_TENANT, name="local", role="engineer")
"""The one person of an installation without accounts: may ask and plan, not approve."""
