"""The first cause of an error that was passed on is kept, however long the way to it is."""

from datetime import UTC, datetime, timedelta

import pytest

from rootline.analysis.logs.causes import LONGEST, both_ends, root_cause, with_root
from rootline.analysis.logs.summary import summarise
from rootline.domain.signal import LogLine
from rootline.domain.window import Window
from rootline.sources.traces.span_fields import error_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON, end=NOON + timedelta(hours=1))

JAVA = """\
ERROR checkout failed java.lang.IllegalStateException: order not stored
\tat com.shop.Orders.store(Orders.java:41)
\tSuppressed: java.io.IOException: stream closed
\t\tat com.shop.Orders.close(Orders.java:77)
\tCaused by: java.io.IOException: already gone
Caused by: org.shop.DataException: insert failed
\tat com.shop.Db.insert(Db.java:9)
Caused by: java.net.ConnectException: Connection refused: db.shop:5432
\tat java.net.Socket.connect(Socket.java:99)
\t... 12 more"""

PYTHON = """\
Traceback (most recent call last):
  File "/app/db.py", line 3, in connect
    sock.connect(address)
ConnectionRefusedError: [Errno 111] Connection refused

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/orders.py", line 9, in store
    connect()
shop.errors.StoreError: orders are away

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/web.py", line 12, in handle
    store(order)
shop.errors.CheckoutError: checkout failed"""

GO = (
    "checkout: place order 4711: "
    + ": ".join(f"step {at} of the saga could not be completed in time" for at in range(9))
    + ": dial tcp 10.0.0.7:5432: connect: connection refused"
)


def told(text: str) -> list[LogLine]:
    at = NOON + timedelta(minutes=50)
    return [LogLine(at=at, service="cart", text=row, severity="ERROR") for row in text.split("\n")]


@pytest.mark.parametrize(
    ("trace", "cause"),
    [
        (JAVA, "java.net.ConnectException: Connection refused: db.shop:5432"),
        (PYTHON, "ConnectionRefusedError: [Errno 111] Connection refused"),
        ("KeyError: 'order'", ""),
        ("plain line", ""),
        ("", ""),
        ("a\n\tSuppressed: x\n\tCaused by: y.Z: inner", "y.Z: inner"),
        ("The above exception was the direct cause of", ""),
        ("Caused by: ", ""),
    ],
)
def test_the_first_cause_is_the_last_of_java_and_the_first_of_python(trace: str, cause: str) -> None:
    assert root_cause(trace.split("\n")) == cause


@pytest.mark.parametrize("trace", [JAVA, PYTHON])
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_finding_shows_the_line_and_its_first_cause(trace: str, *, is_whole: bool) -> None:
    lines = [LogLine(at=HOUR.start, service="cart", text=trace)] if is_whole else told(trace)

    (found,) = summarise(lines, (), HOUR)

    assert found.exemplar is not None
    assert found.exemplar.text.startswith(trace.split("\n", maxsplit=1)[0])
    assert "onnection refused" in found.exemplar.text
    assert len(found.exemplar.text) <= 1000


def test_a_cause_beyond_the_cut_of_a_long_trace_is_kept() -> None:
    way = "\tat com.shop.Way.on(Way.java:1)\n" * 60
    long = JAVA.replace("\n\tat com.shop.Orders.store", f"\n{way}\tat com.shop.Orders.store")

    (found,) = summarise([LogLine(at=HOUR.start, service="cart", text=long)], (), HOUR)

    assert found.exemplar is not None
    assert found.exemplar.text.endswith("\ncaused by: java.net.ConnectException: Connection refused: db.shop:5432")
    assert len(found.exemplar.text) == 1000


def test_a_line_without_a_cause_is_shown_as_it_is() -> None:
    (found,) = summarise(told("ERROR no stock left"), (), HOUR)

    assert found.exemplar is not None
    assert found.exemplar.text == "ERROR no stock left"


def test_a_chain_on_one_line_keeps_both_of_its_ends() -> None:
    short = both_ends(GO, 180)

    assert len(short) <= 180
    assert short.startswith("checkout: place order 4711: ")
    assert short.endswith("dial tcp 10.0.0.7:5432: connect: connection refused")
    assert both_ends("x" * 400, 180) == "x" * 400
    assert both_ends("a: b: c", 180) == "a: b: c"


def test_hostile_traces_are_bounded() -> None:
    assert len(root_cause(["Caused by: " + "x" * 10**6])) == LONGEST
    assert root_cause(["\tat x"] * 10**5 + ["Caused by: late"]) == ""
    assert len(with_root("y" * 10**6, "x" * 10**6, 300)) == 300


def test_a_spans_exception_tells_its_first_cause_behind_its_own_words() -> None:
    thrown = {"exception.message": "order not stored", "exception.stacktrace": JAVA}

    assert error_of({}, "", [thrown]) == (
        "order not stored caused by: java.net.ConnectException: Connection refused: db.shop:5432"
    )
    assert error_of({}, "Connection refused", [{"exception.message": "Connection refused"}]) == "Connection refused"
    assert len(error_of({}, "z" * 900, [thrown])) == 300
