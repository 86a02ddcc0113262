"""A loopback server that speaks `/v1/embeddings` as OpenAI documents it; its vectors tell what words mean."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

MEANINGS = (
    ("car", "automobile", "vehicle"),
    ("dog", "hound", "puppy"),
    ("doctor", "physician", "medic"),
    ("disk", "volume", "storage"),
    ("queue", "backlog", "consumers"),
    ("checkout", "basket", "cart"),
)


def meaning(text: str) -> list[float]:
    """Vectors in which words of one meaning are one direction; a text of none of them has one of its own."""
    low = text.lower()
    found = [float(sum(low.count(word) for word in words)) for words in MEANINGS]
    return [*found, 0.0 if any(found) else 1.0, 0.01]


@dataclass
class Embeddings:
    """What the server was asked, and what it does next: a status instead of an answer, or another answer."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    retry_after: str = ""
    embed: Callable[[str], Sequence[float]] = meaning
    body: Callable[[dict[str, Any]], bytes] | None = None

    @property
    def texts(self) -> list[str]:
        return [text for one in self.asked for text in one["input"]]


class _Handler(BaseHTTPRequestHandler):
    served: ClassVar[Embeddings]

    def do_POST(self) -> None:
        held = type(self).served
        question = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert self.path == "/v1/embeddings"
        held.asked.append(question)
        held.keys.append(self.headers.get("authorization", ""))
        status = held.statuses.pop(0) if held.statuses else 200
        body = (held.body or self._answer)(question) if status == 200 else b'{"error": {"message": "not now"}}'
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        if status != 200 and held.retry_after:
            self.send_header("retry-after", held.retry_after)
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, question: dict[str, Any]) -> bytes:
        data = [
            {"object": "embedding", "index": at, "embedding": list(type(self).served.embed(text))}
            for at, text in enumerate(question["input"])
        ]
        told = {"object": "list", "data": data[::-1], "model": question["model"], "usage": {"total_tokens": 1}}
        return json.dumps(told).encode()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def embedding_server() -> Iterator[Embeddings]:
    served = Embeddings()
    handler = type("Handler", (_Handler,), {"served": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        served.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield served
        finally:
            server.shutdown()
