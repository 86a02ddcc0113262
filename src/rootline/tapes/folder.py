"""Reads and writes the tape folder. Only the files named here are ever opened, so truth beside them stays unread."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from rootline.domain.change import ChangeSet
from rootline.domain.hypothesis import Answer
from rootline.domain.session import Question, Trigger
from rootline.domain.window import Window
from rootline.errors import BadTape
from rootline.sources.runbooks.source import Runbook
from rootline.tapes import parts
from rootline.tapes.parts import Part
from rootline.tapes.recording import Recording
from rootline.tapes.runbook_files import file_of, read_runbook, write_runbook
from rootline.tapes.taken import Taken
from rootline.yaml_text import NoYaml, read_yaml

MANIFEST = "tape.yaml"
RUNBOOKS = "runbooks"
ANSWER = "answer.json"
TAKEN = "taken.json"
FORMAT = 1
LONGEST_TITLE = 300
LARGEST_FILE_BYTES = 256 * 1024 * 1024
LARGEST_MANIFEST_BYTES = 64 * 1024


class Manifest(BaseModel):
    """`tape.yaml`: what the tape is of, and what is asked of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    title: str = Field(max_length=LONGEST_TITLE)
    window: Window
    question: str = Field(max_length=4000)
    service: str = ""
    namespace: str = ""
    trigger: Trigger = "question"
    licence: str = ""
    read_sha256: str = ""


