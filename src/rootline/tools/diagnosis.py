"""The diagnosis of a cluster: what is wrong in its state is read until nothing more is wanted, and ranked."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rootline.analysis.cluster.diagnose import diagnose
from rootline.analysis.cluster.proof import ClusterFinding
from rootline.analysis.cluster.proof import LineProof as FoundLine
from rootline.analysis.cluster.query import TO_CLUSTER, ClusterQuery
from rootline.analysis.cluster.reads import companions, next_reads
from rootline.domain.evidence import ClusterOutcome
from rootline.domain.fact import ConditionFact, LineProof, TextFact
from rootline.domain.service_key import placed
from rootline.sources.cluster import ClusterSource
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import tell
from rootline.tools.wording import cut

MOST_READS = 20
LONGEST_S = 20.0
"""Source: ours; what is read of one of several clusters by then is judged within the loop's thirty seconds."""
REFUSAL = "Error from server"


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What was read of one cluster, what was refused instead of answered, and what is wrong.

    `cluster` is empty where there is but one.
    """

    cluster: str = ""
    seen: dict[ClusterQuery, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    findings: list[ClusterFinding] = field(default_factory=list)

    @property
    def conditions(self) -> Iterator[ConditionFact]:
        """The faults as facts, likeliest first; each object is named with its cluster."""
        return (_condition(one, self.cluster) for one in self.findings)

    @property
    def texts(self) -> Iterator[TextFact]:
        """Everything that was read."""
        return (text_fact(query, text, self.cluster) for query, text in self.seen.items())


def asked(query: ClusterQuery, cluster: str = "") -> str:
    """Write a query the way one would type it."""
    words = [query.verb, query.kind, query.name]
    options = [f"-n {query.namespace}" if query.namespace else "", f"-o {query.view}" if query.view else ""]
    extra = [f"-l {query.selector}" if query.selector else "", f":{query.port}" if query.port else ""]
    to = f"{TO_CLUSTER}{cluster}" if cluster else ""
    return " ".join(word for word in (*words, *options, *extra) if word) + to


def text_fact(query: ClusterQuery, text: str, cluster: str = "") -> TextFact:
    """Keep what a query was answered with."""
    words = asked(query, cluster)
    return TextFact(subject=words, asked=words, lines=text.split("\n"))


async def diagnosed(source: ClusterSource, namespace: str, question: str) -> Diagnosis:
    """Diagnose the only cluster; a read that fails is told, and the others go on."""
    found = Diagnosis()
    await _read_what_is_needed(found, source, namespace, question)
    return replace(found, findings=diagnose(found.seen, namespace, question))


async def diagnosed_of_several(source: ClusterSource, cluster: str, namespace: str, question: str) -> Diagnosis:
    """Diagnose one of several clusters, in bounded time: what could not be read is told as partial.

    Raises:
        SourceFailed: Already the first read failed, so nothing is known of it.

    """
    found = Diagnosis(cluster=cluster)
    try:
        async with asyncio.timeout(LONGEST_S):
            await _read_what_is_needed(found, source, namespace, question)
    except TimeoutError:
        found.refused.append(f"not all was read within {LONGEST_S:g} s")
    if found.refused:
        tell([ClusterOutcome(cluster="", asked="cluster", status="partial", detail=cut(found.refused[0], 200))])
    return replace(found, findings=diagnose(found.seen, namespace, question))


async def _read_what_is_needed(found: Diagnosis, source: ClusterSource, namespace: str, question: str) -> None:
    """Read on until nothing more is wanted."""
    tried: set[ClusterQuery] = set()
    while len(tried) < MOST_READS:
        wanted = next_reads(found.seen, namespace, question, MOST_READS - len(tried))
        fresh = [one for one in wanted if one not in tried][: MOST_READS - len(tried)]
        if not fresh:
            break
        for query in fresh:
            tried.add(query)
            found.seen[query] = await _answer(found, source, query)
    for query in companions(found.seen, namespace, question)[: MOST_READS - len(tried)]:
        found.seen[query] = await _answer(found, source, query)


async def _answer(found: Diagnosis, source: ClusterSource, query: ClusterQuery) -> str:
    try:
        text = await source.read(replace(query, cluster=found.cluster)) or ""
    except SourceFailed as failure:
        if found.cluster and not found.seen:
            raise
        text = f"{REFUSAL}: {failure}"
    if text.startswith(REFUSAL):
        found.refused.append(f"{asked(query)}: {text}")
        return ""
    return text


def _condition(one: ClusterFinding, cluster: str) -> ConditionFact:
    return ConditionFact(
        subject=_placed(one.object, cluster),
        cause=one.cause,
        mechanism=one.mechanism,
        family=one.family,
        still_present=one.still_present,
        score=round(one.score, 4),
        probability=round(one.probability, 4),
        support=[_proof(line, cluster) for line in one.support],
        against=[_proof(line, cluster) for line in one.against],
    )


def _proof(line: FoundLine, cluster: str) -> LineProof:
    subject = _placed(line.subject, cluster)
    return LineProof(asked=asked(line.query, cluster), line=line.line - 1, quote=line.quote, subject=subject)


def _placed(subject: str, cluster: str) -> str:
    return placed(cluster, subject) if cluster and subject else subject
