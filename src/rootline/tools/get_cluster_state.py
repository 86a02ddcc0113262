"""get_cluster_state: kubectl-like text, and what is wrong in it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from rootline.analysis.cluster.query import ClusterQuery, ClusterVerb, View
from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.evidence import Reading, SourceName, Status, Truncated
from rootline.domain.fact import ConditionFact, TextFact
from rootline.errors import ToolFault
from rootline.sources.cluster import ClusterSource
from rootline.sources.fleet.fan_out import fan_out
from rootline.tools.attempted import attempted
from rootline.tools.diagnosis import Diagnosis, asked, diagnosed, diagnosed_of_several, text_fact
from rootline.tools.gpu_state import KINDS, gpu_reading, gpu_state
from rootline.tools.scene import Scene
from rootline.tools.wording import alike, cut, not_configured, nothing, number, some

LINES_SHOWN, LEAST_SHOWN = 30, 4
MOST_BOARDS = 8
Verb = Literal[ClusterVerb, "diagnose"]


async def get_cluster_state(
    verb: Annotated[Verb, Field(description="diagnose reads what is needed and ranks the faults found")] = "diagnose",
    kind: Annotated[
        str, Field(description="Plural kind, e.g. pods or gpus; node service for node_service", max_length=100)
    ] = "",
    name: Annotated[str, Field(description="Object, application or node", max_length=300)] = "",
    namespace: Annotated[str, Field(description="Default: the incident's", max_length=300)] = "",
    view: Annotated[View, Field(description="Extra columns of a list")] = "",
    *,
    scene: Scene,
) -> Reading:
    """Read Kubernetes state as kubectl prints it, with line numbers to cite. Secrets are never shown."""
    source, boards = scene.sources.cluster, await _gpus(kind, verb, scene)
    if kind in KINDS:
        name_of = scene.sources.gpus.name if scene.sources.gpus else "none"
        return gpu_reading(boards, name, scene.window, SourceName(backend=name_of, cluster=scene.sources.cluster_name))
    if source is None:
        return _with_gpus(not_configured("cluster state", scene.window, scene.sources.cluster_name), boards, scene)
    backend = SourceName(backend=source.name, cluster=scene.sources.cluster_name)
    clusters, space = where(namespace or scene.namespace, source.clusters)
    if verb == "diagnose":
        found = await _diagnoses(source, space, clusters, scene.question)
        return _with_gpus(_diagnosis(found, scene, backend), boards, scene)
    query = ClusterQuery(verb=verb, kind=kind, name=name, namespace=space, view=view)
    texts = await _read_each(source, query, clusters)
    return _texts(texts, scene, backend) if texts else await _nothing(source, query, scene, backend)


def where(namespace: str, clusters: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return which of several clusters a namespace is in, and what it is called there.

    Without a cluster, `cluster/namespace` or `cluster` alone, it is looked for in each.

    Raises:
        ToolFault: There is no such cluster.

    """
    cluster, slash, inside = namespace.partition("/")
    if not clusters or (not slash and cluster not in clusters):
        return clusters, namespace
    if cluster not in clusters:
        raise ToolFault(f"Kubernetes is known of {some(clusters)}, not of {cut(cluster, 80)!r}. Name one, or none.")
    return (cluster,), inside


async def _gpus(kind: str, verb: Verb, scene: Scene) -> Sequence[GpuReading]:
    """Read GPUs where they are asked for, or a diagnosis should know of them."""
    if scene.sources.gpus is None or (kind not in KINDS and verb != "diagnose"):
        return ()
    read = scene.sources.gpus.gpus(scene.window)
    return await (read if kind in KINDS else attempted(read, ()))


