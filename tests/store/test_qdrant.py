"""What is Qdrant's own: the model's collections and payloads, the tenant on every request, and its failures."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from qdrant_client import AsyncQdrantClient
from tests.fakes.embedding_server import embedding_server
from tests.fakes.observability import free_port

from rootline.errors import Misconfigured
from rootline.sources.failure import SourceFailed
from rootline.sources.runbooks.source import Runbook
from rootline.store.documents import Document, artifact
from rootline.store.embedding import SpellingEmbedder
from rootline.store.embedding_api import ApiEmbedder
from rootline.store.passages import Passage
from rootline.store.qdrant import QdrantIndex

pytestmark = pytest.mark.anyio
ADA, EVE = UUID(int=1), UUID(int=2)
POOL = Runbook(
    name="pool",
    title="Pools",
    body="# Pool\n\nRaise the zebra pool.",
    service="prod/shop/db",
    tags=("db", "pool"),
    source_url="https://wiki.example/pool",
    version="7",
)


@pytest.fixture
async def client() -> AsyncIterator[AsyncQdrantClient]:
    made = AsyncQdrantClient(":memory:")
    yield made
    await made.close()


def index(client: AsyncQdrantClient, tenant: UUID = ADA, **more: Any) -> QdrantIndex:
    return QdrantIndex(**{"client": client, "tenant": tenant, "embedder": SpellingEmbedder(), **more})


async def test_every_result_can_become_an_evidence_artifact(client: AsyncQdrantClient) -> None:
    books = index(client)
    await books.index([POOL])

    (found,) = (await books.search("zebra pool", 1)).passages
    made = artifact(found)

    assert made.source == "qdrant"
    collection, _, point = made.ref.partition("/")
    assert collection == "runbooks"
    (held,) = await client.retrieve(collection, [point])
    assert held.payload is not None
    assert {key: held.payload[key] for key in ("title", "service_key", "tags", "source_url", "tenant_id")} == {
        "title": "Pools",
        "service_key": "prod/shop/db",
        "tags": "db,pool",
        "source_url": "https://wiki.example/pool",
        "tenant_id": str(ADA),
    }
    assert (made.metadata["title"], made.metadata["score"]) == ("Pools", found.score)
    assert "tenant_id" not in made.metadata


async def test_the_three_collections_are_apart(client: AsyncQdrantClient) -> None:
    def one(name: str) -> Document:
        return Document(
            name=name, body=name, digest=name, passages=(Passage(runbook=name, heading="", quote="raise the limit"),)
        )

    await index(client, collection="git_diff_chunks").add([one("diff")])
    await index(client, collection="incident_summaries").add([one("incident")])

    assert {made.name for made in (await client.get_collections()).collections} == {
        "git_diff_chunks",
        "incident_summaries",
    }
    assert [one.runbook for one in await index(client, collection="git_diff_chunks").search("limit")] == ["diff"]
    assert list(await index(client).search("limit")) == []


async def test_a_tenant_finds_nothing_of_another_and_weighs_words_by_its_own(client: AsyncQdrantClient) -> None:
    mine, theirs = index(client, ADA), index(client, EVE)
    await mine.index([POOL])
    alone = [one.score for one in await mine.search("zebra pool")]
    await theirs.index([Runbook(name=f"zebra-{at}", title="Zebra", body="zebra pool") for at in range(20)])

    assert [one.score for one in await mine.search("zebra pool")] == alone
    assert {one.runbook for one in await mine.search("zebra pool", 50)} == {"pool"}
    await theirs.index([])
    assert {one.runbook for one in await mine.search("zebra pool", 50)} == {"pool"}
    assert list(await theirs.search("zebra pool")) == []


async def test_words_of_a_question_cannot_widen_the_tenant(client: AsyncQdrantClient) -> None:
    await index(client, EVE).index([POOL])
    await index(client, ADA).index([Runbook(name="mine", title="Mine", body="okapi")])

    for query in (f"tenant_id {EVE}", '{"must": []}', "is_current true zebra", str(EVE)):
        assert "pool" not in {one.runbook for one in await index(client, ADA).search(query, 50)}


async def test_an_embedder_of_another_size_is_refused_with_the_way_out(client: AsyncQdrantClient) -> None:
    await index(client).index([POOL])
    with embedding_server() as served:
        other = index(client, embedder=ApiEmbedder(url=served.url, model="small"))

        with pytest.raises(Misconfigured, match=r"holds vectors of 256 numbers, and the embedder makes 8\. Remove"):
            await other.index([POOL])
        with pytest.raises(SourceFailed, match="Qdrant: "):
            await other.search("zebra pool")


async def test_without_the_embedding_server_nothing_is_made_and_it_is_said_so(client: AsyncQdrantClient) -> None:
    with embedding_server() as served:
        books = index(client, embedder=ApiEmbedder(url=served.url, model="small"))
        served.statuses = [401] * 99
        without = await books.index([POOL])
        nothing = await books.search("zebra")
        served.statuses = []
        back = await books.index([POOL])

        assert (without.added, nothing.passages, back.added) == (0, (), 1)
        assert "searched by words alone" in without.remark
        assert [one.runbook for one in await books.search("zebra")] == ["pool"]


async def test_a_server_that_is_away_is_named_with_its_setting() -> None:
    away = AsyncQdrantClient(url=f"http://127.0.0.1:{free_port()}", check_compatibility=False, timeout=2)
    try:
        with pytest.raises(SourceFailed, match=r"Qdrant: .*See ROOTLINE_QDRANT_URL"):
            await index(away).index([POOL])
    finally:
        await away.close()
