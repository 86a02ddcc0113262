"""How far a number went, and how soon before the onset a change ran."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.families import seen
from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking, Component
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=2))
SLOW = Symptom(
    service="quotes",
    texts=("quotes: requests wait 9.4 s", "quotes refused 31 requests: errors, its queue is full"),
    rising=("latency_p99 of quotes",),
    onset=NOON,
    tolerance=timedelta(seconds=15),
)


def commit(letter: str, before: str, after: str, *, service: str = "quotes") -> Commit:
    diff = f"@@ services/{service}/limits.toml @@\n-{before}\n+{after}\n"
    files = (f"services/{service}/limits.toml",)
    return Commit(sha=letter * 40, at=NOON - timedelta(hours=1), message="tune", files=files, diff=diff)


def ranked(*commits: tuple[Commit, float]) -> ChangeRanking:
    """Rank commits, each deployed so many seconds before the onset."""
    deployments = tuple(
        Deployment(service=one.files[0].split("/")[1], at=NOON - timedelta(seconds=ago), commit=one.sha)
        for one, ago in commits
    )
    return rank(SLOW, ChangeSet(commits=tuple(one for one, _ in commits), deployments=deployments), DAY)


def part(found: ChangeRanking, letter: str, name: str) -> Component:
    one = next(one for one in found.ranked if one.label == letter * 40)
    return next(part for part in one.components if part.name.startswith(name))


def test_a_limit_that_moved_far_counts_more_than_one_that_hardly_moved() -> None:
    slight, far, zero = (
        ranked((commit("a", "timeout_s = 2.0", f"timeout_s = {after}"), 60.0)) for after in ("1.8", "0.05", "0")
    )

    weights = [part(one, "a", "mechanism").contribution for one in (slight, far, zero)]
    assert weights[0] < 0.5 * weights[1]
    assert weights[1] == weights[2]


@pytest.mark.parametrize(("before", "after"), [("queue = 64", "queue = 0"), ("max_pending: 100", "max_pending: 2")])
def test_the_length_of_a_queue_is_a_limit_that_is_known(before: str, after: str) -> None:
    found = ranked((commit("a", before, after), 60.0))

    assert part(found, "a", "mechanism").name == "mechanism: length of a queue lowered"


def test_of_two_changes_alike_the_one_seconds_before_the_onset_counts_more() -> None:
    found = ranked((commit("a", "x = 1", "x = 2"), 5.0), (commit("b", "x = 1", "x = 2"), 120.0))

    assert [one.label[0] for one in found.ranked] == ["a", "b"]
    assert part(found, "a", "time").contribution - part(found, "b", "time").contribution > 0.5


def test_minutes_apart_they_count_alike() -> None:
    found = ranked((commit("a", "x = 1", "x = 2"), 600.0), (commit("b", "x = 1", "x = 2"), 1200.0))

    assert part(found, "a", "time").contribution == pytest.approx(part(found, "b", "time").contribution, abs=0.01)


def test_what_ran_after_an_onset_that_is_known_to_the_second_comes_too_late() -> None:
    found = ranked((commit("a", "x = 1", "x = 2"), -30.0))

    assert part(found, "a", "time").contribution < 0


@pytest.mark.parametrize(
    ("added", "name"),
    [
        (
            "+    connection = pool.acquire()\n+    if not rows:\n+        return []\n+    pool.release(connection)",
            True,
        ),
        ("+    one = pool.acquire()\n+    try:\n+        use(one)\n+    finally:\n+        pool.release(one)", False),
        ("+    async with pool.acquire() as connection:\n+        use(connection)", False),
    ],
)
def test_what_is_borrowed_by_hand_may_not_be_given_back(added: str, name: bool) -> None:
    leaky = Commit(
        sha="a" * 40,
        at=NOON - timedelta(hours=1),
        message="read directly",
        files=("services/quotes/rows.py",),
        diff=f"@@ services/quotes/rows.py @@\n{added}\n",
    )
    symptom = Symptom(service="quotes", texts=("timeout waiting for a connection from the pool",), onset=NOON)
    deployed = Deployment(service="quotes", at=NOON - timedelta(minutes=1), commit=leaky.sha)

    found = rank(symptom, ChangeSet(commits=(leaky,), deployments=(deployed,)), DAY)

    told = {one.name for one in found.ranked[0].components}
    assert ("mechanism: borrowed and not always given back" in told) is name


def test_a_service_s_name_is_a_place_and_no_word_that_a_change_shares() -> None:
    texts = ("orders: quotes answered 502", "gateway of orders is slow")
    own, other = commit("a", "x = 1", "x = 2"), commit("b", "orders = 1", "orders = 2", service="orders")
    deployments = tuple(
        Deployment(service=name, at=NOON, commit=sha * 40) for name, sha in (("quotes", "a"), ("orders", "b"))
    )
    symptom = Symptom(service="quotes", texts=texts, onset=NOON)

    found = rank(symptom, ChangeSet(commits=(own, other), deployments=deployments), DAY)

    assert part(found, "b", "wording").reason == "it shares no word with the symptom"


@pytest.mark.parametrize(("seconds", "late"), [(-60, True), (-10, False), (60, False)])
def test_what_ran_after_the_first_error_of_its_kind_comes_too_late(seconds: float, late: bool) -> None:
    one = commit("a", "timeout_s = 2.0", "timeout_s = 0.2")
    ran = Deployment(service="quotes", at=NOON + timedelta(seconds=5), commit=one.sha)
    symptom = replace(SLOW, failing_at=NOON + timedelta(seconds=seconds))

    found = rank(symptom, ChangeSet(commits=(one,), deployments=(ran,)), DAY)

    assert (part(found, "a", "time").contribution < 0) is late


def test_a_deployment_of_its_own_tells_more_than_one_that_carried_a_change() -> None:
    edge = Commit(
        sha="a" * 40,
        at=NOON - timedelta(hours=1),
        message="tune",
        files=("infra/edge.tf",),
        diff="@@\n-a = 3\n+a = 1\n",
    )
    own = replace(commit("b", "x = 1", "x = 2"), order=1)
    deployments = (
        Deployment(service="edge", at=NOON - timedelta(minutes=40), commit=edge.sha),
        Deployment(service="quotes", at=NOON - timedelta(minutes=1), commit=own.sha),
    )

    found = rank(replace(SLOW, near=("edge",)), ChangeSet(commits=(edge, own), deployments=deployments), DAY)

    assert next(one.service for one in found.ranked if one.label == edge.sha) == "edge"


def test_what_rides_along_and_stands_where_the_service_s_code_stands_is_its_own() -> None:
    at = NOON - timedelta(hours=1)
    named = Commit(sha="b" * 40, at=at, message="x", files=("crates/api/src/b.rs",), diff="@@\n-a\n+b\n", order=2)
    beside = Commit(sha="a" * 40, at=at, message="x", files=("crates/api/src/a.rs",), diff="@@\n-a\n+b\n", order=1)
    apart = Commit(sha="c" * 40, at=at, message="x", files=("crates/cli/src/a.rs",), diff="@@\n-a\n+b\n", order=0)
    ran = Deployment(service="quotes", at=NOON - timedelta(minutes=1), commit=named.sha)

    found = rank(SLOW, ChangeSet(commits=(apart, beside, named), deployments=(ran,)), DAY)

    placed = {one.label[0]: [part.name for part in one.components] for one in found.ranked}
    assert "place" in placed["a"]
    assert "place" not in placed["c"]


def test_an_error_of_memory_counts_less_where_the_memory_was_read_and_is_as_it_was() -> None:
    told = replace(SLOW, texts=("OutOfMemoryError: unable to create native thread",))

    strengths = [
        {one.family: one.strength for one in seen(replace(told, steady=steady))}["memory"]
        for steady in ((), ("jvm_heap_used_mb of quotes",), ("jvm_heap_used_mb of carts",))
    ]

    assert strengths[1] < strengths[0] == strengths[2]


@pytest.mark.parametrize("text", ["the 95th percentile is above 400 ms", "above 502MB", "above 429 %", "it took 413 s"])
def test_a_number_with_a_unit_is_no_status(text: str) -> None:
    families = {one.family for one in seen(replace(SLOW, texts=(text,), rising=()))}

    assert families.isdisjoint({"parse", "network", "ratelimit", "size"})


@pytest.mark.parametrize(
    ("text", "family"), [("answered 400: no", "parse"), ("status 502", "network"), ("429", "ratelimit")]
)
def test_a_number_without_a_unit_may_be_a_status(text: str, family: str) -> None:
    assert family in {one.family for one in seen(replace(SLOW, texts=(text,), rising=()))}


def test_time_on_the_cpu_is_seen_by_the_name_that_prometheus_gives_it() -> None:
    moved = replace(SLOW, rising=("process_cpu_seconds_per_second of quotes",))

    assert "cpu" in {one.family for one in seen(moved)}


def test_a_change_that_was_deployed_to_an_affected_service_is_not_another_s() -> None:
    split = Commit(
        sha="a" * 40,
        at=NOON - timedelta(hours=1),
        message="split",
        files=("services/amounts/split.kt",),
        diff="@@ services/amounts/split.kt @@\n-    a(1)\n+    b(2)\n",
    )
    ran = Deployment(service="billing", at=NOON - timedelta(minutes=1), commit=split.sha)
    known = ChangeSet(commits=(split,), deployments=(ran,))

    beside, hurt = (rank(replace(SLOW, services=names), known, DAY) for names in ((), ("billing",)))

    assert part(beside, "a", "place").contribution < 0
    assert part(hurt, "a", "place").contribution == 0


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("LONGEST_BODY = 2**20", "LONGEST_BODY = 2**8", "size limit lowered"),
        ("maxBody: 1 << 20", "maxBody: 1 << 10", "size limit lowered"),
    ],
)
def test_a_power_is_read_as_the_number_that_it_makes(before: str, after: str, name: str) -> None:
    known, far = (part(ranked((commit("a", before, new), 60.0)), "a", "mechanism") for new in (after, after + "00"))

    assert known.name == f"mechanism: {name}"
    assert far.name.startswith("mechanism")


def test_the_first_error_tells_changes_of_the_seconds_around_it_apart() -> None:
    symptom = replace(SLOW, failing_at=NOON)
    gaps = {"a": 20.0, "b": 1.0, "c": -4.0, "d": -12.0}
    commits = {letter: commit(letter, f"x = {gap}", "x = 9") for letter, gap in gaps.items()}
    ran = tuple(
        Deployment(service="quotes", at=NOON - timedelta(seconds=gap), commit=commits[letter].sha)
        for letter, gap in gaps.items()
    )

    found = rank(symptom, ChangeSet(commits=tuple(commits.values()), deployments=ran), DAY)

    times = {letter: part(found, letter, "time").contribution for letter in gaps}
    assert times["b"] > times["a"] > times["c"] > times["d"]
