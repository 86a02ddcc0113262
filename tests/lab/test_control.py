"""Who may tell a laboratory what to do, and where its files are."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.lab.control import controlled, give
from rootline.lab.events import Events
from rootline.lab.fault import Event
from rootline.lab.floor import Floor
from rootline.lab.laboratory import Laboratory
from rootline.lab.places import Places
from rootline.lab.programs import Programs
from rootline.lab.state import State, read_state, running

NOTHING = Programs(prometheus="/bin/false", alertmanager="/bin/false", git="git")


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[Laboratory]:
    """A laboratory that was never started; only its orders are listened to."""
    made = Laboratory(Places(tmp_path), NOTHING, seed=1, tell=print)
    yield made
    await made.stop()


@pytest.mark.anyio
async def test_orders_are_obeyed_only_with_the_word_that_the_owner_can_read(closed: Laboratory) -> None:
    async with controlled(closed) as control:
        state = running(closed.places)
        assert oct(closed.places.state.stat().st_mode & 0o777) == "0o600"
        reader, writer = await asyncio.open_connection("127.0.0.1", state.port)
        writer.write((json.dumps({"token": "guessed", "verb": "down"}) + "\n").encode())
        assert await reader.read() == b""
        writer.close()
        assert not control.ended.is_set()

        assert [one.done async for one in give(state, "down")] == [{}]
        assert control.ended.is_set()

    assert read_state(closed.places) is None


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("verb", "words", "says"),
    [
        ("explode", {}, "'explode' is no order"),
        ("break", {"name": "earthquake"}, "There is no fault 'earthquake'"),
        ("break", {"patch": "/nowhere.diff", "service": "cart"}, "cannot be read"),
    ],
)
async def test_an_order_that_cannot_be_obeyed_is_refused_with_a_reason(
    closed: Laboratory, verb: str, words: dict[str, str], says: str
) -> None:
    async with controlled(closed):
        with pytest.raises(Misconfigured, match=says):
            _ = [one async for one in give(running(closed.places), verb, **words)]


@pytest.mark.anyio
async def test_garbage_on_the_control_port_harms_nothing(closed: Laboratory) -> None:
    async with controlled(closed):
        state = running(closed.places)
        for garbage in (b"\n", b"{}\n", b"x" * 20_000 + b"\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", state.port)
            writer.write(garbage)
            assert await reader.read() == b""
            writer.close()

        told = [one.done async for one in give(state, "status")]

    assert told[0] is not None
    assert set(told[0]) == {"services", "versions", "firing", "happened"}


@pytest.mark.anyio
async def test_events_leave_their_marks_where_the_shop_looks(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.volume.mkdir()
    events = Events(places, Floor(places, {}, print))

    await events.bring(Event(kind="surge", target="browse", size=12))
    await events.bring(Event(kind="drift", target="pricing", size=-70))
    await events.bring(Event(kind="bank", target="hanging"))
    await events.end()

    assert json.loads(places.rates.read_text()) == {"browse": 12}
    assert places.drift("pricing").read_text() == "-70"
    assert places.mood.read_text() == "hanging"


@pytest.mark.anyio
async def test_a_laboratory_that_falls_silent_before_it_is_done_is_an_error() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b'{"told": "5 deployments that harm nobody come first"}\n')
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    state = State(pid=1, port=port, token="", prometheus="", alertmanager="", gateway="")
    lines = give(state, "break")

    assert (await anext(lines)).told == "5 deployments that harm nobody come first"
    with pytest.raises(Misconfigured, match=r"The laboratory ended before it was done\."):
        await anext(lines)
    server.close()


@pytest.mark.anyio
async def test_a_patch_is_looked_at_before_anybody_deploys(closed: Laboratory, tmp_path: Path) -> None:
    closed.repository.create()
    before = closed.repository.head()
    file = tmp_path / "stranger.diff"
    file.write_text(
        "--- a/shop/cart/settings.toml\n+++ b/shop/cart/settings.toml\n@@ -1 +1 @@\n-workers = 99\n+workers = 1\n"
    )

    async with controlled(closed):
        with pytest.raises(Misconfigured, match=r"does not apply to the shop as it is now: .*settings\.toml"):
            _ = [one async for one in give(running(closed.places), "break", patch=str(file), service="cart")]

    assert (closed.repository.head(), closed.happened.all) == (before, [])
