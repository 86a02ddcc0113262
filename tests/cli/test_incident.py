"""Alerts posted to the shipped command, and the commands about what they came to."""

import json
import signal
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.fakes.mcp_desk import House
from tests.fakes.mcp_process import Home, Process, home
from tests.fakes.observability import free_port
from tests.intake.specimens import am, am_alert, written
from tests.store.examples import NOON, detected, identity, incident
from tests.store.told import delivery, into, notice

from rootline.cli.incidents import VERBS
from rootline.cli.parser import parse
from rootline.desk import Desk
from rootline.domain.incident import Transition
from rootline.errors import RootlineError

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def lent() -> Iterator[Home]:
    with home() as one:
        yield one


@contextmanager
def served(lent: Home, how: signal.Signals = signal.SIGTERM, **variables: str) -> Iterator[str]:
    """Run the server until the block ends, however it ends; yield where alerts are posted."""
    port = free_port()
    process = lent.start("serve", "--transport", "http", "--port", str(port), **variables)
    try:
        said = process.popen.stderr.readline().decode() if process.popen.stderr else ""
        assert f"http://127.0.0.1:{port}/mcp" in said, said
        yield f"http://127.0.0.1:{port}/intake/alertmanager"
    finally:
        ended(process, how)


def ended(process: Process, how: signal.Signals) -> None:
    process.popen.send_signal(how)
    process.popen.communicate(timeout=60)


def post(url: str, body: bytes) -> dict[str, Any]:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310 loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 see above
        told: dict[str, Any] = json.load(answer)
    return told


def cut_off(url: str, body: bytes) -> None:
    """Send a delivery, and wait for no answer."""
    port = int(url.split(":")[2].split("/", maxsplit=1)[0])
    head = f"POST /intake/alertmanager HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def begun() -> datetime:
    return datetime.now(tz=UTC) - timedelta(minutes=1)


def listed(lent: Home, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(lent.run("incident", "list", "--json", *words))
    return found


@pytest.mark.promise("stored-before-acknowledged")
def test_what_was_acknowledged_outlives_a_killed_server_and_what_was_not_can_be_sent_again(lent: Home) -> None:
    at = begun()
    first, second = written(am(am_alert(1, begun=at))), written(am(am_alert(2, begun=at, service="mail"), group="b"))

    with served(lent, signal.SIGKILL) as url:
        kept = post(url, first)
        cut_off(url, second)
    with served(lent) as url:
        again, late = post(url, first), post(url, second)
        later = post(url, second)

    assert (kept["is_repeat"], again["is_repeat"], later["is_repeat"]) == (False, True, True)
    assert again["delivery"] == kept["delivery"]
    assert late["delivery"] == later["delivery"]
    assert sorted(one["service"] for one in listed(lent)) == ["checkout", "mail"]


def test_an_incident_that_was_posted_is_investigated_by_its_id(lent: Home) -> None:
    with served(lent) as url:
        (id_,) = post(url, written(am(am_alert(7, begun=begun(), service="cart"), group="c")))["incidents"]
        lent.run("investigate", "--incident", id_[:36], "--json", okay=(4,))
        shown = json.loads(lent.run("incident", "show", id_, "--json"))

    assert shown["services"] == ["cart"]
    assert [one["after"] for one in shown["transitions"]] == ["detected", "investigating"]
    assert [one["outcome"] for one in shown["investigations"]] == ["inconclusive"]


async def told(verb: str, desk: Desk, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert await VERBS[verb](parse(["incident", verb, *words]), desk) == 0
    return capsys.readouterr().out


@pytest.mark.anyio
async def test_a_list_without_incidents_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    desk = house.desk()

    assert await told("list", desk, capsys) == "There is no incident.\n"
    assert await told("list", desk, capsys, "--json") == "[]\n"

    await house.intake().take(delivery(), [notice()], into())
    await told("resolve", desk, capsys, str(incident().id))

    assert "that goes on" in await told("list", desk, capsys)
    assert str(incident().id) in await told("list", desk, capsys, "--all")


@pytest.mark.anyio
async def test_a_person_follows_an_incident_from_the_list_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    desk, id_ = house.desk(), str(incident().id)
    await house.intake().take(delivery(), [notice(summary="\x1b[31mCheckout\n is slow")], into())

    listed = await told("list", desk, capsys)
    shown = await told("show", desk, capsys, id_[:13])
    moved = await told("acknowledge", desk, capsys, "--reason", "token=ghp_16C7e42F292c6912E7710c838347Ae178B4a")
    ended = json.loads(await told("resolve", desk, capsys, id_, "--json"))

    assert listed.startswith(f"{id_}  2026-03-14T12:00:00Z  critical  detected       Checkout is down")
    assert "1 alert, 1 service\n" in shown
    assert "high      firing             checkout: [31mCheckout is slow" in shown
    assert f"rootline investigate --incident {id_}" in shown
    assert moved == f"{id_} is acknowledged: Checkout is down\n"
    assert ended["state"] == "resolved"
    assert id_ not in await told("list", desk, capsys)
    assert id_ in await told("list", desk, capsys, "--all")
    assert "ghp_16C7" not in await told("show", desk, capsys, "--json")


@pytest.mark.anyio
async def test_an_alert_of_odd_characters_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    await house.intake().take(delivery(), [notice("half \ud83d \x00 pair", summary="\u202egnirts \ud83d")], into())

    text = await told("show", house.desk(), capsys)
    shown = json.loads(await told("show", house.desk(), capsys, "--json"))

    assert "\x00" not in text
    assert shown["alerts"][0]["name"] == "half \ud83d \x00 pair"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("resolve", "zzz"), "There is no incident whose id begins with 'zzz'"),
        (("show", str(identity(1))[:6]), "2 incidents begin with"),
        (("acknowledge", str(incident(2).id)), "From there it can become: learned"),
    ],
)
async def test_what_cannot_be_done_with_an_incident_is_said(words: tuple[str, str], complaint: str) -> None:
    house = House()
    for number in (1, 2):
        one = incident(number)
        await house.journal().open_incident(one, detected(one))
    step = Transition(incident=incident(2).id, before="detected", after="resolved", at=NOON, actor="ada")
    await house.journal().move_incident(step)

    with pytest.raises(RootlineError, match=complaint):
        await VERBS[words[0]](parse(["incident", *words]), house.desk())
