"""What doctor says of each source: what it is, what it holds, what is missing, the next step."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.clone import Clone
from tests.fakes.github_server import Github, github, served
from tests.fakes.incident import HOUR, START
from tests.fakes.log_servers import loki, victoria_logs
from tests.fakes.observability import alertmanager, prometheus, victoria_metrics
from tests.fakes.shop import samples
from tests.fakes.trace_servers import jaeger, otlp_resources, tempo, zipkin
from tests.fakes.wire import Answer, Asked, Said, answering, said

from rootline.domain.signal import LogLine, Span
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.examining import Examined, examine
from rootline.sources.stack import KINDS, Named, Stack

LINES = [LogLine(at=START, service=name, text="x") for name in ("cart", "stock")]
SPANS = [
    Span(
        trace_id=f"{1:032x}",
        span_id=f"{1:016x}",
        parent_id=None,
        service="cart",
        operation="GET",
        start=START + timedelta(minutes=1),
        duration_s=0.1,
    )
]


def of(kind: str, url: str) -> Stack:
    where = backend(KINDS[kind], f"ROOTLINE_{kind.upper()}_URL", url)
    return Stack(backends=(Named(name=kind, kind=kind, backend=where),))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prometheus(tmp_path_factory.mktemp("shop"), samples()) as url:
        yield url


@pytest.mark.anyio
async def test_a_prometheus_tells_version_services_and_retention(shop: str) -> None:
    (found,) = await examine(of("prometheus", shop), HOUR)

    assert found.is_well
    assert found.found.startswith("Prometheus 2.")
    assert "metrics, 3 services by service (cart, checkout, payment)" in found.found
    assert found.found.endswith("retention 100y")


@pytest.mark.anyio
async def test_a_victoria_metrics_is_known_too(tmp_path: Path) -> None:
    with victoria_metrics(tmp_path, samples()) as url:
        (found,) = await examine(of("prometheus", url), HOUR)

    assert (found.is_well, "3 services by service (cart, checkout, payment)" in found.found) == (True, True)


@pytest.mark.anyio
async def test_an_empty_prometheus_says_where_to_look(shop: str) -> None:
    elsewhere = Window(start=START + timedelta(days=30), end=START + timedelta(days=31))

    (found,) = await examine(of("prometheus", shop), elsewhere)

    assert not found.is_well
    assert f"has no sample of the last hour. See whether its targets are up: {shop}/targets." in found.found


@pytest.mark.anyio
async def test_metrics_without_services_ask_for_a_label(tmp_path: Path) -> None:
    text = f'# TYPE room_temperature gauge\nroom_temperature{{room="a"}} 20 {START.timestamp() + 60}\n'

    with prometheus(tmp_path, text) as url:
        (found,) = await examine(of("prometheus", url), HOUR)
        (named,) = await examine(replace(of("prometheus", url), service_label="room"), HOUR)

    assert (found.is_well, "Set ROOTLINE_SERVICE_LABEL" in found.found) == (False, True)
    assert (named.is_well, "1 services by room (a)" in named.found) == (True, True)


def with_alerts(metric: str) -> str:
    at = START.timestamp() + 60
    firing = '{alertname="Hot",alertstate="firing",service="oven",severity="page"}'
    return (
        f"# TYPE ALERTS gauge\nALERTS{firing} 1 {at}\n"
        f"# TYPE ALERTS_FOR_STATE gauge\nALERTS_FOR_STATE{firing} {at} {at}\n"
        f"# TYPE requests gauge\nrequests{metric} 20 {at}\n"
    )


@pytest.mark.anyio
async def test_a_label_that_alerts_alone_have_is_not_the_one_that_names_services(tmp_path: Path) -> None:
    with prometheus(tmp_path, with_alerts('{app="bread"}')) as url:
        (found,) = await examine(of("prometheus", url), HOUR)
        (named,) = await examine(replace(of("prometheus", url), service_label="severity"), HOUR)

    assert "1 services by app (bread)" in found.found
    assert "1 services by app (bread), none by severity: no metric of the last hour has that label" in named.found


@pytest.mark.anyio
async def test_a_victoria_metrics_is_asked_for_labels_beside_alerts_too(tmp_path: Path) -> None:
    with victoria_metrics(tmp_path, with_alerts('{app="bread"}')) as url:
        (found,) = await examine(of("prometheus", url), HOUR)

    assert "1 services by app (bread)" in found.found


@pytest.mark.anyio
async def test_where_only_alerts_name_services_a_label_is_asked_for(tmp_path: Path) -> None:
    with prometheus(tmp_path, with_alerts('{room="a"}')) as url:
        (found,) = await examine(of("prometheus", url), HOUR)

    assert (found.is_well, "Set ROOTLINE_SERVICE_LABEL" in found.found) == (False, True)


@pytest.mark.anyio
async def test_an_alertmanager_tells_version_and_alerts(tmp_path: Path) -> None:
    with alertmanager(tmp_path) as url:
        (found,) = await examine(of("alertmanager", url), HOUR)

    assert found.is_well
    assert found.found.startswith("Alertmanager 0.")
    assert found.found.endswith("0 alerts firing in the last hour")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        ("loki", loki(LINES), "logs of 2 services (cart, stock)"),
        ("victorialogs", victoria_logs(LINES), "logs of 2 services (cart, stock)"),
        ("jaeger", jaeger(SPANS), "traces of 1 services (cart)"),
        ("zipkin", zipkin(SPANS), "traces of 1 services (cart)"),
        ("tempo", tempo(SPANS), "traces of the last hour of 1 services (cart)"),
    ],
)
async def test_other_sources_tell_their_services(kind: str, answer: Answer, told: str) -> None:
    with answering(answer) as url:
        (found,) = await examine(of(kind, url), HOUR)

    assert found == Examined(name=kind, is_well=True, found=f"{KINDS[kind]} at {url}: {told}")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "answer"),
    [("loki", loki([])), ("victorialogs", victoria_logs([])), ("jaeger", jaeger([])), ("tempo", tempo([]))],
)
async def test_an_empty_source_says_so(kind: str, answer: Answer) -> None:
    with answering(answer) as url:
        (found,) = await examine(of(kind, url), HOUR)

    assert not found.is_well
    assert "answers, but no service has" in found.found


@pytest.mark.anyio
async def test_a_slow_source_is_told_to_be_slow() -> None:
    with answering(jaeger(SPANS)) as url:
        (found,) = await examine(of("jaeger", url), HOUR, slow_s=0.0)

    assert found.is_well
    assert "so questions may time out: look at its load" in found.found


@pytest.mark.anyio
async def test_a_version_is_told_where_there_is_one() -> None:
    def answer(asked: Asked) -> Said:
        is_build = asked.path == "/loki/api/v1/status/buildinfo"
        return said(json.dumps({"version": "3.9.1"})) if is_build else loki(LINES)(asked)

    with answering(answer) as url:
        (found,) = await examine(of("loki", url), HOUR)

    assert found.found.startswith("Loki 3.9.1 at ")


@pytest.mark.anyio
async def test_files_and_clones_are_looked_at(tmp_path: Path) -> None:
    spans = tmp_path / "spans.jsonl"
    spans.write_text(json.dumps({"resourceSpans": otlp_resources(SPANS)}))

    found = await examine(Stack(otlp=spans, repositories=(tmp_path,)), HOUR)

    assert found[0].found == f"{spans}: 1 spans from 2026-03-01 12:01 to 2026-03-01 12:01 UTC"
    assert (found[1].is_well, "there is no git repository" in found[1].found) == (False, True)


@pytest.mark.anyio
async def test_github_tells_what_each_repository_is_called_and_how_much_changed(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "checkout")
    clone.commit("a.py", "1", "first", START)
    with served(Github(clone=clone)) as url:
        (found,) = await examine(Stack(github=github(url)), HOUR)
        (lost,) = await examine(Stack(github=replace(github(url), repositories=("acme/nothing",))), HOUR)

    assert found.name == "github"
    assert found.found == f"acme/checkout (main) at {url}: 1 commits, 0 deployments in 7 days"
    assert not lost.is_well
    assert "acme/nothing: it answers 404: there is no such thing, or the token may not see it" in lost.found


def evaluated_at(at: float, *, as_vector: bool = False) -> Answer:
    """A Prometheus with one service, whose clock stands still."""
    vector = {"resultType": "vector", "result": [{"metric": {}, "value": [at, str(at - 30)]}]}
    scalar = {"resultType": "scalar", "result": [at, str(at)]}

    def answer(asked: Asked) -> Said:
        if asked.path == "/api/v1/query" and asked.query["query"] == "time()":
            return said(json.dumps({"status": "success", "data": vector if as_vector else scalar}))
        held = ["service"] if asked.path.endswith("/labels") else ["cart"]
        return said(json.dumps({"status": "success", "data": held if "/label" in asked.path else {}}))

    return answer


@pytest.mark.anyio
@pytest.mark.parametrize("as_vector", [False, True])
@pytest.mark.parametrize(
    ("apart_s", "told"),
    [(600, "; its clock is 600 s ahead of this machine's"), (-3700, "is 3,700 s behind this machine's"), (59, "")],
)
async def test_a_clock_that_differs_is_told_by_how_much(apart_s: float, told: str, as_vector: bool) -> None:
    with answering(evaluated_at(HOUR.end.timestamp() + apart_s, as_vector=as_vector)) as url:
        (found,) = await examine(of("prometheus", url), HOUR, clock=lambda: HOUR.end)
        (unasked,) = await examine(of("prometheus", url), HOUR)

    assert (found.is_well, unasked.is_well) == (not told, True)
    assert told in found.found
    assert found.answers


@pytest.mark.anyio
@pytest.mark.parametrize("body", ["", "[]", '{"data": {"result": ["x"]}}', '{"data": {"result": [{"value": []}]}}'])
async def test_a_clock_that_is_not_told_is_no_trouble(body: str) -> None:
    def answer(asked: Asked) -> Said:
        return said(body) if asked.path == "/api/v1/query" else evaluated_at(0)(asked)

    with answering(answer) as url:
        (found,) = await examine(of("prometheus", url), HOUR, clock=lambda: HOUR.end)

    assert "clock" not in found.found
