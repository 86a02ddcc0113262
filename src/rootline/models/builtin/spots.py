"""Facts with their places, so that whatever is said of one can cite it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from rootline.domain.claim import Predicate, Scalar
from rootline.domain.evidence import Evidence
from rootline.domain.fact import Fact
from rootline.domain.stated import Place, StatedClaim

Kind = TypeVar("Kind", bound=Fact)


@dataclass(frozen=True, kw_only=True)
class Spot(Generic[Kind]):
    """One fact and where it stands."""

    evidence: str
    index: int
    fact: Kind

    def says(
        self, predicate: Predicate, *, field: str = "", line: int | None = None, value: Scalar = None
    ) -> StatedClaim:
        """Make a claim about the fact."""
        return StatedClaim(
            evidence=self.evidence, fact=self.index, predicate=predicate, field=field, line=line, value=value
        )

    def precedes(self, later: "Spot[Fact]") -> StatedClaim:
        """Say that the fact began before another."""
        other = Place(evidence=later.evidence, fact=later.index)
        return StatedClaim(evidence=self.evidence, fact=self.index, predicate="precedes", other=other)


@dataclass(frozen=True)
class Shelf:
    """All evidence of one investigation, by kind of fact, in the order it was read."""

    evidence: Mapping[str, Evidence]

    def of(self, kind: type[Kind], keep: Callable[[Kind], bool] = lambda _: True) -> list[Spot[Kind]]:
        """Return the facts of a kind that pass, each once by its own words."""
        return list(self._each(kind, keep))

    def _each(self, kind: type[Kind], keep: Callable[[Kind], bool]) -> Iterator[Spot[Kind]]:
        seen: set[str] = set()
        for label, one in self.evidence.items():
            for index, fact in enumerate(one.reading.facts):
                if isinstance(fact, kind) and keep(fact) and (words := fact.model_dump_json()) not in seen:
                    seen.add(words)
                    yield Spot(evidence=label, index=index, fact=fact)

    def asked(self, tool: str) -> bool:
        """Whether a tool has answered already."""
        return any(one.tool == tool for one in self.evidence.values())
