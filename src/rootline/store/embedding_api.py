"""Embeddings by any server that speaks OpenAI's `/v1/embeddings`, such as vLLM, Ollama or OpenAI itself."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import httpx2
from pydantic import BaseModel, ValidationError

from rootline.domain.signal import Floats
from rootline.store.embedding import LONG, MEANT_ALIKE, EmbeddingFailed, whole

BATCH = 32
"""Source: Hugging Face, text-embeddings-inference, `--max-client-batch-size`; the least that usual servers take."""
ATTEMPTS = 5
LONGEST_WAIT_S, FIRST_WAIT_S, DEADLINE_S = 20.0, 0.5, 60.0
LONGEST_TEXT = 6_000
"""Source: ours; characters, which is below the 2,048 tokens that small embedding models read."""
MOST_DIMENSIONS = 8_192
MOST_BYTES = 64 * 2**20
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class _One(BaseModel):
    index: int
    embedding: list[float]


class _Answer(BaseModel):
    data: list[_One]


@dataclass(kw_only=True)
class ApiEmbedder:
    """One model of one server. A refused or failed request is made again with patience."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    least: int = round(MEANT_ALIKE * LONG * LONG)
    _dimensions: int = 0

    async def identity(self) -> str:
        """Return the model's name and size, which one short text tells."""
        if not self._dimensions:
            await self.embed(["size"])
        return f"{self.model}/{self._dimensions}"

    async def embed(self, texts: Sequence[str]) -> list[Floats]:
        """Return a vector for each text, in batches."""
        found: list[Floats] = []
        async with httpx2.AsyncClient(timeout=DEADLINE_S, headers=self._headers, follow_redirects=False) as client:
            for start in range(0, len(texts), BATCH):
                batch = [text[:LONGEST_TEXT] or " " for text in texts[start : start + BATCH]]
                found += await self._batch(client, batch)
        return found

    @property
    def _headers(self) -> dict[str, str]:
        own = {"authorization": f"Bearer {self.key}"} if self.key else {}
        return {"accept": "application/json", "accept-encoding": "identity", **own}

    async def _batch(self, client: httpx2.AsyncClient, texts: Sequence[str]) -> list[Floats]:
        body = await self._answer(client, {"model": self.model, "input": list(texts), "encoding_format": "float"})
        try:
            answer = _Answer.model_validate_json(body)
        except ValidationError as bad:
            raise EmbeddingFailed(f"{self._asked} answered in another shape than is documented.") from bad
        vectors = [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]
        if [one.index for one in sorted(answer.data, key=lambda one: one.index)] != list(range(len(texts))):
            raise EmbeddingFailed(f"{self._asked} answered {len(vectors)} vectors for {len(texts)} texts.")
        self._check_size({len(one) for one in vectors})
        return [whole(one) for one in vectors]

    def _check_size(self, sizes: set[int]) -> None:
        known = {self._dimensions} if self._dimensions else sizes
        if sizes != known or len(sizes) != 1 or not 1 < max(sizes) <= MOST_DIMENSIONS:
            told = ", ".join(str(one) for one in sorted(sizes | known))
            raise EmbeddingFailed(f"{self._asked} answered vectors of different or impossible sizes: {told}.")
        (self._dimensions,) = sizes

    async def _answer(self, client: httpx2.AsyncClient, question: dict[str, object]) -> bytes:
        wait_s, why = FIRST_WAIT_S, ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await self.pause(wait_s)
            try:
                async with client.stream("POST", self._endpoint, json=question) as response:
                    if response.is_success:
                        return await self._read(response)
                    why, again = f"it answers {response.status_code}", response.status_code in _AGAIN
                    wait_s = min(_asked_wait(response) or wait_s * 2, LONGEST_WAIT_S)
            except httpx2.InvalidURL as bad:
                raise EmbeddingFailed("ROOTLINE_EMBEDDINGS_URL is no address that can be asked.") from bad
            except httpx2.TransportError as lost:
                why, again, wait_s = f"it cannot be reached ({type(lost).__name__})", True, wait_s * 2
            if not again:
                break
        raise EmbeddingFailed(
            f"{self._asked} gives no embeddings: {why}. See ROOTLINE_EMBEDDINGS_URL, _MODEL and _KEY."
        )

    async def _read(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > MOST_BYTES:
                raise EmbeddingFailed(f"{self._asked} sent more than {MOST_BYTES // 2**20} MB.")
        return bytes(body)

    @property
    def _asked(self) -> str:
        return f"The embedding server at {self.url}"

    @property
    def _endpoint(self) -> str:
        bare = self.url.rstrip("/")
        return bare if bare.endswith("/embeddings") else f"{bare}/embeddings"


def _asked_wait(response: httpx2.Response) -> float | None:
    told = response.headers.get("retry-after", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) <= 4 else None  # noqa: PLR2004 hours at most
