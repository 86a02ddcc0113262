"""Spans that programs send us: kept in a file a tenant, the newest part of which can be asked."""

import asyncio
import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.intake.told import BadPayload
from rootline.redaction import Redactor
from rootline.redaction.records import clean
from rootline.sources.otlp import OtlpFile, TracesData
from rootline.sources.otlp_writing import line_of
from rootline.sources.span_fields import ordered

MOST_AT_ONCE = 20_000
LARGEST_FILE = 32 * 2**20
"""Source: ours; two files of this size a tenant, some hundred thousand spans."""
NAME = "otlp-intake"


def read_spans(body: Any, redactor: Redactor) -> list[Span]:
    """Read a message of OTLP JSON as spans without secrets, or raise BadPayload."""
    try:
        data = TracesData.model_validate(body)
    except ValidationError as bad:
        where = ".".join(str(step) for step in bad.errors(include_url=False, include_input=False)[0]["loc"])[:120]
        raise BadPayload(f"This is no ExportTraceServiceRequest in JSON: {where or 'the whole'}.") from bad
    spans = [span for resource in data.resource_spans for span in resource.spans()]
    if len(spans) > MOST_AT_ONCE:
        raise BadPayload(f"{len(spans)} spans came at once, and at most {MOST_AT_ONCE} are taken. Send fewer at once.")
    return [_clean(one, redactor) for one in spans]


def _clean(one: Span, redactor: Redactor) -> Span:
    cleaned: Span = clean(one, redactor)
    return replace(cleaned, trace_id=one.trace_id, span_id=one.span_id, parent_id=one.parent_id)


@dataclass
class TraceInbox:
    """One tenant's spans: what came last, and one file of what came before."""

    folder: Path
    name: str = NAME
    largest: int = LARGEST_FILE
    _files: dict[Path, OtlpFile] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, home: Path, tenant: UUID) -> "TraceInbox":
        """Return the inbox of a tenant below an installation's home."""
        return cls(home / "otlp" / str(tenant))

    @property
    def has_any(self) -> bool:
        """Whether anything ever came."""
        return self._newest.is_file()

    @property
    def _newest(self) -> Path:
        return self.folder / "newest.jsonl"

    @property
    def _older(self) -> Path:
        return self.folder / "older.jsonl"

    async def take(self, spans: Sequence[Span]) -> None:
        """Append spans; they are in the file when this returns."""
        if spans:
            await asyncio.to_thread(self._append, line_of(spans))

    def _append(self, line: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._newest.is_file() and self._newest.stat().st_size + len(line) > self.largest:
                self._newest.replace(self._older)
            file = os.open(self._newest, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(file, "wb") as opened:
                opened.write(line)

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, whole traces at a time."""
        every = [span for file in self._present() for span in await file.spans("", window)]
        touched = {span.trace_id for span in every if service in {"", span.service}}
        return ordered(span for span in every if span.trace_id in touched)

    def _present(self) -> list[OtlpFile]:
        there = [file for file in (self._older, self._newest) if file.is_file()]
        return [self._files.setdefault(file, OtlpFile(file, name=self.name)) for file in there]
