"""A key goes to its server and nowhere else."""

import logging
import traceback

import pytest
from tests.fakes.model_scripts import in_order
from tests.fakes.model_server import ModelServer
from tests.fakes.model_turn import Turn
from tests.models.wires import CHAT, KEY, MESSAGES, Wire, conversation, end_of, events_of, patience

from rootline.errors import ProviderFailed

pytestmark = pytest.mark.anyio
both = pytest.mark.parametrize("wire", [CHAT, MESSAGES], ids=lambda wire: wire.name)
BREAKS_OFF = b'event: error\ndata: {"type": "error", "error": {"message": "' + KEY.encode() + b'"}}\n\n'
ECHOES = (
    Turn(status=401, error=f"Incorrect API key provided: {KEY}"),
    Turn(status=401, raw=KEY.encode() * 100, content_type="text/plain"),
    Turn(raw=b"data: " + KEY.encode() + b"\n\n"),
    Turn(raw=BREAKS_OFF),
    Turn(raw=b"event: message_start\ndata: {}\n\n" + BREAKS_OFF),
)


@both
async def test_the_key_goes_to_the_server(wire: Wire) -> None:
    async with ModelServer(in_order(Turn(text="Hello."))) as server:
        await end_of(wire.model(server), conversation())

    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in server.raw_requests[0]


@both
@pytest.mark.parametrize("turn", ECHOES)
async def test_a_server_that_repeats_the_key_does_not_get_it_printed(
    wire: Wire, turn: Turn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async with ModelServer(in_order(turn)) as server:
        model = wire.model(server, patience(attempts=1))
        with pytest.raises(ProviderFailed) as failure:
            await events_of(model, conversation())

    printed = "".join(traceback.format_exception(failure.value))
    assert KEY not in printed
    assert KEY not in caplog.text
    assert KEY not in repr(model)


@both
async def test_a_key_in_a_header_that_comes_back_is_not_quoted(wire: Wire) -> None:
    async with ModelServer(in_order(Turn(raw=b"", content_type=f"text/{KEY}"))) as server:
        with pytest.raises(ProviderFailed, match=r"'text/\[key\]"):
            await events_of(wire.model(server), conversation())


@both
async def test_nothing_logs_the_key_when_all_goes_well(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async with ModelServer(in_order(Turn(text="Hello."))) as server:
        await end_of(wire.model(server), conversation())

    assert caplog.records
    assert KEY not in caplog.text
