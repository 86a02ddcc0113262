"""Reads personas: the built-in ones, and those of a folder."""

import difflib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from rootline.domain.persona import Capability, Persona
from rootline.errors import Misconfigured
from rootline.yaml_text import NoYaml, read_yaml

DEFAULT = "on-call-sre"
LARGEST_BYTES = 32 * 1024


@cache
def built_in() -> Mapping[str, Persona]:
    """Return the personas that ship with Rootline, by id."""
    shipped = sorted(files(__package__).iterdir(), key=lambda file: file.name)
    found = [_read(file.name, file.read_text(encoding="utf-8")) for file in shipped if file.name.endswith(".yaml")]
    return {persona.id: persona for persona in found}


def load(folder: Path | None) -> Mapping[str, Persona]:
    """Return the built-in personas and those of the folder; each has an id of its own."""
    own = [_own(file) for file in sorted(folder.glob("*.y*ml"))] if folder else []
    taken = [persona.id for persona in own if persona.id in built_in()]
    if taken:
        raise Misconfigured(f"{folder}: {taken[0]!r} is the id of a built-in persona. Choose another id.")
    twins = [one for one, count in Counter(persona.id for persona in own).items() if count > 1]
    if twins:
        raise Misconfigured(f"{folder}: {twins[0]!r} is the id of two personas. Choose another id.")
    return {**built_in(), **{persona.id: persona for persona in own}}


def choose(personas: Mapping[str, Persona], name: str) -> Persona:
    """Return the persona of that id, or raise Misconfigured with the one that may have been meant."""
    if name in personas:
        return personas[name]
    meant = difflib.get_close_matches(name[:60], list(personas), n=1)
    hint = f"Did you mean {meant[0]}?" if meant else f"Known: {', '.join(personas)}."
    raise Misconfigured(f"There is no persona {name[:60]!r}. {hint}")


def _own(file: Path) -> Persona:
    if file.stat().st_size > LARGEST_BYTES:
        raise Misconfigured(f"{file} is larger than {LARGEST_BYTES:,} bytes. A persona is a short text.")
    try:
        return _read(str(file), file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as bad:
        raise Misconfigured(f"{file} cannot be read: {bad}.") from bad


def _read(name: str, text: str) -> Persona:
    try:
        return Persona.model_validate(read_yaml(text))
    except (NoYaml, ValidationError) as bad:
        raise Misconfigured(f"{name} is no persona: {_explained(bad)}") from bad


def _explained(bad: Exception) -> str:
    if not isinstance(bad, ValidationError):
        return " ".join(str(bad).split())[:300]
    error = bad.errors(include_url=False)[0]
    where, given = ".".join(str(step) for step in error["loc"]), str(error.get("input", ""))[:60]
    meant = difflib.get_close_matches(given, get_args(Capability), n=1) if "capabilities" in where else []
    return f"{where}: {error['msg']}" + (f" Did you mean {meant[0]}?" if meant else "")
