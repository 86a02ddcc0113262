"""Every cause, planted in made-up applications of three kinds and read out of recorded calls."""

import pytest
from tests.analysis.cluster.landscapes.landscape import Landscape
from tests.analysis.cluster.landscapes.plants import PLANTS
from tests.analysis.cluster.landscapes.printing import recorded
from tests.analysis.cluster.landscapes.styles import STYLES, healthy

from rootline.analysis.cluster.calls import from_call
from rootline.analysis.cluster.causes import FAMILIES
from rootline.analysis.cluster.diagnose import diagnose
from rootline.analysis.cluster.proof import ClusterFinding
from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.cluster.reads import next_reads

WAYS = [(cause, place) for cause, ways in PLANTS.items() for place in range(len(ways))]
GUESSED = {"node_network_slow"}
"""Where packets are late on the way between two nodes, nothing tells which of the two it is."""


def investigate(land: Landscape, without: str = "") -> tuple[list[ClusterFinding], dict[ClusterQuery, str]]:
    """Read the recorded calls, but those of a tool that is missing, and explain."""
    calls = {key: value for key, value in recorded(land).items() if not without or not key.startswith(without)}
    answers = dict(read for key, value in calls.items() if (read := from_call(key, value)))
    seen: dict[ClusterQuery, str] = {}
    while wanted := next_reads(seen, land.namespace, land.question, 20 - len(seen)):
        seen |= {query: answers.get(query, "") for query in wanted}
    return diagnose(seen, land.namespace, land.question), seen


def planted(style: str, seed: int, cause: str, place: int) -> tuple[Landscape, str]:
    land = healthy(style, seed)
    return land, PLANTS[cause][place](land)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("cause", "place"), WAYS)
def test_a_planted_fault_is_explained_within_twenty_reads(cause: str, place: int, style: str) -> None:
    land, blamed = planted(style, 1, cause, place)

    found, seen = investigate(land)

    first = found[0]
    assert first.cause == cause
    assert first.object == blamed or cause in GUESSED
    assert len(seen) <= 20
    assert all(p.quote in seen[p.query].split("\n")[p.line - 1] for p in (*first.support, *first.against))


@pytest.mark.parametrize("style", STYLES)
def test_a_landscape_with_nothing_but_a_past_is_blamed_for_nothing(style: str) -> None:
    for seed in range(4):
        found, _ = investigate(healthy(style, seed))

        assert [f.cause for f in found if f.score >= 0.5] == []


@pytest.mark.parametrize(
    ("missing", "least"),
    [
        ("GetServiceDependencies", 0.85),
        ("CheckServiceConnectivity", 0.9),
        ("GetClusterConfiguration", 0.9),
        ("CheckNodeServiceStatus", 0.9),
        ("GetErrorLogs", 0.75),
        ("GetAppYAML", 0.7),
    ],
)
def test_most_faults_are_explained_although_a_tool_is_missing(missing: str, least: float) -> None:
    right = []
    for cause, place in WAYS:
        land, blamed = planted("mixed", 3, cause, place)
        found, _ = investigate(land, without=missing)
        right.append([(f.object, f.cause) for f in found[:1]] == [(blamed, cause)])

    assert sum(right) >= least * len(right)


def test_every_cause_is_planted() -> None:
    assert PLANTS.keys() == set(FAMILIES)
