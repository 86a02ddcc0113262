"""What an answer says of the clusters behind it: how many gave theirs, and which did not and why."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from rootline.domain.evidence import ClusterOutcome, Reading, SourceName, Status
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import FAILED, hearing
from rootline.tools.reply import Reply
from rootline.tools.scene import Scene
from rootline.tools.wording import cut

NAMED = 12
"""Source: ours; clusters that the short text names; all are in the reading."""


OWN: Mapping[str, Collection[str]] = {
    "get_alerts": ("alerts",),
    "query_metrics": ("metrics",),
    "search_logs": ("logs",),
    "analyze_traces": ("traces",),
    "diff_commits": ("changes",),
    "get_cluster_state": ("cluster", "gpus"),
    "get_topology": ("topology",),
}
"""What each tool is asked for; of a single cluster a tool tells of no other source, which its own tool tells of."""


async def heard_out(tool: str, verb: Callable[[], Awaitable[Reading | Reply]], scene: Scene) -> Reading | Reply:
    """Run a tool and add to its reading what each cluster came to.

    Raises:
        SourceFailed: The one source that was asked failed. Where several clusters were, the reading says so instead.

    """
    with hearing() as heard:
        try:
            answer = await verb()
        except SourceFailed as failed:
            if not heard.outcomes:
                raise
            answer = _failed(failed, scene)
    outcomes = [one for one in heard.outcomes if one.cluster or one.asked in OWN.get(tool, ())]
    return _with(answer, outcomes) if isinstance(answer, Reading) and outcomes else answer


def _failed(failed: SourceFailed, scene: Scene) -> Reading:
    return Reading(
        status="timeout" if failed.is_late else "error",
        summary=cut(str(failed), 600),
        hints=(failed.helps,),
        source=SourceName(backend=failed.asked, cluster=scene.sources.cluster_name),
        window=scene.window,
    )


def _with(answer: Reading, outcomes: Sequence[ClusterOutcome]) -> Reading:
    short = [one for one in outcomes if one.status in FAILED or one.status == "partial"]
    status: Status = "partial" if short and answer.status in {"ok", "no_data"} else answer.status
    summary = "\n".join([answer.summary, told(outcomes)]) if short else answer.summary
    return answer.model_copy(update={"status": status, "summary": summary, "clusters": tuple(outcomes)})


def told(outcomes: Sequence[ClusterOutcome]) -> str:
    """Say in one line how many clusters answered, and which did not."""
    worst: dict[str, ClusterOutcome] = {}
    for one in sorted(outcomes, key=lambda one: one.status in FAILED):
        worst[one.cluster] = one
    counts = Counter(one.status for name, one in worst.items() if name)
    counted = ", ".join(f"{count} {status}" for status, count in sorted(counts.items(), key=lambda pair: -pair[1]))
    short = [one for one in worst.values() if one.status in FAILED or one.status == "partial"]
    named = "; ".join(f"{_said(one)}: {cut(one.detail, 90)}" for one in short[:NAMED])
    rest = f"; and {len(short) - NAMED} more" if len(short) > NAMED else ""
    if set(worst) == {""}:
        return f"partial: {named}"
    return f"{len(worst) - ('' in worst)} clusters: {counted}. {named}{rest}"


def _said(one: ClusterOutcome) -> str:
    """Name a failure with its cluster, or a part of the only one."""
    return f"{one.cluster} {one.noun} {one.status}" if one.cluster else one.noun
