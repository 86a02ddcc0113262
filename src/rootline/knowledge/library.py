"""Reads the runbooks that ship with Rootline."""

from functools import cache
from importlib.resources import files

from rootline.sources.runbooks.source import Runbook
from rootline.tapes.runbook_files import read_runbook


@cache
def shipped_runbooks() -> tuple[Runbook, ...]:
    """Return the shipped runbooks, ordered by name."""
    folder = files(__package__) / "runbooks"
    shipped = sorted((file for file in folder.iterdir() if file.name.endswith(".md")), key=lambda file: file.name)
    return tuple(read_runbook(file.name, file.read_text(encoding="utf-8")) for file in shipped)
