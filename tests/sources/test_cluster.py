import pytest

from rootline.analysis.cluster.query import ClusterQuery, listing
from rootline.sources.cluster import ClusterSource, RecordedCluster

PODS = listing("pods", "shop")


def recording() -> ClusterSource:
    return RecordedCluster({PODS: "NAME   READY\nweb    1/1", ClusterQuery(verb="alerts"): ""})


@pytest.mark.anyio
async def test_a_recorded_question_is_answered_with_its_text() -> None:
    assert await recording().read(PODS) == "NAME   READY\nweb    1/1"


@pytest.mark.anyio
async def test_no_objects_differ_from_a_question_that_was_never_asked() -> None:
    cluster = recording()

    assert await cluster.read(ClusterQuery(verb="alerts")) == ""
    assert await cluster.read(listing("nodes", "shop")) is None


@pytest.mark.anyio
async def test_the_recording_says_what_can_be_asked() -> None:
    assert await recording().kinds() == (("alerts", ""), ("get", "pods"))
