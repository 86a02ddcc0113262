"""A backend that dies, lies, stalls, floods or sends garbage: one clear sentence, little memory, no crash."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import pytest
from tests.fakes.certificate import self_signed
from tests.fakes.observability import free_port
from tests.fakes.readers import READERS, Ask, at
from tests.fakes.wire import Answer, Asked, Said, answering, said

from rootline.errors import Misconfigured
from rootline.sources.backend import backend
from rootline.sources.failure import SourceFailed
from rootline.sources.http import fetch

ROOT = Path(__file__).parents[2]
FLOOD = 500 * 2**20
MOST_MORE_MB = 64
PIECE = b'{"status":"success","data":[' + b" " * 65_000
JSON = "application/json"


@pytest.fixture(params=[*READERS.values()], ids=[*READERS])
def ask(request: pytest.FixtureRequest) -> Ask:
    asked: Ask = request.param
    return asked


def flood(_: Asked) -> Said:
    return Said(pieces=repeat(PIECE, FLOOD // len(PIECE)), headers={"content-length": str(FLOOD)})


def half(_: Asked) -> Said:
    return Said(pieces=iter([b'{"status":']), headers={"content-length": "1000"})


def stall(_: Asked) -> Said:
    return Said(pieces=iter([b'{"status":']), headers={"content-length": "1000"}, hangs=True)


def always(body: str | bytes, status: int = 200, **headers: str) -> Answer:
    return lambda _: said(body, status, **headers)


BAD: dict[str, tuple[Answer, str]] = {
    "500 MB": (flood, "it sent more than 4 MB and was cut off"),
    "half an answer": (half, "it broke off in mid-answer"),
    "broken JSON": (always('{"status":"success","data":['), "broken JSON"),
    "nested JSON": (always("[" * 100_000 + "]" * 100_000), "broken JSON"),
    "a million lists": (always("[" + "[]," * 1_300_000 + "[]]"), "more than is read at once"),
    "a web page": (always("<!doctype html><title>Sign in</title>"), "it sent a web page, not JSON"),
    "nothing": (always(""), "it sent an empty answer"),
    "no text": (always(b"\xff\xfe\x00\x01"), "broken JSON"),
    "a login": (always("who are you?", 401), "it answers 401: it wants a token"),
    "another path": (always("404 page not found", 404), "it is no such backend or lives under another path"),
    "too often": (always("slow down", 429), "It limits how often it is asked"),
    "its own fault": (always("x" * 1_000_000, 500), "Its own log says more"),
    "elsewhere": (always("", 302, location="http://evil.example/"), "it redirects to http://evil.example/, which is"),
    "compressed": (always(b"\x1f\x8b", content_encoding="gzip"), "a compressed answer that was not asked for"),
}

LARGE = ("500 MB", "a million lists")
NO_ROOM = "it sent more than there is room for while other answers are read"
"""What a reader is told that has several such answers open at once."""


@pytest.mark.anyio
@pytest.mark.parametrize("case", BAD)
async def test_every_bad_answer_has_its_own_sentence(ask: Ask, case: str) -> None:
    answer, told = BAD[case]

    with answering(answer) as url, pytest.raises(SourceFailed) as failed:
        await ask(at(url))

    assert told in str(failed.value) or (case in LARGE and NO_ROOM in str(failed.value))
    assert len(str(failed.value)) < 600


@pytest.mark.anyio
@pytest.mark.parametrize("body", ["42", '"x"', '{"data":{"result":[{"metric":5,"stream":5,"values":7}]}}', '[["x"]]'])
async def test_json_of_another_shape_is_nothing_or_a_failure(ask: Ask, body: str) -> None:
    with answering(always(body)) as url:
        found = await _found_or_failed(ask, url)

    assert found in ([], (), "failed")


async def _found_or_failed(ask: Ask, url: str) -> object:
    try:
        return await ask(at(url))
    except SourceFailed:
        return "failed"


@pytest.mark.anyio
async def test_a_backend_that_stalls_is_left(ask: Ask) -> None:
    with answering(stall) as url, pytest.raises(SourceFailed, match=r"no whole answer within 0\.2 s"):
        await ask(at(url, deadline_s=0.2))


@pytest.mark.anyio
async def test_a_backend_that_is_not_there_is_named(ask: Ask) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(SourceFailed, match="nothing accepts connections there") as failed:
        await ask(at(url))

    assert url in str(failed.value)
    assert "ROOTLINE_BACKEND_URL" in str(failed.value)


@pytest.mark.anyio
async def test_a_refused_token_is_not_told() -> None:
    with answering(always("no", 403)) as url, pytest.raises(SourceFailed, match="the token was refused") as failed:
        await fetch(at(url, token="s3cr3t-t0ken"), "/api/v1/query")

    assert "Set ROOTLINE_BACKEND_TOKEN" in str(failed.value)
    assert "s3cr3t" not in f"{failed.value!r} {at(url, token='s3cr3t-t0ken')!r}"


@pytest.mark.anyio
async def test_token_and_tenant_are_sent() -> None:
    seen: list[Asked] = []

    def answer(asked: Asked) -> Said:
        seen.append(asked)
        return said("{}")

    with answering(answer) as url:
        await fetch(replace(at(url, token="abc"), tenant="shop"), "/ready")

    assert (seen[0].headers["authorization"], seen[0].headers["x-scope-orgid"]) == ("Bearer abc", "shop")


@pytest.mark.anyio
async def test_a_self_signed_certificate_is_trusted_only_when_named(tmp_path: Path) -> None:
    shown, context = self_signed(tmp_path)

    with answering(always("{}"), tls=context) as url:
        with pytest.raises(SourceFailed, match="Set ROOTLINE_CA_FILE"):
            await fetch(at(url), "/")
        assert await fetch(replace(at(url), ca_file=shown), "/") == b"{}"
        with pytest.raises(SourceFailed, match="its certificate is for another host"):
            await fetch(replace(at(url.replace("127.0.0.1", "localhost")), ca_file=shown), "/")


@pytest.mark.anyio
async def test_a_certificate_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")

    with pytest.raises(Misconfigured, match="cannot be read as PEM certificates"):
        await fetch(replace(at("https://127.0.0.1:1"), ca_file=tmp_path / "ca.pem"), "/")


@pytest.mark.anyio
async def test_tls_to_a_plain_server_is_told() -> None:
    with answering(always("{}")) as url, pytest.raises(SourceFailed, match="Write http:// instead of https://"):
        await fetch(at(url.replace("http:", "https:")), "/")


FETCH = """
import asyncio, sys
from tests.fakes.readers import at
from rootline.sources.http import fetch
from rootline.sources.failure import SourceFailed
try:
    asyncio.run(fetch(at("http://backend.example"), "/"))
