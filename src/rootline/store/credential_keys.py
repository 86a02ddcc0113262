"""Where the keys of credentials are: in a file that its owner alone can read, or in the environment."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rootline.errors import Misconfigured
from rootline.store.sealing import KEY_BYTES, CredentialKeys, read_keys, write_keys

VARIABLE = "ROOTLINE_CREDENTIAL_KEY"
FILE = "credentials.key"
_OTHERS = 0o077


def load_keys(home: Path, given: str) -> CredentialKeys:
    """Return the keys of the environment, or those of the file, which is made on first use.

    Raises:
        Misconfigured: They cannot be read, or others than the owner may read the file.

    """
    if given:
        return read_keys(given, VARIABLE)
    file = home / FILE
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        made = _written(home, CredentialKeys(keys=(secrets.token_bytes(KEY_BYTES),), where=str(file)))
        with suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    if file.stat().st_mode & _OTHERS:
        raise Misconfigured(f"{file} can be read by others than its owner. Run: chmod 600 {file}")
    return read_keys(file.read_text(encoding="ascii", errors="replace"), str(file))


def with_new_key(home: Path, keys: CredentialKeys) -> CredentialKeys:
    """Write a new key before those of the file, so that it seals from now on and the others still open."""
    more = CredentialKeys(keys=(secrets.token_bytes(KEY_BYTES), *keys.keys), where=keys.where)
    _write(home, more)
    return more


def without_old_keys(home: Path, keys: CredentialKeys) -> CredentialKeys:
    """Keep the sealing key alone in the file."""
    one = CredentialKeys(keys=keys.keys[:1], where=keys.where)
    _write(home, one)
    return one


@contextmanager
def holding(home: Path, *, alone: bool) -> Iterator[None]:
    """Hold the keys as they are while the block runs: together with others who seal, or alone to change them."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / f"{FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def _write(home: Path, keys: CredentialKeys) -> None:
    """Replace the file at once; a crash leaves the former one or this one."""
    _written(home, keys).replace(home / FILE)


def _written(home: Path, keys: CredentialKeys) -> Path:
    made = home / f".{FILE}.{secrets.token_hex(8)}"
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(write_keys(keys))
        out.flush()
        os.fsync(out.fileno())
    return made
