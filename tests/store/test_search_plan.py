"""The work of a search grows with the number of passages and not with its square, though there are no statistics."""

from hashlib import sha256
from typing import Any

import pytest

from rootline.domain.tenant import Actor
from rootline.store.documents import CANDIDATES, RANK_CONSTANT, Document
from rootline.store.embedding import SpellingEmbedder
from rootline.store.passages import Passage
from rootline.store.postgres import Store
from rootline.store.postgres.runbooks import searching
from rootline.store.sql import filled
from rootline.store.terms import terms

pytestmark = pytest.mark.anyio
PASSAGES = 400
EACH = 100
"""Rows that may pass through a plan for each passage; a join of passages with passages would be hundreds."""


def hunk(number: int) -> Document:
    text = f"the pool {number} of connections is empty"
    passage = Passage(runbook=str(number), heading="pool", quote=text)
    return Document(name=str(number), body=text, passages=(passage,), digest=sha256(text.encode()).hexdigest())


def rows_through(node: dict[str, Any]) -> float:
    """Count the rows that a plan's node and those below it made or threw away."""
    made = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Join Filter", 0)
    return float(made * node["Actual Loops"]) + sum(rows_through(one) for one in node.get("Plans", ()))


@pytest.mark.parametrize("name", ["real[]", "pgvector"])
async def test_each_passage_is_looked_at_a_few_times_at_most(store: Store, actor: Actor, name: str) -> None:
    if name == "pgvector" and not store.has_pgvector:
        pytest.skip("this server has no pgvector")
    await store.ensure_tenant(actor.tenant, "a test")
    index = store.runbooks(actor, "git_diff_chunks")
    await index.add([hunk(number) for number in range(PASSAGES)])
    query = "the connections of a pool are empty"
    (vector,) = await SpellingEmbedder().embed([query])
    values = {
        "collection": "git_diff_chunks",
        "terms": sorted(terms(query)),
        "vector": vector.tolist(),
        "least": 0,
        "candidates": CANDIDATES,
        "constant": RANK_CONSTANT,
        "limit": 20,
    }

    async with index.tenant.transaction() as cursor:
        asked = searching(has_pgvector=name == "pgvector")
        await cursor.execute(b"explain (analyze, format json) " + asked, values)
        (row,) = await cursor.fetchall()
    (plan,) = row[0]

    own = 256 * PASSAGES if name == "real[]" else 0  # its products are made number by number
    assert rows_through(plan["Plan"]) - own * 2 < EACH * PASSAGES


def test_the_two_searches_differ_in_how_products_are_made_alone() -> None:
    plain, fast = (searching(has_pgvector=one).decode() for one in (False, True))
    before, product, after = plain.partition("/* product */")

    assert product
    assert fast.startswith(before)
    assert fast.endswith(after.partition("/* . */")[2])
    assert "<#>" in fast.removeprefix(before)
    assert "<#>" not in plain


def test_a_statement_without_the_place_is_told() -> None:
    with pytest.raises(ValueError, match="no place for 'nothing'"):
        filled("search_passages", "nothing", by="product_by_pgvector")
