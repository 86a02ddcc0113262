from datetime import UTC, datetime, timedelta

from rootline.changes.timing import History, TookEffect, after, took_effect
from rootline.domain.change import ChangeSet, Commit, CommitRange, Deployment

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def commit(name: str, order: int, file: str) -> Commit:
    return Commit(sha=name * 40, at=NOON + timedelta(minutes=order), message=name, files=(file,), order=order)


A, B, C = commit("a", 0, "services/pay/a.go"), commit("b", 1, "services/pay/b.go"), commit("c", 2, "services/pay/c.go")


def effects(one: Commit, *deployments: Deployment) -> tuple[TookEffect, ...]:
    history = History.of(ChangeSet(commits=(A, B, C), deployments=deployments))
    return took_effect(one, history, ("payservice", "cartservice"))


def deployed(sha: str, minute: int, service: str = "payservice") -> Deployment:
    return Deployment(service=service, at=NOON + timedelta(minutes=minute), commit=sha)


def test_a_commit_runs_when_it_is_deployed_even_by_a_short_sha() -> None:
    assert effects(B, deployed("b" * 8, 10)) == (TookEffect(service="payservice", at=NOON + timedelta(minutes=10)),)


def test_a_commit_rides_along_with_the_next_deployment_of_its_service() -> None:
    found = effects(A, deployed("b" * 40, 10), deployed("c" * 40, 20))

    assert found == (TookEffect(service="payservice", at=NOON + timedelta(minutes=10), rode_along=True),)


def test_a_commit_does_not_ride_with_a_service_that_is_not_built_from_it() -> None:
    assert effects(A, deployed("c" * 40, 20, "cartservice")) == ()


def test_what_the_previous_deployment_reached_is_not_new() -> None:
    again = Deployment(service="payservice", at=NOON + timedelta(minutes=20), commit="c" * 40, previous_commit="a" * 40)

    assert effects(A, again) == ()
    assert [one.rode_along for one in effects(B, again)] == [True]


def test_a_roll_out_may_hold_what_is_a_little_newer_than_the_revision_it_records() -> None:
    assert effects(C, deployed("a" * 40, 10)) == (
        TookEffect(service="payservice", at=NOON + timedelta(minutes=10), rode_along=True),
    )


def test_a_roll_out_holds_no_newer_code_of_another_service_none_written_later_and_none_of_long_ago() -> None:
    assert effects(C, deployed("a" * 40, 10, "cartservice")) == ()
    assert effects(C, deployed("a" * 40, 1)) == ()
    assert effects(C, deployed("a" * 40, 200)) == ()


def test_a_range_that_was_read_whole_tells_all_that_a_roll_out_holds() -> None:
    whole = Deployment(
        service="payservice",
        at=NOON + timedelta(minutes=10),
        commit="b" * 40,
        moved=CommitRange(relation="forward", came=("b" * 40,)),
    )

    assert effects(C, whole) == ()


def test_a_moment_is_after_the_onset_only_beyond_the_tolerance() -> None:
    assert not after(NOON + timedelta(minutes=2), NOON)
    assert after(NOON + timedelta(minutes=3), NOON)
    assert not after(NOON, None)
