"""Every read can be seen in the source's own pages, and no text can change where a link leads."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.clone import Clone
from tests.fakes.github_server import Github, github, served
from tests.fakes.incident import HOUR, START
from tests.fakes.log_servers import loki
from tests.fakes.observability import prometheus
from tests.fakes.shop import samples
from tests.fakes.trace_servers import jaeger, tempo, zipkin
from tests.fakes.wire import answering

from rootline.domain.signal import LogLine, Span
from rootline.domain.window import Window
from rootline.sources.backend import backend
from rootline.sources.changes.source import ChangeQuery
from rootline.sources.connecting import connect
from rootline.sources.links import MOST, Link, chosen, note, noting
from rootline.sources.logs.source import LogQuery
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.stack import Given, Stack, stack
from rootline.sources.web import (
    LONGEST,
    Grafana,
    github_commit,
    github_compare,
    jaeger_search,
    jaeger_trace,
    prometheus_graph,
    zipkin_search,
    zipkin_trace,
)

BASE = "https://metrics.example/prom"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON)
TRACE = f"{1:032x}"
SPANS = [
    Span(
        trace_id=TRACE,
        span_id=f"{1:016x}",
        parent_id=None,
        service="cart",
        operation="GET",
        start=START + timedelta(minutes=1),
        duration_s=0.1,
    )
]


def named(folder: Path, **variables: str) -> Stack:
    return stack(Given(variables={f"ROOTLINE_{key}": value for key, value in variables.items()}, folder=folder))


def panes(url: str) -> dict[str, object]:
    (held,) = parse_qs(urlsplit(url).query)["panes"]
    read: dict[str, dict[str, object]] = json.loads(held)
    return read["A"]


def test_a_graph_of_prometheus_shows_the_expression_over_the_window() -> None:
    url = prometheus_graph(BASE, 'rate(http_requests_total{code=~"5.."}[5m])', WINDOW)

    assert url.startswith(f"{BASE}/graph?")
    assert parse_qs(urlsplit(url).query) == {
        "g0.expr": ['rate(http_requests_total{code=~"5.."}[5m])'],
        "g0.tab": ["0"],
        "g0.range_input": ["3600s"],
        "g0.end_input": ["2026-11-22 12:00:00"],
    }


def test_explore_of_grafana_names_the_data_source_the_query_and_the_window() -> None:
    url = Grafana(url="https://grafana.example", source="loki-uid").explore("loki", {"expr": '{app="cart"}'}, WINDOW)

    assert url.startswith("https://grafana.example/explore?schemaVersion=1&panes=")
    assert panes(url) == {
        "datasource": "loki-uid",
        "queries": [{"refId": "A", "datasource": {"type": "loki", "uid": "loki-uid"}, "expr": '{app="cart"}'}],
        "range": {"from": "1795345200000", "to": "1795348800000"},
    }


def test_pages_of_jaeger_zipkin_and_github() -> None:
    sha, other = "a" * 40, "b" * 40

    assert jaeger_trace(BASE, TRACE) == f"{BASE}/trace/{TRACE}"
    assert zipkin_trace(BASE, TRACE) == f"{BASE}/zipkin/traces/{TRACE}"
    assert parse_qs(urlsplit(jaeger_search(BASE, "cart", WINDOW)).query)["service"] == ["cart"]
    assert parse_qs(urlsplit(zipkin_search(BASE, "", WINDOW)).query) == {
        "lookback": ["range"],
        "startTs": ["1795345200000"],
        "endTs": ["1795348800000"],
    }
    assert github_commit("https://github.com", "acme/shop", sha) == f"https://github.com/acme/shop/commit/{sha}"
    assert github_compare(BASE, "acme/shop", sha, other) == f"{BASE}/acme/shop/compare/{sha}...{other}"


@pytest.mark.parametrize("text", ["", "../admin", "x", "12/../..", "a b", "a?b", "a#b", "é" * 9, "0" * 65])
def test_what_is_no_identifier_makes_no_link(text: str) -> None:
    assert (jaeger_trace(BASE, text), zipkin_trace(BASE, text)) == ("", "")
    assert (github_commit(BASE, "a/b", text), github_compare(BASE, "a/b", "a" * 40, text)) == ("", "")


@pytest.mark.promise("links-lead-home")
@given(st.text(max_size=60))
def test_no_text_leads_elsewhere_or_ends_a_link(text: str) -> None:
    for url in (
        prometheus_graph(BASE, text, WINDOW) if text.isprintable() else BASE,
        jaeger_search(BASE, text, WINDOW) if text.isprintable() else BASE,
        Grafana(url=BASE, source="x").explore("loki", {"expr": text}, WINDOW),
    ):
        parts = urlsplit(url)
        assert (parts.scheme, parts.netloc) == ("https", "metrics.example")
        assert parts.path.startswith("/prom")
        assert parts.fragment == ""
        assert not set(url) & set(" <>\"'`|()\\\n\r\t")
    assert panes(Grafana(url=BASE, source="x").explore("loki", {"expr": text}, WINDOW))


async def reading(source: object, *, twice: bool = True) -> list[list[Link]]:
    """What is noted by a read, and by the same read again, which is answered from memory."""
    found = []
    for _ in range(2 if twice else 1):
        with noting() as links:
            await ask(source)
        found.append(links)
    return found


async def ask(source: object) -> None:
    for name, given_ in (
        ("series", (MetricQuery(), HOUR)),
        ("read", (LogQuery(service="cart"), HOUR)),
        ("spans", ("cart", HOUR)),
        ("changes", (ChangeQuery(), HOUR)),
        ("alerts", (HOUR,)),
    ):
        verb = getattr(source, name, None)
        if verb is not None:
            await verb(*given_)
            return


@pytest.mark.anyio
@pytest.mark.parametrize("is_grafana", [False, True])
async def test_metrics_link_to_each_metric_that_was_read(tmp_path: Path, is_grafana: bool) -> None:
    more = {"GRAFANA_URL": "https://grafana.example", "GRAFANA_PROMETHEUS": "mimir"} if is_grafana else {}
    with prometheus(tmp_path, samples()) as url:
        sources = connect(named(tmp_path, PROMETHEUS_URL=url, **more))
        first, again = await reading(sources.metrics)
        with noting() as alerts:
            await ask(sources.alerts)

    assert first == again
    assert {one.noun for one in first} == {"metrics"}
    base = "https://grafana.example/explore?" if is_grafana else f"{url}/graph?"
    assert all(one.url.startswith(base) for one in (*first, *alerts))
    (counted,) = {one.url for one in first if one.about == "http_requests_per_second"}
    assert "rate(http_requests_total" in unquote(counted)
    assert [one.noun for one in alerts] == ["alerts"]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("kind", "answer", "search", "trace"),
    [
        ("JAEGER", jaeger(SPANS), "/search?service=cart&", f"/trace/{TRACE}"),
        ("ZIPKIN", zipkin(SPANS), "/zipkin/?serviceName=cart&", f"/zipkin/traces/{TRACE}"),
    ],
)
async def test_traces_link_to_the_search_and_to_each_trace(
    tmp_path: Path, kind: str, answer: object, search: str, trace: str
) -> None:
    with answering(answer) as url:  # type: ignore[arg-type]
        first, again = await reading(connect(named(tmp_path, **{f"{kind}_URL": url})).traces)

    assert first == again
    assert first[0].url.startswith(f"{url}{search}")
    assert chosen(first, "traces", [TRACE]) == f"{url}{trace}"


@pytest.mark.anyio
async def test_loki_and_tempo_are_seen_in_grafana_or_nowhere(tmp_path: Path) -> None:
    lines = [LogLine(at=START, service="cart", text="x")]
    with answering(loki(lines)) as logs, answering(tempo(SPANS)) as traces:
        given_ = {"LOKI_URL": logs, "TEMPO_URL": traces}
        bare = connect(named(tmp_path, **given_))
        seen = connect(named(tmp_path, **given_, GRAFANA_URL="https://grafana.example/", GRAFANA_LOKI="L"))
        nowhere = [await reading(source, twice=False) for source in (bare.logs, bare.traces)]
        (found,) = await reading(seen.logs, twice=False)
        (spans,) = await reading(seen.traces, twice=False)

    assert nowhere == [[[]], [[]]]
    assert panes(found[0].url)["datasource"] == "L"
    assert '{service_name=\\"cart\\"}' in unquote(found[0].url) or "cart" in unquote(found[0].url)
    assert panes(chosen(spans, "traces", [TRACE]))["queries"] == [
        {"refId": "A", "datasource": {"type": "tempo", "uid": "tempo"}, "query": TRACE, "queryType": "traceql"}
    ]


@pytest.mark.anyio
async def test_commits_link_to_their_pages_on_github(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "checkout")
    sha = clone.commit("a.py", "1", "first", START)
    with served(Github(clone=clone)) as url:
        first, again = await reading(connect(Stack(github=github(url))).changes)

    assert first == again
    assert chosen(first, "changes", [sha]) == f"{url}/acme/checkout/commit/{sha}"
    assert chosen(first, "changes", ["other"]) == f"{url}/acme/checkout/commits"


def test_the_link_for_the_first_thing_that_has_one_is_taken() -> None:
    links = [
        Link(noun="metrics", url="m-any"),
        Link(noun="metrics", url="m-b", about="b"),
        Link(noun="logs", url="l"),
        Link(noun="metrics", url="m-b2", about="b"),
    ]

    assert chosen(links, "metrics", ["a", "b"]) == "m-b"
    assert chosen(links, "metrics", ["", "z"]) == "m-any"
    assert chosen(links[1:], "metrics", []) == "m-b"
    assert chosen(links, "traces", ["b"]) == ""


def test_notes_are_bounded_and_go_nowhere_where_nobody_collects() -> None:
    note("logs", "https://x.example")
    with noting() as links:
        for url in ("", "https://x.example/" + "x" * LONGEST, *("https://y.example" for _ in range(MOST + 5))):
            note("logs", url)

    assert len(links) == MOST
    assert {one.url for one in links} == {"https://y.example"}


def test_grafana_in_the_file_stands_for_the_backends_beside_it(tmp_path: Path) -> None:
    (tmp_path / "rootline.yaml").write_text(
        "clusters: {a: {grafana: {url: 'https://g.example', loki: L}, "
        "sources: {loki: {url: 'http://l.example'}, jaeger: {url: 'http://j.example'}}}}"
    )

    found = stack(Given(variables={}, folder=tmp_path))

    assert _grafanas(found) == [Grafana(url="https://g.example", source="L"), None]


def _grafanas(found: Stack) -> Sequence[Grafana | None]:
    return [one.backend.grafana for one in found.backends]


def test_a_grafana_that_is_no_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="ROOTLINE_GRAFANA_URL is no address"):
        named(tmp_path, PROMETHEUS_URL="http://p.example", GRAFANA_URL="javascript:alert(1)")
    assert backend("X", "X", "http://p.example").grafana is None
