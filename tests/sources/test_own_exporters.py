"""What one knows of one's own exporters: a folder of files, read as those that ship with Rootline are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.observability import prometheus

from rootline.analysis.metrics.harm import hurts, more_is_better
from rootline.analysis.metrics.scoring import score
from rootline.analysis.metrics.views import view_of
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.connecting import connect
from rootline.sources.metrics.exporters.library import built_in, load
from rootline.sources.metrics.exporters.place import exporters_folder
from rootline.sources.metrics.formulas import Formula
from rootline.sources.metrics.golden import golden
from rootline.sources.metrics.meters import meters
from rootline.sources.metrics.source import MetricQuery
from rootline.sources.stack import Given, stack, stacks

END = datetime(2026, 3, 1, 13, tzinfo=UTC)
WINDOW = Window(start=END - timedelta(minutes=10), end=END)
LEDGER = """
exporter: ledger_exporter
names: ledger
signals:
  - {name: ledger_up, means: up, least: ledger_reachable}
  - {name: ledger_journal_utilisation, means: full, share: [ledger_journal_used_bytes, ledger_journal_size_bytes]}
  - {name: ledger_posting_mean_seconds, means: slow, promql: 'max $by (ledger_posting_ms{$s quantile="0.5"} / 1000)'}
  - {name: ledger_rejected_postings_per_second, means: failing, rate: ledger_rejections_total}
  - {name: ledger_unposted_queue, means: waiting, most: ledger_unposted_entries}
  - {name: ledger_posted_entries_per_second, means: busy, rate: ledger_posted_total}
  - {name: ledger_replicas_available, means: enough, least: ledger_replicas}
"""


def write(folder: Path, text: str, name: str = "ledger.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_each_way_of_reading_becomes_an_expression(tmp_path: Path) -> None:
    own = load(write(tmp_path, LEDGER))[: -len(built_in())]

    assert [(one.name, one.needs, one.unit) for one in own] == [
        ("ledger_up", ("ledger_reachable",), ""),
        ("ledger_journal_utilisation", ("ledger_journal_used_bytes", "ledger_journal_size_bytes"), "ratio"),
        ("ledger_posting_mean_seconds", ("ledger_posting_ms",), "s"),
        ("ledger_rejected_postings_per_second", ("ledger_rejections_total",), "1/s"),
        ("ledger_unposted_queue", ("ledger_unposted_entries",), ""),
        ("ledger_posted_entries_per_second", ("ledger_posted_total",), "1/s"),
        ("ledger_replicas_available", ("ledger_replicas",), ""),
    ]
    assert [one.written("by (job)", 'job="x",', 60) for one in own] == [
        'min by (job) (ledger_reachable{job="x",})',
        'max by (job) (ledger_journal_used_bytes{job="x",} / (ledger_journal_size_bytes{job="x",} > 0))',
        'max by (job) (ledger_posting_ms{job="x", quantile="0.5"} / 1000)',
        'sum by (job) (rate(ledger_rejections_total{job="x",}[60s]))',
        'max by (job) (ledger_unposted_entries{job="x",})',
        'sum by (job) (rate(ledger_posted_total{job="x",}[60s]))',
        'min by (job) (ledger_replicas{job="x",})',
    ]


def test_what_the_exporter_tells_beside_its_signals_waits_until_one_service_is_asked_about(tmp_path: Path) -> None:
    formulas = load(write(tmp_path, LEDGER))

    known = meters(["ledger_reachable", "ledger_cache_bytes", "web_requests_total"], formulas=formulas).values()

    assert [one.name for one in golden(known)] == ["ledger_up", "web_requests_per_second"]


def test_of_two_with_one_name_the_first_is_read_whose_metrics_there_are(tmp_path: Path) -> None:
    text = """
exporter: ledger_exporter
signals:
  - {name: ledger_unposted_queue, means: waiting, most: ledger_unposted_entries}
  - {name: ledger_unposted_queue, means: waiting, most: ledger_v1_unposted}
