"""The numbers that every service shows to Prometheus."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from . import clock

BUCKETS = (0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10)

REQUESTS = Counter("http_server_requests", "Requests answered", ["method", "route", "status"])
DURATION = Histogram("http_server_request_duration_seconds", "Time to answer", ["route"], buckets=BUCKETS)
ACTIVE = Gauge("http_server_active_requests", "Requests being worked on")
QUEUED = Gauge("http_server_queued_requests", "Requests waiting for a worker")
CALLS = Counter("http_client_requests", "Calls to other services", ["peer", "status"])
CALL_DURATION = Histogram("http_client_request_duration_seconds", "Time of calls", ["peer"], buckets=BUCKETS)
RETRIES = Counter("http_client_retries", "Calls made again after a failure", ["peer"])
POOL_SIZE = Gauge("connection_pool_size", "Connections that may be open", ["pool"])
POOL_IN_USE = Gauge("connection_pool_in_use", "Connections in use", ["pool"])
POOL_WAITING = Gauge("connection_pool_waiting", "Requests waiting for a connection", ["pool"])
LOOP_LAG = Gauge("event_loop_lag_seconds", "How late the event loop was when last looked at")
CLOCK_OFFSET = Gauge("clock_offset_seconds", "How far the host's clock is ahead, by its time daemon")
CLOCK_OFFSET.set_function(clock.offset_s)


class CpuWaiting(Collector):
    """How long the process was ready to run while the CPU was given to others, as the kernel counts it."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Read it; nothing where the kernel does not tell."""
        try:
            waited = int(Path("/proc/self/schedstat").read_text(encoding="ascii").split()[1])
        except (OSError, ValueError, IndexError):
            return
        yield CounterMetricFamily("process_cpu_waiting_seconds", "Time spent waiting for a CPU", value=waited / 1e9)


class Written(Collector):
    """How many bytes the process has written to files, as the kernel counts it."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Read it; nothing where the kernel does not tell."""
        try:
            told = dict(line.split(": ", 1) for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines())
            written = int(told["wchar"])
        except (OSError, ValueError, KeyError):
            return
        yield CounterMetricFamily("process_written_bytes", "Bytes written to files", value=written)


REGISTRY.register(CpuWaiting())
REGISTRY.register(Written())
