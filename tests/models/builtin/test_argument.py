from dataclasses import replace

import pytest
from tests.fakes.incident import CULPRIT, incident
from tests.models.builtin.investigations import answer_to, quiet, seen_in, strained, without_changes

from rootline.analysis.joining.combining import shares
from rootline.models.builtin.argument import candidates, stated
from rootline.models.builtin.calibrating import shipped
from rootline.models.builtin.candidate import part
from rootline.tapes.recording import Recording

pytestmark = pytest.mark.anyio


async def test_changes_and_services_compete_in_one_list_and_runners_up_are_told_why() -> None:
    answer = await answer_to(incident())

    assert answer.hypotheses[0].change == CULPRIT
    assert answer.hypotheses[0].why_not == ""
    assert all(one.why_not for one in answer.hypotheses[1:])
    assert all(len(one.support) <= 4 for one in answer.hypotheses[1:])


async def test_every_part_of_a_score_adds_up_to_it() -> None:
    ranked = candidates(await seen_in(incident()))

    told = stated(ranked)

    assert len(ranked) > 1
    for one, hypothesis in zip(ranked, told, strict=False):
        assert sum(part.contribution for part in hypothesis.components) == pytest.approx(one.score, abs=0.01)


async def test_the_first_probability_is_that_of_its_score_and_all_stay_under_one() -> None:
    ranked = candidates(await seen_in(incident()))

    told = stated(ranked)

    assert told[0].probability == pytest.approx(shares([one.score for one in ranked])[0])
    assert sum(one.table.read(said.probability)[0] for one, said in zip(ranked, told, strict=False)) <= 1.0


async def test_without_changes_the_service_that_others_wait_for_is_blamed_with_proof() -> None:
    answer = await answer_to(without_changes())

    best = answer.hypotheses[0]
    assert (best.subject, best.change) == ("service-0", "")
    assert len(best.support) >= 3
    assert answer.failed == ()


async def test_an_alert_that_names_no_service_is_told_by_its_own_name() -> None:
    whole = incident()
    nameless = tuple(replace(one, service="", resolved_at=None) for one in whole.alerts or ())

    answer = await answer_to(replace(without_changes(), alerts=nameless))

    assert answer.failed == ()
    assert answer.hypotheses[0].subject == "service-0"
    assert {one.claim.subject for one in answer.claims} >= {one.name for one in nameless}


async def test_where_nothing_is_wrong_nothing_is_blamed_whatever_was_changed() -> None:
    answer = await answer_to(quiet())

    assert answer.hypotheses == ()
    assert answer.outcome == "inconclusive"


async def test_claims_of_the_first_answer_differ_in_kind() -> None:
    answer = await answer_to(incident())

    kinds = {one.claim.predicate for one in answer.hypotheses[0].support}
    assert {"contains", "changed", "precedes", "rose", "started"} <= kinds


async def test_confidence_names_its_table_and_lies_between_bounds() -> None:
    answer = await answer_to(incident())

    sure = answer.hypotheses[0].confidence
    assert sure.calibration == shipped("change").name
    assert 0 < sure.low < sure.value < sure.high <= 1


async def test_it_abstains_where_even_the_first_is_less_likely_than_its_table_asks_for() -> None:
    ranked = candidates(await seen_in(without_changes()))
    faint = [replace(one, parts=(part("made up", -3.0, "hardly anything speaks for it"),)) for one in ranked]

    assert stated(ranked)
    assert stated(faint) == ()


async def test_what_is_nearly_as_likely_and_strong_enough_by_its_own_table_is_stated_instead() -> None:
    (service, *_), (change, *_) = candidates(await seen_in(without_changes())), candidates(await seen_in(incident()))
    weak, strong = (
        replace(one, parts=(part("made up", weight, "so much speaks for it"),))
        for one, weight in ((change, -0.55), (service, -0.6))
    )
    alone, far = stated([weak]), stated([weak, replace(strong, parts=(part("made up", -2.0, "less"),))])
    worth = {one.basis: one.table.read(shares([weak.score, strong.score])[0])[0] for one in (weak, strong)}

    told = stated([weak, strong])

    assert (alone, far) == ((), ())
    assert worth["change"] < weak.table.abstain_below <= worth["service"]
    assert (told[0].subject, told[1].change) == (service.subject, change.change)


async def test_each_explanation_is_read_by_the_table_of_what_it_rests_on() -> None:
    change, service = await answer_to(incident()), await answer_to(without_changes())

    assert change.hypotheses[0].confidence.calibration == shipped("change").name
    assert service.hypotheses[0].confidence.calibration == shipped("service").name


async def test_a_number_that_leaps_is_blamed_where_requests_suffer() -> None:
    answer = await answer_to(strained(felt=True))

    assert [one.subject for one in answer.hypotheses[:1]] == ["service-3"]


async def test_a_number_that_leaps_while_no_request_suffers_is_blamed_for_nothing() -> None:
    answer = await answer_to(strained(felt=False))

    assert answer.hypotheses == ()
    assert answer.outcome == "inconclusive"


@pytest.mark.parametrize("recording", [incident(), without_changes(), quiet(), strained(felt=True)])
async def test_nothing_that_the_built_in_investigator_states_fails_its_check(recording: Recording) -> None:
    assert (await answer_to(recording)).failed == ()
