"""A Markdown page of anybody's as a runbook: what its head says of it is taken, whatever else stands there is left."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from rootline.sources.runbooks.source import Runbook
from rootline.yaml_text import NoYaml, read_yaml

LONGEST_PAGE = 400_000
_HEAD = re.compile(r"\A---\r?\n(.{0,4000}?)\r?\n---\r?\n", re.DOTALL)
TITLE = re.compile(r"^# (.{1,200})$", re.MULTILINE)
_MOST_TAGS, _LONGEST_FIELD = 20, 200


def read_page(name: str, text: str, *, source_url: str = "") -> Runbook:
    """Read one page; its version is a hash of its words, without the mark that some editors begin a file with."""
    text = text.removeprefix("\ufeff")
    head = _HEAD.match(text[:5_000])
    fields = _fields(head.group(1)) if head else {}
    body = text[head.end() if head else 0 :][:LONGEST_PAGE]
    heading = TITLE.search(body[:20_000])
    return Runbook(
        name=name,
        title=_text(fields, "title") or (heading.group(1).strip() if heading else "") or name,
        body=body.strip() + "\n",
        risk=_text(fields, "risk"),
        owner=_text(fields, "owner") or _text(fields, "team"),
        minutes=_minutes(fields.get("minutes")),
        version=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        service=_text(fields, "service"),
        tags=_tags(fields.get("tags")),
        source_url=_text(fields, "url") or source_url,
    )


def _fields(head: str) -> Mapping[str, Any]:
    """Read a head; one that is no YAML says nothing, but its page does."""
    try:
        found = read_yaml(head)
    except NoYaml:
        return {}
    return {str(key).lower(): value for key, value in found.items()} if isinstance(found, dict) else {}


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return " ".join(value.split())[:_LONGEST_FIELD] if isinstance(value, str) else ""


def _minutes(value: object) -> int:
    return value if isinstance(value, int) and 0 < value < 10_000 else 0  # noqa: PLR2004 a week


def _tags(value: object) -> tuple[str, ...]:
    given = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(str(one).strip()[:_LONGEST_FIELD] for one in given[:_MOST_TAGS] if str(one).strip())
