"""OpenTelemetry's JSON for spans, as files hold it and Tempo answers it."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zlib import crc32

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from rootline.domain.evidence import ClusterOutcome
from rootline.domain.signal import VERSION, Span
from rootline.domain.window import Window
from rootline.errors import Misconfigured
from rootline.sources.answered import MOST_BYTES
from rootline.sources.file_reading import FileReading
from rootline.sources.fleet.hearing import LONGEST_DETAIL, tell
from rootline.sources.http import Many
from rootline.sources.last_lines import last_lines
from rootline.sources.parsing import parse
from rootline.sources.remembered import Remembered
from rootline.sources.traces.span_fields import LONGEST_VALUE, MOST_SPANS, error_of, kept, moment, ordered, status_of

# What is null counts as not there. Source: protobuf, "ProtoJSON format".
_Text = Annotated[str, BeforeValidator(lambda given: "" if given is None else given)]
_Number = Annotated[int, BeforeValidator(lambda given: 0 if given is None else given)]
_PART = BeforeValidator(lambda given: {} if given is None else given)
KINDS = {"0": "unspecified", "1": "internal", "2": "server", "3": "client", "4": "producer", "5": "consumer"}
KIND_NUMBERS = {kind: int(number) for number, kind in KINDS.items()}
Answer = TypeVar("Answer")
_ID_LENGTHS = (16, 32)
ALL = 2**32
UNNAMED = "unknown"
CLUSTER = "k8s.cluster.name"
"""Source: OpenTelemetry semantic conventions 1.x, resource attributes of Kubernetes."""
_CLUSTERS = (CLUSTER, "cluster.name", "cluster")
MOST_READ = 64 * 2**20
"""Source: ours; some hundred thousand spans, which are thinned while they are read."""


class _Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True)


class _Value(_Camel):
    string_value: str | None = None
    int_value: str | None = None
    double_value: float | None = None
    bool_value: bool | None = None

    def __str__(self) -> str:
        known = (self.string_value, self.int_value, self.double_value)
        found = next((value for value in known if value is not None), "")
        return str(self.bool_value).lower() if self.bool_value is not None else str(found)


class _Attribute(_Camel):
    key: _Text = ""
    value: Annotated[_Value, _PART] = Field(default_factory=_Value)


class _Event(_Camel):
    name: _Text = ""
    attributes: Many[_Attribute] = Field(default_factory=list)


class _Status(_Camel):
    code: _Text = ""
    message: _Text = ""


class _Span(_Camel):
    trace_id: _Text = ""
    span_id: _Text = ""
    parent_span_id: _Text = ""
    name: _Text = ""
    kind: _Text = ""
    start_time_unix_nano: _Number = 0
    end_time_unix_nano: _Number = 0
    attributes: Many[_Attribute] = Field(default_factory=list)
    events: Many[_Event] = Field(default_factory=list)
    status: Annotated[_Status, _PART] = Field(default_factory=_Status)


class _Scope(_Camel):
    spans: Many[_Span] = Field(default_factory=list)


class _Resource(_Camel):
    attributes: Many[_Attribute] = Field(default_factory=list)


class ResourceSpans(_Camel):
    """Spans of one process."""

    resource: Annotated[_Resource, _PART] = Field(default_factory=_Resource)
    scope_spans: Many[_Scope] = Field(default_factory=list)
    instrumentation_library_spans: Many[_Scope] = Field(default_factory=list)

    def spans(self) -> Iterator[Span]:
        """Yield the spans as ours."""
        process = _process(self.resource)
        for scope in (*self.scope_spans, *self.instrumentation_library_spans):
            for one in scope.spans:
                yield _span(one, process)


class TracesData(_Camel):
    """One message: a line of a file."""

    resource_spans: Many[ResourceSpans] = Field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Process:
    """Whose spans they are: a service, with the cluster that it runs in and its version where its resource tells."""

    service: str
    cluster: str = ""
    version: str = ""

    @property
    def told(self) -> dict[str, str]:
        """What each of its spans says of it."""
        return {key: value for key, value in ((CLUSTER, self.cluster), (VERSION, self.version)) if value}


class OtlpFile:
    """Spans out of a file of OTLP JSON: one message, or one a line, as the collector's file exporter writes."""

    def __init__(self, file: Path, *, name: str = "otlp") -> None:
        self.name = name
        self._file = file
        self._reads: Remembered[Sequence[Span]] = Remembered(kept=2)
        self._reading = FileReading()

    async def spans(self, service: str, window: Window) -> Sequence[Span]:
        """Return the spans of the window, whole traces at a time."""
        inside = await self._reads.once(window, lambda: self._inside(window))
        touched = {span.trace_id for span in inside if service in {"", span.service}}
        return ordered(span for span in inside if span.trace_id in touched)

    async def starts(self) -> Sequence[datetime]:
        """Return when each of its spans began, in order."""
        return await self._read(lambda spans: sorted(span.start for span in spans))

    async def _inside(self, window: Window) -> Sequence[Span]:
        return await self._read(lambda spans: thinned(span for span in spans if window.contains(span.start)))

    async def _read(self, read: Callable[[Iterator[Span]], Answer]) -> Answer:
        """Read what is wanted of all spans, and tell of lines that are broken."""
        lines, asked = Lines(), f"the spans of {self._file}"
        found = await self._reading.run(lambda waiting: read(waiting.through(read_file(self._file, lines))), asked)
        lines.settle(self._file)
        return found


