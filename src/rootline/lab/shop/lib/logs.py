"""Logs as JSON, one object a line, in a file that all services share."""

import json
import logging
import os
from datetime import UTC, datetime

from opentelemetry.trace import format_trace_id, get_current_span


class JsonLines(logging.Handler):
    """Appends each record with one write to the file of that name, whoever has moved the last one away."""

    def __init__(self, file: str, service: str) -> None:
        super().__init__()
        self._file, self._service = file, service

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        trace = get_current_span().get_span_context().trace_id
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "message": record.getMessage(),
            **({"trace_id": format_trace_id(trace)} if trace else {}),
        }
        out = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(out, (json.dumps(told) + "\n").encode())
        finally:
            os.close(out)


def open_log(file: str, service: str, level: str) -> logging.Logger:
    """Return the logger of a service."""
    log = logging.getLogger(service)
    log.setLevel(level)
    log.propagate = False
    log.handlers = [JsonLines(file, service)]
    return log
