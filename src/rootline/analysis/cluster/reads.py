"""Which reads to make next, few at a time, until an explanation stands."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from rootline.analysis.cluster.asking import describe
from rootline.analysis.cluster.diagnose import findings
from rootline.analysis.cluster.leads import leads
from rootline.analysis.cluster.query import ClusterQuery, overview
from rootline.analysis.cluster.snapshot import read_snapshot

MOST_READS = 20
"""Reads in one investigation, the overview included."""
_AT_ONCE = 3
_ENOUGH = 0.9
"""A finding this strong rests on a direct line; further reads would only repeat it."""
_GOOD_ENOUGH = 0.8
_LATE = 12
"""After so many reads a finding that was inferred from several lines is accepted too."""


def next_reads(seen: Mapping[ClusterQuery, str], namespace: str, question: str, budget: int) -> list[ClusterQuery]:
    """Choose the reads that promise most.

    Args:
        seen: Every read so far with its answer; what could not be answered counts as empty text.
        namespace: The namespace the question is about.
        question: What was asked.
        budget: How many further reads are allowed.

    Returns:
        First the overview, then at most three reads at a time; nothing when an explanation stands,
        the budget or `MOST_READS` is used up, or there is nothing left to read.

    """
    left = min(budget, MOST_READS - len(seen))
    if left <= 0:
        return []
    first = [query for query in overview(namespace) if query not in seen] or _plainer(seen, namespace)
    return first[:left] or _inwards(seen, namespace, question, min(left, _AT_ONCE))


def companions(seen: Mapping[ClusterQuery, str], namespace: str, question: str) -> list[ClusterQuery]:
    """Choose what is read of the likeliest fault for people: its rollout, and one of its pods that is ill."""
    snapshot = read_snapshot(seen, namespace)
    kind, _, name = next((one.object for one in findings(snapshot, question)), "").partition("/")
    ill = [pod.name for pod in snapshot.broken_pods() if pod.app == name]
    wanted = [*(describe("pods", one, namespace) for one in ill[:1]), describe("deployments", name, namespace)]
    return [query for query in wanted if kind == "app" and query not in seen]


def _inwards(seen: Mapping[ClusterQuery, str], namespace: str, question: str, most: int) -> list[ClusterQuery]:
    snapshot = read_snapshot(seen, namespace)
    found = findings(snapshot, question)
    enough = _ENOUGH if len(seen) < _LATE else _GOOD_ENOUGH
    if found and found[0].score >= enough:
        return []
    fresh = (query for query in dict.fromkeys(leads(snapshot, found)) if query not in seen)
    return list(islice(fresh, most))


def _plainer(seen: Mapping[ClusterQuery, str], namespace: str) -> list[ClusterQuery]:
    """Lists without extra columns, where the wide ones came back empty."""
    blank = [query for query in overview(namespace) if query.view and not seen[query].strip()]
    return [plain for query in blank if (plain := replace(query, view="")) not in seen]