def _with_gpus(diagnosis: Reading, boards: Sequence[GpuReading], scene: Scene) -> Reading:
    """Add the boards that are broken to a diagnosis; what is only slow or idle is told when it is asked for."""
    state = gpu_state(boards, scene.window)
    if not state.serious:
        return diagnosis
    wrong = [f"[{len(diagnosis.facts) + at}] {_line(one)}" for at, one in enumerate(state.serious)]
    facts = (*diagnosis.facts, *state.serious, state.text)
    summary = "\n".join([diagnosis.summary, *wrong[:MOST_BOARDS]])
    status: Status = "ok" if diagnosis.status == "no_data" else diagnosis.status
    return diagnosis.model_copy(update={"status": status, "summary": summary, "facts": facts})


async def _read_each(source: ClusterSource, query: ClusterQuery, clusters: Sequence[str]) -> list[TextFact]:
    """Ask the only cluster, or several side by side."""
    if not clusters:
        text = await source.read(query)
        return [] if text is None else [text_fact(query, text)]
    asks = [(one, partial(source.read, replace(query, cluster=one))) for one in clusters]
    answers = await fan_out("cluster", asks, bool)
    return [text_fact(query, text, cluster) for cluster, text in answers if text is not None]


async def _nothing(source: ClusterSource, query: ClusterQuery, scene: Scene, backend: SourceName) -> Reading:
    kinds = sorted({one for _, one in await source.kinds() if one})
    meant = [one for one in alike(query.kind, kinds) if one != query.kind]
    hints = (f"Did you mean {some(meant)}?",) if meant else (f"What can be asked: {some(kinds, 20)}",)
    reason = "nothing was recorded for it, or it does not exist"
    words, known = asked(query), query.kind in kinds
    return nothing(words, scene.window, backend, subject=words, known=known, reason=reason, hints=hints)


def _texts(texts: Sequence[TextFact], scene: Scene, backend: SourceName) -> Reading:
    most = max(LEAST_SHOWN, LINES_SHOWN // len(texts))
    shown = [line for at, one in enumerate(texts) for line in _shown(at, one, most)]
    returned, total = len(shown) - len(texts), sum(len(one.lines) for one in texts)
    return Reading(
        status="ok",
        summary="\n".join(shown),
        facts=tuple(texts),
        source=backend,
        window=scene.window,
        truncated=Truncated(returned=returned, total=total) if returned < total else None,
    )


def _shown(at: int, one: TextFact, most: int) -> list[str]:
    numbered = [f"{number:>4} {cut(line, 160)}" for number, line in enumerate(one.lines[:most])]
    return [f"[{at}] {one.asked}, {len(one.lines)} lines", *numbered]


async def _diagnoses(source: ClusterSource, space: str, clusters: Sequence[str], question: str) -> list[Diagnosis]:
    """Diagnose the only cluster, or several side by side."""
    if not clusters:
        return [await diagnosed(source, space, question)]
    asks = [(one, partial(diagnosed_of_several, source, one, space, question)) for one in clusters]
    return [found for _, found in await fan_out("cluster", asks, _has_read)]


def _has_read(found: Diagnosis) -> bool:
    return any(found.seen.values())


def _diagnosis(found: Sequence[Diagnosis], scene: Scene, backend: SourceName) -> Reading:
    conditions = [fact for one in found for fact in one.conditions]
    if len(found) > 1:
        conditions.sort(key=lambda one: -one.probability)
    refused = [cut(one, 200) for each in found for one in each.refused]
    reads = sum(len(one.seen) for one in found)
    head = f"{reads} reads, {len(conditions)} faults found" + (f", {len(refused)} refused" if refused else "")
    status: Status = "partial" if refused else "ok"
    return Reading(
        status=status if reads else "no_data",
        hints=tuple(refused[:3]),
        summary="\n".join([head, *(f"[{at}] {_line(one)}" for at, one in enumerate(conditions[:8]))]),
        facts=(*conditions, *(fact for one in found for fact in one.texts)),
        source=backend,
        window=scene.window,
    )


def _line(one: ConditionFact) -> str:
    still = "" if one.still_present else " (over)"
    proof = f": {cut(one.support[0].quote, 120)}" if one.support else ""
    return f"{one.subject} {one.cause} {number(one.probability)}{still}{proof}"
