"""Runbooks cut into passages that can be quoted: one section of Markdown each, or a part of a long one."""

import hashlib
import re
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from rootline.domain.evidence import canonical
from rootline.sources.runbooks.source import Runbook

_CUT = 1
"""How passages are cut and indexed; counting it up indexes every runbook anew."""
_LONGEST_BODY, _LONGEST_QUOTE = 400_000, 1_200
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.{0,300}?)[ \t#]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


class Passage(BaseModel):
    """A part of a document, word for word, with the heading above it. `score` compares results of one search.

    `ref` is where a vector database holds it, as collection and point, and `payload` what that says of it.
    """

    model_config = ConfigDict(frozen=True)

    runbook: str
    heading: str
    quote: str
    score: float = 0.0
    risk: str = ""
    owner: str = ""
    version: str = ""
    ref: str = ""
    payload: dict[str, str] = {}

    @property
    def indexed(self) -> str:
        """The text that is searched: the heading weighs more than the words under it."""
        return f"{self.heading} {self.heading} {self.quote}"


def passages(runbook: Runbook) -> tuple[Passage, ...]:
    """Cut a runbook at its headings, and long sections at line ends."""
    return tuple(
        Passage(
            runbook=runbook.name,
            heading=heading,
            quote=quote,
            risk=runbook.risk,
            owner=runbook.owner,
            version=runbook.version,
        )
        for heading, lines in _sections(runbook)
        for quote in _quotes(lines)
    )


def version_of(runbook: Runbook) -> str:
    """Hash everything that a search can show of a runbook."""
    parts = [runbook.name, runbook.title, runbook.body, runbook.risk, runbook.owner, runbook.version]
    parts += [runbook.service, ",".join(runbook.tags), runbook.source_url] if runbook.is_placed else []
    return hashlib.sha256(canonical([_CUT, *parts]).encode("utf-8", "surrogatepass")).hexdigest()


def _sections(runbook: Runbook) -> Iterator[tuple[str, list[str]]]:
    heading, lines, is_code = runbook.title, list[str](), False
    for line in runbook.body[:_LONGEST_BODY].splitlines():
        is_code ^= bool(_FENCE.match(line))
        found = None if is_code else _HEADING.match(line[:400])
        if found:
            yield heading, lines
            heading, lines = f"{runbook.title}: {found[1]}" if found[1] != runbook.title else found[1], []
        else:
            lines.append(line)
    yield heading, lines


def _quotes(lines: list[str]) -> Iterator[str]:
    quote = ""
    for line in lines:
        for part in [line[start : start + _LONGEST_QUOTE] for start in range(0, len(line), _LONGEST_QUOTE)] or [""]:
            if quote and len(quote) + len(part) >= _LONGEST_QUOTE:
                yield quote.strip("\n")
                quote = ""
            quote += part + "\n"
    if quote.strip():
        yield quote.strip("\n")