"""
    formulas = load(write(tmp_path, text))

    def read(*names: str) -> str:
        return meters(names, formulas=formulas)["ledger_unposted_queue"].raw

    assert read("ledger_v1_unposted") == "ledger_v1_unposted"
    assert read("ledger_v1_unposted", "ledger_unposted_entries") == "ledger_unposted_entries"


def test_what_ships_with_rootline_stays_beside_ones_own(tmp_path: Path) -> None:
    assert load(None) == built_in()
    assert load(write(tmp_path, LEDGER))[-len(built_in()) :] == built_in()
    assert load(tmp_path)[0].name == "ledger_up"


def signal(line: str) -> str:
    return f"exporter: ledger_exporter\nsignals:\n  - {{{line}}}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            signal("name: ledger_ready, means: waiting, most: a"),
            "signals.0: the name 'ledger_ready' reads like 'enough'.*such as ledger_queue",
        ),
        (signal("name: ledger_state, means: up, least: a"), "reads like 'busy', and it means 'up'.*such as ledger_up"),
        (signal("name: ledger_errors, means: slow, most: a"), "reads like 'failing'.*such as ledger_duration_seconds"),
        (signal("name: ledger_queue, means: stuck, most: a"), "means: Input should be 'up', 'full', 'slow'"),
        (signal("name: ledger_queue, means: waiting"), "exactly one way how it is read, with one of rate, most, least"),
        (signal("name: ledger_queue, means: waiting, most: a, rate: b"), "exactly one way"),
        (signal("name: ledger_queue, means: waiting, most: 'a} or b{'"), "most: String should match"),
        (signal("name: Ledger-Queue, means: waiting, most: a"), "name: String should match"),
        (
            signal("name: ledger_queue, means: waiting, promql: 'max(a)'"),
            r"with its matchers, such as my_metric\{\$s\}",
        ),
        (signal("name: ledger_queue, means: waiting, promql: 'max $of (a{$s})'"), "after \\$ comes by, s or r"),
        (signal("name: ledger_queue, means: waiting, promql: 'max $by (a{$s}'"), "brackets|closed|balance"),
        (
            signal("name: ledger_queue, means: waiting, moist: a"),
            "signals.0.moist: there is no such key, did you mean most",
        ),
        (signal("name: pg_up, means: up, least: a"), "'pg_up' is a signal that Rootline knows already"),
        ("exporter: x\nsignals: []\n", "name at least one signal"),
        ("signals: {}\n", "exporter: Field required"),
        ("[1, 2", "is no YAML"),
    ],
)
def test_a_file_that_cannot_be_meant_so_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said) as refused:
        load(write(tmp_path, text))

    assert "ledger.yaml" in str(refused.value)


def test_two_files_may_not_give_one_name_to_two_signals(tmp_path: Path) -> None:
    write(tmp_path, LEDGER)
    write(tmp_path, signal("name: ledger_up, means: up, least: other"), "z.yml")

    with pytest.raises(Misconfigured, match=r"z\.yml: 'ledger_up' is also a signal of .*ledger\.yaml"):
        load(tmp_path)


def test_a_folder_that_is_none_and_one_of_too_many_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="nowhere is no folder"):
        load(tmp_path / "nowhere")
    for at in range(51):
        write(tmp_path, LEDGER, f"{at}.yaml")
    with pytest.raises(Misconfigured, match="holds 51 files, and at most 50 are read"):
        load(tmp_path)


def test_the_folder_is_named_by_a_variable_or_beside_the_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        "exporters: known\nclusters: {a: {sources: {prometheus: {url: 'http://a'}}}, b: {}}\n",
        "rootline.yaml",
    )
    (tmp_path / "known").mkdir()

    given = Given(variables={}, folder=tmp_path)
    assert {one.exporters for one in stacks(given)} == {stack(given).exporters} == {tmp_path / "known"}
    assert exporters_folder({"ROOTLINE_EXPORTERS": "/elsewhere"}, tmp_path) == Path("/elsewhere")
    assert exporters_folder({}, tmp_path / "known") is None


def exposition() -> str:
    """A ledger whose entries pile up for the last four minutes."""
    first = round(WINDOW.start.timestamp()) - 600
    moments = range(first, first + 1200, 15)
    lines = ["# TYPE ledger_unposted_entries unknown\n"]
    lines += [f'ledger_unposted_entries{{job="books"}} {3 if at < first + 960 else 400} {at}\n' for at in moments]
    lines += ["# TYPE ledger_reachable unknown\n", *(f'ledger_reachable{{job="books"}} 1 {at}\n' for at in moments)]
    return "".join([*lines, "# TYPE up unknown\n", *(f'up{{job="books"}} 1 {at}\n' for at in moments)])


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with prometheus(tmp_path, exposition()) as url:
        yield url


@pytest.mark.promise("own-exporters-are-read")
@pytest.mark.anyio
async def test_a_signal_of_ones_own_is_read_of_a_real_prometheus_and_judged_by_what_it_means(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "known").mkdir()
    write(tmp_path / "known", LEDGER)
    variables = {"ROOTLINE_PROMETHEUS_URL": url, "ROOTLINE_EXPORTERS": str(tmp_path / "known")}
    metrics = connect(stack(Given(variables=variables, folder=tmp_path))).metrics

    assert metrics is not None
    found = score(await metrics.series(MetricQuery(), WINDOW), WINDOW)

    (queue,) = [one for one in found if one.metric == "ledger_unposted_queue"]
    assert (queue.service, queue.baseline, queue.current, hurts(queue)) == ("books", 3, 400, True)
    assert "ledger_unposted_entries" not in {one.metric for one in found}


@pytest.mark.parametrize("one", built_in(), ids=lambda one: one.name)
def test_what_ships_is_named_so_that_its_name_says_what_it_means(one: Formula) -> None:
    is_share = one.name.endswith("_utilisation")

    assert view_of(one.name) == "utilisation" if is_share else one.unit != "ratio" or one.name.endswith("_ratio")
    assert not (is_share and more_is_better(one.name))
