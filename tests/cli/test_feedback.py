import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from tests.models.builtin.investigations import desk as memory
from tests.models.builtin.investigations import record_of, without_changes

from rootline.cli.feedback import give
from rootline.cli.parser import parse
from rootline.desk import Desk
from rootline.errors import NotFound
from rootline.store.journal import Record

pytestmark = pytest.mark.anyio


def ticking(desk: Desk) -> Desk:
    minutes = count()
    return replace(desk, clock=lambda: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=next(minutes)))


async def told(desk: Desk, *words: str) -> None:
    assert await give(parse(["feedback", *words]), desk) == 0


def confidence(record: Record) -> float:
    assert record.answer is not None
    return record.answer.hypotheses[0].confidence.value


async def test_what_is_confirmed_counts_next_time_and_what_is_taken_back_does_not() -> None:
    desk = ticking(memory())
    first = await record_of(without_changes(), desk)

    await told(desk, "confirmed", str(first.investigation.id))
    second = await record_of(without_changes(), desk)
    await told(desk, "uncertain", str(first.investigation.id))
    third = await record_of(without_changes(), desk)

    log = (await desk.journal.record(first.investigation.id)).feedback
    assert confidence(second) > confidence(first)
    assert confidence(third) == confidence(first)
    assert [one.verdict for one in log] == ["confirmed", "uncertain"]


async def test_a_verdict_on_one_explanation_is_stored_with_its_words_and_without_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    desk = ticking(memory())
    record = await record_of(without_changes(), desk)

    await told(
        desk, "rejected", "--hypothesis", "1", "--text", "no: ghp_16C7e42F292c6912E7710c838347Ae178B4a", "--json"
    )

    shown = json.loads(capsys.readouterr().out)
    (said,) = (await desk.journal.record(record.investigation.id)).feedback
    assert (said.verdict, said.hypothesis_rank) == ("rejected", 1)
    assert shown == said.model_dump(mode="json")
    assert said.text.startswith("no: ")
    assert "ghp_16C7" not in said.text


async def test_an_explanation_that_is_not_there_is_said_with_those_that_are() -> None:
    desk = ticking(memory())
    await record_of(without_changes(), desk)

    with pytest.raises(NotFound, match=r"has no explanation 8. It has: 1"):
        await told(desk, "rejected", "--hypothesis", "8")
    with pytest.raises(NotFound, match="There is no investigation whose id begins with 'zzz'"):
        await told(desk, "confirmed", "zzz")
