"""Documents under any embedder, in memory and in PostgreSQL: embedded once, anew when it changes, found without it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256

import pytest
from qdrant_client import AsyncQdrantClient
from tests.fakes.embedding_server import Embeddings, embedding_server

from rootline.domain.tenant import Actor
from rootline.sources.runbooks.source import Runbook
from rootline.store.documents import Document, Indexed, document_of
from rootline.store.embedding import Embedder, SpellingEmbedder
from rootline.store.embedding_api import ApiEmbedder
from rootline.store.passages import Passage
from rootline.store.postgres import Store
from rootline.store.qdrant import QdrantIndex
from rootline.store.runbooks import MemoryRunbookIndex, RunbookIndex

pytestmark = pytest.mark.anyio
Opener = Callable[[Embedder], RunbookIndex]

VEHICLES = Runbook(name="vehicles", title="Fleet", body="How to start an automobile in winter.")
HOUNDS = Runbook(name="hounds", title="Kennel", body="Feed each hound twice.")
MEDICS = Runbook(name="medics", title="Ward", body="Call the physician on duty.")
ALL = (VEHICLES, HOUNDS, MEDICS)


@pytest.fixture
def served() -> Iterator[Embeddings]:
    with embedding_server() as server:
        yield server


async def _at_once(_: float) -> None:
    """Wait for nothing."""


def meaning(served: Embeddings, model: str = "small") -> ApiEmbedder:
    return ApiEmbedder(url=served.url, model=model, pause=_at_once)


ANY_SIZE = ("memory", "real[]", "pgvector")
"""Where vectors of any size have a place; for Qdrant, whose collections have one, see test_qdrant.py."""


@pytest.fixture(params=[*ANY_SIZE, "qdrant"])
async def opened(request: pytest.FixtureRequest, store: Store, actor: Actor) -> Opener:
    if request.param == "qdrant":
        client = AsyncQdrantClient(":memory:")
        return lambda embedder: QdrantIndex(client=client, tenant=actor.tenant, embedder=embedder)
    if request.param == "pgvector" and not store.has_pgvector:
        pytest.skip("this server has no pgvector")
    await store.ensure_tenant(actor.tenant, "a test")
    kept = MemoryRunbookIndex()

    def memory(embedder: Embedder) -> RunbookIndex:
        kept.embedder = embedder
        return kept

    exact = replace(store, has_pgvector=request.param == "pgvector")
    return memory if request.param == "memory" else lambda embedder: exact.runbooks(actor, embedder=embedder)


async def test_meaning_finds_what_shares_no_word(opened: Opener, served: Embeddings) -> None:
    index = opened(meaning(served))
    await index.index(ALL)

    assert [one.runbook for one in await index.search("my car is cold", 1)] == ["vehicles"]
    assert [one.runbook for one in await index.search("a puppy barks", 1)] == ["hounds"]


async def test_what_has_not_changed_is_not_embedded_again(opened: Opener, served: Embeddings) -> None:
    index = opened(meaning(served))
    first = await index.index(ALL)
    asked = len(served.texts)
    again = await index.index((VEHICLES, HOUNDS, replace(MEDICS, body="Call the medic.")))

    assert (first.added, again) == (3, Indexed(added=1, unchanged=2, retired=0))
    assert len(served.texts) == asked + 1


async def test_what_is_gone_is_retired_and_comes_back_without_being_embedded_where_versions_are_kept(
    opened: Opener, served: Embeddings
) -> None:
    index = opened(meaning(served))
    await index.index(ALL)
    gone = await index.index((VEHICLES,))

    assert gone == Indexed(added=0, unchanged=1, retired=2)
    assert "hounds" not in {one.runbook for one in await index.search("a dog", 9)}
    await index.index(ALL)
    assert next(iter(await index.search("a dog"))).runbook == "hounds"


@pytest.mark.parametrize("opened", ANY_SIZE, indirect=True)
async def test_another_embedder_embeds_everything_anew(opened: Opener, served: Embeddings) -> None:
    await opened(SpellingEmbedder()).index(ALL)
    index = opened(meaning(served))
    changed = await index.index(ALL)
    small = len(served.texts)
    large = await opened(meaning(served, "large")).index(ALL)

    assert (changed.added, large.added) == (3, 3)
    assert len(served.texts) > small
    assert len(await opened(meaning(served, "large")).search("my car", 9)) == 1


@pytest.mark.parametrize("opened", ANY_SIZE, indirect=True)
async def test_vectors_of_another_size_are_never_compared(opened: Opener, served: Embeddings) -> None:
    await opened(SpellingEmbedder()).index(ALL)

    found = await opened(meaning(served)).search("my car is cold", 9)

    assert found.passages == ()


async def test_without_the_server_words_are_searched_and_it_is_said_so(opened: Opener, served: Embeddings) -> None:
    index = opened(meaning(served))
    await index.index(ALL)
    served.statuses = [401] * 99

    found = await index.search("physician car", 9)

    assert [one.runbook for one in found] == ["medics"]
    assert found.remark.startswith("searched by words alone: The embedding server at http://127.0.0.1")


@pytest.mark.parametrize("opened", ANY_SIZE, indirect=True)
async def test_what_was_indexed_without_the_server_is_embedded_when_it_is_back(
    opened: Opener, served: Embeddings
) -> None:
    served.statuses = [401] * 99
    without = await opened(meaning(served)).index(ALL)
    by_words = await opened(meaning(served)).search("physician", 9)
    served.statuses = []
    back = await opened(meaning(served)).index(ALL)

    assert "searched by words alone" in without.remark
    assert [one.runbook for one in by_words] == ["medics"]
    assert (back.added, back.remark) == (3, "")
    assert [one.runbook for one in await opened(meaning(served)).search("my car", 1)] == ["vehicles"]


async def test_a_server_that_dies_between_two_questions_loses_nothing(opened: Opener, served: Embeddings) -> None:
    index = opened(meaning(served))
    served.statuses = [200, *([401] * 99)]

    done = await index.index(ALL)

    assert "searched by words alone" in done.remark
    assert [one.runbook for one in await index.search("physician", 9)] == ["medics"]


def chunk(name: str, text: str) -> Document:
    held = (Passage(runbook=name, heading="", quote=text),)
    return Document(name=name, body=text, digest=sha256(f"{name} {text}".encode()).hexdigest(), passages=held)


async def test_documents_are_added_beside_those_that_are_there(opened: Opener) -> None:
    index = opened(SpellingEmbedder())
    await index.add([chunk("a", "the zebra pool"), chunk("b", "the okapi pool")])
    await index.add([chunk("c", "the quokka pool"), chunk("a", "the wombat pool")])

    assert {one.runbook for one in await index.search("pool", 9)} == {"a", "b", "c"}
    assert [one.quote for one in await index.search("zebra wombat", 1)] == ["the wombat pool"]
    assert list(await index.search("zebra")) == []


async def test_collections_are_apart(store: Store, actor: Actor) -> None:
    await store.ensure_tenant(actor.tenant, "a test")
    diffs, runbooks = store.runbooks(actor, "git_diff_chunks"), store.runbooks(actor)
    await diffs.add([chunk("same", "raise the limit")])
    await runbooks.index([Runbook(name="same", title="Limits", body="lower the limit")])
    await runbooks.index([])

    assert [one.quote for one in await diffs.search("limit")] == ["raise the limit"]
    assert list(await runbooks.search("limit")) == []


async def test_a_tenant_finds_nothing_of_another(store: Store, actor: Actor) -> None:
    other = Actor(tenant=actor.tenant.__class__(int=actor.tenant.int ^ 1), name="eve", role="engineer")
    for one in (actor, other):
        await store.ensure_tenant(one.tenant, "a test")
    await store.runbooks(actor).add([document_of(VEHICLES)])

    assert list(await store.runbooks(other).search("automobile winter")) == []
