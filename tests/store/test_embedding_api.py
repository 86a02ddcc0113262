"""Embeddings over the documented wire: in batches, with patience, and never of a wrong size."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from tests.fakes.embedding_server import Embeddings, embedding_server
from tests.fakes.observability import free_port

from rootline.store.embedding import LONG, EmbeddingFailed, SpellingEmbedder, whole
from rootline.store.embedding_api import ATTEMPTS, BATCH, LONGEST_TEXT, LONGEST_WAIT_S, ApiEmbedder

pytestmark = pytest.mark.anyio


@pytest.fixture
def served() -> Iterator[Embeddings]:
    with embedding_server() as server:
        yield server


def embedder(served: Embeddings, waited: list[float] | None = None, **more: Any) -> ApiEmbedder:
    slept = waited if waited is not None else []

    async def pause(seconds: float) -> None:
        slept.append(seconds)

    return ApiEmbedder(**{"url": served.url, "model": "small", "pause": pause, **more})


async def test_texts_come_back_as_vectors_in_their_order_whatever_the_order_of_the_answer(served: Embeddings) -> None:
    car, dog = await embedder(served, key="s3cret").embed(["a car", "a dog"])

    assert (int(np.argmax(car)), int(np.argmax(dog))) == (0, 1)
    assert served.asked == [{"model": "small", "input": ["a car", "a dog"], "encoding_format": "float"}]
    assert served.keys == ["Bearer s3cret"]


async def test_many_texts_go_in_batches_and_long_ones_are_cut(served: Embeddings) -> None:
    found = await embedder(served).embed(["x" * 10 * LONGEST_TEXT, "", *(["word"] * BATCH)])

    assert len(found) == BATCH + 2
    assert [len(one["input"]) for one in served.asked] == [BATCH, 2]
    assert (len(served.texts[0]), served.texts[1]) == (LONGEST_TEXT, " ")


async def test_the_model_and_the_size_of_its_vectors_are_its_identity_and_are_asked_once(served: Embeddings) -> None:
    small = embedder(served)

    assert [await small.identity(), await small.identity()] == ["small/8", "small/8"]
    assert len(served.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_may_pass_is_tried_again_with_growing_patience(served: Embeddings, status: int) -> None:
    waited: list[float] = []
    served.statuses = [status, status]

    assert len(await embedder(served, waited).embed(["a car"])) == 1
    assert waited == [1.0, 2.0]


async def test_a_server_that_says_when_is_listened_to_within_reason(served: Embeddings) -> None:
    waited: list[float] = []
    served.statuses, served.retry_after = [429], "7"
    await embedder(served, waited).embed(["a car"])
    served.statuses, served.retry_after = [429], "3600"
    await embedder(served, waited).embed(["a car"])

    assert waited == [7.0, LONGEST_WAIT_S]


async def test_a_server_that_stays_away_is_told(served: Embeddings) -> None:
    served.statuses = [503] * 99

    with pytest.raises(EmbeddingFailed, match=r"it answers 503\. See ROOTLINE_EMBEDDINGS_URL"):
        await embedder(served).embed(["a car"])

    assert len(served.asked) == ATTEMPTS


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_a_refusal_is_not_repeated_and_holds_no_key(served: Embeddings, status: int) -> None:
    served.statuses = [status] * 9

    with pytest.raises(EmbeddingFailed, match=f"it answers {status}") as failed:
        await embedder(served, key="s3cret").embed(["a car"])

    assert len(served.asked) == 1
    assert "s3cret" not in str(failed.value)


async def test_where_nothing_listens_is_told() -> None:
    async def pause(_: float) -> None:
        """Wait for nothing."""

    away = ApiEmbedder(url=f"http://127.0.0.1:{free_port()}/v1", model="small", pause=pause)

    with pytest.raises(EmbeddingFailed, match="cannot be reached"):
        await away.embed(["a car"])


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"<html>", "another shape"),
        (b'{"data": [{"index": 0}]}', "another shape"),
        (b'{"data": []}', "0 vectors for 1 texts"),
        (b'{"data": [{"index": 1, "embedding": [1, 2]}]}', "1 vectors for 1 texts"),
        (b'{"data": [{"index": 0, "embedding": []}]}', "impossible sizes"),
        (b'{"data": [{"index": 0, "embedding": [1]}]}', "impossible sizes"),
        (b'{"data": [{"index": 0, "embedding": [1e999, 1]}]}', "no finite number"),
    ],
)
async def test_an_answer_that_is_none_is_told(served: Embeddings, answer: bytes, told: str) -> None:
    served.body = lambda _: answer

    with pytest.raises(EmbeddingFailed, match=told):
        await embedder(served).embed(["a car"])


async def test_vectors_of_another_size_than_before_are_refused(served: Embeddings) -> None:
    small = embedder(served)
    await small.embed(["a car"])
    served.body = lambda _: json.dumps({"data": [{"index": 0, "embedding": [1.0, 2.0, 3.0]}]}).encode()

    with pytest.raises(EmbeddingFailed, match="sizes: 3, 8"):
        await small.embed(["a car"])


def test_a_stretched_vector_keeps_its_direction_and_its_products_are_exact_in_single_precision() -> None:
    noise = np.random.default_rng(3)
    for size in (2, 384, 1536, 8192):
        one, other = (whole(noise.standard_normal(size).tolist()) for _ in range(2))
        assert (one == one.round()).all()
        assert float(one @ one) < 2**24
        assert abs(float(np.linalg.norm(one)) / LONG - 1) < 0.02
        assert float(one.astype(np.float32) @ other.astype(np.float32)) == float(one @ other)
    assert not whole([0.0, 0.0]).any()


async def test_the_embedder_that_needs_nothing_knows_its_name() -> None:
    assert await SpellingEmbedder().identity() == "spelling/256"
