"""One question to two real Prometheus of the same services: each fault is found in its own cluster."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.cli import command
from tests.fakes.incident import HOUR
from tests.fakes.observability import prometheus
from tests.fakes.shop import samples

from rootline.domain.window import rfc3339

TIMES = ("--start", rfc3339(HOUR.start), "--end", rfc3339(HOUR.end))


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation whose file names two clusters: checkout fails in eu-1, cart is slow in us-1."""
    folder = tmp_path_factory.mktemp("installation")
    faults = {"eu-1": samples(slow="", failing="checkout"), "us-1": samples(slow="cart", failing="")}
    with ExitStack() as servers:
        urls = {name: servers.enter_context(prometheus(folder_of(folder, name), text)) for name, text in faults.items()}
        named = "".join(f"  {name}: {{sources: {{prometheus: {{url: '{url}'}}}}}}\n" for name, url in urls.items())
        (folder / "rootline.yaml").write_text(f"clusters:\n{named}")
        yield folder


def folder_of(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def run(at: Path, *words: str) -> str:
    done = command.run(*words, at=at)
    assert done.code == 0, done.out + done.err
    return done.out


def investigated(at: Path, *words: str, clusters: tuple[str, ...] = ("eu-1", "us-1")) -> dict[str, Any]:
    """Ask the clusters about the hour, and return the answer as scripts read it."""
    chosen = [word for name in clusters for word in ("--cluster", name)]
    answer: dict[str, Any] = json.loads(run(at, "investigate", *words, *chosen, *TIMES, "--json"))
    return answer


def blamed(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["subject"], one["cause"]) for one in answer["hypotheses"]]


EU, US = ("eu-1/checkout", "its_requests_fail"), ("us-1/cart", "it_became_slow")


@pytest.mark.promise("one-question-many-clusters")
def test_one_question_finds_the_fault_of_each_cluster_and_names_where_it_is(at: Path) -> None:
    answer = investigated(at, "what is wrong?")

    assert blamed(answer) == [EU, US]
    assert answer["first_failing_service"] == "eu-1/checkout"
    assert "us-1/cart" not in answer["blast_radius"]
    for one in answer["hypotheses"]:
        where = one["subject"].partition("/")[0]
        assert where in one["statement"]
        assert one["support"]
        assert all(claim["claim"]["subject"].startswith(f"{where}/") for claim in one["support"])
    assert not answer["failed"]


@pytest.mark.parametrize(
    "words",
    [("why is cart slow?", "--service", "us-1/cart"), ("why is cart slow in us-1?",), ("why is us-1/cart slow?",)],
)
def test_a_question_about_one_of_them_is_answered_with_that_one_first(at: Path, words: tuple[str, ...]) -> None:
    answer = investigated(at, *words)

    assert blamed(answer)[0] == US
    assert answer["first_failing_service"] == "us-1/cart"
    assert all(subject.startswith("us-1/") for subject, _ in blamed(answer))


def test_a_plain_question_is_answered_for_the_service_in_each_cluster(at: Path) -> None:
    answer = investigated(at, "is cart slow?")

    said = {claim["claim"]["subject"].partition(" ")[0] for claim in answer["claims"]}
    assert said == {"eu-1/cart", "us-1/cart"}
    assert any(
        "us-1/cart http_request_duration_seconds_mean rose from 0.06 to 2.5 s" in one["sentence"]
        for one in answer["claims"]
    )


def test_a_single_cluster_is_answered_as_it_ever_was_and_names_no_cluster(at: Path) -> None:
    answer = investigated(at, "what is wrong?", clusters=("us-1",))

    assert blamed(answer) == [("cart", "it_became_slow")]
    assert "us-1" not in json.dumps(answer["hypotheses"])
    assert not [one for one in answer["coverage"] if "cluster" in one["asked"]]


def test_a_report_names_the_cluster_of_each_cause(at: Path) -> None:
    report = at / "report.md"

    run(at, "investigate", "what is wrong?", "--cluster", "all", *TIMES, "--report", str(report))

    text = report.read_text()
    assert "eu-1/checkout" in text
    assert "us-1/cart" in text
