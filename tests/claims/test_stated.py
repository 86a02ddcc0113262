"""What a model states in short is completed from the evidence; what is not there becomes a claim that fails."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.claims.world import stored

from rootline.claims.checker import check
from rootline.claims.stated import draft, resolve
from rootline.domain.claim import Predicate
from rootline.domain.evidence import Evidence
from rootline.domain.fact import (
    AbsenceFact,
    AlertFact,
    AnyFact,
    ChangeFact,
    EdgeFact,
    LogFact,
    OperationFact,
    SeriesFact,
    ServiceFact,
    TextFact,
)
from rootline.domain.points import Points
from rootline.domain.stated import Place, StatedAnswer, StatedClaim, StatedHypothesis
from rootline.domain.window import Window

START = datetime(2026, 3, 1, tzinfo=UTC)
WINDOW = Window(start=START, end=START + timedelta(hours=1))


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def series(name: str, before: float, after: float) -> SeriesFact:
    values = [before] * 30 + [after] * 30
    return SeriesFact(
        subject=name,
        service="cart",
        metric="latency",
        unit="ms",
        direction="up" if after > before else "down" if after < before else "flat",
        anomaly="none" if after == before else "spike",
        baseline=before,
        current=after,
        peak=max(values),
        onset=None if after == before else at(30),
        points=Points.listed((at(minute).timestamp(), value) for minute, value in enumerate(values)),
    )


FACTS: tuple[AnyFact, ...] = (
    series("cart latency", 100, 900),
    series("cart rate", 50, 5),
    series("cart memory", 7, 7),
    LogFact(
        subject="cart",
        template="refused by <*>",
        count=9,
        first_seen=at(31),
        last_seen=at(50),
        exemplar="refused by db-1",
    ),
    AlertFact(subject="cart", name="Slow", severity="high", fired_at=at(35), resolved_at=at(55)),
    ChangeFact(subject="store", change="flag", label="new-cart", at=at(20)),
    EdgeFact(subject="cart", callee="store", found_in="traces"),
    ServiceFact(subject="cart", callees=["store", "db"]),
    TextFact(subject="get pods", asked="get pods", lines=["NAME READY", "cart-1 0/1"]),
    OperationFact(
        subject="cart GET",
        service="cart",
        operation="GET",
        count=9,
        p95_before_s=0.2,
        p95_after_s=0.2,
        errors_after=0.0,
    ),
)
ABSENT = AbsenceFact(subject="cart", asked="restarts", known=True, reason="none")
EVIDENCE = {"E1": stored("E1", FACTS, WINDOW), "E2": stored("E2", [ABSENT], WINDOW, status="no_data")}


def stated(predicate: Predicate, fact: int, **more: object) -> StatedClaim:
    return StatedClaim.model_validate({"evidence": "E1", "fact": fact, "predicate": predicate, **more})


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (stated("rose", 0), (100.0, 900.0)),
        (stated("fell", 1), (50.0, 5.0)),
        (stated("equals", 0), 900.0),
        (stated("equals", 0, field="peak"), 900.0),
        (stated("equals", 3, field="count"), 9.0),
        (stated("contains", 3), "refused by db-1"),
        (stated("contains", 8, line=1), "cart-1 0/1"),
        (stated("contains", 8, value="READY"), "READY"),
        (stated("started", 0), "2026-03-01T00:30:00Z"),
        (stated("started", 3), "2026-03-01T00:31:00Z"),
        (stated("ended", 4), "2026-03-01T00:55:00Z"),
        (stated("changed", 5), "new-cart"),
        (stated("depends_on", 6), "store"),
        (stated("depends_on", 7), "store"),
        (stated("depends_on", 7, value="db"), "db"),
        (stated("is_healthy", 2), None),
        (stated("is_healthy", 9), None),
        (stated("precedes", 5, other=Place(evidence="E1", fact=0)), "cart latency"),
        (stated("absent", 0, evidence="E2"), "restarts"),
    ],
)
def test_what_is_left_out_is_read_from_the_evidence_and_holds(one: StatedClaim, value: object) -> None:
    claim = resolve(one, EVIDENCE, WINDOW)

    assert claim.value == value
    assert check(claim, EVIDENCE).is_fact


@pytest.mark.parametrize(
    "one",
    [
        stated("rose", 1),
        stated("rose", 2),
        stated("rose", 5),
        stated("fell", 0),
        stated("equals", 0, field="score"),
        stated("equals", 0, field="no_such_field"),
        stated("equals", 8),
        stated("contains", 8, line=7),
        stated("contains", 8, value="never written"),
        stated("contains", 0),
        stated("started", 2),
        stated("started", 6),
        stated("ended", 0),
        stated("changed", 0),
        stated("depends_on", 6, value="db"),
        stated("depends_on", 0),
        stated("is_healthy", 0),
        stated("is_healthy", 6),
        stated("precedes", 5),
        stated("precedes", 0, other=Place(evidence="E1", fact=5)),
        stated("precedes", 5, other=Place(evidence="E7", fact=0)),
        stated("absent", 0),
        stated("absent", 3),
        stated("rose", 99),
        stated("rose", 0, evidence="E7"),
        stated("contains", 99, evidence="E7", value="x"),
    ],
)
def test_what_the_evidence_does_not_bear_becomes_a_claim_that_fails(one: StatedClaim) -> None:
    claim = resolve(one, EVIDENCE, WINDOW)

    assert (claim.predicate, claim.value) == (one.predicate, one.value)
    assert not check(claim, EVIDENCE).is_fact


def test_a_figure_of_the_model_is_held_against_the_evidence_and_not_believed() -> None:
    right, wrong = (resolve(stated("equals", 0, value=value), EVIDENCE, WINDOW) for value in (900.0, 9000.0))

    assert check(right, EVIDENCE).is_fact
    assert check(wrong, EVIDENCE).mark == "contradicted"


def test_a_subject_of_the_model_is_held_against_the_evidence_and_not_believed() -> None:
    other = resolve(stated("rose", 0, subject="store latency"), EVIDENCE, WINDOW)

    assert other.subject == "store latency"
    assert check(other, EVIDENCE).mark == "not_found"


def test_an_unfounded_claim_says_which_place_it_names() -> None:
    bare, named = (resolve(stated("rose", 99, subject=one), EVIDENCE, WINDOW) for one in ("", "cart"))

    assert (bare.subject, named.subject) == ("E1 fact 99", "cart")
    assert bare.selectors[0].model_dump()["pointer"] == "/facts/99"


def test_an_answer_is_completed_claim_by_claim_and_keeps_its_words() -> None:
    said = StatedAnswer(
        hypotheses=(
            StatedHypothesis(
                type="flag",
                subject="store",
                cause="flag_switched",
                change="new-cart",
                probability=0.8,
                support=(stated("changed", 5), stated("rose", 99)),
                against=(stated("is_healthy", 2),),
                why_not="nothing else moved",
            ),
        ),
        claims=(stated("depends_on", 6),),
        none_probability=0.1,
        none_reasons=("a release is likelier",),
        first_failing_service="store",
        blast_radius=("cart",),
    )

    found = draft(said, EVIDENCE, WINDOW)

    (one,) = found.hypotheses
    assert [claim.value for claim in one.support] == ["new-cart", None]
    assert [claim.predicate for claim in one.against] == ["is_healthy"]
    assert (one.type, one.subject, one.change, one.probability, one.why_not) == (
        "flag",
        "store",
        "new-cart",
        0.8,
        "nothing else moved",
    )
    assert [claim.value for claim in found.claims] == ["store"]
    assert (found.none_probability, found.none_reasons) == (0.1, ("a release is likelier",))
    assert (found.first_failing_service, found.blast_radius) == ("store", ("cart",))


def test_without_any_evidence_every_claim_fails_and_none_is_lost() -> None:
    said = StatedAnswer(claims=tuple(stated("rose", fact) for fact in range(5)))
    empty: dict[str, Evidence] = {}

    found = draft(said, empty, WINDOW)

    assert len(found.claims) == 5
    assert not any(check(claim, empty).is_fact for claim in found.claims)
