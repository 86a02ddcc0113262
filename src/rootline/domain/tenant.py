"""Who owns a row, and who acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

MemberRole = Literal["viewer", "engineer", "approver", "admin"]
CLUSTER = "cluster="
LOCAL_TENANT = UUID("00000000-0000-7000-8000-000000000001")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A credential's holder. The tenant comes from the credential and from nowhere else.

    What is told with a credential that names a `cluster` is told of that one, whatever its text says.
    """

    tenant: UUID
    name: str
    role: MemberRole
    cluster: str = ""


def tenant_of(word: str) -> UUID:
    """Read the tenant of a credential's line: `local` is the one that commands on this machine act for.

    Raises:
        ValueError: It is no UUID either.

    """
    return LOCAL_TENANT if word == "local" else UUID(word)


def cluster_of(words: Sequence[str]) -> tuple[str, list[str]]:
    """Read the cluster off a credential's line, where it ends in `cluster=NAME`, and return the other words.

    Raises:
        ValueError: It ends so and names none.

    """
    if not words or not words[-1].startswith(CLUSTER):
        return "", [*words]
    if not (name := words[-1].removeprefix(CLUSTER)):
        raise ValueError("cluster= names no cluster")
    return name, [*words[:-1]]


LOCAL = Actor(tenant=LOCAL_TENANT, name="local", role="engineer")
"""The one person of an installation without accounts: may ask and plan, not approve."""
