from datetime import timedelta

import pytest
from tests.claims.world import World, stored

from rootline.claims import build
from rootline.claims.inference import verify
from rootline.claims.statement import statement
from rootline.domain.claim import Claim
from rootline.domain.evidence import Evidence
from rootline.domain.fact import ChangeFact, EdgeFact, LogFact, NoteFact, SeriesFact
from rootline.domain.hypothesis import DraftAnswer, DraftHypothesis, Hypothesis, HypothesisType
from rootline.domain.points import Points

WORLD = World(41)
START, ONSET = WORLD.window.start, WORLD.onset


def series(service: str, *, late: int = 0) -> SeriesFact:
    onset = ONSET + timedelta(seconds=late)
    times = [START + timedelta(seconds=15 * at) for at in range(120)]
    return SeriesFact(
        subject=f"{service} latency",
        service=service,
        metric="latency",
        unit="ms",
        direction="up",
        anomaly="spike",
        baseline=100.0,
        current=900.0,
        peak=900.0,
        onset=onset,
        points=Points.listed((at.timestamp(), 100.0 if at < onset else 900.0) for at in times),
    )


CHANGE = ChangeFact(
    subject="stock",
    change="deployment",
    label="3f2a9bc1d4",
    at=ONSET - timedelta(minutes=5),
    diff=["@@ -1 +1 @@", "+pool_size: 2"],
)
EVIDENCE: dict[str, Evidence] = {
    "E1": stored("E1", [series("stock"), series("cart", late=60)], WORLD.window),
    "E2": stored("E2", [CHANGE], WORLD.window),
    "E3": stored("E3", [EdgeFact(subject="cart", callee="stock", found_in="traces")], WORLD.window),
    "E4": stored(
        "E4",
        [LogFact(subject="cart", template="it is <*>", count=9, exemplar="it is the stock deploy", user_written=True)],
        WORLD.window,
    ),
    "E5": stored("E5", [NoteFact(subject="cart", author="rowan", text="it was the deploy")], WORLD.window),
}


def made(claim: Claim | None) -> Claim:
    assert claim is not None
    return claim


def false(claim: Claim) -> Claim:
    return claim.model_copy(update={"subject": claim.subject + "-other"})


ROSE = made(build.rose(EVIDENCE["E1"], 0))
CART_ROSE = made(build.rose(EVIDENCE["E1"], 1))
BEFORE = made(build.precedes((EVIDENCE["E2"], 0), (EVIDENCE["E1"], 1)))
LINE = made(build.contains_line(EVIDENCE["E2"], 0, 1))
CHANGED = made(build.changed(EVIDENCE["E2"], 0))
DEPENDS = made(build.depends_on(EVIDENCE["E3"], 0))
WORDS = made(build.contains_line(EVIDENCE["E4"], 0))


def hypothesis(*support: Claim, p: float = 0.8, kind: HypothesisType = "release", why_not: str = "") -> DraftHypothesis:
    return DraftHypothesis(
        type=kind,
        subject="stock",
        cause="pool_exhausted",
        change="" if kind == "none" else "3f2a9bc1d4",
        probability=p,
        support=support,
        why_not=why_not,
    )


def only(*support: Claim, p: float = 0.8) -> Hypothesis:
    (found,) = verify(DraftAnswer(hypotheses=(hypothesis(*support, p=p),)), EVIDENCE).hypotheses
    return found


def test_a_cause_is_stated_over_an_order_in_time_and_a_dependency() -> None:
    found = only(BEFORE, DEPENDS, CHANGED, CART_ROSE)

    assert found.is_proven
    assert found.statement == "Release 3f2a9bc1d4 in stock caused what was seen, by pool exhausted"
    assert found.confidence.value == 0.8


def test_a_cause_is_stated_over_an_order_in_time_and_a_quoted_mechanism() -> None:
    assert only(BEFORE, LINE, CHANGED).is_proven


@pytest.mark.parametrize(
    "support",
    [
        (BEFORE,),
        (BEFORE, CHANGED, CART_ROSE),
        (DEPENDS, LINE, CHANGED),
        (BEFORE, DEPENDS),
        (BEFORE, CHANGED, false(DEPENDS)),
        (CHANGED, DEPENDS, false(BEFORE)),
    ],
)
def test_without_order_link_or_the_change_itself_it_may_only_have_caused_it(support: tuple[Claim, ...]) -> None:
    found = only(*support)

    assert not found.is_proven
    assert found.statement.startswith("Release 3f2a9bc1d4 in stock may have caused what was seen, by pool exhausted")
    assert found.confidence.value < 0.8


def test_what_is_less_likely_than_not_is_not_said_to_have_caused_it() -> None:
    found = only(BEFORE, DEPENDS, CHANGED, p=0.4)

    assert not found.is_proven
    assert "may have caused" in found.statement


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("it_became_slow", "cart: it became slow, which may have caused what was seen"),
        ("its_requests_fail", "cart: its requests fail, which may have caused what was seen"),
        ("keeps_restarting", "cart: keeps restarting, which may have caused what was seen"),
        ("item_lost", "Item lost in cart may have caused what was seen"),
    ],
)
def test_a_cause_that_is_a_sentence_about_its_subject_is_told_as_one(cause: str, said: str) -> None:
    draft = DraftHypothesis(type="unknown", subject="cart", cause=cause, probability=0.5, support=())

    assert statement(draft) == said


