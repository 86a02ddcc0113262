"""What is known of each cluster is argued from apart, unless its services call those of another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.fleet import healthy, sick
from tests.fakes.incident import HOUR, incident

from rootline.domain.evidence import ClusterOutcome, Evidence, Reading, SourceName
from rootline.domain.fact import AlertFact, AnyFact, EdgeFact, TextFact
from rootline.domain.hypothesis import Answer
from rootline.domain.service_key import home_of
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.ground import Ground
from rootline.models.builtin.parting import parted
from rootline.models.builtin.spots import Shelf
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.fleet.bundling import spanning

START = datetime(2026, 4, 1, tzinfo=UTC)
SPAN = Window(start=START, end=START + timedelta(hours=1))


def shelf(*facts: AnyFact, clusters: tuple[str, ...] = ("ap-1", "eu-1", "us-1")) -> Shelf:
    outcomes = tuple(ClusterOutcome(cluster=one, asked="alerts", status="ok") for one in clusters)
    source = SourceName(backend="made up")
    reading = Reading(status="ok", summary="", facts=facts, source=source, window=SPAN, clusters=outcomes)
    one = Evidence(label="E1", tool="get_alerts", arguments={}, reading=reading, sha256="", taken_at=START)
    return Shelf({"E1": one})


def alert(service: str) -> AlertFact:
    return AlertFact(subject=service, name="Slow", severity="high", fired_at=START)


def edge(caller: str, callee: str) -> EdgeFact:
    return EdgeFact(subject=caller, callee=callee, found_in="traces", calls=1)


def text(asked: str) -> TextFact:
    return TextFact(subject=asked, asked=asked, lines=["NAME"])


def subjects(whole: Shelf) -> dict[str, list[str]]:
    return {"+".join(sorted(home)): [spot.fact.subject for spot in part.spots] for home, part in parted(whole).items()}


def test_each_cluster_has_its_own_facts_and_those_that_name_none() -> None:
    pods = "get pods --cluster us-1"

    found = subjects(shelf(alert("eu-1/cart"), alert("us-1/cart"), alert("cart"), text(pods), edge("eu-1/a", "eu-1/b")))

    assert found == {
        "ap-1": ["cart"],
        "eu-1": ["eu-1/cart", "cart", "eu-1/a"],
        "us-1": ["us-1/cart", "cart", pods],
    }


def test_clusters_whose_services_call_each_other_are_one_place() -> None:
    found = subjects(shelf(alert("eu-1/web"), alert("us-1/store"), edge("eu-1/web", "us-1/store")))

    assert found == {"ap-1": [], "eu-1+us-1": ["eu-1/web", "us-1/store", "eu-1/web"]}


def test_a_single_cluster_is_one_place_without_a_name() -> None:
    whole = shelf(alert("cart"), clusters=())

    assert list(parted(whole)) == [frozenset()]
    assert parted(whole)[frozenset()] is whole


def test_a_place_cites_the_evidence_as_the_whole_does() -> None:
    whole = shelf(alert("eu-1/cart"), alert("us-1/cart"))

    (spot,) = parted(whole)[frozenset({"us-1"})].spots

    assert (spot.evidence, spot.index) == ("E1", 1)


@pytest.mark.parametrize(
    ("service", "said", "home"),
    [
        ("us-1/cart", "what is wrong in eu-1?", "us-1"),
        ("cart", "what is wrong in eu-1?", "eu-1"),
        ("", "is eu-1 slower than us-1?", ""),
        ("", "what is wrong in eu-12 or my-eu-1?", ""),
        ("", "what is wrong?", ""),
    ],
)
def test_a_question_is_about_the_cluster_of_its_service_or_the_only_one_that_it_names(
    service: str, said: str, home: str
) -> None:
    assert home_of(service, said, frozenset({"eu-1", "us-1"})) == home


async def answer_of(sources: Sources, said: str = "What is wrong anywhere?") -> Answer:
    desk = memory_desk(Settings(home=Path("unused")))
    opened = await desk.open(Question(text=said, window=HOUR, trigger="custom"))
    record = await desk.run(opened, Ground(sources=sources))
    assert record.answer is not None
    return record.answer


def other_fault(name: str) -> Sources:
    """The same services, of which service-3 has what service-0 has elsewhere."""
    held = incident(seed=3)
    swapped = {"service-0": "service-3", "service-3": "service-0"}
    series = tuple(replace(one, service=swapped.get(one.service, one.service)) for one in held.series or ())
    alerts = tuple(replace(one, service="service-3") for one in held.alerts or ())
    quiet = replace(held, series=series, alerts=alerts, edges=(), lines=(), spans=(), changes=None)
    return replace(quiet.sources(), cluster_name=name)


@pytest.mark.anyio
async def test_two_faults_at_once_are_found_each_with_the_alert_of_its_own_cluster() -> None:
    answer = await answer_of(spanning([sick("eu-1"), other_fault("us-1")]))

    best = {one.subject: one for one in answer.hypotheses}
    assert {"eu-1/service-0", "us-1/service-3"} <= set(best)
    assert all(best[subject].confidence.value > 0.6 for subject in ("eu-1/service-0", "us-1/service-3"))
    for subject in ("eu-1/service-0", "us-1/service-3"):
        where = subject.partition("/")[0]
        assert {one.claim.subject.partition("/")[0] for one in best[subject].support} == {where}


@pytest.mark.anyio
async def test_what_is_found_in_one_cluster_is_as_sure_beside_many_that_are_well() -> None:
    alone = await answer_of(replace(sick("eu-1"), cluster_name=""))
    beside = await answer_of(spanning([sick("eu-1"), *(healthy(f"us-{at}", at) for at in range(8))]))

    first, same = alone.hypotheses[0], beside.hypotheses[0]
    assert (same.subject, same.cause, same.change) == (f"eu-1/{first.subject}", first.cause, first.change)
    assert same.is_proven == first.is_proven
    assert abs(same.confidence.value - first.confidence.value) < 0.1


@pytest.mark.anyio
async def test_the_same_trouble_in_many_clusters_is_told_of_each() -> None:
    names = [f"eu-{at:02}" for at in range(12)]
    clusters = [replace(incident(seed=at), spans=None).sources() for at in range(12)]

    answer = await answer_of(
        spanning([replace(one, cluster_name=name) for one, name in zip(clusters, names, strict=True)])
    )

    blamed = {one.subject for one in answer.hypotheses}
    told = {one.claim.subject.partition("/")[0] for one in answer.claims}
    assert len(blamed) == 8
    assert all(one.endswith("/service-0") for one in blamed)
    assert {one.partition("/")[0] for one in blamed} | told == set(names)


@pytest.mark.anyio
async def test_a_question_about_a_cluster_is_answered_for_that_one() -> None:
    answer = await answer_of(spanning([sick("eu-1"), other_fault("us-1")]), "What is wrong in us-1?")

    assert {one.subject.partition("/")[0] for one in answer.hypotheses} == {"us-1"}
    assert answer.hypotheses[0].subject == "us-1/service-3"
    assert answer.first_failing_service == "us-1/service-3"
