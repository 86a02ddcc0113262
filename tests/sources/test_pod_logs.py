"""Logs out of pods: which are read, what of them, and what is told of the rest."""

from datetime import timedelta

import pytest
from tests.fakes.incident import HOUR, START
from tests.fakes.kube_shop import Object, pod
from tests.fakes.pods import as_json, serving, stamped
from tests.sources.test_logs import line

from rootline.domain.signal import LogLine
from rootline.sources.backend import backend
from rootline.sources.connecting import connect
from rootline.sources.failure import SourceFailed
from rootline.sources.fleet.hearing import hearing
from rootline.sources.kubernetes.access import Access
from rootline.sources.kubernetes.connection import Connection
from rootline.sources.kubernetes.pod_logs import MOST_CONTAINERS, MOST_OF_EACH, PodLogs
from rootline.sources.logs.source import LogQuery
from rootline.sources.stack import Named, Stack

pytestmark = pytest.mark.anyio
KEY = b"k" * 32


def logs_of(connection: Connection, label: str = "") -> PodLogs:
    return PodLogs(connection, key=KEY, service_label=label)


def named(one: Object) -> str:
    name: str = one["metadata"]["name"]
    return name


async def read(logs: PodLogs, query: LogQuery | None = None) -> tuple[list[LogLine], list[str]]:
    with hearing() as heard:
        found = await logs.read(query or LogQuery(), HOUR)
    return [*found.lines], [one.detail for one in heard.outcomes]


async def test_text_is_read_as_it_is_with_its_level_its_time_and_its_pod() -> None:
    cart = pod("cart")
    odd = stamped(line(1, "cart", ""), "2026-03-14 ERROR [main] no stock\xa0left") + "no time at all\n\n"
    with serving([cart], {(named(cart), "server"): odd}) as (_, connection):
        found, missing = await read(logs_of(connection))

    assert [(one.service, one.text, one.severity, one.instance, one.at) for one in found] == [
        ("cart", "2026-03-14 ERROR [main] no stock\xa0left", "ERROR", named(cart), START + timedelta(minutes=1))
    ]
    assert missing == []


async def test_what_a_container_wrote_before_it_was_restarted_is_read_too() -> None:
    cart = pod("cart", container={"restartCount": 2})
    logs = {
        (named(cart), "server!"): stamped(line(1, "cart", ""), "panic: out of room"),
        (named(cart), "server"): stamped(line(2, "cart", ""), "starting"),
    }
    with serving([cart], logs) as (_, connection):
        found, missing = await read(logs_of(connection))

    assert ([one.text for one in found], missing) == (["panic: out of room", "starting"], [])


async def test_a_container_that_waits_is_named_and_the_others_are_read() -> None:
    cart, web = pod("cart"), pod("web", ready=False)
    with serving([cart, web], {(named(cart), "server"): as_json(line(1, "cart", "hello"))}) as (_, connection):
        found, missing = await read(logs_of(connection))

    assert [one.text for one in found] == ["hello"]
    assert len(missing) == 1
    assert missing[0].startswith(f"market/{named(web)} server: ")


async def test_where_no_log_can_be_read_that_is_an_error_and_no_silence() -> None:
    with serving([pod("web")], {}) as (_, connection), pytest.raises(SourceFailed, match="not found"):
        await read(logs_of(connection))


async def test_who_may_not_read_logs_is_told_what_to_grant() -> None:
    cart = pod("cart")
    with serving([cart], {(named(cart), "server"): "x\n"}) as (api, connection):
        api.forbidden.add(("get", "pods/log"))
        with pytest.raises(SourceFailed, match="pods/log"):
            await read(logs_of(connection))


async def test_of_too_many_containers_those_not_well_are_read_and_one_of_every_service_before_two_of_any() -> None:
    many = [pod("cart", f"5d8f4c7b9-x{at:02}") for at in range(MOST_CONTAINERS)]
    others = [pod("web"), pod("zebra", ready=False)]
    logs = {(named(one), "server"): as_json(line(1, "x", named(one))) for one in (*many, *others)}
    with serving([*many, *others], logs) as (_, connection):
        found, missing = await read(logs_of(connection))
        of_cart, _ = await read(logs_of(connection), LogQuery(service="cart"))

    assert {one.service for one in found} == {"cart", "web", "zebra"}
    assert len(found) == MOST_CONTAINERS
    assert missing == [f"the logs of {MOST_CONTAINERS} of {MOST_CONTAINERS + 2} containers were read"]
    assert len(of_cart) == MOST_CONTAINERS


async def test_of_a_long_log_the_newest_lines_are_read_and_from_when_on_is_told() -> None:
    cart = pod("cart")
    lines = [line(at / 50, "cart", f"line {at}") for at in range(MOST_OF_EACH + 500)]
    with serving([cart], {(named(cart), "server"): "".join(map(as_json, lines))}) as (_, connection):
        found, missing = await read(logs_of(connection))

    assert (found[0].text, found[-1].text, len(found)) == ("line 500", "line 1499", MOST_OF_EACH)
    assert missing == [
        f"market/{named(cart)} server: nothing before {lines[500].at:%H:%M:%S} was read, its newest 1000 lines"
    ]


async def test_a_flood_of_long_lines_is_bounded_and_told() -> None:
    cart = pod("cart")
    flood = "".join(stamped(line(at / 50, "cart", ""), "x" * 9_000) for at in range(400))
    with serving([cart], {(named(cart), "server"): flood}) as (_, connection):
        found, missing = await read(logs_of(connection))

    assert found == []
    assert missing == [f"market/{named(cart)} server: its newest 125 lines are more than 512 kB"]


async def test_a_label_may_name_the_service() -> None:
    cart = pod("cart")
    cart["metadata"]["labels"]["part-of"] = "shop"
    with serving([cart], {(named(cart), "server"): as_json(line(1, "cart", "hello"))}) as (_, connection):
        logs = logs_of(connection, "part-of")
        found, _ = await read(logs)
        services = await logs.services()

    assert ([one.service for one in found], services) == (["shop"], ["shop"])


async def test_what_was_read_once_of_a_window_is_not_read_again_for_other_words() -> None:
    cart = pod("cart")
    with serving([cart], {(named(cart), "server"): as_json(line(1, "cart", "hello"))}) as (api, connection):
        logs = logs_of(connection)
        await read(logs)
        asked = len(api.asked)
        found, _ = await read(logs, LogQuery(text="HELL"))

    assert ([one.text for one in found], len(api.asked)) == (["hello"], asked)


async def test_a_cluster_without_a_store_of_logs_answers_from_its_pods_and_a_store_goes_before() -> None:
    cart = pod("cart")
    with serving([cart], {(named(cart), "server"): as_json(line(1, "cart", "hello"))}) as (_, connection):
        access: Access = connection.access
        pods = connect(Stack(kubernetes=access)).logs
        loki = Named(name="loki", kind="loki", backend=backend("Loki", "ROOTLINE_LOKI_URL", "http://127.0.0.1:1"))
        store = connect(Stack(kubernetes=access, backends=(loki,))).logs
        assert pods is not None
        assert store is not None
        found = await pods.read(LogQuery(service="cart"), HOUR)

    assert (pods.name, store.name, [one.text for one in found.lines]) == ("kubernetes", "loki", ["hello"])
