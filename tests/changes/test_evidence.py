"""What single pieces of evidence say in a whole ranking."""

from datetime import UTC, datetime, timedelta

from rootline.changes.ranking import rank
from rootline.changes.symptom import Symptom
from rootline.changes.verdict import ChangeRanking, RankedChange
from rootline.domain.change import ChangeSet, Commit, ConfigChange, Deployment, FlagChange
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=12))


def commit(name: str, order: int, message: str, file: str, diff: str = "") -> Commit:
    at = NOON - timedelta(hours=2) + timedelta(minutes=order)
    return Commit(sha=name * 40, at=at, message=message, files=(file,), diff=diff, order=order)


def of(ranking: ChangeRanking, label: str) -> RankedChange:
    return next(one for one in ranking.ranked if one.label == label)


def parts(change: RankedChange) -> dict[str, float]:
    return {component.name: component.contribution for component in change.components}


def test_a_stack_trace_points_to_the_change_of_its_file() -> None:
    changes = ChangeSet(
        commits=(commit("a", 0, "tweak", "app/views/cart.py"), commit("b", 1, "tweak", "app/views/home.py"))
    )
    symptom = Symptom(service="shop", texts=('File "/srv/app/views/cart.py", line 10, in total',), onset=NOON)

    ranking = rank(symptom, changes, DAY)

    assert ranking.ranked[0].label == "a" * 40
    assert parts(ranking.ranked[0])["stack"] > 0


def test_code_written_after_the_onset_did_not_cause_it() -> None:
    late = Commit(sha="a" * 40, at=NOON + timedelta(hours=1), message="x", files=("services/pay/a.go",))

    ranking = rank(Symptom(service="payservice", texts=("errors",), onset=NOON), ChangeSet(commits=(late,)), DAY)

    assert parts(ranking.ranked[0])["time"] < -3


def test_what_was_taken_back_before_the_onset_is_innocent() -> None:
    bad = commit("a", 0, "lower the limit", "services/pay/a.go")
    back = commit("b", 1, 'Revert "lower the limit"', "services/pay/a.go")

    ranking = rank(Symptom(service="payservice", texts=("limit",), onset=NOON), ChangeSet(commits=(bad, back)), DAY)

    assert parts(of(ranking, "a" * 40))["reverted"] < 0


def test_a_flag_that_flips_at_the_onset_and_is_named_by_the_error_is_ranked_first() -> None:
    flag = FlagChange(
        flag="express_lane", service="queueservice", at=NOON - timedelta(minutes=2), before="off", after="on"
    )
    old = commit("a", 0, "docs", "docs/a.md")
    symptom = Symptom(service="queueservice", texts=("express lane: error rate 40%",), onset=NOON)

    first = rank(symptom, ChangeSet(commits=(old,), flags=(flag,)), DAY).ranked[0]

    assert (first.label, first.kind, first.remedy) == ("express_lane", "flag", "feature-flag-disable")
    assert first.took_effect_at == NOON - timedelta(minutes=2)


def test_a_configuration_change_is_judged_by_what_it_turned() -> None:
    config = ConfigChange(
        key="db.max_connections", service="payservice", at=NOON - timedelta(minutes=5), before="100", after="5"
    )
    symptom = Symptom(service="payservice", texts=("connection pool exhausted",), onset=NOON)

    ranking = rank(symptom, ChangeSet(configs=(config,)), DAY)

    assert ranking.ranked[0].remedy == "config-revert"
    assert "mechanism: connection ceiling lowered" in parts(ranking.ranked[0])
    assert ranking.none_confidence < 0.2


def test_documents_are_never_blamed_before_code() -> None:
    docs = commit("a", 0, "payservice limit errors explained", "docs/payservice-limit-errors.md")
    code = commit(
        "b", 1, "adjust", "services/pay/limit.go", "@@ services/pay/limit.go @@\n-	max := 10\n+	max := 1\n"
    )
    deployed = tuple(Deployment(service="payservice", at=NOON - timedelta(minutes=9), commit=c * 40) for c in "ab")
    symptom = Symptom(service="payservice", texts=("payservice limit errors",), onset=NOON)

    ranking = rank(symptom, ChangeSet(commits=(docs, code), deployments=deployed), DAY)

    assert ranking.ranked[0].label == "b" * 40


def test_words_alone_find_the_change_when_nothing_else_is_known() -> None:
    commits = tuple(commit(name, order, f"{topic} rework", f"lib/{topic}.c") for order, (name, topic) in enumerate(
        zip("abcdef", ("parser", "scheduler", "allocator", "printer", "router", "logger"), strict=True)
    ))  # fmt: skip
    symptom = Symptom(service="", texts=("crash in the allocator after the last release",))

    ranking = rank(symptom, ChangeSet(commits=commits), DAY)
    foreign = rank(Symptom(service="", texts=("zebra stripes fade",)), ChangeSet(commits=commits), DAY)

    assert ranking.ranked[0].label == "c" * 40
    assert ranking.none_confidence < foreign.none_confidence


def test_asking_twice_gives_the_same_ranking() -> None:
    changes = ChangeSet(commits=(commit("a", 0, "one", "a.go"), commit("b", 1, "one", "a.go")))
    symptom = Symptom(service="a", texts=("one",), onset=NOON)

    assert rank(symptom, changes, DAY) == rank(symptom, changes, DAY)
