"""Where the state of a cluster comes from: the read interface, and its recording."""

from collections.abc import Mapping
from typing import Protocol

from rootline.analysis.cluster.query import ClusterQuery


class ClusterSource(Protocol):
    """Answers questions about a cluster with the text that kubectl would print.

    `clusters` are those that a question has to name one of; none where there is but one.
    """

    name: str
    clusters: tuple[str, ...]

    async def read(self, query: ClusterQuery) -> str | None:
        """The answer; empty when there are no such objects, None when the question cannot be answered."""
        ...

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """What can be asked, as sorted pairs of verb and kind."""
        ...


class RecordedCluster:
    """A cluster as it was at one moment: questions and their answers."""

    def __init__(self, answers: Mapping[ClusterQuery, str], *, name: str = "tape") -> None:
        self.name = name
        self.clusters = tuple(sorted({query.cluster for query in answers if query.cluster}))
        self._answers = dict(answers)

    async def read(self, query: ClusterQuery) -> str | None:
        """The recorded answer, or None when this was never asked."""
        return self._answers.get(query)

    async def kinds(self) -> tuple[tuple[str, str], ...]:
        """Pairs of verb and kind that occur in the recording."""
        return tuple(sorted({(query.verb, query.kind) for query in self._answers}))
