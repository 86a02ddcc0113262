"""A backend that wants a client's certificate gets the one that stands in the file of certificates."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from tests.fakes.certificate import self_signed
from tests.fakes.wire import answering, said

from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import fetch


def certificate(folder: Path, name: str) -> tuple[bytes, bytes, ssl.SSLContext]:
    """A certificate, its key, and what a server speaks with them."""
    (folder / name).mkdir()
    shown, context = self_signed(folder / name, named=name)
    return shown.read_bytes(), (folder / name / "key.pem").read_bytes(), context


@contextmanager
def wanting(client: Path, context: ssl.SSLContext, version: ssl.TLSVersion) -> Iterator[str]:
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(client)
    with answering(lambda _: said("{}"), tls=context) as url:
        yield url


async def ask(url: str, file: Path) -> bytes:
    return bytes(await fetch(backend("Loki", "ROOTLINE_LOKI_URL", url, ca_file=file), "/ready"))


@pytest.mark.anyio
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_the_first_certificate_of_a_file_with_a_key_is_shown_to_who_asks_for_it(
    version: ssl.TLSVersion, tmp_path: Path
) -> None:
    theirs, _, context = certificate(tmp_path, "server")
    ours, key, _ = certificate(tmp_path, "client")
    file = tmp_path / "all.pem"
    file.write_bytes(ours + key + theirs)

    with wanting(tmp_path / "client" / "certificate.pem", context, version) as url:
        told = await ask(url, file)

    assert told == b"{}"


@pytest.mark.anyio
async def test_a_client_without_a_certificate_is_told_where_to_put_one(tmp_path: Path) -> None:
    _, _, context = certificate(tmp_path, "server")
    certificate(tmp_path, "client")

    with (
        wanting(tmp_path / "client" / "certificate.pem", context, ssl.TLSVersion.TLSv1_2) as url,
        pytest.raises(SourceFailed, match="that want a client's certificate") as failed,
    ):
        await ask(url, tmp_path / "server" / "certificate.pem")

    assert failed.value.helps.startswith("Put the client's certificate and its key before the others in the file that")


@pytest.mark.anyio
@pytest.mark.parametrize("is_sealed", [False, True])
async def test_a_key_that_fits_no_certificate_or_wants_a_passphrase_is_told_and_asks_nobody(
    is_sealed: bool,
    tmp_path: Path,
) -> None:
    theirs, _, _ = certificate(tmp_path, "server")
    ours, key, _ = certificate(tmp_path, "client")
    sealed = serialization.load_pem_private_key(key, password=None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"a passphrase"),
    )
    file = tmp_path / "all.pem"
    file.write_bytes(ours + sealed if is_sealed else theirs + ours + key)

    with pytest.raises(
        Misconfigured, match=r"private key that cannot be used.*Put the client's certificate before all"
    ):
        await ask("https://127.0.0.1:1", file)
