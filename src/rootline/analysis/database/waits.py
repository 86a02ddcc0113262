"""What the sessions of a database wait for, in the classes that PostgreSQL has, whichever database told it."""

import re
from collections.abc import Iterator

_LONGEST = 600
_EVENT = re.compile(
    r"\b(?P<postgresql>(?:IO|Lock|LWLock|Client|IPC|Timeout|CPU)(?::\w{1,60})?)\b"
    r"|\b(?P<mysql>wait/[a-z]{2,12}/[\w/]{1,90})"
    r"|\b(?P<sql_server>[A-Z]{2,20}(?:_[A-Z0-9]{1,24}){1,5}|WRITELOG|LOGBUFFER|CXPACKET|CXCONSUMER)\b"
)
# Source: MySQL, Performance Schema instrument naming; Microsoft, sys.dm_os_wait_stats; PostgreSQL, wait event types.
_CLASSES = (
    ("wait/io/socket/", "Client"),
    ("wait/io/", "IO"),
    ("wait/lock/", "Lock"),
    ("wait/synch/", "LWLock"),
    ("LCK_", "Lock"),
    ("PAGEIOLATCH_", "IO"),
    ("PAGELATCH_", "LWLock"),
    ("LATCH_", "LWLock"),
    ("WRITELOG", "IO"),
    ("LOGBUFFER", "IO"),
    ("IO_COMPLETION", "IO"),
    ("ASYNC_IO_COMPLETION", "IO"),
    ("ASYNC_NETWORK_IO", "Client"),
    ("SOS_SCHEDULER_YIELD", "CPU"),
    ("CX", "CPU"),
)


def read_waits(text: str) -> Iterator[str]:
    """Yield the wait events that a text names, in its order, as `CLASS:EVENT` or as the class alone (`CPU`)."""
    for found in _EVENT.finditer(text[:_LONGEST]):
        if found["postgresql"]:
            yield found["postgresql"]
        elif kind := next((kind for start, kind in _CLASSES if found[0].startswith(start)), ""):
            yield f"{kind}:{found[0]}"
