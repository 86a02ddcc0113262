"""A few of the moments at which a process or its database can die; `benchmarks/kill_points.py` has a hundred."""

from pathlib import Path

import pytest
from benchmarks.kill_points import Victim, kill_at

pytestmark = pytest.mark.anyio


@pytest.mark.promise("nothing-is-lost")
@pytest.mark.parametrize(
    ("after", "victim"),
    [("← E1", "process"), ("← E8", "process"), ("← E3", "postgres"), ("→ asking search", "postgres")],
)
async def test_nothing_stored_or_shown_is_lost_or_fetched_again(after: str, victim: Victim, tmp_path: Path) -> None:
    point = await kill_at(after, 0.0, victim, tmp_path / "home")

    assert point.stored > 0
    assert point.faults == ()
