"""What a Qdrant server refuses, over HTTP as its documentation has it, becomes one sentence with the next step."""

import json
from typing import Any
from warnings import catch_warnings, simplefilter

import pytest
from httpx import Headers
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import UnexpectedResponse
from tests.fakes.wire import Asked, Said, answering, said

from rootline.domain.tenant import LOCAL
from rootline.errors import Misconfigured
from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.source import Runbook
from rootline.store.embedding import SpellingEmbedder
from rootline.store.qdrant import QdrantIndex
from rootline.store.qdrant_collections import examined

pytestmark = pytest.mark.anyio
POOL = Runbook(name="pool", title="Pools", body="# Pool\n\nRaise the zebra pool.")


def refusal(error: str) -> str:
    return json.dumps({"status": {"error": error}, "time": 0.0})


def books(client: AsyncQdrantClient) -> QdrantIndex:
    return QdrantIndex(client=client, tenant=LOCAL.tenant, embedder=SpellingEmbedder())


async def failure(url: str, what: str, key: str = "") -> str:
    """Return what is said when the server is asked to index or to search and does not."""
    with catch_warnings():
        simplefilter("ignore")  # that a key goes over plain HTTP, which here stays on this machine
        client = AsyncQdrantClient(url=url, api_key=key or None, check_compatibility=False, timeout=5)
    try:
        with pytest.raises(SourceFailed) as failed:
            await (books(client).index([POOL]) if what == "index" else books(client).search("zebra"))
    finally:
        await client.close()
    return str(failed.value)


@pytest.mark.parametrize(
    ("status", "body", "headers", "told"),
    [
        (401, refusal("Must provide an API key"), {}, "it answers 401: Must provide an API key"),
        (403, refusal("Global access is required"), {}, "it answers 403: Global access is required"),
        (429, refusal("Limit"), {"retry_after": "7"}, "it answers 429: Limit; it asks for 7 s of rest"),
        (429, refusal("Limit"), {}, "it answers 429: Limit"),
        (500, refusal("Service internal error"), {}, "it answers 500: Service internal error"),
        (502, "<h1>Bad gateway</h1>", {}, "it answers 502: <h1>Bad gateway</h1>"),
        (404, "[1]", {}, "it answers 404: Not Found"),
        (200, "<html>a login</html>", {}, "it sent no JSON, as another program or a proxy would"),
        (200, "", {}, "it sent no JSON, as another program or a proxy would"),
        (200, '{"result": 5}', {}, "its JSON is not that of Qdrant"),
    ],
)
async def test_each_refusal_is_one_sentence_that_names_the_settings(
    status: int, body: str, headers: dict[str, str], told: str
) -> None:
    with answering(lambda _: said(body, status, **headers)) as url:
        found = [await failure(url, what) for what in ("index", "search")]

    assert found == [f"Qdrant: {told}. See ROOTLINE_QDRANT_URL and ROOTLINE_QDRANT_KEY."] * 2


async def test_the_key_is_sent_and_never_told() -> None:
    heard: list[Asked] = []

    def answer(asked: Asked) -> Said:
        heard.append(asked)
        return said(refusal("Invalid API key"), 403)

    with answering(answer) as url:
        told = await failure(url, "search", key="s3cret")

    assert heard[0].headers["api-key"] == "s3cret"
    assert "s3cret" not in told


async def test_a_collection_of_another_program_is_refused_with_the_way_out() -> None:
    client = AsyncQdrantClient(":memory:")
    await client.create_collection("runbooks", vectors_config=q.VectorParams(size=256, distance=q.Distance.COSINE))

    with pytest.raises(Misconfigured, match=r"runbooks was made by another program.* Remove the collection"):
        await books(client).index([POOL])

    await client.close()


class Hurried(AsyncQdrantClient):
    """A client that another process is always quicker than."""

    async def create_collection(self, *given: Any, **more: Any) -> bool:
        await super().create_collection(*given, **more)
        raise UnexpectedResponse(409, "Conflict", refusal("Collection `runbooks` already exists!").encode(), Headers())


async def test_a_collection_that_another_process_made_meanwhile_is_used() -> None:
    client = Hurried(":memory:")

    made = await books(client).index([POOL])

    assert made.added == 1
    assert [one.runbook for one in (await books(client).search("zebra")).passages] == ["pool"]
    await client.close()


async def test_what_a_server_holds_of_ours_is_told_of_each_collection() -> None:
    client = AsyncQdrantClient(":memory:")
    await books(client).index([POOL])

    found = await examined(client)

    assert found.startswith("Qdrant ")
    assert found.endswith(
        "answers: runbooks 1 passages in vectors of 256, git_diff_chunks not made yet, incident_summaries not made yet"
    )
    await client.create_collection("git_diff_chunks", vectors_config={})
    with pytest.raises(Misconfigured, match="git_diff_chunks was made by another program"):
        await examined(client)
    await client.close()
