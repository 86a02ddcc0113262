"""A connection stays open for the next question, and for no longer than its loop."""

import asyncio
import gc
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from tests.fakes.bytes_server import saying, taken_up
from tests.fakes.certificate import self_signed

from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.connections import IDLE_S, open_client
from rootline.sources.http import exchange
from rootline.sources.sockets import MOST_WIDE, NARROW_BYTES, open_socket

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


class Talk:
    """What a server heard, connection by connection, and who hung up, in order."""

    def __init__(self) -> None:
        self.connections: list[list[bytes]] = []
        self.ended: asyncio.Queue[str] = asyncio.Queue()


@asynccontextmanager
async def keeping_open(talk: Talk, *, answers_each: int = 100, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve HTTP/1.1, hanging up after so many answers on one connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard: list[bytes] = []
        talk.connections.append(heard)
        try:
            while len(heard) < answers_each:
                heard.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(OK)
            writer.close()
            await writer.wait_closed()
            talk.ended.put_nowait("server")
        except asyncio.IncompleteReadError:
            talk.ended.put_nowait("client")
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def ask(url: str, token: str = "") -> int:
    asked = backend("Loki", "ROOTLINE_LOKI_URL", url, token=token)
    return (await exchange(asked, f"{url}/ready")).status


@pytest.mark.anyio
async def test_questions_one_after_the_other_share_a_connection() -> None:
    talk = Talk()
    async with keeping_open(talk) as url:
        told = [await ask(url) for _ in range(5)]

    assert told == [200] * 5
    assert [len(heard) for heard in talk.connections] == [5]


@pytest.mark.anyio
async def test_what_tls_says_by_itself_ends_no_connection(tmp_path: Path) -> None:
    talk, (shown, context) = Talk(), self_signed(tmp_path)
    async with keeping_open(talk, tls=context) as url:
        asked = backend("Loki", "ROOTLINE_LOKI_URL", url, ca_file=shown)
        told = [(await exchange(asked, f"{url}/ready")).status for _ in range(5)]

    assert told == [200] * 5
    assert [len(heard) for heard in talk.connections] == [5]


@pytest.mark.anyio
async def test_questions_at_the_same_time_have_a_connection_each() -> None:
    talk = Talk()
    async with keeping_open(talk) as url:
        told = await asyncio.gather(*(ask(url) for _ in range(8)))

    assert (told, len(talk.connections)) == ([200] * 8, 8)


@pytest.mark.anyio
async def test_a_server_that_hung_up_meanwhile_is_asked_over_a_new_connection() -> None:
    talk = Talk()
    async with keeping_open(talk, answers_each=1) as url:
        for _ in range(3):
            assert await ask(url) == 200
            assert await talk.ended.get() == "server"

    assert len(talk.connections) == 3


@pytest.mark.anyio
@pytest.mark.parametrize("content", [None, b"{}"])
@pytest.mark.parametrize("was_taken_up", [True, False])
async def test_what_a_server_says_unasked_answers_no_question(content: bytes | None, was_taken_up: bool) -> None:
    async with saying(OK) as server:
        asked = backend("Loki", "ROOTLINE_LOKI_URL", server.url)
        told = []
        for _ in range(3):
            told.append((await exchange(asked, server.url, content=content)).status)
            server.say(OK.replace(b"200", b"500"))
            await (taken_up() if was_taken_up else asyncio.sleep(0))

    assert told == [200] * 3
    assert [len(heard) for heard in server.heard] == [1, 1, 1]


@pytest.mark.anyio
async def test_a_connection_that_was_reset_while_idle_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    async with saying(OK, then="resets") as server:
        told = [await ask(server.url) for _ in range(3)]
    gc.collect()

    assert told == [200] * 3
    assert capsys.readouterr().err == ""


@pytest.mark.anyio
async def test_a_connection_is_let_go_when_nothing_is_asked_for_a_while() -> None:
    talk = Talk()
    async with keeping_open(talk) as url:
        await ask(url)
        began = asyncio.get_running_loop().time()
        assert await asyncio.wait_for(talk.ended.get(), timeout=30) == "client"

    assert asyncio.get_running_loop().time() - began > IDLE_S / 2


@pytest.mark.anyio
async def test_a_token_is_sent_with_its_own_question_alone() -> None:
    talk = Talk()
    async with keeping_open(talk) as url:
        await ask(url, token="for-one-tenant")
        await ask(url)

    ((first, second),) = talk.connections
    assert b"authorization: Bearer for-one-tenant" in first
    assert b"authorization" not in second.lower()


def test_the_end_of_a_loop_closes_its_connections() -> None:
    async def served_until_left() -> str:
        talk = Talk()
        async with keeping_open(talk) as url:
            await asyncio.to_thread(asyncio.run, ask(url))
            return await talk.ended.get()

    who = asyncio.run(asyncio.wait_for(served_until_left(), timeout=30))
    gc.collect()  # an open socket that is collected would be a warning, and so an error

    assert who == "client"


@pytest.mark.anyio
async def test_one_loop_has_one_client_for_the_same_certificates(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")

    both = await asyncio.gather(open_client(None), open_client(None))

    assert both[0] is both[1]
    with pytest.raises(Misconfigured, match=r"wrong\.pem cannot be read"):
        await open_client(wrong)


@pytest.mark.anyio
async def test_the_first_few_sockets_take_in_much_and_the_many_little() -> None:
    where = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 1))
    with ExitStack() as held:
        made = [held.enter_context(open_socket(where)) for _ in range(3 * MOST_WIDE)]
        room = [one.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) for one in made]

    assert max(room[2 * MOST_WIDE :]) <= 2 * NARROW_BYTES  # which Linux doubles for its own accounts