except SourceFailed as failed:
    print(failed)
"""


def test_a_proxy_that_cannot_be_reached_is_named() -> None:
    proxy = f"127.0.0.1:{free_port()}"
    around = {"http_proxy": f"http://user:secret@{proxy}", "HTTP_PROXY": "", "NO_PROXY": "", "no_proxy": ""}

    done = subprocess.run(
        [sys.executable, "-c", FETCH],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **around},
    )

    assert f"the proxy {proxy} cannot be reached. Check HTTP_PROXY" in done.stdout
    assert "secret" not in done.stdout


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("127.0.0.1:9090", "is no address"),
        ("ftp://host", "is no address"),
        ("http://", "is no address"),
        ("http://host:99999", "is no address"),
        ("http://a b", "is no address"),
        ("http://user:secret@host", "holds more than an address"),
        ("http://host/?token=secret", "holds more than an address"),
    ],
)
def test_an_address_is_checked_before_it_is_asked(url: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told) as refused:
        backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", url)

    assert "secret" not in str(refused.value)


def test_a_token_that_cannot_be_a_header_is_refused_without_being_told() -> None:
    with pytest.raises(Misconfigured, match="Paste it again") as refused:
        backend("Prometheus", "ROOTLINE_PROMETHEUS_URL", "http://host", token="se cret\n1")

    assert "cret" not in str(refused.value)


MEASURE = """
import asyncio, ctypes, gc, re, sys
from pathlib import Path
from tests.fakes.readers import READERS, at
from rootline.sources.failure import SourceFailed

def memory(what):
    return int(re.search(what + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text()).group(1)) / 1024

async def ask(name, url):
    try:
        await READERS[name](at(url, deadline_s=60))
    except SourceFailed:
        pass

small, *floods = sys.argv[1:]
for name in READERS:
    asyncio.run(ask(name, small))
def settle():
    # What is free counts for nothing: how much of it the C library keeps depends on which thread was how quick.
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)

for url in floods:
    settle()
    before, most = memory("VmRSS"), 0
    for name in READERS:
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
        asyncio.run(ask(name, url))
        most = max(most, memory("VmHWM"))
        settle()
    print(most - before)
"""


def dense(piece: str) -> Callable[[Asked], Said]:
    """As many values as fit into what is read."""
    return always("[" + piece * (4 * 2**20 // len(piece) - 10) + piece[:-1] + "]")


def matrix() -> bytes:
    """A well-formed answer to a range, with more series than were asked for."""
    samples = ",".join(['[1772366400,"0.25"]'] * 400)
    rows = ",".join([f'{{"metric":{{"service":"a"}},"values":[{samples}]}}'] * 120)
    return f'{{"status":"success","data":{{"resultType":"matrix","result":[{rows}]}}}}'.encode()


def late(worst: Answer) -> Answer:
    """Answer small questions well and large ones badly, so that many bad answers come at once."""
    names = [f"requests_{number}_seconds" for number in range(40)] + ["service_name", "service"]
    small = {
        "/api/v1/query": '{"data":{"result":[]}}',
        "/api/services": '{"data":["a","b","c","d"]}',
        "/api/v2/services": '["a","b","c","d"]',
        "/select/logsql/field_names": '{"values":[{"value":"service"}]}',
        "/select/logsql/field_values": '{"values":[{"value":"a"}]}',
    }
    listed = always(json.dumps({"data": names}))

    def answer(asked: Asked) -> Said:
        if "label" in asked.path:
            return listed(asked)
        return said(small[asked.path]) if asked.path in small else worst(asked)

    return answer


@pytest.fixture
def floods() -> Iterator[list[str]]:
    worst = [flood, dense("[],"), dense('"some text",'), always(matrix())]
    with ExitStack() as open_servers:
        yield [open_servers.enter_context(answering(one)) for one in [*worst, *map(late, worst)]]


def test_half_a_gigabyte_costs_little_memory(floods: list[str]) -> None:
    with answering(always("{}")) as small:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, small, *floods], check=True, capture_output=True, text=True, cwd=ROOT
        )

    costs = [float(line) for line in done.stdout.splitlines()]
    assert len(costs) == len(floods)
    assert max(costs) < MOST_MORE_MB
