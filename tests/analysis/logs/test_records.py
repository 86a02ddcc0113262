import json
from datetime import UTC, datetime, timedelta

from rootline.analysis.logs.records import fold
from rootline.domain.signal import LogLine

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

PYTHON = """\
Traceback (most recent call last):
  File "/app/web.py", line 12, in handle
    return charge(order)
  File "/app/pay.py", line 7, in charge
    raise KeyError(order)
KeyError: 'order'"""

JAVA = """\
ERROR payment failed java.lang.IllegalStateException: pool closed
\tat com.shop.pay.Pool.take(Pool.java:41)
\tat com.shop.pay.Charge.run(Charge.java:12)
Caused by: java.net.SocketTimeoutException: connect timed out
\tat java.net.Socket.connect(Socket.java:99)
\t... 12 more"""

GO = """\
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48]

goroutine 7 [running]:
main.(*Server).charge(0xc000010, 0x2)
\t/app/charge.go:118 +0x1d
main.main()
\t/app/main.go:20 +0x2f"""

NODE = """\
TypeError: Cannot read properties of undefined (reading 'id')
    at charge (/app/pay.js:10:15)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"""


def rows(text: str, service: str = "pay", instance: str = "") -> list[LogLine]:
    return [LogLine(at=NOON, service=service, text=row, instance=instance) for row in text.split("\n")]


def test_a_python_trace_is_known_by_its_exception_and_innermost_frame() -> None:
    (record,) = fold(rows(PYTHON))

    assert record.head == "KeyError: 'order'"
    assert record.frames == ('"/app/pay.py", line 7, in charge', '"/app/web.py", line 12, in handle')


def test_a_java_trace_belongs_to_the_line_that_logged_it() -> None:
    (record,) = fold(rows(JAVA))

    assert record.head == "ERROR payment failed java.lang.IllegalStateException: pool closed"
    assert record.frames[0] == "com.shop.pay.Pool.take(Pool.java:41)"


def test_a_go_panic_keeps_its_first_frame() -> None:
    (record,) = fold(rows(GO))

    assert record.head == "panic: runtime error: invalid memory address or nil pointer dereference"
    assert record.frames == ("/app/charge.go:118", "/app/main.go:20")


def test_a_node_trace_keeps_its_first_frame() -> None:
    (record,) = fold(rows(NODE))

    assert (record.head.split(":")[0], record.frames[0]) == ("TypeError", "charge (/app/pay.js:10:15)")


def test_a_trace_in_one_line_folds_like_one_in_many() -> None:
    whole = [LogLine(at=NOON, service="pay", text=JAVA)]

    assert [(one.head, one.frames) for one in fold(whole)] == [(one.head, one.frames) for one in fold(rows(JAVA))]


def test_the_stack_of_a_json_line_gives_the_frames() -> None:
    text = json.dumps({"msg": "charge failed", "stack": NODE, "trace_id": "t9", "level": "error"})

    (record,) = fold([LogLine(at=NOON, service="pay", text=text)])

    assert (record.head, record.frames[0]) == ("charge failed", "charge (/app/pay.js:10:15)")
    assert (record.trace_id, record.severity) == ("t9", "error")


def test_traces_of_two_instances_do_not_mix() -> None:
    left, right = rows(NODE, instance="a"), rows(JAVA, instance="b")
    mixed = [one for pair in zip(left, right, strict=False) for one in pair]

    assert [one.head.split(" ")[0] for one in fold(mixed)] == ["TypeError:", "ERROR"]


def test_an_indented_line_much_later_is_its_own_record() -> None:
    late = LogLine(at=NOON + timedelta(minutes=5), service="pay", text="  retrying")

    assert [one.index for one in fold([*rows("started"), late])] == [0, 1]


def test_the_next_event_after_a_trace_is_its_own_record() -> None:
    after = rows(PYTHON + "\nINFO listening on 8080")

    assert [one.head for one in fold(after)] == ["KeyError: 'order'", "INFO listening on 8080"]


def test_broken_json_is_taken_as_text() -> None:
    (record,) = fold([LogLine(at=NOON, service="pay", text='{"msg": }')])

    assert record.head == '{"msg": }'
