"""A runbook as a Markdown file with a short YAML head."""

import hashlib
import re

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from rootline.errors import BadTape
from rootline.sources.runbooks import Runbook

_HEAD = re.compile(r"\A---\n(.{0,4000}?)\n---\n", re.DOTALL)
_TITLE = re.compile(r"^# (.{1,200})$", re.MULTILINE)


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    risk: str = ""
    owner: str = ""
    minutes: int = 0


def read_runbook(file: str, text: str) -> Runbook:
    """Read one file; its version is a hash of its words."""
    head = _HEAD.match(text)
    body = text[head.end() :] if head else text
    try:
        fields = _Head.model_validate(yaml.safe_load(head.group(1)) or {}) if head else _Head()
    except (yaml.YAMLError, ValidationError) as bad:
        raise BadTape(f"{file}: the head between the --- lines takes risk, owner and minutes: {bad}") from bad
    title = _TITLE.search(body)
    name = file.removesuffix(".md")
    return Runbook(
        name=name,
        title=title.group(1).strip() if title else name,
        body=body.strip() + "\n",
        risk=fields.risk,
        owner=fields.owner,
        minutes=fields.minutes,
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
    )


def write_runbook(runbook: Runbook) -> str:
    """Write a runbook so that it reads back the same but for its version."""
    head = {"risk": runbook.risk, "owner": runbook.owner, "minutes": runbook.minutes}
    return f"---\n{yaml.safe_dump(head, sort_keys=False)}---\n{runbook.body}"
