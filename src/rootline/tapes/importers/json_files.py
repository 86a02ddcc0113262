"""Foreign JSON files, read with an error that names the file and what to mend."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rootline.domain.moment import read_moment
from rootline.errors import BadTape
from rootline.tapes.folder import LARGEST_FILE_BYTES


def read_text(file: Path) -> str | None:
    """Return the file's text, None when there is no such file."""
    if not file.is_file():
        return None
    if file.stat().st_size > LARGEST_FILE_BYTES:
        raise BadTape(f"{file} is larger than the {LARGEST_FILE_BYTES:,} bytes that are read. Cut it to the incident.")
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as bad:
        raise BadTape(f"{file} cannot be read: {bad}.") from bad


def read_json(file: Path) -> Any:
    """Return the file's JSON value, None when there is no such file."""
    text = read_text(file)
    if text is None:
        return None
    try:
        return json.loads(text)  # which raises a plain ValueError for a number of too many digits
    except (ValueError, RecursionError) as bad:
        raise BadTape(f"{file} is no JSON: {bad}. Fetch it again or mend it.") from bad


def rows(value: Any, file: Path) -> Sequence[Mapping[str, Any]]:
    """Return a list of objects, or raise when the value is anything else."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise BadTape(f"{file} must hold a list of objects.")
    return value


def field(row: Mapping[str, Any], name: str, file: Path) -> Any:
    """Return a field that must be there."""
    if name not in row:
        raise BadTape(f"{file}: an entry has no {name!r}; it has {', '.join(sorted(row)) or 'nothing'}.")
    return row[name]


def moment(value: Any, file: Path) -> datetime:
    """Read an RFC 3339 time; one without a zone is UTC."""
    try:
        return read_moment(str(value))
    except ValueError as bad:
        raise BadTape(f"{file}: {str(value)[:60]!r} is no RFC 3339 time.") from bad
