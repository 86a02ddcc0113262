from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.cluster.query import ClusterQuery
from rootline.domain.session import Question
from rootline.domain.window import Window
from rootline.evals.rivals.objects import Faulty, rivals
from rootline.tapes.recording import ClusterRead, Recording

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(hours=1), end=NOON)


def cluster(question: str) -> Recording:
    texts = {
        "deployments": "NAME READY\nstore 1/1\nmail 0/1\nbank 1/1",
        "nodes": "NAME STATUS\nn1 Ready",
        "events": "mail cannot be scheduled\nbank started",
    }
    reads = tuple(ClusterRead(query=ClusterQuery(verb="get", kind=kind), text=text) for kind, text in texts.items())
    asked = Question(text=question, namespace="shop", window=HOUR, trigger="question")
    return Recording(title="made up", question=asked, cluster=reads)


def test_chance_is_one_of_all_objects_and_words_find_who_shares_them() -> None:
    found = rivals([Faulty(recording=cluster("why can it not be scheduled"), culprit="app/mail")])

    assert found["random"]["object1"] == pytest.approx(1 / 5)
    assert found["BM25"]["object1"] == 1.0


def test_an_object_that_no_overview_lists_is_never_found() -> None:
    found = rivals([Faulty(recording=cluster("why"), culprit="app/other")])

    assert {one["object1"] for one in found.values()} == {0.0}


def test_without_cases_there_are_no_rivals() -> None:
    assert rivals([]) == {}
