"""What is old in Qdrant is let go of as it is in PostgreSQL, of one tenant at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from qdrant_client import AsyncQdrantClient
from tests.fakes.observability import free_port
from tests.store.examples import NOON, identity
from tests.store.test_retention import hunk

from rootline.domain.identity import made_at
from rootline.domain.window import rfc3339
from rootline.sources.failure import SourceFailed
from rootline.store.documents import Collection, Document
from rootline.store.embedding import SpellingEmbedder
from rootline.store.limits import FOUND, SEEN, Limits
from rootline.store.passages import Passage
from rootline.store.qdrant import QdrantIndex
from rootline.store.qdrant_retention import PAGE, QdrantRetention
from rootline.store.retention import Forgotten

pytestmark = pytest.mark.anyio
ADA, EVE = UUID(int=1), UUID(int=2)
DAY = timedelta(days=1)


@dataclass
class Rows:
    """The rows of a tenant, which are asked to go."""

    asked: list[Limits] = field(default_factory=list)

    async def forget(self, limits: Limits) -> Forgotten:
        self.asked.append(limits)
        return Forgotten(counts={"deliveries": 3})


@pytest.fixture
async def client() -> AsyncIterator[AsyncQdrantClient]:
    made = AsyncQdrantClient(":memory:")
    yield made
    await made.close()


def index(client: AsyncQdrantClient, collection: Collection, tenant: UUID = ADA) -> QdrantIndex:
    return QdrantIndex(client=client, tenant=tenant, embedder=SpellingEmbedder(), collection=collection)


async def forgotten(client: AsyncQdrantClient, now: datetime, rows: Rows | None = None) -> dict[str, int]:
    done = await QdrantRetention(client=client, tenant=ADA, rows=rows or Rows()).forget(Limits.at(now))
    return {name: count for name, count in done.counts.items() if name != "deliveries"}


async def left(archive: QdrantIndex) -> set[str]:
    return {one.runbook for one in await archive.search("pool", 9)}


def written(name: str, at: str) -> Document:
    plain = hunk(name, at, "a pool of words")
    return Document(
        name=name,
        body=plain.body,
        passages=plain.passages,
        digest=plain.digest,
        payload={"authored_at": at, "sha": name},
    )


@pytest.mark.promise("kept-as-long-as-promised")
async def test_diffs_are_kept_a_year_from_when_they_were_written(client: AsyncQdrantClient) -> None:
    mine, others = index(client, "git_diff_chunks"), index(client, "git_diff_chunks", EVE)
    times = {"old": "2026-03-13T23:59:59Z", "new": "2026-03-16T12:00:00Z", "unknown": ""}
    for archive in (mine, others):
        await archive.add([written(name, at) for name, at in times.items()])

    assert await forgotten(client, NOON + SEEN) == {"diffs in Qdrant": 1, "answers in Qdrant": 0}
    assert await left(mine) == {"new", "unknown"}
    await forgotten(client, NOON + SEEN + 4 * DAY)

    assert await left(mine) == {"unknown"}
    assert await left(others) == set(times)


def answered(number: int, at: datetime, incident: str | None = None) -> Document:
    name = str(identity(number, at)) if incident is None else incident
    passage = Passage(runbook=name, heading="checkout", quote="the pool is empty")
    payload = {"incident_id": name, "started_at": rfc3339(at - 900 * DAY)}
    return Document(name=name, body="", passages=(passage,), digest=f"{number:064}", payload=payload)


@pytest.mark.promise("kept-as-long-as-promised")
async def test_an_answer_in_short_is_kept_as_long_as_its_investigation(client: AsyncQdrantClient) -> None:
    mine, others = index(client, "incident_summaries"), index(client, "incident_summaries", EVE)
    odd = [answered(3, NOON, "odd"), answered(4, NOON, str(UUID(int=5)))]
    known = [answered(1, NOON), answered(2, NOON + 2 * DAY), *odd]
    for archive in (mine, others):
        await archive.add(known)

    assert await forgotten(client, NOON + FOUND) == {"diffs in Qdrant": 0, "answers in Qdrant": 0}
    assert await forgotten(client, NOON + FOUND + DAY) == {"diffs in Qdrant": 0, "answers in Qdrant": 1}

    assert await left(mine) == {one.name for one in known[1:]}
    assert await left(others) == {one.name for one in known}


async def test_more_than_a_page_is_gone_through(client: AsyncQdrantClient) -> None:
    archive = index(client, "incident_summaries")
    await archive.add([answered(at, NOON + at % 2 * 9 * DAY) for at in range(PAGE + 50)])

    gone = await forgotten(client, NOON + FOUND + DAY)

    assert gone["answers in Qdrant"] == (PAGE + 50) // 2
    assert (await client.count("incident_summaries")).count == (PAGE + 50) // 2


async def test_where_nothing_was_ever_kept_only_the_rows_go(client: AsyncQdrantClient) -> None:
    rows = Rows()

    assert await forgotten(client, NOON, rows) == {"diffs in Qdrant": 0, "answers in Qdrant": 0}
    assert rows.asked == [Limits.at(NOON)]


async def test_while_it_is_away_the_rows_go_all_the_same_and_that_is_told() -> None:
    away, rows = AsyncQdrantClient(url=f"http://127.0.0.1:{free_port()}", check_compatibility=False), Rows()

    with pytest.raises(SourceFailed, match="Qdrant"):
        await forgotten(away, NOON, rows)

    assert len(rows.asked) == 1
    await away.close()


def test_an_identifier_tells_when_it_was_made() -> None:
    assert made_at(identity(7, NOON)) == NOON
    with pytest.raises(ValueError, match="tells no time"):
        made_at(UUID(int=7))
