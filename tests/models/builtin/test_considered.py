import pytest
from tests.fakes.incident import incident
from tests.models.builtin.investigations import record_of

from rootline.models.builtin.considered import considered

pytestmark = pytest.mark.anyio


async def test_every_service_that_was_read_of_is_ranked_once_best_first() -> None:
    record = await record_of(incident())

    found = considered({one.label: one for one in record.evidence})

    names = [name for name, _ in found]
    assert {one.service for one in incident().series or ()} <= set(names)
    assert len(names) == len(set(names))
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    assert all(0 <= p <= 1 for _, p in found)


async def test_the_ranking_begins_with_a_service_in_trouble() -> None:
    record = await record_of(incident())

    found = considered({one.label: one for one in record.evidence})

    assert found[0][0] in {"service-0", "service-1"}
    assert found[0][1] > 2 * found[-1][1]


def test_nothing_read_ranks_nothing() -> None:
    assert considered({}) == []