class TapeFolder:
    """One tape on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[str, str] = {}

    def load(self) -> Recording:
        """Read the whole tape, or raise BadTape that names the file and line to mend."""
        manifest = self._manifest()
        question = Question(
            text=manifest.question,
            window=manifest.window,
            service=manifest.service,
            namespace=manifest.namespace,
            trigger=manifest.trigger,
        )
        recording = Recording(
            title=manifest.title,
            question=question,
            series=self._part(parts.SERIES),
            lines=self._part(parts.LINES),
            patterns=self._part(parts.PATTERNS),
            spans=self._part(parts.SPANS),
            alerts=self._part(parts.ALERTS),
            changes=self._changes(),
            edges=self._part(parts.EDGES),
            runbooks=self._runbooks(),
            cluster=self._part(parts.CLUSTER),
            gpus=self._part(parts.GPUS),
            results=self._part(parts.RESULTS),
            answer=self._answer(),
            taken=self._taken(),
            read_sha256=manifest.read_sha256,
        )
        return _with_hash(recording, self._read)

    def _manifest(self) -> Manifest:
        if not self.path.is_dir():
            raise BadTape(f"{self.path} is no folder. A tape is a folder with {MANIFEST} in it.")
        text = self._text(MANIFEST, LARGEST_MANIFEST_BYTES)
        if text is None:
            raise BadTape(f"{self.path} has no {MANIFEST}; `rootline tape import` makes a tape of other layouts.")
        try:
            manifest = Manifest.model_validate(read_yaml(text))
        except (NoYaml, ValidationError) as bad:
            raise BadTape(f"{self.path / MANIFEST} cannot be read: {_first_line(bad)}.") from bad
        if manifest.format != FORMAT:
            raise BadTape(f"{self.path} has format {manifest.format}; this version reads format {FORMAT}.")
        return manifest

    def _part(self, part: Part) -> tuple[Any, ...] | None:
        text = self._text(part.file, LARGEST_FILE_BYTES)
        return None if text is None else part.read(text, str(self.path / part.file))

    def _changes(self) -> ChangeSet | None:
        read = [self._part(part) for part in _CHANGES]
        if all(one is None for one in read):
            return None
        commits, deployments, flags, configs, statuses = (one or () for one in read)
        return ChangeSet(
            commits=commits,
            deployments=deployments,
            flags=flags,
            configs=configs,
            statuses=statuses,
            owners=self._part(parts.OWNERS) or (),
        )

    def _answer(self) -> Answer | None:
        text = self._text(ANSWER, LARGEST_FILE_BYTES)
        try:
            return None if text is None else Answer.model_validate_json(text)
        except ValidationError as bad:
            raise BadTape(f"{self.path / ANSWER} is no answer: {_first_line(bad)}.") from bad

    def _taken(self) -> Taken | None:
        text = self._text(TAKEN, LARGEST_FILE_BYTES)
        try:
            return None if text is None else _TAKEN.validate_json(text)
        except ValidationError as bad:
            raise BadTape(f"{self.path / TAKEN} cannot be read: {_first_line(bad)}.") from bad

    def _runbooks(self) -> tuple[Runbook, ...] | None:
        folder = self.path / RUNBOOKS
        if not folder.is_dir():
            return None
        names = sorted(file.name for file in folder.glob("*.md"))
        texts = {name: self._text(f"{RUNBOOKS}/{name}", LARGEST_FILE_BYTES) or "" for name in names}
        return tuple(read_runbook(name, text) for name, text in texts.items())

    def _text(self, name: str, limit: int) -> str | None:
        file = self._place(name)
        if not file.is_file():
            return None
        size = file.stat().st_size
        if size > limit:
            raise BadTape(f"{file} has {size:,} bytes, more than the {limit:,} that are read. Record a shorter window.")
        try:
            text = file.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as bad:
            raise BadTape(f"{file} cannot be read: {bad}.") from bad
        self._read[name] = hashlib.sha256(text.encode()).hexdigest()
        return text

    def _place(self, name: str) -> Path:
        """Return where a file of the tape is; refuse one that a link, or its name, leads out of the folder."""
        file = self.path / name
        try:
            is_inside = file.resolve().is_relative_to(self.path.resolve())
        except (OSError, RuntimeError) as bad:  # links that lead in a circle
            raise BadTape(f"{file} cannot be read: it is a link that leads nowhere.") from bad
        if not is_inside:
            raise BadTape(f"{file} leads out of the tape's folder and is not opened. Put the file itself there.")
        return file

    def save(self, recording: Recording) -> None:
        """Write the tape, whole or not at all.

        Raises:
            BadTape: The folder holds a tape already, a link leads out of it where a file would be, or a text holds
                half of a character, which no file can.

        """
        if self._place(MANIFEST).exists():
            raise BadTape(f"{self.path} already holds a tape. Choose another folder.")
        try:
            written = {name: text.encode() for name, text in _texts(recording).items()}
        except (UnicodeEncodeError, PydanticSerializationError) as bad:
            raise BadTape(f"{self.path} cannot be written: a text is no Unicode: {_first_line(bad)}.") from bad
        places = {self._place(name): content for name, content in written.items()}
        self.path.mkdir(parents=True, exist_ok=True)
        if recording.runbooks is not None:
            (self.path / RUNBOOKS).mkdir(exist_ok=True)
        for place, content in places.items():
            place.write_bytes(content)


_TAKEN: TypeAdapter[Taken] = TypeAdapter(Taken)
_CHANGES = (parts.COMMITS, parts.DEPLOYMENTS, parts.FLAGS, parts.CONFIGS, parts.STATUSES)


def _texts(recording: Recording) -> dict[str, str]:
    """Write every file of a tape in memory, by name; the manifest, which makes it one, comes last."""
    texts = {part.file: part.write(records) for part, records in _written(recording) if records is not None}
    for runbook in recording.runbooks or ():
        texts[f"{RUNBOOKS}/{file_of(runbook.name)}"] = write_runbook(runbook)
    if recording.taken is not None:
        texts[TAKEN] = _TAKEN.dump_json(recording.taken, indent=2).decode()
    if recording.answer is not None:
        texts[ANSWER] = recording.answer.model_dump_json(indent=2)
    return {**texts, MANIFEST: _manifest_text(recording)}


def _written(recording: Recording) -> list[tuple[Part, Sequence[Any] | None]]:
    changes = recording.changes
    changed: list[tuple[Part, Sequence[Any] | None]] = (
        []
        if changes is None
        else list(
            zip(
                _CHANGES,
                (changes.commits, changes.deployments, changes.flags, changes.configs, changes.statuses),
                strict=True,
            )
        )
    )
    return [
        (parts.SERIES, recording.series),
        (parts.LINES, recording.lines),
        (parts.PATTERNS, recording.patterns),
        (parts.SPANS, recording.spans),
        (parts.ALERTS, recording.alerts),
        (parts.EDGES, recording.edges),
        (parts.CLUSTER, recording.cluster),
        (parts.GPUS, recording.gpus),
        (parts.RESULTS, recording.results),
        *changed,
        (parts.OWNERS, (recording.changes and recording.changes.owners) or None),
    ]


def _manifest_text(recording: Recording) -> str:
    question = recording.question
    manifest = Manifest(
        format=FORMAT,
        title=recording.title[:LONGEST_TITLE],
        window=question.window,
        question=question.text,
        service=question.service,
        namespace=question.namespace,
        trigger=question.trigger,
        read_sha256=recording.read_sha256,
    )
    return str(yaml.safe_dump(manifest.model_dump(mode="json", exclude_defaults=True), sort_keys=False))


def _with_hash(recording: Recording, read: dict[str, str]) -> Recording:
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(read.items()))
    return replace(recording, sha256=hashlib.sha256(lines.encode()).hexdigest())


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
