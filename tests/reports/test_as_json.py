import json

from tests.reports.records import record

from rootline.domain.evidence import canonical
from rootline.reports.as_json import as_json
from rootline.reports.next_steps import next_steps


def test_two_runs_of_one_tape_differ_in_the_header_alone() -> None:
    one, other = as_json(record()), as_json(record(run=3))

    assert one.pop("header") != other.pop("header")
    assert canonical(one) == canonical(other)


def test_hypotheses_are_inferences_and_claims_carry_their_marks() -> None:
    report = json.loads(canonical(as_json(record())))

    assert [(one["rank"], one["is_inference"], one["is_proven"]) for one in report["hypotheses"]] == [
        (1, True, True),
        (2, True, False),
    ]
    assert {claim["mark"] for one in report["hypotheses"] for claim in one["support"]} == {"verified"}
    assert [one["mark"] for one in report["failed"]] == ["contradicted"]
    assert report["claims"][0]["evidence"] == ["E1"]


def test_an_unfinished_investigation_has_no_outcome() -> None:
    report = as_json(record(answered=False))

    assert (report["outcome"], report["state"], report["hypotheses"]) == (None, "cancelled", [])


def test_the_next_steps_are_computed_from_what_is_missing() -> None:
    assert any("search_runbooks: error; ask again" in step for step in next_steps(record()))
