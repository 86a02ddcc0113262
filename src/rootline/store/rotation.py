"""Seals every credential anew with a fresh key. Broken off anywhere, every credential can still be opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from rootline.store.credential_keys import holding, load_keys, with_new_key, without_old_keys
from rootline.store.fleet import FleetBook, Sealed
from rootline.store.sealing import CredentialKeys


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """How many credentials were sealed anew, with which key, and which keys nothing needs any more."""

    changed: int
    sealing_id: str
    where: str
    is_file: bool


async def rotate(home: Path, given: str, tenants: Sequence[UUID], book: Callable[[UUID], FleetBook]) -> Rotated:
    """Add a key to the file, seal all credentials with it, each tenant's in one transaction, and drop the older keys.

    Keys of the environment are changed by whoever sets it: there the first one seals, and the others may be dropped
    after this.

    Raises:
        Misconfigured: A credential cannot be opened; nothing of its tenant is changed, and no key is dropped.

    """
    with holding(home, alone=True):
        keys = load_keys(home, given)
        keys = keys if given else with_new_key(home, keys)
        changed = [await book(tenant).reseal(_turning(keys, tenant)) for tenant in tenants]
        if not given:
            without_old_keys(home, keys)
    return Rotated(changed=sum(changed), sealing_id=keys.sealing_id, where=keys.where, is_file=not given)


def _turning(keys: CredentialKeys, tenant: UUID) -> Callable[[Sealed], Sealed]:
    return lambda one: keys.resealed(tenant, one)
