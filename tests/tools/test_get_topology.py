"""Who depends on whom: that nothing was seen is said only where somebody answered."""

import pytest
from tests.tools.test_several_clusters import Dead, told

from rootline.domain.signal import Edge
from rootline.sources.bundle import Sources
from rootline.sources.failure import SourceFailed
from rootline.sources.topology import RecordedTopology
from rootline.sources.traces.source import RecordedTraces

pytestmark = pytest.mark.anyio
EDGE = Edge(caller="web", callee="cart", found_in="declared")


@pytest.mark.parametrize(
    "sources",
    [
        Sources(topology=Dead(name="prometheus")),
        Sources(traces=Dead(name="tempo")),
        Sources(topology=RecordedTopology([]), traces=Dead(name="tempo")),
    ],
)
async def test_a_source_that_fails_is_no_absence_of_dependencies(sources: Sources) -> None:
    with pytest.raises(SourceFailed, match="nothing accepts connections there"):
        await told(sources, "get_topology")


async def test_what_another_source_tells_is_told_with_what_is_missing() -> None:
    reading = await told(Sources(topology=RecordedTopology([EDGE]), traces=Dead(name="tempo")), "get_topology")

    assert reading.status == "partial"
    assert "without tempo: nothing accepts connections there" in reading.summary
    assert "1 dependencies" in reading.summary


async def test_where_all_answer_that_nothing_was_seen_is_said() -> None:
    reading = await told(Sources(topology=RecordedTopology([]), traces=RecordedTraces([])), "get_topology")

    assert (reading.status, reading.clusters) == ("no_data", ())
