"""Which commits a deployment brought or took back, whatever is known of what ran before."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.analysis.commit_range import MOST_LISTED, compared, ranges, same, unknown
from rootline.domain.change import ChangeSet, Commit, CommitRange, Deployment

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHAS = [f"{letter}{number:039x}" for number, letter in enumerate("abcdef")]
A, B, C, D, E, GONE = SHAS


def commits(*shas: str, repository: str = "shop") -> tuple[Commit, ...]:
    return tuple(
        Commit(sha=sha, at=NOON + timedelta(minutes=at), message="", repository=repository, order=at)
        for at, sha in enumerate(shas)
    )


def deployed(*shas: str, service: str = "cart", previous: str = "") -> tuple[Deployment, ...]:
    return tuple(
        Deployment(service=service, at=NOON + timedelta(hours=1, minutes=at), commit=sha, previous_commit=previous)
        for at, sha in enumerate(shas)
    )


def told(*deployments: Deployment, history: tuple[Commit, ...] = commits(A, B, C, D)) -> list[tuple[object, ...]]:
    found = ranges(ChangeSet(commits=history, deployments=deployments))
    return [(one.previous_commit, one.moved.relation, one.moved.came, one.moved.left) for one in found if one.moved]


def test_a_deployment_brings_what_lies_after_the_one_before_it() -> None:
    assert told(*deployed(A, C))[1] == (A, "forward", (B, C), ())


def test_the_first_known_deployment_may_have_brought_everything_up_to_it_and_says_so() -> None:
    (one,) = ranges(ChangeSet(commits=commits(A, B, C), deployments=deployed(B)))

    assert one.moved is not None
    assert (one.moved.relation, one.moved.came, one.moved.is_whole) == ("first", (A, B), False)
    assert one.moved.why == "no earlier deployment is known, so each commit up to this one may be new"


def test_a_rollback_takes_back_and_brings_nothing() -> None:
    assert told(*deployed(B, D, B))[2] == (D, "rollback", (), (C, D))


def test_going_forward_after_a_rollback_brings_the_same_again() -> None:
    assert told(*deployed(B, D, B, D))[3] == (B, "forward", (C, D), ())


def test_the_same_revision_again_brings_nothing() -> None:
    assert told(*deployed(B, B))[1] == (B, "same", (), ())
    assert told(*deployed(B, B[:9]))[1] == (B, "same", (), ())


def test_an_unknown_previous_revision_is_named_and_nothing_is_claimed() -> None:
    (one,) = ranges(ChangeSet(commits=commits(A, B), deployments=deployed(B, previous=GONE)))

    assert one.moved is not None
    assert (one.moved.relation, one.moved.came, one.moved.is_whole) == ("unknown", (), False)
    assert one.moved.why.startswith("f000000, which ran before, was pushed over by force")


def test_a_deployed_commit_that_was_not_read_has_no_range() -> None:
    assert told(*deployed(GONE)) == [("", "unknown", (), ())]
    assert told(*deployed("")) == [("", "unknown", (), ())]


def test_what_a_deployment_names_goes_before_what_was_deployed_last() -> None:
    first, second = deployed(A, D)
    named = Deployment(service="cart", at=second.at, commit=D, previous_commit=C[:8])

    assert told(first, named)[1] == (C[:8], "forward", (D,), ())


def test_services_do_not_share_what_ran_before() -> None:
    assert told(*deployed(A), *deployed(C, service="search"))[1] == ("", "first", (A, B, C), ())


def test_each_repository_is_a_history_of_its_own() -> None:
    history = (*commits(A, B), *commits(C, D, E, repository="infra"))

    assert told(*deployed(C, E), history=history)[1] == (C, "forward", (D, E), ())
    (mixed,) = told(*deployed(E, previous=A), history=history)
    assert mixed[1] == "unknown"


def test_what_the_source_compared_stays() -> None:
    known = CommitRange(relation="rewritten", came=(D,), left=(GONE,))
    one = Deployment(service="cart", at=NOON, commit=D, previous_commit=GONE, moved=known)

    assert ranges(ChangeSet(commits=commits(A, D), deployments=(one,)))[0].moved == known


def test_a_line_of_history_that_was_left_shows_both_sides() -> None:
    found = compared(A, B, [B], [A])

    assert (found.relation, found.came, found.left, found.is_whole) == ("rewritten", (B,), (A,), True)
    assert "pushed by force" in found.why


def test_a_comparison_that_was_cut_says_so() -> None:
    cut = compared(A, B, [B], [], is_whole=False)
    long = compared(A, B, [f"{number:040x}" for number in range(MOST_LISTED + 1)], [])

    assert (cut.is_whole, cut.why) == (False, "the repository lists more commits than were read")
    assert (len(long.came), long.is_whole, long.why) == (MOST_LISTED, False, "only the latest 250 commits are listed")
    assert compared(A, B, [B], [A], is_whole=False).why.endswith("lists more commits than were read")


def test_two_revisions_with_nothing_between_them_are_not_called_equal() -> None:
    assert compared(A, B, [], []) == unknown("the two revisions could not be told apart")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (A, A, True),
        (A[:7], A, True),
        (A, A[:7].upper(), True),
        (A[:6], A, False),
        (A[:7], B, False),
        ("", "", False),
        ("", A, False),
    ],
)
def test_shortened_names_of_commits_need_seven_digits(one: str, other: str, equal: bool) -> None:
    assert same(one, other) is equal


@given(st.lists(st.sampled_from([*SHAS, "", "abc", A[:7]]), max_size=12), st.permutations(SHAS[:4]))
def test_no_sequence_of_deployments_claims_what_was_not_read(shas: list[str], history: list[str]) -> None:
    for one in ranges(ChangeSet(commits=commits(*history), deployments=deployed(*shas))):
        assert one.moved is not None
        assert {*one.moved.came, *one.moved.left} <= set(history)
        assert one.moved.relation != "unknown" or one.moved.why
        assert not set(one.moved.came) & set(one.moved.left)
