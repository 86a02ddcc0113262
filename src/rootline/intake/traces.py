"""Spans that programs send us: kept in a file a tenant, the newest part of which can be asked."""

import asyncio
import fcntl
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from rootline.domain.signal import Span
from rootline.domain.window import Window
from rootline.intake.told import BadPayload
from rootline.redaction import Redactor
from rootline.redaction.records import clean
from rootline.sources.fleet.sharing import MOST_SPANS_OF_ALL
from rootline.sources.remembered import Remembered
from rootline.sources.traces.otlp import CLUSTER, TracesData, thinned
from rootline.sources.traces.otlp_kept import read_kept
from rootline.sources.traces.otlp_protobuf import spans_of
from rootline.sources.traces.otlp_writing import lines_of
from rootline.sources.traces.protobuf_wire import NotProtobuf
from rootline.sources.traces.span_fields import ordered

MOST_AT_ONCE = 20_000
LARGEST_FILE = 32 * 2**20
"""Source: ours; two files of this size a tenant, some hundred thousand spans."""
NAME = "otlp-intake"
NO_IDS = "{} spans were rejected: a trace id is 16 bytes and a span id 8, and neither is all zero."
# Source: W3C Trace Context, section 3.2.2, and OpenTelemetry's specification of SpanContext.
_TRACE_ID, _SPAN_ID = re.compile(r"(?!0{32})[0-9A-Fa-f]{32}"), re.compile(r"(?!0{16})[0-9A-Fa-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """Spans without secrets, and how many of a message were rejected because no trace could hold them."""

    spans: list[Span]
    rejected: int = 0

    @property
    def why(self) -> str:
        """What is wrong with those that were rejected; empty where none was."""
        return NO_IDS.format(self.rejected) if self.rejected else ""


def read_spans(body: Any, redactor: Redactor) -> Delivered:
    """Read a message of OTLP in JSON, or raise BadPayload."""
    try:
        data = TracesData.model_validate(body)
    except ValidationError as bad:
        where = ".".join(str(step) for step in bad.errors(include_url=False, include_input=False)[0]["loc"])[:120]
        raise BadPayload(f"This is no ExportTraceServiceRequest in JSON: {where or 'the whole'}.") from bad
    return _delivered((span for resource in data.resource_spans for span in resource.spans()), redactor)


def unpack_spans(body: bytes, redactor: Redactor) -> Delivered:
    """Read a message of OTLP in protobuf, or raise BadPayload."""
    try:
        return _delivered(spans_of(body), redactor)
    except NotProtobuf as bad:
        raise BadPayload(f"This is no ExportTraceServiceRequest in protobuf: {bad}.") from bad


def _delivered(read: Iterable[Span], redactor: Redactor) -> Delivered:
    kept, total = list[Span](), 0
    for total, one in enumerate(islice(read, MOST_AT_ONCE + 1), 1):
        if total > MOST_AT_ONCE:
            raise BadPayload(f"More than {MOST_AT_ONCE} spans came at once, which is the most. Send fewer at once.")
        if _TRACE_ID.fullmatch(one.trace_id) and _SPAN_ID.fullmatch(one.span_id):
            kept.append(_clean(one, redactor))
    return Delivered(spans=kept, rejected=total - len(kept))


def _clean(one: Span, redactor: Redactor) -> Span:
    cleaned: Span = clean(one, redactor)
    return replace(cleaned, trace_id=one.trace_id, span_id=one.span_id, parent_id=one.parent_id)


def of_cluster(spans: Sequence[Span], cluster: str) -> Sequence[Span]:
    """Return spans as those of the cluster that a sender's credential names; where it names none, as they are."""
    return [replace(one, attributes={**one.attributes, CLUSTER: cluster}) for one in spans] if cluster else spans


@dataclass
class TraceInbox:
    """One tenant's spans: what came last, and one file of what came before."""

    folder: Path
    name: str = NAME
    largest: int = LARGEST_FILE
    most: int = MOST_SPANS_OF_ALL
    _reads: Remembered[Sequence[Span]] = field(
        default_factory=lambda: Remembered(kept=2), init=False, repr=False, compare=False
    )

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
            await asyncio.to_thread(self._append, lines_of(spans))

    def _append(self, lines: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._newest.is_file() and self._newest.stat().st_size + len(lines) > self.largest:
                self._newest.replace(self._older)
            file = os.open(self._newest, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(file, "wb") as opened:
                opened.write(lines)

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, whole traces at a time, a share of the traces where they are too many.

        The files are read once for a window, whoever asks of it and however often: each cluster, and who counts strays.
        """
        every = await self._reads.once(window, lambda: self._inside(window))
        if not service:
            return every
        touched = {span.trace_id for span in every if span.service == service}
        return [span for span in every if span.trace_id in touched]

    async def _inside(self, window: Window) -> Sequence[Span]:
        """Read in a thread: some hundred thousand spans take seconds, for which nobody else need wait."""
        return await asyncio.to_thread(self._read, window)

    def _read(self, window: Window) -> Sequence[Span]:
        there = [file for file in (self._older, self._newest) if file.is_file()]
        return ordered(thinned((span for file in there for span in read_kept(file, window)), self.most))
