"""When a change ran against the onset, who took it back, how far a library moved, and how each is undone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.changes import weights
from rootline.changes.candidate import Candidate, candidates
from rootline.changes.diffs.diff import Diff, parse
from rootline.changes.diffs.net import net
from rootline.changes.evidence.order_in_time import let_run, order_in_time, relevant_effect
from rootline.changes.evidence.reverts import Reverts, reverted
from rootline.changes.mechanisms.dependencies import bumps
from rootline.changes.mechanisms.matching import Match
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.paths.ownership import aliases, belongs, is_same_service, is_shared, owner
from rootline.changes.remedy import remedy_for
from rootline.changes.symptom import Symptom
from rootline.changes.timing import TookEffect
from rootline.domain.change import ChangeKind, ChangeSet, Commit, ConfigChange, Deployment, FlagChange

ONSET = datetime(2026, 3, 1, 12, tzinfo=UTC)
SYMPTOM = Symptom(service="cart", texts=(), onset=ONSET)


def at(minutes: float) -> datetime:
    return ONSET + timedelta(minutes=minutes)


def ran(minutes: float, service: str = "cart", *, rode_along: bool = False) -> TookEffect:
    return TookEffect(service=service, at=at(minutes), rode_along=rode_along)


def commit(
    *effects: TookEffect, message: str = "a", sha: str = "a" * 40, written: float = -90, files: tuple[str, ...] = ()
) -> Candidate:
    known = Commit(sha=sha, at=at(written), message=message, files=files)
    return Candidate(sha, "commit", message, files, Diff(files=files), effects, known)


def switch(*effects: TookEffect, kind: ChangeKind = "flag") -> Candidate:
    return Candidate("new-cart", kind, "new-cart", (), Diff(), effects)


def told(candidate: Candidate, symptom: Symptom = SYMPTOM, *, known: bool = True) -> list[tuple[float, str]]:
    found = order_in_time(candidate, symptom, deployments_known=known)
    return [(one.contribution, one.reason) for one in found]


@pytest.mark.parametrize(
    ("candidate", "weight"),
    [
        (commit(ran(-30)), weights.DEPLOYED),
        (commit(ran(-60)), weights.DEPLOYED),
        (commit(ran(-61)), weights.DEPLOYED_OLD),
        (commit(ran(0)), weights.DEPLOYED + weights.AT_ONCE),
        (commit(ran(2)), weights.DEPLOYED + weights.AT_ONCE * exp(-4)),
        (commit(ran(-0.5)), weights.DEPLOYED + weights.AT_ONCE * exp(-1)),
        (commit(ran(-30, rode_along=True)), weights.DEPLOYED * weights.RODE_ALONG),
        (commit(ran(2.1)), weights.JUST_AFTER_ONSET),
        (commit(ran(10)), weights.JUST_AFTER_ONSET),
        (commit(ran(10.1)), weights.AFTER_ONSET),
        (commit(written=3), weights.AFTER_ONSET),
        (commit(written=1), weights.NOT_DEPLOYED),
        (switch(ran(-5)), weights.SWITCHED),
        (switch(ran(-10)), weights.SWITCHED),
        (switch(ran(-11)), weights.SWITCHED_OLD),
        (switch(ran(-61)), 0.0),
        (switch(ran(3)), weights.AFTER_ONSET),
        (switch(ran(-5), kind="config"), weights.SWITCHED),
    ],
)
def test_the_time_at_which_a_change_ran_counts_against_the_onset(candidate: Candidate, weight: float) -> None:
    ((found, _),) = told(candidate)

    assert found == pytest.approx(weight, abs=1e-3)


def test_without_deployments_or_an_onset_time_says_little() -> None:
    timeless = Symptom(service="cart", texts=())

    assert told(commit(), known=False) == []
    assert told(commit(ran(-30)), timeless) == [
        (weights.DEPLOYED_OLD, "it began to run as cart at 2026-03-01T11:30:00Z")
    ]
    assert told(switch(ran(-30)), timeless)[0][0] == 0.0
    assert told(commit(), timeless, known=False) == []


@given(earlier=st.floats(0.1, 59), gap=st.floats(0.1, 50))
def test_what_ran_later_before_the_onset_never_counts_less(earlier: float, gap: float) -> None:
    near, far = (told(commit(ran(-one)))[0][0] for one in (earlier, earlier + gap))

    assert near >= far


@pytest.mark.parametrize(
    ("effects", "chosen"),
    [
        ((ran(-50), ran(-30)), -50),
        ((ran(-50, "store"), ran(-30, "cart")), -30),
        ((ran(-50, "store"), ran(30, "cart")), -50),
        ((ran(20, "store"), ran(30, "cart")), 20),
    ],
)
def test_the_own_service_counts_first_and_what_ran_before_the_onset(
    effects: tuple[TookEffect, ...], chosen: float
) -> None:
    found = relevant_effect(commit(*effects), SYMPTOM)

    assert found is not None
    assert found.at == at(chosen)


def test_a_flag_that_lets_code_run_counts_where_it_was_switched_shortly_before() -> None:
    def behind(minutes: float) -> Candidate:
        change = FlagChange(flag="new-cart-flow", service="cart", at=at(minutes), before="off", after="on")
        known = Commit(sha="a" * 40, at=at(-500), message="wait for new-cart-flow")
        return candidates(ChangeSet(commits=(known,), flags=(change,)), ("cart",))[0]

    weight = {minutes: [one.contribution for one in let_run(behind(minutes), SYMPTOM)] for minutes in (-5, -30, -61, 5)}

    assert weight == {-5: [weights.LET_RUN], -30: [weights.LET_RUN_OLD], -61: [], 5: []}
    assert let_run(behind(-5), Symptom(service="cart", texts=())) == []


@pytest.mark.parametrize(
    ("message", "minutes", "weight"),
    [
        ('Revert "speed up carts"', 20, weights.REVERTED_AFTER),
        ('Revert "speed up carts"', -20, weights.REVERTED_BEFORE),
        ("revert: speed up carts", 20, weights.REVERTED_AFTER),
        (f"Take it back\n\nThis reverts commit {'a' * 12}.", 20, weights.REVERTED_AFTER),
        ('Revert "something else"', 20, None),
        (f"This reverts commit {'b' * 12}.", 20, None),
        ("speed up carts again", 20, None),
    ],
)
def test_a_change_that_was_taken_back_is_known_by_title_or_by_hash(
    message: str, minutes: float, weight: float | None
) -> None:
    first = commit(ran(-40), message="speed up carts")
    back = commit(ran(minutes), message=message, sha="c" * 40)

    found = reverted(first, Reverts.among((first, back)), ONSET)

    assert [one.contribution for one in found] == ([] if weight is None else [weight])


def test_what_was_taken_back_is_less_likely_where_no_onset_is_known() -> None:
    first, back = commit(message="speed up carts"), commit(message='Revert "speed up carts"', sha="c" * 40)

    (found,) = reverted(first, Reverts.among((first, back)), None)

    assert found.contribution == weights.REVERTED


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ("redis==4.1.0", "redis==5.0.0", "major"),
        ("redis==4.1.0", "redis==4.2.0", "minor"),
        ("redis==4.1.0", "redis==4.1.1", "patch"),
        ("redis==0.4.0", "redis==0.5.0", "major"),
        ("redis==0.4.0", "redis==0.4.1", "patch"),
        ("redis==4.1", "redis==4.1.3", "patch"),
        ("redis==v4.1.0", "redis==v4.1.0-rc1", "patch"),
        (None, "redis==4.1.0", "added"),
        ("redis==4.1.0", None, "removed"),
    ],
)
def test_the_step_of_a_library_is_told_by_its_numbers(before: str | None, after: str | None, step: str) -> None:
    rows = [f"-{before}"] * (before is not None) + [f"+{after}"] * (after is not None)

    (found,) = bumps(net(parse("@@ requirements.txt @@\n" + "\n".join(rows), ("requirements.txt",))))

    assert (found.step, found.name) == (step, "redis")


def test_versions_elsewhere_than_in_a_manifest_are_no_libraries() -> None:
    assert list(bumps(net(parse("@@ src/a.py @@\n-version = 1.0.0\n+version = 2.0.0", ("src/a.py",))))) == []


def match(name: str, *rows: str, file: str = "src/a.py") -> Match:
    lines = parse(f"@@ {file} @@\n" + "\n".join(rows), (file,)).lines
    return Match(Mechanism(name, {"errors": 1.0}, "", lines), "errors", 1.0)


@pytest.mark.parametrize(
    ("candidate", "first", "remedy"),
    [
        (switch(), None, "feature-flag-disable"),
        (switch(kind="config"), None, "config-revert"),
        (commit(files=("src/a.py",)), None, "rollback"),
        (commit(files=("src/a.py", "docs/a.md")), None, "rollback"),
        (commit(files=("deploy/app.yaml",)), None, "config-revert"),
        (commit(files=("go.mod", "docs/a.md")), None, "config-revert"),
        (commit(files=("docs/a.md",)), None, "rollback"),
        (commit(), None, "rollback"),
        (commit(files=("flags/cart.yaml",)), None, "feature-flag-disable"),
        (commit(files=("src/a.py",)), match("index dropped", "+DROP INDEX a"), "roll-forward"),
        (commit(files=("src/a.py",)), match("rows rewritten in bulk", "+UPDATE a SET b"), "rollback"),
        (
            commit(files=("db/migrations/1.sql",)),
            match("rows rewritten in bulk", "+UPDATE a SET b", file="db/migrations/1.sql"),
            "roll-forward",
        ),
        (commit(files=("src/a.py",)), match("timeout lowered", "-t: 9", "+t: 1", file="app.yaml"), "config-revert"),
        (commit(files=("src/a.py",)), match("switch flipped", "+feature_cart = true"), "feature-flag-disable"),
    ],
)
def test_a_change_is_undone_by_what_it_is(candidate: Candidate, first: Match | None, remedy: str) -> None:
    assert remedy_for(candidate, [first] if first else []) == remedy


def test_what_a_flag_let_run_is_undone_by_the_flag() -> None:
    assert remedy_for(commit(files=("src/a.py",)), [], switched=True) == "feature-flag-disable"


@pytest.mark.parametrize(
    ("service", "names"),
    [
        ("billingservice", {"billing", "billingservice"}),
        ("billing-svc", {"billing", "billing-svc", "billingsvc"}),
        ("BillingServer", {"billing", "billingserver", "billing-server"}),
        ("eu-1/shop/cart", {"cart"}),
        ("api", set()),
        ("", set()),
    ],
)
def test_a_service_answers_to_the_usual_spellings_of_its_name(service: str, names: set[str]) -> None:
    assert aliases(service) >= names
    assert not aliases(service) & {"api", "service", "server", "app"}


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("services/cart/main.go", "own"),
        ("cart-service/main.go", "own"),
        ("src/cartservice/a.py", "own"),
        ("charts/cart/values.yaml", "own"),
        ("services/store/main.go", "other"),
        ("services/unnamed/main.go", "other"),
        ("pkg/log/log.go", "shared"),
        ("go.mod", "shared"),
        ("libs/util/a.py", "shared"),
        ("src/main.go", "unknown"),
        ("README.md", "unknown"),
    ],
)
def test_a_path_is_somebodys_code(path: str, whose: str) -> None:
    assert owner(path, "cart", frozenset({"store"})) == whose


def test_two_names_are_of_one_service_where_they_share_an_alias_and_no_place_differs() -> None:
    clusters = frozenset({"eu-1", "us-1"})

    assert is_same_service("cart", "cartservice")
    assert is_same_service("eu-1/cart", "cart-svc", clusters)
    assert not is_same_service("eu-1/cart", "us-1/cart", clusters)
    assert not is_same_service("cart", "store")
    assert not is_same_service("api", "api-server")


@given(path=st.text(max_size=60), service=st.text(max_size=30))
def test_any_path_and_name_are_judged(path: str, service: str) -> None:
    assert owner(path, service, frozenset()) in {"own", "other", "shared", "unknown"}
    assert isinstance(belongs(path, service), bool)
    assert isinstance(is_shared(path), bool)


def test_every_change_of_each_kind_is_a_candidate_once() -> None:
    changes = ChangeSet(
        commits=tuple(Commit(sha=f"{one:040d}", at=at(-one), message=str(one), order=-one) for one in range(500)),
        deployments=(Deployment(service="cart", at=at(-1), commit="0" * 39 + "1"),),
        flags=(FlagChange(flag="f", service="cart", at=at(-2), before="off", after="on"),),
        configs=(ConfigChange(key="pool.size", service="cart", at=at(-3), before="9", after="1"),),
    )

    found = candidates(changes, ("cart",))

    assert [one.kind for one in found] == ["commit"] * 400 + ["flag", "config"]
    assert [line.text for line in found[-1].diff.lines] == ["pool.size: 9", "pool.size: 1"]
    assert found[0].message == "399"


@pytest.mark.parametrize(("earlier_s", "part"), [(-30, 0.0), (0, 0.0), (1, 0.0), (3.5, 0.5), (6, 1.0), (600, 1.0)])
def test_what_ran_only_after_its_cause_was_measured_is_less_likely(earlier_s: float, part: float) -> None:
    runs = commit(ran(-1))
    measured = replace(SYMPTOM, measured_at=at(-1) - timedelta(seconds=earlier_s))

    ((weight, reason),) = told(runs, measured)
    ((usual, _),) = told(runs)

    assert usual - weight == pytest.approx(part * weights.AFTER_FIRST_ERROR)
    assert ("what shows the cause had moved" in reason) == (part > 0)
