"""What is indexed, what indexing came to, and how two rankings of passages become one."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rootline.sources.runbooks.source import Runbook
from rootline.store.bodies import key_of
from rootline.store.embedding import SPELLING
from rootline.store.passages import Passage, passages, version_of

Collection = Literal["runbooks", "git_diff_chunks", "incident_summaries"]
COLLECTIONS: tuple[Collection, ...] = ("runbooks", "git_diff_chunks", "incident_summaries")
RANK_CONSTANT = 60
"""Source: G. Cormack, C. Clarke and S. Buettcher, "Reciprocal rank fusion" (2009)."""
CANDIDATES = 50
Place = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Document:
    """One text of a collection, cut into passages. `digest` is over all that a search can show of it.

    `payload` is what the collection says of each of its passages, by the names of the data model.
    """

    name: str
    body: str
    passages: tuple[Passage, ...]
    digest: str
    payload: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name as it is stored."""
        return key_of(self.name)

    def version(self, identity: str) -> str:
        """Return the version: another text, or vectors of another embedder, are another one."""
        if identity == SPELLING:
            return self.digest
        return hashlib.sha256(f"{self.digest} {identity}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """What indexing came to, in documents. `remark` says what could not be done."""

    added: int = 0
    unchanged: int = 0
    retired: int = 0
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Passages, the best first. `remark` says what the search had to do without."""

    passages: tuple[Passage, ...] = ()
    remark: str = ""

    def __iter__(self) -> Iterator[Passage]:
        return iter(self.passages)

    def __len__(self) -> int:
        return len(self.passages)


class EvidenceArtifact(BaseModel):
    """What a retrieval becomes when it is evidence, by the names of the data model."""

    model_config = ConfigDict(frozen=True)

    source: Literal["qdrant"] = "qdrant"
    ref: str
    metadata: dict[str, str | float]


def artifact(passage: Passage) -> EvidenceArtifact:
    """Turn a passage that Qdrant found into an evidence artifact: where it is, what is said of it, and how near."""
    return EvidenceArtifact(ref=passage.ref, metadata={**passage.payload, "score": passage.score})


def document_of(runbook: Runbook) -> Document:
    """Make the document of a runbook."""
    return Document(
        name=runbook.name,
        body=runbook.body,
        passages=passages(runbook),
        digest=version_of(runbook),
        payload={
            "title": runbook.title,
            "service_key": runbook.service,
            "tags": ",".join(runbook.tags),
            "source_url": runbook.source_url,
        },
    )


def ranks(scored: Iterable[tuple[int, Place]]) -> Mapping[Place, int]:
    """Return the rank of the best, ties in order of their place."""
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:CANDIDATES]
    return {place: rank for rank, (_, place) in enumerate(best, start=1)}


def fused(by_words: Mapping[Place, int], by_likeness: Mapping[Place, int], limit: int) -> Sequence[tuple[Place, float]]:
    """Fuse two rankings; return places with their score, the best first."""
    scores = {
        place: _share(by_words.get(place)) + _share(by_likeness.get(place)) for place in {*by_words, *by_likeness}
    }
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def _share(rank: int | None) -> float:
    return 0.0 if rank is None else 1.0 / (RANK_CONSTANT + rank)
