"""What every runbook index keeps: in memory, in PostgreSQL with pgvector, and without."""

from dataclasses import replace
from random import Random

import pytest
from qdrant_client import AsyncQdrantClient

from rootline.domain.tenant import Actor
from rootline.sources.runbooks.source import Runbook
from rootline.store.embedding import SpellingEmbedder
from rootline.store.passages import Passage, passages
from rootline.store.postgres import Store
from rootline.store.qdrant import QdrantIndex
from rootline.store.runbooks import MemoryRunbookIndex, RunbookIndex
from rootline.store.terms import LENGTH, terms, vector

pytestmark = pytest.mark.anyio

CHECKOUT = Runbook(
    name="checkout-latency",
    title="Checkout latency",
    body="""Owned by payments.

# Symptoms
The p99 of checkout rises while its traffic stays flat.

# Rollback
Roll the last release back:

```
# not a heading
kubectl rollout undo deployment/checkout
```
""",
    risk="medium",
    owner="payments",
    version="7",
)
DISK = Runbook(name="disk-full", title="Node disk full", body="Pods are evicted. Prune images, then raise the quota.")
QUEUE = Runbook(name="queue", title="Queue backlog", body="Consumers lag behind. Scale the consumers out.")
ALL = (CHECKOUT, DISK, QUEUE)


@pytest.fixture(params=["memory", "real[]", "pgvector", "qdrant"])
async def index(request: pytest.FixtureRequest, store: Store, actor: Actor) -> RunbookIndex:
    if request.param == "qdrant":
        client = AsyncQdrantClient(":memory:")
        return QdrantIndex(client=client, tenant=actor.tenant, embedder=SpellingEmbedder())
    if request.param == "pgvector" and not store.has_pgvector:
        pytest.skip("this server has no pgvector")
    await store.ensure_tenant(actor.tenant, "a test")
    exact = replace(store, has_pgvector=request.param == "pgvector")
    return MemoryRunbookIndex() if request.param == "memory" else exact.runbooks(actor)


def bare(passage: Passage) -> Passage:
    """The passage without where a vector database holds it."""
    return passage.model_copy(update={"ref": "", "payload": {}})


async def test_a_passage_is_quoted_word_for_word_with_its_heading(index: RunbookIndex) -> None:
    await index.index(ALL)

    best, *_ = await index.search("How do I roll back a release of checkout?")

    assert best.quote in CHECKOUT.body
    assert bare(best).model_copy(update={"score": 0.0}) == Passage(
        runbook="checkout-latency",
        heading="Checkout latency: Rollback",
        quote="Roll the last release back:\n\n```\n# not a heading\nkubectl rollout undo deployment/checkout\n```",
        risk="medium",
        owner="payments",
        version="7",
    )


@pytest.mark.parametrize(
    ("query", "runbook"),
    [
        ("evicted pod", "disk-full"),
        ("CONSUMER LAGS", "queue"),
        ("node disc ful", "disk-full"),
        ("kubectl rollout undo", "checkout-latency"),
    ],
)
async def test_words_plurals_and_misspellings_find_their_runbook(index: RunbookIndex, query: str, runbook: str) -> None:
    await index.index(ALL)

    assert next(iter(await index.search(query))).runbook == runbook


@pytest.mark.parametrize("query", ["", "the of and", "zebra xylophone", "\x00", "\ud83d", "'; drop table --", "%s"])
async def test_what_shares_nothing_finds_nothing(index: RunbookIndex, query: str) -> None:
    await index.index(ALL)

    assert list(await index.search(query)) == []


async def test_only_the_current_version_is_found(index: RunbookIndex) -> None:
    newer = replace(DISK, body="Add a volume to the node.", version="2")
    await index.index(ALL)
    await index.index((newer, QUEUE))

    assert {one.runbook for one in await index.search("prune images release checkout volume lag", 9)} == {
        "disk-full",
        "queue",
    }
    assert [one.version for one in await index.search("disk")] == ["2"]


async def test_a_version_can_come_back(index: RunbookIndex) -> None:
    for runbooks in (ALL, (), ALL, ALL):
        await index.index(runbooks)

    assert len(await index.search("evicted", 9)) == 1


async def test_text_from_outside_is_quoted_to_the_character(index: RunbookIndex) -> None:
    hostile = Runbook(
        name="odd\x00\ud83d'name", title="Odd \x00", body="evicted \x00 \udfff {app} %s\n# \x00 head\nmore"
    )
    await index.index([hostile])

    found = await index.search("evicted", 9)

    assert [(one.runbook, one.heading, one.quote) for one in found] == [
        (hostile.name, hostile.title, "evicted \x00 \udfff {app} %s")
    ]


async def test_an_index_in_postgresql_answers_as_the_one_in_memory(index: RunbookIndex) -> None:
    random = Random(20260314)  # noqa: S311
    words = [
        f"{start}{end}" for start in ("disk", "pod", "node", "queue", "lag", "cert") for end in ("", "s", "ful", "x9")
    ]

    def text(size: int) -> str:
        return " ".join(random.choices(words, k=size))

    runbooks = [
        Runbook(name=f"Rb-{n % 7}-ü{n}", title=text(3), body="\n# ".join(text(9) for _ in range(4))) for n in range(60)
    ]
    memory = MemoryRunbookIndex()
    await memory.index(runbooks)
    await index.index(runbooks)

    for _ in range(40):
        query = text(random.randint(1, 5))
        assert [bare(one) for one in await index.search(query, 20)] == list(await memory.search(query, 20))


async def test_long_sections_are_cut_at_line_ends_and_nothing_is_lost() -> None:
    lines = [f"step {number} {'x' * (number % 90)}" for number in range(400)] + ["y" * 5000]
    cut = passages(Runbook(name="long", title="Long", body="\n".join(lines)))

    assert max(len(one.quote) for one in cut) <= 1200
    assert "".join(one.quote for one in cut).replace("\n", "") == "".join(lines)


async def test_a_vector_is_of_whole_numbers_and_of_one_length() -> None:
    made = vector("Prune images, then raise the quota of the node's disk.")

    assert (made == made.round()).all()
    assert abs(float((made @ made) ** 0.5) - LENGTH) < 0.02 * LENGTH
    assert vector("the of and").any() == False  # noqa: E712


async def test_terms_are_words_with_their_singular() -> None:
    assert terms("The Policies of busy nodes, boxes & class-loads") == {
        *("policies", "policy", "busy", "nodes", "node", "boxes", "boxe", "class", "loads", "load")
    }
