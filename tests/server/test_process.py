"""The shipped command from outside: both protocol eras on standard input and output, and every way to end it."""

import json
import signal
import urllib.request
from collections.abc import Iterator

import pytest
from tests.fakes.mcp_process import ENVELOPE, Home, home, silent_model

from rootline.domain.evidence import JsonObject

SERVE = ("serve", "--tape", "demo")


@pytest.fixture(scope="module")
def shared() -> Iterator[Home]:
    with home() as lent:
        yield lent


def test_the_older_protocol_is_spoken_and_the_end_of_input_ends_it(shared: Home) -> None:
    process = shared.start(*SERVE)

    hello = process.greet()
    tools = process.ask("tools/list")["tools"]
    answer = process.ask("tools/call", {"name": "get_alerts", "arguments": {}})

    code, rest, _ = process.end()
    assert (hello["serverInfo"]["title"], hello["protocolVersion"]) == ("Rootline", "2025-11-25")
    assert len(tools) == 14
    assert answer["structuredContent"]["evidence_id"] == "E1"
    assert (code, rest) == (0, b"")


def test_the_newer_protocol_is_spoken_and_labels_go_on_from_the_process_before(shared: Home) -> None:
    process = shared.start(*SERVE)

    found = process.ask("server/discover", {"_meta": ENVELOPE})
    call: JsonObject = {"name": "query_metrics", "arguments": {}, "_meta": ENVELOPE}
    answer = process.ask("tools/call", call, id_=2)

    code, rest, _ = process.end()
    assert found["supportedVersions"] == ["2026-07-28"]
    assert answer["structuredContent"]["evidence_id"] == "E2"
    assert (code, rest) == (0, b"")


def test_a_signal_ends_it_in_order_and_nothing_is_left(shared: Home) -> None:
    process = shared.start(*SERVE)
    process.greet()

    code, rest, _ = process.end(signal.SIGTERM)

    assert (code, rest) == (0, b"")
    assert shared.databases == []


def test_a_client_that_cancels_is_heard_and_the_store_knows(shared: Home) -> None:
    with silent_model() as (url, listening):
        process = shared.start(*SERVE, ROOTLINE_MODEL="openai-compatible:silent", ROOTLINE_MODEL_URL=url)
        process.greet()
        process.tell("tools/call", {"name": "investigate", "arguments": {"question": "why is it slow?"}}, id_=7)
        connection, _ = listening.accept()

        process.tell("notifications/cancelled", {"requestId": 7})
        with connection:
            while connection.recv(65536):
                pass
        alive = process.ask("ping", id_=8)
        process.end()

    newest, *_ = json.loads(shared.run("session", "list", "--json"))
    assert alive == {}
    assert (newest["state"], newest["question"]["text"]) == ("cancelled", "why is it slow?")


def test_a_client_that_dies_in_mid_call_leaves_a_cancelled_investigation_and_no_process(shared: Home) -> None:
    with silent_model() as (url, listening):
        process = shared.start(*SERVE, ROOTLINE_MODEL="openai-compatible:silent", ROOTLINE_MODEL_URL=url)
        process.greet()
        process.tell("tools/call", {"name": "investigate", "arguments": {"question": "who is slow?"}}, id_=7)
        connection, _ = listening.accept()
        with connection:
            code, _, said = process.end()

    newest, *_ = json.loads(shared.run("session", "list", "--json"))
    assert (newest["state"], newest["question"]["text"]) == ("cancelled", "who is slow?")
    assert (code, said) == (0, "")
    assert shared.databases == []


def test_http_is_served_and_sigterm_releases_the_database(shared: Home) -> None:
    process = shared.start(*SERVE, "--transport", "http", "--port", "0")
    assert process.popen.stderr is not None
    url = process.popen.stderr.readline().decode().split()[-1]
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": ENVELOPE}}
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/list",
    }
    request = urllib.request.Request(url, json.dumps(hello).encode(), headers)  # noqa: S310 our own loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310 our own loopback
        tools = json.load(answer)["result"]["tools"]

    code, rest, _ = process.end(signal.SIGTERM)

    assert len(tools) == 14
    assert (code, rest) == (0, b"")
    assert shared.databases == []
