"""Spans that were sent to us are read in the cluster that they are of, and in no other."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import httpx2
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData
from starlette.applications import Starlette
from tests.fakes.fleet import healthy, sick
from tests.fakes.incident import HOUR
from tests.fakes.mcp_desk import House
from tests.intake.test_traces import FIRST, REDACTOR, span
from tests.server.test_http import ALICE, TOKENS, bearer
from tests.tools.test_several_clusters import Dead

from rootline.domain.fleet import Cluster, Endpoint
from rootline.domain.signal import VERSION, Span
from rootline.domain.window import Window
from rootline.errors import RootlineError
from rootline.ground import Ground
from rootline.intake.homes import Homes
from rootline.intake.sent_traces import with_sent
from rootline.intake.traces import TraceInbox, of_cluster, read_spans, unpack_spans
from rootline.server.callers import Callers
from rootline.server.http import Address
from rootline.server.routes import routes
from rootline.server.tokens import FileTokens
from rootline.settings import Settings
from rootline.sources.bundle import Sources
from rootline.sources.fleet.bundling import spanning
from rootline.sources.fleet.hearing import hearing
from rootline.sources.traces.otlp import CLUSTER
from rootline.sources.traces.otlp_writing import line_of
from rootline.sources.traces.source import RecordedTraces

pytestmark = pytest.mark.anyio
BOTH = Homes(known=frozenset({"eu-1", "us-1"}), usual="eu-1")
PLAIN = {"span.kind": "server"}


def of(cluster: str, number: int, service: str, trace: int = 0) -> Span:
    told = {CLUSTER: cluster} if cluster else {}
    return span(number, service, trace or number, parent_id=None, attributes={**PLAIN, **told})


SENT = [of("eu-1", 1, "cart"), of("us-1", 2, "cart"), of("", 3, "mail"), of("mars-9", 4, "rover")]


async def inbox(folder: Path, spans: Sequence[Span] = SENT) -> TraceInbox:
    made = TraceInbox.of(folder, FIRST)
    await made.take(spans)
    return made


async def services(sources: Sources, service: str = "") -> list[str]:
    assert sources.traces is not None
    return [one.service for one in await sources.traces.spans(service, HOUR)]


def bare(name: str) -> Sources:
    return Sources(cluster_name=name, alerts=healthy(name, 3).alerts)


def resources(cluster: dict[str, str]) -> Any:
    attributes = [
        {"key": key, "value": {"stringValue": value}} for key, value in {"service.name": "cart", **cluster}.items()
    ]
    whole = json.loads(line_of([span(1)]))
    whole["resourceSpans"][0]["resource"]["attributes"] = attributes
    return whole


@pytest.mark.parametrize("key", ["k8s.cluster.name", "cluster.name", "cluster"])
def test_the_cluster_that_a_resource_names_is_kept_with_each_span(key: str) -> None:
    (kept,) = read_spans(resources({key: "eu-1"}), REDACTOR).spans

    assert kept.attributes[CLUSTER] == "eu-1"
    assert read_spans(json.loads(line_of([kept])), REDACTOR).spans == [kept]


def test_the_version_that_a_resource_names_is_kept_with_each_span_and_written_back_to_the_resource() -> None:
    (kept,) = read_spans(resources({VERSION: "v7"}), REDACTOR).spans

    written = json.loads(line_of([kept]))

    assert kept.attributes[VERSION] == "v7"
    assert {"key": VERSION, "value": {"stringValue": "v7"}} in written["resourceSpans"][0]["resource"]["attributes"]
    assert read_spans(written, REDACTOR).spans == [kept]


def test_the_cluster_of_a_resource_in_protobuf_is_kept_too() -> None:
    made = TracesData()
    process = made.resource_spans.add()
    process.resource.attributes.add(key="k8s.cluster.name").value.string_value = "eu-1"
    process.scope_spans.add().spans.add(trace_id=b"\1" * 16, span_id=b"\2" * 8)

    (kept,) = unpack_spans(made.SerializeToString(), REDACTOR).spans

    assert kept.attributes == {CLUSTER: "eu-1"}


def test_a_resource_without_a_cluster_adds_nothing_to_its_spans() -> None:
    (kept,) = read_spans(resources({"cluster": ""}), REDACTOR).spans

    assert CLUSTER not in kept.attributes


def test_a_credential_s_cluster_counts_and_not_that_of_the_text() -> None:
    assert [one.attributes[CLUSTER] for one in of_cluster(SENT, "us-1")] == ["us-1"] * len(SENT)
    assert of_cluster(SENT, "") == SENT


async def test_what_the_token_says_of_the_cluster_counts_over_http(tmp_path: Path) -> None:
    placed = replace(TOKENS[0], actor=replace(TOKENS[0].actor, cluster="us-1"))
    address = Address(host="127.0.0.1", port=8765)
    workbench = House().workbench(settings=Settings(home=tmp_path))
    callers = Callers(tokens=FileTokens((placed,), address.resource), anyone=None, guard=address.guard())
    transport = httpx2.ASGITransport(app=Starlette(routes=routes(workbench, callers)))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        answer = await client.post("/v1/traces", json=json.loads(line_of(SENT)), headers=bearer(ALICE))

    kept = await TraceInbox.of(tmp_path, FIRST).spans("", HOUR)
    assert answer.status_code == 200
    assert [one.attributes[CLUSTER] for one in kept] == ["us-1"] * len(SENT)


@pytest.mark.promise("sent-spans-stay-home")
async def test_each_of_several_clusters_reads_its_own_spans_and_the_usual_one_those_of_none(tmp_path: Path) -> None:
    fleet = with_sent(spanning([bare("eu-1"), bare("us-1")]), await inbox(tmp_path), BOTH)

    assert await services(fleet) == ["eu-1/cart", "us-1/cart", "eu-1/mail"]
    assert await services(fleet, "cart") == ["eu-1/cart", "us-1/cart"]
    assert await services(fleet, "us-1/cart") == ["us-1/cart"]
    assert await services(fleet, "us-1/mail") == []


async def test_without_a_usual_cluster_spans_of_none_are_nobody_s(tmp_path: Path) -> None:
    fleet = with_sent(spanning([bare("eu-1"), bare("us-1")]), await inbox(tmp_path), replace(BOTH, usual=""))

    assert await services(fleet) == ["eu-1/cart", "us-1/cart"]


async def test_a_trace_through_two_clusters_is_one_trace(tmp_path: Path) -> None:
    inner = replace(of("us-1", 2, "stock", trace=1), parent_id=f"{1:016x}")
    fleet = with_sent(spanning([bare("eu-1"), bare("us-1")]), await inbox(tmp_path, [SENT[0], inner]), BOTH)
    assert fleet.traces is not None

    outer, deeper = await fleet.traces.spans("", HOUR)

    assert (outer.service, deeper.service) == ("eu-1/cart", "us-1/stock")
    assert (deeper.trace_id, deeper.parent_id) == (outer.trace_id, outer.span_id)


async def test_a_cluster_s_own_traces_stay_beside_those_that_were_sent_and_a_span_of_both_counts_once(
    tmp_path: Path,
) -> None:
    held = RecordedTraces([SENT[0], of("", 7, "pay")], name="tempo")
    fleet = spanning([replace(bare("eu-1"), traces=held), bare("us-1")])

    found = with_sent(fleet, await inbox(tmp_path), BOTH)

    assert await services(found) == ["eu-1/cart", "us-1/cart", "eu-1/mail", "eu-1/pay"]
    assert found.traces is not None
    assert found.traces.name == "tempo+otlp-intake"


async def test_a_dead_trace_backend_of_one_cluster_leaves_what_was_sent_and_is_named(tmp_path: Path) -> None:
    dead = replace(bare("us-1"), traces=Dead(name="tempo"))
    fleet = with_sent(spanning([bare("eu-1"), dead]), await inbox(tmp_path), BOTH)

    with hearing() as heard:
        found = await services(fleet)

    assert found == ["eu-1/cart", "us-1/cart", "eu-1/mail"]
    assert {one.cluster: one.status for one in heard.outcomes if one.cluster} == {"eu-1": "ok", "us-1": "partial"}


@pytest.mark.parametrize(
    ("asked", "homes", "found"),
    [
        ("eu-1", BOTH, ["cart", "mail"]),
        ("us-1", BOTH, ["cart"]),
        ("eu-1", Homes(known=frozenset({"eu-1"}), usual="eu-1"), ["cart", "cart", "mail", "rover"]),
        ("", Homes(), ["cart", "cart", "mail", "rover"]),
        ("", Homes(known=frozenset({"us-1"})), ["cart", "mail", "rover"]),
    ],
    ids=["usual", "another", "the only one", "one without a name", "one without a name beside others"],
)
async def test_a_single_cluster_reads_no_spans_of_another(
    tmp_path: Path, asked: str, homes: Homes, found: list[str]
) -> None:
    sources = with_sent(bare(asked), await inbox(tmp_path), homes)

    assert await services(sources) == found


def test_what_is_known_comes_from_the_file_and_the_registry_and_the_first_of_the_file_is_usual(tmp_path: Path) -> None:
    file = tmp_path / "rootline.yaml"
    file.write_text("clusters:\n  eu-1: {sources: {prometheus: {url: 'http://127.0.0.1:9'}}}\n  eu-2: {}\n")

    found = Homes.of({"ROOTLINE_CONFIG": str(file)}, ["us-1"])
    chosen = Homes.of({"ROOTLINE_CONFIG": str(file), "ROOTLINE_CLUSTER": "eu-2"}, [])

    assert found == Homes(known=frozenset({"eu-1", "eu-2", "us-1"}), usual="eu-1")
    assert chosen.usual == "eu-2"
    assert Homes.of({}, ["us-1"]) == Homes(known=frozenset({"us-1"}), usual="")


async def test_a_desk_reads_what_was_sent_in_a_question_over_registered_clusters(tmp_path: Path) -> None:
    desk = House().desk(settings=Settings(home=tmp_path, environment={"ROOTLINE_CLUSTER": "eu-1"}))
    for name in ("eu-1", "us-1"):
        endpoint = Endpoint(kind="prometheus", url="http://127.0.0.1:9")
        await desk.fleet.add(Cluster(name=name, endpoints=(endpoint,), created_at=HOUR.start), ())
    await TraceInbox.of(tmp_path, desk.actor.tenant).take(SENT)

    fleet = await desk.told(Ground(sources=spanning([bare("eu-1"), bare("us-1")])))
    other = await desk.told(Ground(sources=bare("us-1")))

    assert await services(fleet.sources) == ["eu-1/cart", "us-1/cart", "eu-1/mail"]
    assert await services(other.sources) == ["cart"]


@dataclass(kw_only=True)
class Clearing:
    """A source of traces that takes what was sent away as soon as it is asked."""

    folder: Path
    name: str = "clearing"

    async def spans(self, _service: str, _window: Window) -> Sequence[Span]:
        rmtree(self.folder, ignore_errors=True)
        return ()


@pytest.mark.parametrize("clusters", [("eu-1", "us-1"), ("us-1",)], ids=["a fleet", "one of several"])
async def test_one_question_reads_what_was_sent_once_for_its_clusters_and_for_strays(
    tmp_path: Path, clusters: Sequence[str]
) -> None:
    box = await inbox(tmp_path)
    held = [replace(bare(one), traces=Clearing(folder=box.folder)) for one in clusters]
    sources = with_sent(spanning(held), box, BOTH)
    assert sources.traces is not None

    with hearing() as heard:
        found = await sources.traces.spans("", HOUR)

    assert {one.span_id for one in found} == {SENT[at].span_id for at in ([0, 1, 2] if len(clusters) == 2 else [1])}
    assert [one.status for one in heard.outcomes if not one.cluster] == ["partial"]
    assert not box.has_any


async def test_many_spans_of_both_files_are_thinned_to_one_share_of_whole_traces(tmp_path: Path) -> None:
    box = TraceInbox(tmp_path, largest=1, most=400)
    traces = range(1, 502)
    for half in (0, 1):
        await box.take([span(2 * trace + half, trace=trace, start=HOUR.start) for trace in traces])

    found = Counter(span.trace_id for span in await box.spans("", HOUR))

    assert 100 < found.total() <= 400
    assert set(found.values()) == {2}


async def test_traces_that_no_fleet_spans_are_left_as_they_are(tmp_path: Path) -> None:
    odd = replace(sick("eu-1"), clusters=frozenset({"eu-1", "us-1"}))

    assert with_sent(odd, await inbox(tmp_path), BOTH).traces is odd.traces


async def test_a_wrong_file_is_told_when_sent_spans_are_asked(tmp_path: Path) -> None:
    desk = House().desk(settings=Settings(home=tmp_path, environment={"ROOTLINE_CONFIG": str(tmp_path / "none.yaml")}))
    await TraceInbox.of(tmp_path, desk.actor.tenant).take(SENT)

    with pytest.raises(RootlineError, match=r"none\.yaml"):
        await desk.told(Ground(sources=bare("")))
