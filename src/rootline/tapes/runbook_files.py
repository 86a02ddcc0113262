"""A runbook as a Markdown file with a short YAML head."""

import hashlib
import re
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from rootline.errors import BadTape
from rootline.sources.runbooks.markdown import TITLE
from rootline.sources.runbooks.source import Runbook
from rootline.yaml_text import NoYaml, read_yaml

_HEAD = re.compile(r"\A---\r?\n(.{0,20000}?)\r?\n---\r?\n", re.DOTALL)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ ().-]{0,99}")


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    risk: str = ""
    owner: str = ""
    minutes: int = 0
    name: str = ""
    title: str = ""
    service: str = ""
    tags: tuple[str, ...] = ()
    source_url: str = ""


def file_of(name: str) -> str:
    """Return the file of a runbook: under its own name where that is one, else under one that no other name has.

    Where runbooks are kept in folders their names hold a slash, and a wiki's titles hold anything.
    """
    if _FILE_NAME.fullmatch(name):
        return f"{name}.md"
    words = re.sub(r"[^A-Za-z0-9_]+", "-", name[:60]).strip("-")
    return f"{words}-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.md".lstrip("-")


def read_runbook(file: str, text: str) -> Runbook:
    """Read one file; its version is a hash of its words."""
    head = _HEAD.match(text)
    body = text[head.end() :] if head else text
    try:
        fields = _Head.model_validate(read_yaml(head.group(1)) or {}) if head else _Head()
    except (NoYaml, ValidationError) as bad:
        known = ", ".join(_Head.model_fields)
        raise BadTape(f"{file}: the head between the --- lines takes {known}: {bad}") from bad
    name = fields.name or file.removesuffix(".md")
    return Runbook(
        name=name,
        title=fields.title or _heading(body) or name,
        body=body.strip() + "\n",
        risk=fields.risk,
        owner=fields.owner,
        minutes=fields.minutes,
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        service=fields.service,
        tags=fields.tags,
        source_url=fields.source_url,
    )


def write_runbook(runbook: Runbook) -> str:
    """Write a runbook so that it reads back the same but for its version and the space around its body."""
    head: dict[str, Any] = {"risk": runbook.risk, "owner": runbook.owner, "minutes": runbook.minutes}
    more: dict[str, Any] = {
        "name": "" if file_of(runbook.name) == f"{runbook.name}.md" else runbook.name,
        "title": "" if runbook.title == (_heading(runbook.body) or runbook.name) else runbook.title,
        "service": runbook.service,
        "tags": list(runbook.tags),
        "source_url": runbook.source_url,
    }
    head |= {name: value for name, value in more.items() if value}
    return f"---\n{yaml.safe_dump(head, sort_keys=False)}---\n{runbook.body}"


def _heading(body: str) -> str:
    found = TITLE.search(body)
    return found.group(1).strip() if found else ""
