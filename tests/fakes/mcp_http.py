"""The HTTP door on a free port of the loopback, and what a client needs to knock."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from tests.fakes.mcp_desk import House

from rootline.domain.evidence import JsonObject
from rootline.server.http import Address, http_server, listening
from rootline.server.tokens import FileTokens, Token

ACCEPT = "application/json, text/event-stream"
MODERN = "2026-07-28"


@dataclass(frozen=True, kw_only=True)
class Door:
    url: str

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/mcp")

    @asynccontextmanager
    async def client(self, era: str, token: str = "") -> AsyncIterator[Client]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=20) as http,
            Client(streamable_http_client(self.url, http_client=http), mode=era) as client,
        ):
            yield client

    async def post(
        self, method: str, params: JsonObject | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        async with httpx2.AsyncClient(timeout=20) as http:
            return await http.post(self.url, json=request(method, params), headers={**named(method), **(headers or {})})


def named(method: str) -> dict[str, str]:
    return {"Accept": ACCEPT, "MCP-Protocol-Version": MODERN, "Mcp-Method": method}


def request(method: str, params: JsonObject | None = None) -> JsonObject:
    meta: JsonObject = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**(params or {}), "_meta": meta}}


@asynccontextmanager
async def opened(house: House, tokens: tuple[Token, ...] = ()) -> AsyncIterator[Door]:
    taken = listening("127.0.0.1", 0)
    address = Address(host="127.0.0.1", port=taken.getsockname()[1])
    server = house.server(FileTokens(tokens, address.resource) if tokens else None)
    running = http_server(server, address)
    serving = asyncio.create_task(running.serve(sockets=[taken]))
    try:
        yield Door(url=address.resource)
    finally:
        running.should_exit = True
        await serving
        taken.close()
