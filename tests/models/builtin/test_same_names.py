"""Services of two clusters that are called alike are two: whatever is known of one says nothing of the other."""

from datetime import UTC, datetime, timedelta

from rootline.domain.evidence import ClusterOutcome, Evidence, Reading, SourceName
from rootline.domain.fact import AnyFact, ConditionFact, EdgeFact, LogFact, SeriesFact
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.models.builtin.asked import asked
from rootline.models.builtin.databases import databases
from rootline.models.builtin.seen import Seen
from rootline.models.builtin.spots import Shelf

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = Window(start=START, end=START + timedelta(hours=1))
BOTH = ("eu-1", "us-1")


def seen(*facts: AnyFact, clusters: tuple[str, ...] = BOTH) -> Seen:
    outcomes = tuple(ClusterOutcome(cluster=one, asked="metrics", status="ok") for one in clusters)
    source = SourceName(backend="made up")
    reading = Reading(status="ok", summary="", facts=facts, source=source, window=HOUR, clusters=outcomes)
    one = Evidence(label="E1", tool="query_metrics", arguments={}, reading=reading, sha256="", taken_at=START)
    return Seen(Shelf({"E1": one}))


def series(service: str, metric: str = "latency_seconds", **labels: str) -> SeriesFact:
    return SeriesFact(
        subject=f"{service} {metric}",
        service=service,
        metric=metric,
        unit="s",
        labels=labels,
        direction="up",
        anomaly="spike",
        baseline=0.1,
        current=1.0,
        peak=1.2,
        onset=START + timedelta(minutes=30),
        ended=None,
        effect=9.0,
        score=0.9,
        step=6.0,
        sparkline="",
    )


def condition(subject: str) -> ConditionFact:
    return ConditionFact(
        subject=subject,
        cause="crash_loop",
        mechanism="it crashes",
        family="runtime",
        still_present=True,
        score=1.0,
        probability=0.9,
        support=[],
        against=[],
    )


def complaint(service: str, text: str) -> LogFact:
    return LogFact(
        subject=service,
        template=text,
        count=5,
        baseline_count=0,
        first_seen=START,
        last_seen=START,
        severity="ERROR",
        novelty=1.0,
        is_error=True,
        user_written=False,
        exemplar=text,
        trace_ids=[],
    )


def test_an_error_accuses_the_service_of_its_own_cluster() -> None:
    found = seen(complaint("eu-1/web", "call to store refused"), series("eu-1/store"), series("us-1/store"))

    assert found.accusers("eu-1/store") == ("eu-1/web",)
    assert found.accusers("us-1/store") == ()


def test_with_one_cluster_an_error_accuses_as_ever() -> None:
    found = seen(complaint("web", "call to store refused"), series("store"), clusters=())

    assert found.accusers("store") == ("web",)


def test_a_fault_in_one_cluster_is_none_in_another() -> None:
    found = seen(condition("us-1/app/store"), series("eu-1/store"), series("us-1/store"))

    assert (found.is_faulty("us-1/store"), found.is_faulty("eu-1/store")) == (True, False)
    assert found.service("us-1/app/store") == "us-1/store"
    assert found.service("eu-1/pod/unseen") == "eu-1/unseen"


def test_with_one_cluster_an_object_is_spelled_as_its_numbers_are() -> None:
    found = seen(condition("app/store"), series("store"), clusters=())

    assert (found.service("app/store"), found.service("app/unseen")) == ("store", "unseen")


def test_who_waits_waits_for_the_callee_of_its_own_cluster() -> None:
    found = seen(series("eu-1/web", peer="store"), series("us-1/store"), series("eu-1/store"))

    assert list(found.delays.waits) == ["eu-1/store"]
    assert found.delays.callers_waiting("us-1/store") == ()


def test_what_begins_on_the_way_to_a_callee_begins_in_its_own_cluster() -> None:
    calm = {"direction": "flat", "score": 0.0}
    stores = [series(f"{one}/store", "cpu_ratio").model_copy(update=calm) for one in BOTH]
    edges = [EdgeFact(subject=f"{one}/web", callee=f"{one}/store", found_in="traces", calls=9) for one in BOTH]

    found = seen(series("us-1/web", peer="store"), *stores, *edges)

    assert found.begun["us-1/store"].reached > 0
    assert found.begun["eu-1/store"].reached == 0


def test_a_replica_belongs_to_a_primary_of_its_own_cluster() -> None:
    lag = series("us-1/replica", "replica_lag_seconds")
    primary = [series("eu-1/main", name) for name in ("db_connections", "free_storage_bytes", "cpu_utilization")]

    apart, alone = (databases(seen(lag, *primary).shelf, known) for known in (frozenset(BOTH), frozenset[str]()))

    assert {one.name: one.names for one in alone} == {"eu-1/main": {"eu-1/main", "us-1/replica"}}
    assert {one.name: one.names for one in apart} == {"eu-1/main": {"eu-1/main"}, "us-1/replica": {"us-1/replica"}}


def test_a_plain_question_names_a_service_in_each_cluster_or_in_the_one_it_says() -> None:
    known = ("eu-1/cart", "us-1/cart", "eu-1/store")

    def names(text: str) -> tuple[str, ...]:
        return asked(Question(text=text, window=HOUR), known, frozenset(BOTH)).names

    assert names("is cart slow?") == ("eu-1/cart", "us-1/cart")
    assert names("is us-1/cart slow?") == ("us-1/cart",)
    assert names("is cart slow in us-1?") == ("us-1/cart",)
    assert names("is us-1 well?") == ()