def test_a_claim_made_twice_counts_once() -> None:
    assert [one.claim for one in only(ROSE, CHANGED, ROSE).support] == [ROSE, CHANGED]


def test_a_link_between_other_services_proves_nothing() -> None:
    elsewhere = stored("E6", [EdgeFact(subject="stock", callee="cart", found_in="traces")], WORLD.window)
    turned = made(build.depends_on(elsewhere, 0))
    draft = DraftAnswer(hypotheses=(hypothesis(BEFORE, CHANGED, turned),))

    assert not verify(draft, {**EVIDENCE, "E6": elsewhere}).hypotheses[0].is_proven


def test_a_hypothesis_without_a_verified_claim_is_dropped_and_its_claims_are_kept_as_failed() -> None:
    draft = DraftAnswer(hypotheses=(hypothesis(false(ROSE), p=0.9), hypothesis(ROSE, false(CHANGED), p=0.6)))

    answer = verify(draft, EVIDENCE)

    assert [(one.rank, len(one.support)) for one in answer.hypotheses] == [(1, 1)]
    assert [one.claim for one in answer.failed] == [false(ROSE), false(CHANGED)]
    assert all(not one.is_fact and one.reason for one in answer.failed)
    assert all(claim.is_fact for one in answer.hypotheses for claim in (*one.support, *one.against))


def test_failed_claims_lower_the_rank() -> None:
    shaky = hypothesis(ROSE, false(CHANGED), false(BEFORE), p=0.8)
    sound = hypothesis(ROSE, CHANGED, p=0.7)

    answer = verify(DraftAnswer(hypotheses=(shaky, sound)), EVIDENCE)

    assert [len(one.support) for one in answer.hypotheses] == [2, 1]
    assert [one.rank for one in answer.hypotheses] == [1, 2]
    assert [part.name for part in answer.hypotheses[1].confidence.components] == ["failed claims", "unproven"]


def test_words_that_users_can_write_are_no_better_than_a_coin_until_a_signal_agrees() -> None:
    assert only(WORDS, p=0.9).confidence.value == 0.5
    assert only(WORDS, CART_ROSE, p=0.9).confidence.value == pytest.approx(0.81)


def test_words_that_users_can_write_are_no_mechanism() -> None:
    assert not only(BEFORE, CHANGED, WORDS, CART_ROSE).is_proven


def test_a_note_supports_nothing_alone() -> None:
    place = WORDS.selectors[0].model_copy(update={"evidence": "E5", "pointer": "/facts/0/text", "quote": "the deploy"})
    note = WORDS.model_copy(update={"value": "the deploy", "selectors": (place,)})

    answer = verify(DraftAnswer(hypotheses=(hypothesis(note),)), EVIDENCE)

    assert (answer.outcome, answer.hypotheses) == ("inconclusive", ())
    assert answer.failed[0].reason == "a person's note is not enough alone"


@pytest.mark.parametrize(
    ("draft", "outcome"),
    [
        (DraftAnswer(claims=(ROSE,)), "answered"),
        (DraftAnswer(claims=(ROSE, false(ROSE))), "answered"),
        (DraftAnswer(claims=(false(ROSE),)), "inconclusive"),
        (DraftAnswer(), "inconclusive"),
        (DraftAnswer(none_probability=0.9), "inconclusive"),
        (DraftAnswer(none_probability=0.9, claims=(ROSE,)), "none_of_these"),
        (DraftAnswer(hypotheses=(hypothesis(ROSE, p=0.6),), none_probability=0.8), "none_of_these"),
        (DraftAnswer(hypotheses=(hypothesis(ROSE, kind="none", p=0.6),)), "none_of_these"),
        (DraftAnswer(hypotheses=(hypothesis(ROSE, p=0.6),), none_probability=0.3), "explained"),
        (DraftAnswer(hypotheses=(hypothesis(ROSE, p=0.2),)), "inconclusive"),
        (DraftAnswer(hypotheses=(hypothesis(false(ROSE), p=0.9),), claims=(ROSE,)), "inconclusive"),
    ],
)
def test_the_outcome_follows_from_what_was_verified(draft: DraftAnswer, outcome: str) -> None:
    assert verify(draft, EVIDENCE).outcome == outcome


def test_free_text_that_the_evidence_does_not_bear_is_marked() -> None:
    draft = DraftAnswer(
        hypotheses=(hypothesis(ROSE, why_not="cart began 60 s later, order-service 77 s"),),
        none_reasons=("latency rose to 900 ms",),
        first_failing_service="billing",
        blast_radius=("cart", "billing"),
    )

    answer = verify(draft, EVIDENCE)

    assert answer.hypotheses[0].why_not.endswith("[not in the evidence: 60 s, 77 s, order-service]")
    assert answer.none_reasons == ("latency rose to 900 ms",)
    assert (answer.first_failing_service, answer.blast_radius) == ("", ("cart",))


def test_an_answer_that_no_change_explains_it_is_a_sentence_too() -> None:
    assert statement(hypothesis(ROSE, kind="none")) == "No change explains what was seen in stock: pool exhausted"
