"""What goes out is exactly what was asked, and what comes in is HTTP or one sentence, byte by byte."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.bytes_server import CHUNKED, OK, WHOLE, Piece, saying
from tests.fakes.certificate import self_signed
from tests.fakes.readers import at
from tests.fakes.wire import Asked, Said, answering, said

from rootline.errors import Misconfigured
from rootline.sources.answered import Answered
from rootline.sources.backend import backend
from rootline.sources.exchange import address_of
from rootline.sources.failure import SourceFailed
from rootline.sources.http import exchange, fetch

BROKE_OFF = "it broke off in mid-answer. Look whether"
NO_HTTP = "it speaks no HTTP. Check that"
LONG_HEADER = r"it answers with a header of more than 32 kB, which is the most that is read\. See with `curl -sI`"
MANY_HEADERS = r"it answers with more than 128 headers, which is the most that is read\. See with `curl -sI`"
COMPRESSED = "a compressed answer that was not asked for"
HUNG_UP = "it hung up without an answer"
LONG = b"x" * 65_000


async def ask(url: str, deadline_s: float = 20.0) -> Answered:
    return await exchange(at(url, deadline_s=deadline_s), f"{url}/ready")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([b"hello there\r\n\r\n"], NO_HTTP),
        ([b"SSH-2.0-OpenSSH_9\r\n"], NO_HTTP),
        ([b"\x15\x03\x01\x00\x02\x02\x46"], NO_HTTP),
        ([repeat(LONG)], NO_HTTP),
        ([OK, b"content-length: -1\r\n\r\n"], NO_HTTP),
        ([OK, b"content-length: 99999999999999999999999\r\n\r\n"], NO_HTTP),
        ([OK, b"content-length: 1\r\ncontent-length: 2\r\n\r\n{}"], NO_HTTP),
        ([OK, b"content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"], NO_HTTP),
        ([OK, b"etag: a\x00b\r\ncontent-length: 2\r\n\r\n{}"], NO_HTTP),
        ([OK, b"etag: a\rb\r\ncontent-length: 2\r\n\r\n{}"], NO_HTTP),
        ([CHUNKED + b"zz\r\n{}\r\n"], NO_HTTP),
        ([CHUNKED, b"2\r\n{}\r\n", b"zz\r\n"], BROKE_OFF),
        ([CHUNKED, b"2\r\n{}\r\n", b"2\r\n{}xx"], BROKE_OFF),
        ([CHUNKED, b"2\r\n{}\r\n0\r\n", b"a" * 200_000], BROKE_OFF),
        ([OK, b"a: " + b"x" * 200_000 + b"\r\n\r\n"], LONG_HEADER),
        ([OK, b"a: ", repeat(LONG)], LONG_HEADER),
        ([OK, repeat(b"a: b\r\n" * 1000)], MANY_HEADERS),
        ([OK, b"a: b\r\n" * 129 + b"\r\n"], MANY_HEADERS),
        ([OK, b"a: " + b"x" * 33_000 + b"\r\n\r\n"], LONG_HEADER),
        ([OK, b"content-encoding: GZIP\r\ncontent-length: 2\r\n\r\n{}"], COMPRESSED),
        ([OK, b"content-encoding: identity\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"], COMPRESSED),
        ([OK, b"transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"], COMPRESSED),
        ([CHUNKED, b"ffffffffffffffff\r\n", repeat(LONG)], "it sent more than 4 MB and was cut off"),
        ([OK, b"\r\n", repeat(LONG)], "it sent more than 4 MB and was cut off"),
    ],
)
async def test_what_is_no_http_is_left_at_once(pieces: list[Piece], told: str) -> None:
    async with saying(*pieces) as server:
        with pytest.raises(SourceFailed, match=told):
            await ask(server.url)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([], HUNG_UP),
        ([b"HTTP/1.1 2"], HUNG_UP),
        ([OK, b"content-le"], HUNG_UP),
        ([OK, b"content-length: 9\r\n\r\n{}"], BROKE_OFF),
        ([OK + b"content-length: 9\r\n\r\n", b"{}"], BROKE_OFF),
        ([CHUNKED, b"2\r\n{}\r\n"], BROKE_OFF),
        ([CHUNKED + b"2\r\n{}\r\n0\r\n"], BROKE_OFF),
    ],
)
async def test_half_an_answer_is_none(pieces: list[Piece], told: str) -> None:
    async with saying(*pieces, then="closes") as server:
        with pytest.raises(SourceFailed, match=told):
            await ask(server.url)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([], "the connection was lost in mid-answer"),
        ([OK], "the connection was lost in mid-answer"),
        ([OK, b"content-length: 9\r\n\r\n", b"{}"], BROKE_OFF),
        ([CHUNKED, b"2\r\n{}\r\n"], BROKE_OFF),
        ([OK + b"\r\n", b"{}"], BROKE_OFF),
        ([b"HTTP/1.0 200 OK\r\n\r\n{}", b"\n"], BROKE_OFF),
    ],
)
async def test_a_lost_connection_is_never_the_end_of_an_answer(pieces: list[Piece], told: str) -> None:
    async with saying(*pieces, then="resets") as server:
        with pytest.raises(SourceFailed, match=told):
            await ask(server.url)


@pytest.mark.anyio
@pytest.mark.parametrize(
    "pieces",
    [
        [WHOLE],
        [b"HTTP/1.1 200 OK\ncontent-length: 2\n\n{}"],
        [OK, b"content-encoding: identity\r\ncontent-length: 2\r\n\r\n", b"{", b"}"],
        [OK, b"content-type: application/json\r\n\r\n", b"{", b"}"],
        [b"HTTP/1.0 200 OK\r\n\r\n{}"],
        [CHUNKED, b"1\r\n{\r\n", b"1;a=b\r\n}\r\n", b"0\r\nchecksum: 1\r\n\r\n"],
        [b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n", WHOLE],
        [OK, b"a: " + b"x" * 30_000 + b"\r\ncontent-length: 2\r\n\r\n{}"],
        [OK, b"".join(b"h%d: x\r\n" % at for at in range(120)), b"content-length: 2\r\n\r\n{}"],
    ],
)
async def test_an_unusual_answer_of_http_is_read(pieces: list[Piece]) -> None:
    async with saying(*pieces, then="closes") as server:
        told = await ask(server.url)

    assert (told.status, bytes(told.body)) == (200, b"{}")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "head", [b"204 No Content", b"304 Not Modified", b"404 Not Found", b"101 Switching", b"999 Odd"]
)
async def test_an_answer_may_be_empty_whatever_its_status(head: bytes) -> None:
    length = b"content-length: 0\r\n" if head[:1] in b"49" else b""
    async with saying(b"HTTP/1.1 " + head + b"\r\n" + length + b"\r\n") as server:
        told = await ask(server.url)

    assert (told.status, bytes(told.body), told.is_success) == (int(head[:3]), b"", head[:3] == b"204")


@pytest.mark.anyio
async def test_a_server_that_only_says_that_it_will_answer_is_left() -> None:
    async with saying(repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 10)) as server:
        with pytest.raises(SourceFailed, match=r"no whole answer within 0\.3 s"):
            await ask(server.url, deadline_s=0.3)


@pytest.mark.anyio
async def test_as_many_and_as_long_headers_as_any_usual_server_sends_are_read() -> None:
    many, long = b"a: b\r\n" * 100, (b"b: " + b"x" * 31_000 + b"\r\n") * 4
    async with saying(OK, many, long, b"content-length: 2\r\n\r\n{}") as server:
        told = await ask(server.url)

    assert (told.status, len(told.headers["a"]), len(told.headers["b"])) == (200, 298, 4 * 31_000 + 6)


@pytest.mark.anyio
async def test_repeated_headers_are_joined_and_bytes_that_are_no_text_are_marked() -> None:
    async with saying(OK, b"Link: a\r\nlink: b\r\nETag: \xff\xfe\r\ncontent-length: 2\r\n\r\n{}") as server:
        told = await ask(server.url)

    assert told.headers == {"link": "a, b", "etag": "\ufffd\ufffd", "content-length": "2"}


@pytest.mark.anyio
async def test_a_cookie_is_not_kept() -> None:
    async with saying(OK, b"set-cookie: seen=1; path=/\r\ncontent-length: 2\r\n\r\n{}") as server:
        await ask(server.url)
        await ask(server.url)

    assert b"cookie" not in b"".join(server.heard[0]).lower()


@pytest.mark.anyio
async def test_it_is_rootline_that_asks_and_for_nothing_compressed() -> None:
    async with saying(WHOLE) as server:
        await ask(server.url)

    sent = server.heard[0][0].lower().split(b"\r\n")
    assert sent[0] == b"get /ready http/1.1"
    assert {b"user-agent: rootline", b"accept-encoding: identity", b"accept: application/json"} < set(sent)


EXPRESSIONS = [
    'sum by (a) (rate(http_requests_total{path=~"/a.*",b!="c"}[5m])) / 2 > 1e+3',
    "a+b %2B % %zz",
    "a;b&c=d#e?f",
    "ü ✓ \U0001f600",
    "tab\tline\nzero\0",
    "'\"\\`^|<>[]{}",
    "..",
    "",
]


@pytest.mark.anyio
async def test_an_expression_arrives_as_it_was_written() -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Said:
        seen.append(asked)
        return said("{}")

    with answering(answer) as url:
        for one in EXPRESSIONS:
            await fetch(at(url), "/api/v1/query", {"query": one})

    assert [one.query["query"] for one in seen] == EXPRESSIONS


@given(
    parameters=st.dictionaries(st.text(max_size=9), st.text(max_size=20) | st.lists(st.text(max_size=9), min_size=1))
)
def test_any_parameters_arrive_as_they_are(parameters: dict[str, str | list[str]]) -> None:
    address = address_of("http://prom/a/../b%2Fc", parameters)

    each = ((name, [value] if isinstance(value, str) else value) for name, value in parameters.items())
    assert parse_qsl(address.raw_query_string, keep_blank_values=True) == [
        (name, value) for name, values in each for value in values
    ]
    assert address.raw_path == "/b%2Fc"
    assert str(address).isascii()


def test_a_repeated_name_is_sent_for_each_of_its_values() -> None:
    assert urlsplit(str(address_of("http://prom/a", {"match[]": ["a", "b"]}))).query == "match%5B%5D=a&match%5B%5D=b"


@pytest.mark.parametrize("path", ["/a b", "/a\r\nx: y", '/a"b', "/ü", "/a?b=c d&e=\r\n"])
def test_a_path_holds_nothing_that_would_end_it(path: str) -> None:
    target = address_of(f"http://prom{path}", None).raw_path_qs

    assert target.isascii()
    assert target.isprintable()
    assert " " not in target


@pytest.mark.anyio
@pytest.mark.parametrize("url", [r"http://a\b:1", "http://256.1.1.1:1", "http://1.2.3.4.5:1"])
async def test_an_address_that_passed_as_one_and_is_none_is_named(url: str) -> None:
    with pytest.raises(Misconfigured, match=r"ROOTLINE_PROMETHEUS_URL is no address that can be asked\."):
        await fetch(backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url), "/")


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["a..b", "a" * 70 + ".invalid", "nothing.invalid", "ü.invalid"])
async def test_a_host_that_cannot_be_is_unknown(host: str) -> None:
    with pytest.raises(SourceFailed, match="no such host is known"):
        await fetch(at(f"http://{host}"), "/")


@pytest.mark.anyio
async def test_an_expired_certificate_is_told(tmp_path: Path) -> None:
    shown, context = self_signed(tmp_path, days=1)

    with answering(lambda _: said("{}"), tls=context) as url, pytest.raises(SourceFailed, match="has expired"):
        await fetch(replace(at(url), ca_file=shown), "/")


@pytest.mark.anyio
async def test_a_server_that_hangs_up_instead_of_greeting_is_told() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(SourceFailed, match="it hung up before there was a connection"):
            await fetch(at(url), "/")


def test_who_asks_no_live_source_loads_no_client() -> None:
    code = "import sys, rootline.desk, rootline.sources.connecting as _; print({'aiohttp', 'yarl'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
