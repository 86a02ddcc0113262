"""Evidence, answers and claims as rows. Each function runs inside the caller's transaction."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import Answer, Hypothesis
from rootline.store.bodies import read, write
from rootline.store.postgres.pool import Cursor
from rootline.store.sql import statement


async def read_evidence(
    cursor: Cursor, investigation: UUID, labels: Collection[str] | None = None
) -> tuple[Evidence, ...]:
    """Return the evidence in the order of storing: all of it, or that with the labels."""
    values = {"investigation": investigation, "labels": None if labels is None else list(labels)}
    await cursor.execute(statement("read_evidence"), values)
    return tuple(read(Evidence, row[0]) for row in await cursor.fetchall())


async def read_labels(cursor: Cursor, investigation: UUID) -> tuple[str, ...]:
    """Return the labels in the order of storing."""
    await cursor.execute(statement("read_labels"), {"investigation": investigation})
    return tuple(label for (label,) in await cursor.fetchall())


async def add_answer(cursor: Cursor, investigation: UUID, answer: Answer) -> None:
    """Insert the answer: its claims, then the hypotheses that stand on them, then itself."""
    place = {"investigation": investigation}
    await cursor.executemany(
        statement("add_claim"), [{**place, "position": at, **row} for at, row in enumerate(_claims(answer))]
    )
    await cursor.executemany(statement("add_hypothesis"), [{**place, **_hypothesis(one)} for one in answer.hypotheses])
    body = write(answer, without=("hypotheses", "claims", "failed"))
    await cursor.execute(statement("add_answer"), {**place, "outcome": answer.outcome, "body": body})


def _claims(answer: Answer) -> Iterator[dict[str, Any]]:
    for hypothesis in answer.hypotheses:
        yield from (_claim(one, "support", hypothesis.rank) for one in hypothesis.support)
        yield from (_claim(one, "against", hypothesis.rank) for one in hypothesis.against)
    yield from (_claim(one, "claim", None) for one in answer.claims)
    yield from (_claim(one, "failed", None) for one in answer.failed)


def _claim(checked: Checked, part: str, rank: int | None) -> dict[str, Any]:
    return {
        "part": part,
        "rank": rank,
        "mark": checked.mark,
        "predicate": checked.claim.predicate,
        "evidence": checked.claim.selectors[0].evidence if checked.is_fact else None,
        "claim_sha256": _claim_sha256(checked),
        "body": write(checked),
    }


def _claim_sha256(checked: Checked) -> str:
    return hashlib.sha256(write(checked.claim).encode()).hexdigest()


def _hypothesis(hypothesis: Hypothesis) -> dict[str, Any]:
    return {
        "rank": hypothesis.rank,
        "type": hypothesis.type,
        "remediation": hypothesis.remediation,
        "is_proven": hypothesis.is_proven,
        "confidence": hypothesis.confidence.value,
        "body": write(hypothesis, without=("support", "against")),
    }


async def read_answer(cursor: Cursor, investigation: UUID) -> Answer | None:
    """Return the answer whole, or None where there is none yet."""
    values = {"investigation": investigation}
    await cursor.execute(statement("read_answer"), values)
    row = await cursor.fetchone()
    if row is None:
        return None
    await cursor.execute(statement("read_claims"), values)
    claims = [(part, rank, read(Checked, body)) for part, rank, body in await cursor.fetchall()]

    def among(part: str, rank: int | None = None) -> list[Checked]:
        return [checked for its_part, its_rank, checked in claims if (its_part, its_rank) == (part, rank)]

    await cursor.execute(statement("read_hypotheses"), values)
    hypotheses = [
        read(Hypothesis, body, {"support": among("support", rank), "against": among("against", rank)})
        for rank, body in await cursor.fetchall()
    ]
    return read(Answer, row[0], {"hypotheses": hypotheses, "claims": among("claim"), "failed": among("failed")})


async def add_recheck(cursor: Cursor, investigation: UUID, checks: Sequence[Checked]) -> None:
    """Insert one more round of marks for stored claims."""
    await cursor.execute(statement("next_recheck"), {"investigation": investigation})
    (number,) = await cursor.fetchone() or (0,)
    rows = [
        {
            "investigation": investigation,
            "round": number,
            "position": position,
            "claim_sha256": _claim_sha256(check),
            "mark": check.mark,
            "body": write(check),
        }
        for position, check in enumerate(checks)
    ]
    await cursor.executemany(statement("add_recheck"), rows)


async def read_rechecks(cursor: Cursor, investigation: UUID) -> tuple[Checked, ...]:
    """Return all later marks, oldest first."""
    await cursor.execute(statement("read_rechecks"), {"investigation": investigation})
    return tuple(read(Checked, row[0]) for row in await cursor.fetchall())
