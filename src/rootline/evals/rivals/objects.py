"""Simple ways to blame an object of a cluster: by chance, and by the words it shares with the question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rootline.evals.rivals.bm25 import bm25
from rootline.evals.rivals.rankings import Scored, by_chance, by_rank
from rootline.tapes.recording import ClusterRead, Recording

_KINDS = {"deployments": "app", "nodes": "node"}


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """A cluster and the object at fault: `app/NAME`, `node/NAME` or `namespace/NAME`."""

    recording: Recording
    culprit: str


def rivals(cases: Iterable[Faulty]) -> Mapping[str, Mapping[str, float]]:
    """Score chance, and BM25 of the question over the recorded lines that name an object; nothing without cases."""
    read = [(one, _objects(one.recording)) for one in cases]
    if not read:
        return {}
    words = [_scored(_by_words(one.recording, objects), objects, one.culprit) for one, objects in read]
    even = [_scored([0.0] * len(objects), objects, one.culprit) for one, objects in read]
    return {
        "random": {"object1": by_chance(even)["top1"]},
        "BM25": {"object1": by_rank(words)["top1"]},
    }


def _scored(scores: Sequence[float], objects: Sequence[str], culprit: str) -> Scored:
    return Scored(scores=scores, truth=objects.index(culprit) if culprit in objects else None)


def _objects(recording: Recording) -> list[str]:
    """List the deployments and nodes of the overviews, and the namespace of the question."""
    reads = recording.cluster or ()
    named = [f"{_KINDS[one.query.kind]}/{name}" for one in reads if _is_overview(one) for name in _first_column(one)]
    place = [f"namespace/{recording.question.namespace}"] if recording.question.namespace else []
    return list(dict.fromkeys([*named, *place]))


def _is_overview(read: ClusterRead) -> bool:
    return read.query.verb == "get" and read.query.kind in _KINDS and not read.query.name


def _first_column(read: ClusterRead) -> list[str]:
    rows = [line.split() for line in read.text.splitlines()[1:]]
    return [row[0] for row in rows if row]


def _by_words(recording: Recording, objects: Sequence[str]) -> Sequence[float]:
    lines = [line for one in recording.cluster or () for line in one.text.splitlines()]
    names = [one.partition("/")[2] for one in objects]
    return bm25(recording.question.text, ["\n".join(line for line in lines if name in line) for name in names])
