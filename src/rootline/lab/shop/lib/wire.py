"""HTTP/1.1 messages with JSON bodies, as much of it as the shop needs."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Json = dict[str, Any]
LONGEST_BODY = 2**20


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = field(default_factory=dict)


class Failure(Exception):
    """The request is answered with this status and these words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Read a first line and the headers, in lower case; an empty line when the other side has hung up."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return "", {}
    first, *lines = head.split("\r\n")
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return first, {name.strip().lower(): value.strip() for name, value in pairs}


async def read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> Json:
    """Read a JSON object of the announced length."""
    length = int(headers.get("content-length", "0"))
    if length > LONGEST_BODY:
        raise Failure(413, f"a body of {length} bytes is too long")
    content = await reader.readexactly(length) if length else b""
    told = json.loads(content) if content else {}
    return told if isinstance(told, dict) else {"value": told}


def request_of(first: str, headers: Mapping[str, str], body: Json) -> Request:
    """Make a request of a first line and what follows it."""
    method, target, *_ = [*first.split(" "), "", ""]
    where = urlsplit(target)
    return Request(method=method, path=where.path, query=dict(parse_qsl(where.query)), headers=headers, body=body)


def message(first: str, headers: Mapping[str, str], content: bytes, kind: str = "application/json") -> bytes:
    """Write a message."""
    lines = [first, f"content-type: {kind}", f"content-length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def as_json(value: object) -> bytes:
    """Write a value as compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()