def thinned(spans: Iterable[Span], most: int = MOST_SPANS) -> list[Span]:
    """Keep at most so many spans: all, or of whole traces a share that does not depend on their age."""
    kept: list[Span] = []
    below = ALL
    for span in spans:
        if _place(span) < below:
            kept.append(span)
        while len(kept) > most:
            below //= 2
            kept = [one for one in kept if _place(one) < below]
    return kept


def _place(span: Span) -> int:
    return crc32(span.trace_id.encode())


@dataclass(kw_only=True)
class Lines:
    """What a file's lines came to: how many held something, how many spans that was, how many were broken and why."""

    held: int = 0
    spans: int = 0
    broken: int = 0
    why: str = ""

    def settle(self, file: Path) -> None:
        """Tell of broken lines.

        Raises:
            Misconfigured: There are lines, and no span in any.

        """
        if self.broken and not self.spans:
            raise Misconfigured(self.why)
        if self.held and not self.spans:
            raise Misconfigured(f"{file} holds no span: OTLP JSON of traces has resourceSpans in its lines.")
        if self.broken:
            detail = f"{self.broken:,} of {self.held:,} lines were left out: {self.why}"
            tell([ClusterOutcome(cluster="", asked="traces", status="partial", detail=detail[:LONGEST_DETAIL])])


def read_file(file: Path, lines: Lines) -> Iterator[Span]:
    """Read the spans of the file's last part, line by line, and note what those came to.

    Raises:
        Misconfigured: It cannot be read.

    """
    for line in last_lines(file, MOST_READ, longest=MOST_BYTES):
        lines.held += bool(line.strip())
        try:
            for span in of_line(line, file):
                lines.spans += 1
                yield span
        except Misconfigured as bad:
            lines.broken, lines.why = lines.broken + 1, lines.why or str(bad)


def span_of(told: Mapping[str, Any], process: Process) -> Span:
    """Read one span given by the names of the JSON encoding; raise ValidationError where it has no ids."""
    return _span(_Span.model_validate(told), process)


def process_of(resource: Mapping[str, Any]) -> Process:
    """Read whose spans they are out of a resource given by the names of the JSON encoding."""
    return _process(_Resource.model_validate(resource))


def _process(resource: _Resource) -> Process:
    told = dict(_pairs(resource.attributes))
    cluster = next((told[name] for name in _CLUSTERS if told.get(name)), "")
    return Process(
        service=told.get("service.name", UNNAMED)[:300],
        cluster=cluster[:LONGEST_VALUE],
        version=told.get(VERSION, "")[:LONGEST_VALUE],
    )


def of_line(line: bytes, file: Path) -> Iterator[Span]:
    """Read the spans of one line, as `read_file` does."""
    if not line.strip():
        return
    if len(line) > MOST_BYTES:
        raise Misconfigured(f"{file} has a line of more than {MOST_BYTES // 2**20} MB; write one message a line.")
    try:
        data = TracesData.model_validate(parse(bytearray(line)))
    except (ValueError, ValidationError) as bad:
        raise Misconfigured(f"{file} is no OTLP JSON: write one message of resourceSpans a line.") from bad
    for resource in data.resource_spans:
        yield from resource.spans()


def _span(one: _Span, process: Process) -> Span:
    attributes = {**kept(_pairs(one.attributes)), **process.told}
    kind = KINDS.get(one.kind, one.kind.lower().removeprefix("span_kind_"))
    events = [dict(_pairs(event.attributes)) for event in one.events[:20]]
    return Span(
        trace_id=_hex(one.trace_id),
        span_id=_hex(one.span_id),
        parent_id=_hex(one.parent_span_id) or None,
        service=process.service,
        operation=one.name[:300],
        start=moment(one.start_time_unix_nano / 1000),
        duration_s=max(0, one.end_time_unix_nano - one.start_time_unix_nano) / 1e9,
        status=status_of(attributes, one.status.code),
        error=error_of(attributes, one.status.message, events),
        attributes={"span.kind": kind, **attributes} if kind and kind != "unspecified" else attributes,
    )


def _pairs(attributes: Sequence[_Attribute]) -> Iterator[tuple[str, str]]:
    for one in attributes:
        yield one.key, str(one.value)


def _hex(text: str) -> str:
    """Write an id in hexadecimal; Tempo's JSON has it in base64."""
    if not text or len(text) in _ID_LENGTHS:
        return text[:64]
    try:
        return b64decode(text, validate=True).hex()[:64]
    except (binascii.Error, ValueError):
        return text[:64]
