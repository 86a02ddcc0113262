"""Facts with their places, so that whatever is said of one can cite it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar, cast

from rootline.domain.claim import Predicate, Scalar
from rootline.domain.evidence import Evidence
from rootline.domain.fact import Fact, OperationFact, SeriesFact
from rootline.domain.stated import Place, StatedClaim

Kind = TypeVar("Kind", bound=Fact)
Measured = TypeVar("Measured", SeriesFact, OperationFact)


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
    """All evidence of one investigation, by kind of fact, in the order it was read; or those facts that are `kept`."""

    evidence: Mapping[str, Evidence]
    kept: tuple[Spot[Fact], ...] | None = None

    def of(self, kind: type[Kind], keep: Callable[[Kind], bool] | None = None) -> list[Spot[Kind]]:
        """Return the facts of a kind that pass, each once by its own words."""
        found = cast("list[Spot[Kind]]", self._by_kind.get(kind, []))
        return [*found] if keep is None else [spot for spot in found if keep(spot.fact)]

    def of_service(self, kind: type[Measured], service: str) -> list[Spot[Measured]]:
        """Return the series or the operations of one service, each once by its own words."""
        return cast("list[Spot[Measured]]", [*self._by_service.get((kind, service), [])])

    @cached_property
    def _by_service(self) -> Mapping[tuple[type[Fact], str], list[Spot[Fact]]]:
        found: dict[tuple[type[Fact], str], list[Spot[Fact]]] = {}
        for kind in (SeriesFact, OperationFact):
            for spot in self._by_kind.get(kind, []):
                found.setdefault((kind, cast("SeriesFact", spot.fact).service), []).append(spot)
        return found

    @cached_property
    def spots(self) -> Sequence[Spot[Fact]]:
        """Every fact once, in the order it was read."""
        if self.kept is not None:
            return self.kept
        found: dict[tuple[str, str], Spot[Fact]] = {}
        for label, one in self.evidence.items():
            for index, fact in enumerate(one.reading.facts):
                found.setdefault(_words(fact), Spot(evidence=label, index=index, fact=fact))
        return tuple(found.values())

    @cached_property
    def _by_kind(self) -> Mapping[type[Fact], list[Spot[Fact]]]:
        """Every fact once, under its kind."""
        found: dict[type[Fact], list[Spot[Fact]]] = {}
        for spot in self.spots:
            found.setdefault(type(spot.fact), []).append(spot)
        return found

    def asked(self, tool: str) -> bool:
        """Whether a tool has answered already."""
        return any(one.tool == tool for one in self.evidence.values())


def _words(fact: Fact) -> tuple[str, str]:
    """What a fact says; samples are told by the text they are kept in."""
    if isinstance(fact, SeriesFact):
        return fact.model_dump_json(exclude={"points"}), fact.points.text
    return fact.model_dump_json(), ""
