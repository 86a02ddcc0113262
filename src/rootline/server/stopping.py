"""Being told to stop: SIGTERM and SIGINT end the work in order, a second one ends it at once."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_to_stop(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` on the first signal; the handlers are those of before again after it, and after the block."""
    loop = asyncio.get_running_loop()

    def heard() -> None:
        forget()
        stop()

    def forget() -> None:
        for one in SIGNALS:
            loop.remove_signal_handler(one)

    for one in SIGNALS:
        loop.add_signal_handler(one, heard)
    try:
        yield
    finally:
        forget()
