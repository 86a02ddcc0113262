"""Backends are asked through the proxy that the environment names, and each of its failures is told as the proxy's."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.fakes.bytes_server import WHOLE, saying
from tests.fakes.certificate import self_signed
from tests.fakes.observability import free_port
from tests.fakes.wire import answering, said

from rootline.sources.trouble import PROXY_HELPS

ROOT = Path(__file__).parents[2]
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
ASK = """
import asyncio, sys
from pathlib import Path
from rootline.errors import RootlineError
from rootline.sources.backend import backend
from rootline.sources.http import fetch
url, token, ca_file = (*sys.argv[1:], "", "")[:3]
try:
    one = backend("Loki", "ROOTLINE_LOKI_URL", url, token=token, ca_file=Path(ca_file) if ca_file else None)
    print(asyncio.run(fetch(one, "/ready")).decode())
except RootlineError as failed:
    print(failed)
"""


async def ask(*asked: str, **around: str) -> str:
    """Ask in a process of its own, since the environment is."""
    bare = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
    run = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", ASK, *asked, cwd=ROOT, env=bare | around, stdout=subprocess.PIPE
    )
    shown, _ = await run.communicate()
    return shown.decode().strip()


@asynccontextmanager
async def tunnelling(to: str) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A proxy that connects whoever asks for it with one address; yield its host and port, and what it heard."""
    heard: list[bytes] = []

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while piece := await source.read(2**16):
            target.write(piece)
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        host, _, port = to.rpartition(":")
        back, out = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await asyncio.gather(carry(reader, out), carry(back, writer), return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


@pytest.mark.anyio
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_a_proxy_is_asked_for_the_whole_address_with_its_own_login(variable: str, scheme: str) -> None:
    async with saying(WHOLE) as proxy:
        named = proxy.url.replace("http://", f"{scheme}ada:secret@")
        told = await ask("http://backend.invalid", "a-token", **{variable: named})

    ((sent,),) = proxy.heard
    assert told == "{}"
    assert sent.startswith(b"GET http://backend.invalid/ready HTTP/1.1\r\nHost: backend.invalid\r\n")
    assert b"Proxy-Authorization: Basic YWRhOnNlY3JldA==\r\n" in sent
    assert b"authorization: Bearer a-token\r\n" in sent


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("host", "spared"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "*"),
        ("localhost", "a.b, localhost"),
        ("127.0.0.1", "10.0.0.0/8, 127.0.0.0/8"),
        ("127.0.0.1", "127.0.0.1/8"),
        ("127.0.0.1", "a.b,*.0.0.1"),
    ],
)
async def test_a_host_that_is_spared_is_asked_itself(host: str, spared: str) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    async with saying(WHOLE) as server:
        told = await ask(server.url.replace("127.0.0.1", host), HTTP_PROXY=dead, ALL_PROXY=dead, NO_PROXY=spared)

    assert told == "{}"


@pytest.mark.anyio
@pytest.mark.parametrize("spared", ["10.0.0.0/8", "::/0", "127.0.0.0/99", "*.127.0.0.1", "/", "localhost/8", "*."])
async def test_a_range_that_a_host_is_not_in_spares_it_nothing(spared: str) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    async with saying(WHOLE) as server:
        told = await ask(server.url, HTTP_PROXY=dead, NO_PROXY=spared)

    assert told.endswith(f"cannot be reached. {PROXY_HELPS}")


@pytest.mark.anyio
async def test_tls_goes_through_a_tunnel_in_which_the_proxy_reads_nothing(tmp_path: Path) -> None:
    shown, context = self_signed(tmp_path)
    with answering(lambda _: said("{}"), tls=context) as url:
        async with tunnelling(url.removeprefix("https://")) as (proxy, heard):
            told = await ask(url, "a-token", str(shown), HTTPS_PROXY=f"http://ada:secret@{proxy}")
            unknown = await ask(url, HTTPS_PROXY=f"http://{proxy}")

    assert told == "{}"
    assert "Set ROOTLINE_CA_FILE to a PEM file" in unknown
    assert heard[0].startswith(b"CONNECT " + url.removeprefix("https://").encode())
    assert b"Proxy-Authorization: Basic YWRhOnNlY3JldA==" in heard[0]
    assert b"Bearer" not in heard[0]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("url", "answer", "told"),
    [
        ("https://backend.invalid", b"503 No Way", "the proxy refused: 503 No Way. Check HTTP_PROXY and HTTPS_PROXY"),
        ("https://backend.invalid", b"407 Log In", "the proxy wants a login. Check HTTP_PROXY"),
        ("http://backend.invalid", b"407 Log In", "the proxy wants a login. Check HTTP_PROXY"),
    ],
)
async def test_a_proxy_that_refuses_is_told_from_the_backend(url: str, answer: bytes, told: str) -> None:
    async with saying(b"HTTP/1.1 " + answer + b"\r\ncontent-length: 0\r\n\r\n") as proxy:
        assert told in await ask(url, ALL_PROXY=proxy.url)


@pytest.mark.anyio
@pytest.mark.parametrize("answer", [b"403 Forbidden", b"502 Bad Gateway", b"503 Unavailable", b"504 Too Late"])
async def test_an_answer_that_may_be_the_proxy_s_own_is_told_with_the_proxy(answer: bytes) -> None:
    async with saying(b"HTTP/1.1 " + answer + b"\r\ncontent-length: 0\r\n\r\n") as proxy:
        host = proxy.url.removeprefix("http://")
        told = await ask("http://backend.invalid", ALL_PROXY=f"http://ada:secret@{host}")
        spared = await ask(proxy.url, ALL_PROXY=f"http://ada:secret@{host}", NO_PROXY="127.0.0.1")

    assert told.endswith(f"The proxy {host} between may have said so itself. {PROXY_HELPS}")
    assert "secret" not in told
    assert "proxy" not in spared


@pytest.mark.anyio
@pytest.mark.parametrize("url", ["http://backend.invalid", "https://backend.invalid"])
@pytest.mark.parametrize("proxy", ["127.0.0.1", "nothing.invalid"])
async def test_a_proxy_that_is_not_there_is_named_without_its_login(url: str, proxy: str) -> None:
    where = f"{proxy}:{free_port()}"

    told = await ask(url, ALL_PROXY=f"http://ada:secret@{where}")

    assert f"the proxy {where} cannot be reached. Check HTTP_PROXY and HTTPS_PROXY" in told
    assert "secret" not in told


@pytest.mark.anyio
@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "http://", "http://proxy:99999", "ftp://proxy"])
async def test_a_proxy_of_another_kind_is_refused_with_the_way_to_write_one(proxy: str) -> None:
    told = await ask("http://backend.invalid", ALL_PROXY=proxy)

    assert told.startswith("HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names no proxy that can be asked. Write it like")
    assert await ask("http://127.0.0.1:1", ALL_PROXY=proxy, NO_PROXY="127.0.0.1") != told


@pytest.mark.anyio
async def test_a_login_kept_in_a_file_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    around: Mapping[str, str] = {"HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc")}
    async with saying(WHOLE) as server:
        told = await ask(server.url, **around)

    assert told == "{}"
    assert b"authorization" not in server.heard[0][0].lower()
