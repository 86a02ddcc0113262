"""get_cluster_state: kubectl-like text, and what is wrong in it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from rootline.analysis.cluster.diagnose import diagnose
from rootline.analysis.cluster.proof import ClusterFinding
from rootline.analysis.cluster.proof import LineProof as FoundLine
from rootline.analysis.cluster.query import ClusterQuery, ClusterVerb, View
from rootline.analysis.cluster.reads import next_reads
from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.evidence import Reading, SourceName, Status, Truncated
from rootline.domain.fact import ConditionFact, LineProof, TextFact
from rootline.sources.cluster import ClusterSource
from rootline.sources.failure import SourceFailed
from rootline.tools.gpu_state import KINDS, gpu_reading, gpu_state
from rootline.tools.observation import attempted
from rootline.tools.scene import Scene
from rootline.tools.wording import alike, cut, not_configured, nothing, number, some

MOST_READS = 20
LINES_SHOWN = 30
MOST_BOARDS = 8
REFUSAL = "Error from server"
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
    space = namespace or scene.namespace
    if verb == "diagnose":
        return _with_gpus(await _diagnosis(source, space, scene, backend), boards, scene)
    query = ClusterQuery(verb=verb, kind=kind, name=name, namespace=space, view=view)
    text = await source.read(query)
    if text is None:
        kinds = sorted({one for _, one in await source.kinds() if one})
        meant = [one for one in alike(kind, kinds) if one != kind]
        hints = (f"Did you mean {some(meant)}?",) if meant else (f"What can be asked: {some(kinds, 20)}",)
        reason = "nothing was recorded for it, or it does not exist"
        words = asked(query)
        return nothing(words, scene.window, backend, subject=words, known=kind in kinds, reason=reason, hints=hints)
    return _text(query, text, scene, backend)


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


def asked(query: ClusterQuery) -> str:
    """Write a query the way one would type it."""
    words = [query.verb, query.kind, query.name]
    options = [f"-n {query.namespace}" if query.namespace else "", f"-o {query.view}" if query.view else ""]
    extra = [f"-l {query.selector}" if query.selector else "", f":{query.port}" if query.port else ""]
    return " ".join(word for word in (*words, *options, *extra) if word)


def _text(query: ClusterQuery, text: str, scene: Scene, backend: SourceName) -> Reading:
    lines = text.split("\n")
    shown = [f"{number:>4} {cut(line, 160)}" for number, line in enumerate(lines[:LINES_SHOWN])]
    return Reading(
        status="ok",
        summary="\n".join([f"[0] {asked(query)}, {len(lines)} lines", *shown]),
        facts=(TextFact(subject=asked(query), asked=asked(query), lines=lines),),
        source=backend,
        window=scene.window,
        truncated=Truncated(returned=len(shown), total=len(lines)) if len(shown) < len(lines) else None,
    )


async def _diagnosis(source: ClusterSource, namespace: str, scene: Scene, backend: SourceName) -> Reading:
    seen, refused = await _read_what_is_needed(source, namespace, scene.question)
    findings = diagnose(seen, namespace, scene.question)
    conditions = tuple(_condition(one) for one in findings)
    texts = tuple(
        TextFact(subject=asked(query), asked=asked(query), lines=text.split("\n")) for query, text in seen.items()
    )
    head = f"{len(seen)} reads, {len(findings)} faults found" + (f", {len(refused)} refused" if refused else "")
    status: Status = "partial" if refused else "ok"
    return Reading(
        status=status if seen else "no_data",
        hints=tuple(cut(one, 200) for one in refused[:3]),
        summary="\n".join([head, *(f"[{at}] {_line(one)}" for at, one in enumerate(conditions[:8]))]),
        facts=(*conditions, *texts),
        source=backend,
        window=scene.window,
    )


async def _read_what_is_needed(
    source: ClusterSource, namespace: str, question: str
) -> tuple[Mapping[ClusterQuery, str], list[str]]:
    """Read on until nothing more is wanted; return the answers, and what was refused instead of answered."""
    seen: dict[ClusterQuery, str] = {}
    refused: list[str] = []
    tried: set[ClusterQuery] = set()
    while len(tried) < MOST_READS:
        wanted = [one for one in next_reads(seen, namespace, question, MOST_READS - len(tried)) if one not in tried]
        if not wanted:
            break
        for query in wanted[: MOST_READS - len(tried)]:
            tried.add(query)
            seen[query] = await _answer(source, query, refused)
    return seen, refused


async def _answer(source: ClusterSource, query: ClusterQuery, refused: list[str]) -> str:
    try:
        text = await source.read(query) or ""
    except SourceFailed as failure:
        text = f"{REFUSAL}: {failure}"
    if text.startswith(REFUSAL):
        refused.append(f"{asked(query)}: {text}")
        return ""
    return text


def _condition(one: ClusterFinding) -> ConditionFact:
    return ConditionFact(
        subject=one.object,
        cause=one.cause,
        mechanism=one.mechanism,
        family=one.family,
        still_present=one.still_present,
        score=round(one.score, 4),
        probability=round(one.probability, 4),
        support=[_proof(line) for line in one.support],
        against=[_proof(line) for line in one.against],
    )


def _proof(line: FoundLine) -> LineProof:
    return LineProof(asked=asked(line.query), line=line.line - 1, quote=line.quote, subject=line.subject)


def _line(one: ConditionFact) -> str:
    still = "" if one.still_present else " (over)"
    proof = f": {cut(one.support[0].quote, 120)}" if one.support else ""
    return f"{one.subject} {one.cause} {number(one.probability)}{still}{proof}"
