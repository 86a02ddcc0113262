"""A model server on the loopback that speaks both wire formats and plays a script.

async with ModelServer(normal("get_alerts", {}, answer)) as server:
    model = OpenAICompatibleModel(base_url=server.openai_url, model="m", key=None, timeout_s=5)
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from tests.fakes.model_turn import Turn, chat_error, chat_events, message_error, message_events

from rootline.domain.evidence import JsonObject

DRIP_S = 0.01

Script = Callable[[JsonObject], Turn]


class CutOffError(Exception):
    """Makes the server drop the connection in mid-answer."""


class ModelServer:
    """Runs in the loop that enters it. What it was asked is in `requests`, `raw_requests` and `headers`, in order."""

    def __init__(self, script: Script, *, models: tuple[str, ...] = ("scripted-model",)) -> None:
        self.requests: list[JsonObject] = []
        self.raw_requests: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.hung_up = asyncio.Event()
        self._script = script
        self._models = models
        self._socket = socket.socket()
        self._server = uvicorn.Server(
            uvicorn.Config(self._app(), log_config=None, lifespan="off", log_level="critical")
        )

    @property
    def openai_url(self) -> str:
        """The address for chat.completions."""
        return f"{self.anthropic_url}/v1"

    @property
    def anthropic_url(self) -> str:
        """The address for messages."""
        return "http://{}:{}".format(*self._socket.getsockname())

    async def __aenter__(self) -> Self:
        self._socket.bind(("127.0.0.1", 0))
        self._server.config.load()
        self._server.lifespan = self._server.config.lifespan_class(self._server.config)
        await self._server.startup(sockets=[self._socket])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        for task in list(self._server.server_state.tasks):
            task.cancel()
        self._server.force_exit = True
        await self._server.shutdown(sockets=[self._socket])

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/messages", self._messages, methods=["POST"]),
                Route("/v1/models", self._list, methods=["GET"]),
            ]
        )

    async def _chat(self, request: Request) -> Response:
        turn = await self._play(request)
        return self._respond(turn, chat_events(turn, "scripted-model"), chat_error(turn))

    async def _messages(self, request: Request) -> Response:
        turn = await self._play(request)
        return self._respond(turn, message_events(turn, "scripted-model"), message_error(turn))

    async def _list(self, _: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": name, "object": "model"} for name in self._models]})

    async def _play(self, request: Request) -> Turn:
        raw = await request.body()
        self.raw_requests.append(raw)
        self.headers.append(dict(request.headers))
        self.requests.append(json.loads(raw))
        turn = self._script(self.requests[-1])
        while turn.silent and (await request.receive())["type"] != "http.disconnect":
            pass
        if turn.silent:
            self.hung_up.set()
        return turn

    def _respond(self, turn: Turn, events: Iterator[bytes], error: JsonObject) -> Response:
        headers = dict(turn.headers)
        if turn.status >= 300 and turn.raw is None:
            return JSONResponse(error, status_code=turn.status, headers=headers)
        body = iter([turn.raw]) if turn.raw is not None else events
        return StreamingResponse(
            self._stream(body, turn), status_code=turn.status, media_type=turn.content_type, headers=headers
        )

    async def _stream(self, body: Iterator[bytes], turn: Turn) -> AsyncIterator[bytes]:
        for piece in body:
            yield piece
        if turn.ending == "cut":
            raise CutOffError
        while turn.ending == "drip":
            yield b": still here\n\n"
            await asyncio.sleep(DRIP_S)
        if turn.ending == "stall":
            await self._silence()

    async def _silence(self) -> None:
        """Say nothing until the other side hangs up, upon which the response is cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            self.hung_up.set()
