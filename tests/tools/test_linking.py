"""Evidence carries the link to its question, which is shown and proves nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.fakes.clone import Clone
from tests.fakes.github_server import Github, github, served
from tests.fakes.incident import HOUR, START
from tests.fakes.scene import scene_of
from tests.reports.records import record

from rootline.cli.evidence import heading
from rootline.domain.evidence import Evidence, Reading, SourceName, fingerprint
from rootline.domain.fact import ChangeFact, SeriesFact
from rootline.ground import Ground
from rootline.opening import memory_desk
from rootline.redaction import Redactor
from rootline.reports.as_json import as_json
from rootline.reports.escape import web_address
from rootline.reports.markdown import markdown
from rootline.settings import Settings
from rootline.sources.connecting import connect
from rootline.sources.links import Link
from rootline.sources.stack import Stack
from rootline.tools.linking import linked

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://github.com/acme/shop/commit/" + "a" * 40
REDACTOR = Redactor(b"test")


def reading(url: str | None = None) -> Reading:
    fact = ChangeFact(subject="cart", change="commit", label="a" * 40)
    source = SourceName(backend="github", url=url)
    return Reading(status="ok", summary="1 change", facts=(fact,), source=source, window=HOUR)


def test_a_link_changes_no_hash() -> None:
    assert fingerprint("diff_commits", {}, reading()) == fingerprint("diff_commits", {}, reading(URL))


def test_the_link_for_the_first_facts_is_put_on_the_reading() -> None:
    links = [Link(noun="changes", url="https://g.example/commits"), Link(noun="changes", url=URL, about="a" * 40)]

    assert linked(reading(), "diff_commits", links, REDACTOR).source.url == URL
    assert linked(reading(), "get_topology", links, REDACTOR) == reading()
    assert linked(reading(), "diff_commits", [], REDACTOR) == reading()


def test_a_link_that_would_hold_a_secret_is_left_out() -> None:
    url = "https://p.example/graph?g0.expr=x%7Bpassword=hunter2-is-long-enough%7D&password=hunter2-is-long-enough"
    fact = SeriesFact(
        subject="cart x", service="cart", metric="x", direction="flat", baseline=1.0, current=1.0, peak=1.0
    )
    held = reading().model_copy(update={"facts": (fact,)})

    assert linked(held, "query_metrics", [Link(noun="metrics", url=url)], REDACTOR).source.url is None


@pytest.mark.anyio
async def test_a_tool_that_asks_github_answers_with_a_link_to_the_first_commit(tmp_path: Path) -> None:
    clone = Clone(tmp_path / "checkout")
    sha = clone.commit("a.py", "1", "first", START)
    desk = memory_desk(Settings(home=tmp_path))
    with served(Github(clone=clone)) as url:
        ground = Ground(sources=connect(Stack(github=github(url))))
        toolbox = desk.toolbox(next(iter(desk.personas)), ground)
        scene = scene_of(ground.cleaned(desk.redactor), HOUR)
        answer = await toolbox.call(toolbox.admit("diff_commits", {}), scene)

    assert isinstance(answer, Reading)
    assert answer.source.url == f"{url}/acme/checkout/commit/{sha}"


def with_link(url: str | None) -> Evidence:
    held = reading(url)
    digest = fingerprint("diff_commits", {}, held)
    return Evidence(label="E1", tool="diff_commits", arguments={}, reading=held, sha256=digest, taken_at=NOON)


@pytest.mark.parametrize("url", [URL, None, "javascript:alert(1)", "https://x.example/) [y](http://wicked", "ftp://x"])
def test_a_report_links_the_label_only_to_a_web_address(url: str | None) -> None:
    whole = replace(record(), evidence=(with_link(url),))

    report, held = markdown(whole).partition("## Evidence")[2], as_json(whole)["evidence"]

    assert ("| [E1](<" + URL + ">) |" in report) is (url == URL)
    assert ("| E1 |" in report) is (url != URL)
    assert "wicked" not in report
    assert isinstance(held, list)
    assert isinstance(held[0], dict)
    assert held[0]["sha256"] == with_link(None).sha256


def test_a_web_address_can_end_no_link() -> None:
    assert web_address(URL) == URL
    assert web_address("https://x.example/a b") == ""
    assert web_address("https://x.example/>") == ""
    assert web_address("https://x.example/" + "x" * 2001) == ""
    assert web_address("") == ""


def test_evidence_that_is_shown_says_where_to_see_it() -> None:
    plain, seen = heading(with_link(None)), heading(with_link(URL))

    assert seen == f"{plain}\nsee {URL}"
    assert heading(with_link("javascript:alert(1)")) == plain
