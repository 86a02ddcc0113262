from collections.abc import Callable, Iterator
from typing import get_args

from tests.claims.world import World, stored

from rootline.claims import build
from rootline.claims.checker import Checker
from rootline.domain.claim import Claim, Predicate
from rootline.domain.evidence import Evidence
from rootline.domain.fact import LineProof, SeriesFact

ONE_FACT: tuple[Callable[[Evidence, int], Claim | None], ...] = (
    build.rose,
    build.fell,
    build.absent,
    build.started,
    build.ended,
    build.depends_on,
    build.changed,
    build.is_healthy,
    build.contains_line,
)
FIELDS = ("current", "baseline", "peak", "count", "p95_after_s", "errors_after", "observed", "author", "callee", "name")


def built(world: World) -> Iterator[Claim]:
    for evidence in world.evidence.values():
        for index in range(len(evidence.reading.facts)):
            made = [constructor(evidence, index) for constructor in ONE_FACT]
            made += [build.equals(evidence, index, field) for field in FIELDS]
            made += [build.value_at(evidence, index, world.onset)]
            made += [build.precedes((world.evidence["E3"], 0), (evidence, index))]
            yield from (claim for claim in made if claim is not None)


def test_every_claim_that_is_built_is_verified() -> None:
    worlds = [World(seed) for seed in range(20, 23)]

    checked = [one for world in worlds for one in map(Checker(world.evidence).check, built(world))]

    assert len(checked) > 800
    assert {one.claim.predicate for one in checked} == set(get_args(Predicate))
    assert [one for one in checked if not one.is_fact] == []


def test_a_baseline_that_the_points_do_not_give_is_cited_by_a_sample() -> None:
    world = World(3)
    fact = next(one for one in world.evidence["E1"].reading.facts if isinstance(one, SeriesFact) and one.onset)
    assert fact.baseline is not None
    seasonal = fact.model_copy(update={"baseline": fact.baseline * 0.7})
    evidence = stored("E1", [seasonal], world.window)

    claim = build.rose(evidence, 0) or build.fell(evidence, 0)

    assert claim is not None
    assert [one.kind for one in claim.selectors] == ["series", "pointer"]
    assert Checker({"E1": evidence}).check(claim).is_fact


def test_a_counter_stored_beside_its_rate_cannot_be_cited() -> None:
    world = World(3)
    fact = next(one for one in world.evidence["E1"].reading.facts if isinstance(one, SeriesFact) and one.onset)
    assert fact.current is not None
    rated = fact.model_copy(update={"current": fact.current / 15, "baseline": 0.1})

    evidence = stored("E1", [rated], world.window)

    assert build.rose(evidence, 0) is None
    assert build.fell(evidence, 0) is None


def test_a_line_is_found_by_its_words() -> None:
    world = World(4)

    claim = build.contains_line(world.evidence["E5"], 0, quote="Reason: OOMKilled")

    assert claim is not None
    assert claim.selectors[0].model_dump() == {
        "kind": "line",
        "evidence": "E5",
        "pointer": "/facts/0/lines/1",
        "quote": "Reason: OOMKilled",
    }


def test_a_proof_is_quoted_from_the_text_it_was_read_in() -> None:
    world = World(4)
    name = world.services[1]
    proof = LineProof(asked=f"describe pod {name}", line=0, quote=f"Name: {name}", subject=f"pod/{name}")

    claim = build.proof_line(proof, world.evidence.values())

    assert claim is not None
    assert Checker(world.evidence).check(claim).sentence.startswith(f"describe pod {name} says “Name: {name}”")


def test_nothing_is_built_from_a_place_that_is_not_there() -> None:
    world = World(5)

    made = [constructor(world.evidence["E1"], 999) for constructor in ONE_FACT]

    assert made == [None] * len(ONE_FACT)


def test_a_listing_and_a_missing_source_are_no_absence() -> None:
    world = World(6)
    absence = world.evidence["E8"].reading.facts[0]
    listing = stored("E1", [absence], world.window, status="ok")
    reading = world.evidence["E8"].reading
    unconnected = world.evidence["E8"].model_copy(
        update={"reading": reading.model_copy(update={"source": reading.source.model_copy(update={"backend": "none"})})}
    )

    assert build.absent(listing, 0) is None
    assert build.absent(unconnected, 0) is None
