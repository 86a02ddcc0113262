"""A model may blame what the cluster it names has printed, not what another one has."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.agent.grounding import grounded
from rootline.domain.evidence import ClusterOutcome, Evidence, Reading, SourceName
from rootline.domain.fact import TextFact
from rootline.domain.stated import StatedAnswer, StatedClaim, StatedHypothesis
from rootline.domain.window import Window
from rootline.errors import ToolFault

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))


def evidence(asked: str, *clusters: str) -> dict[str, Evidence]:
    outcomes = tuple(ClusterOutcome(cluster=one, asked="cluster", status="ok") for one in clusters)
    fact = TextFact(subject=asked, asked=asked, lines=["NAME", "cart-7f9 0/1 CrashLoopBackOff"])
    source = SourceName(backend="kubernetes")
    reading = Reading(status="ok", summary="", facts=(fact,), source=source, window=HOUR, clusters=outcomes)
    one = Evidence(label="E1", tool="get_cluster_state", arguments={}, reading=reading, sha256="", taken_at=START)
    return {"E1": one}


def blaming(subject: str) -> StatedAnswer:
    claim = StatedClaim(evidence="E1", fact=0, predicate="contains", line=1)
    one = StatedHypothesis(type="config", subject=subject, cause="crash_loop", probability=0.8, support=(claim,))
    return StatedAnswer(hypotheses=(one,))


def test_an_object_is_known_in_the_cluster_that_printed_it_and_in_no_other() -> None:
    told = evidence("get pods --cluster us-1", "eu-1", "us-1")

    assert grounded(blaming("us-1/pod/cart-7f9"), told).hypotheses[0].subject == "us-1/pod/cart-7f9"
    with pytest.raises(ToolFault, match="names nothing like the subject 'eu-1/pod/cart-7f9'"):
        grounded(blaming("eu-1/pod/cart-7f9"), told)


def test_with_one_cluster_an_object_is_known_by_its_name() -> None:
    assert grounded(blaming("pod/cart-7f9"), evidence("get pods")).hypotheses[0].subject == "pod/cart-7f9"
