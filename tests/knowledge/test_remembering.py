"""What an investigation leaves behind, and that later searches find it."""

from dataclasses import replace
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient
from tests.fakes.incident import CULPRIT, incident

from rootline.desk import Desk
from rootline.domain.tenant import LOCAL, Actor
from rootline.knowledge.remembering import diff_chunks, incident_summary
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.documents import Collection, artifact
from rootline.store.embedding import SpellingEmbedder
from rootline.store.qdrant import QdrantIndex
from rootline.store.runbooks import MemoryRunbookIndex, RunbookIndex

pytestmark = pytest.mark.anyio


def desk_with(kept: dict[Collection, RunbookIndex]) -> Desk:
    desk = memory_desk(Settings(home=Path("unused")))

    def archives(_: Actor, name: Collection) -> RunbookIndex:
        return kept[name]

    return replace(desk, shelves=replace(desk.shelves, archives=archives))


async def test_an_answer_and_its_diffs_are_found_by_what_they_say() -> None:
    kept: dict[Collection, RunbookIndex] = {
        "git_diff_chunks": MemoryRunbookIndex(),
        "incident_summaries": MemoryRunbookIndex(),
    }
    desk = desk_with(kept)

    record = await desk.solve(incident(), "made up")

    (summary,) = await desk.shelves.collection(LOCAL, "incident_summaries").search("What caused this alert?", 1)
    (chunk,) = await desk.shelves.collection(LOCAL, "git_diff_chunks").search("SELECT FROM ledger WHERE id", 1)
    assert summary.runbook == str(record.investigation.id)
    assert record.answer is not None
    assert record.answer.hypotheses[0].statement in summary.quote
    assert (chunk.runbook, "QueryMany" in chunk.quote) == (f"{CULPRIT}#0", True)


async def test_in_qdrant_their_payloads_are_the_data_model_s() -> None:
    client = AsyncQdrantClient(":memory:")
    names: tuple[Collection, ...] = ("git_diff_chunks", "incident_summaries")
    kept: dict[Collection, RunbookIndex] = {
        name: QdrantIndex(client=client, tenant=LOCAL.tenant, embedder=SpellingEmbedder(), collection=name)
        for name in names
    }

    record = await desk_with(kept).solve(incident(), "made up")

    (chunk,) = await kept["git_diff_chunks"].search("SELECT FROM ledger", 1)
    (summary,) = await kept["incident_summaries"].search("What caused this alert?", 1)
    assert {key: artifact(chunk).metadata.get(key) for key in ("sha", "path", "hunk_id", "authored_at")} == {
        "sha": CULPRIT,
        "path": "store/ledger.go",
        "hunk_id": "0",
        "authored_at": "2026-03-01T12:32:00Z",
    }
    assert artifact(summary).metadata["incident_id"] == str(record.investigation.id)
    assert artifact(summary).metadata["started_at"] == "2026-03-01T12:00:00Z"
    await client.close()


async def test_the_same_investigation_leaves_the_same_behind() -> None:
    desk = memory_desk(Settings(home=Path("unused")))

    record = await desk.solve(incident(), "made up")

    assert incident_summary(record) == incident_summary(record)
    assert [one.name for one in diff_chunks(record)] == [f"{CULPRIT}#0"]


async def test_an_archive_that_is_away_costs_no_investigation() -> None:
    away = AsyncQdrantClient(url="http://127.0.0.1:9", check_compatibility=False, timeout=2)
    names: tuple[Collection, ...] = ("git_diff_chunks", "incident_summaries")
    kept: dict[Collection, RunbookIndex] = {
        name: QdrantIndex(client=away, tenant=LOCAL.tenant, embedder=SpellingEmbedder(), collection=name)
        for name in names
    }

    record = await desk_with(kept).solve(incident(), "made up")

    assert record.answer is not None
    assert record.answer.hypotheses
    await away.close()
