"""Credentials at rest: sealed for one tenant, cluster and source, with a key that no database holds.

Source: NIST SP 800-38D (AES in Galois/Counter Mode); a nonce of 96 random bits for each sealing.
"""

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rootline.errors import Misconfigured
from rootline.store.fleet import Sealed

KEY_BYTES, NONCE_BYTES = 32, 12
HOW = "python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())' makes one"


@dataclass(frozen=True, kw_only=True)
class CredentialKeys:
    """The first key seals; any of them opens. `where` names them in messages, which never hold a key."""

    keys: tuple[bytes, ...] = field(repr=False)
    where: str

    @property
    def sealing_id(self) -> str:
        """The id of the key that seals."""
        return key_id(self.keys[0])

    def seal(self, tenant: UUID, cluster: str, source: str, secret: str) -> Sealed:
        """Seal a secret; it opens only for the same tenant, cluster and source."""
        nonce, named = secrets.token_bytes(NONCE_BYTES), self.sealing_id
        box = AESGCM(self.keys[0]).encrypt(nonce, secret.encode(), _bound(tenant, cluster, source, named))
        return Sealed(cluster=cluster, source=source, key_id=named, box=base64.b64encode(nonce + box).decode())

    def open(self, tenant: UUID, sealed: Sealed) -> str:
        """Return the secret.

        Raises:
            Misconfigured: The key is not here, or the box was changed or belongs elsewhere.

        """
        whose = f"The credential of {sealed.source} of {sealed.cluster}"
        key = next((one for one in self.keys if key_id(one) == sealed.key_id), None)
        if key is None:
            raise Misconfigured(
                f"{whose} was sealed with the key {sealed.key_id}, which {self.where} does not hold. Put it back, or "
                f"remove the cluster and add it again."
            )
        raw = base64.b64decode(sealed.box)
        bound = _bound(tenant, sealed.cluster, sealed.source, sealed.key_id)
        try:
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound).decode()
        except (InvalidTag, ValueError) as bad:
            raise Misconfigured(
                f"{whose} is damaged, or was sealed for another place. Remove the cluster and add it again."
            ) from bad

    def resealed(self, tenant: UUID, sealed: Sealed) -> Sealed:
        """Return the same secret sealed with the first key."""
        if sealed.key_id == self.sealing_id:
            return sealed
        return self.seal(tenant, sealed.cluster, sealed.source, self.open(tenant, sealed))


def key_id(key: bytes) -> str:
    """Name a key by a hash of it, out of which it cannot be told."""
    return hashlib.sha256(b"rootline credential key\0" + key).hexdigest()[:16]


def read_keys(text: str, where: str) -> CredentialKeys:
    """Read keys in base64, separated by commas or line breaks, the sealing one first; raise Misconfigured."""
    try:
        keys = tuple(base64.b64decode(one, validate=True) for one in text.replace(",", "\n").split())
    except (binascii.Error, ValueError):
        keys = ()
    if not keys or any(len(one) != KEY_BYTES for one in keys):
        raise Misconfigured(f"{where} must hold keys of {KEY_BYTES} bytes in base64. {HOW}.")
    return CredentialKeys(keys=keys, where=where)


def write_keys(keys: CredentialKeys) -> str:
    """Write keys, one a line."""
    return "".join(base64.b64encode(one).decode() + "\n" for one in keys.keys)


def _bound(tenant: UUID, cluster: str, source: str, named: str) -> bytes:
    return json.dumps([str(tenant), cluster, source, named]).encode()
