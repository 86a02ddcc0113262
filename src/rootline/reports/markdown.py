"""An investigation as a Markdown report. The same tape gives the same report, but for the one line under its title."""

import re
from collections.abc import Iterable, Sequence

from rootline.agent.coverage import asked
from rootline.domain.claim import Checked
from rootline.domain.evidence import Evidence
from rootline.domain.hypothesis import CoverageItem
from rootline.domain.window import rfc3339
from rootline.reports.coverage import coverage
from rootline.reports.escape import code, markdown_text, web_address
from rootline.reports.found import OUTCOMES, answer_lines
from rootline.reports.next_steps import next_steps
from rootline.reports.planned import plan_lines
from rootline.store.journal import Record

_SHA_SHOWN = 12


def markdown(record: Record, rechecks: Sequence[Checked] = ()) -> str:
    """Write an investigation as Markdown.

    Args:
        record: The investigation with all that was stored of it.
        rechecks: Later checks of its claims; their marks are shown instead of the first ones.

    """
    answer = record.answer
    state = record.investigation.state
    found = answer_lines(answer, rechecks) if answer else [f"There is no answer: the investigation is {state}.", ""]
    steps = [f"- {markdown_text(step)}" for step in next_steps(record)]
    lines = [
        *_head(record),
        *found,
        *(line for plan in record.plans for line in ("## Plan", "", *plan_lines(plan))),
        *_section("Coverage", _table(("tool", "asked", "status", "evidence", "detail"), map(_item, coverage(record)))),
        *_section(
            "Evidence",
            _table(("label", "tool", "arguments", "window", "status", "sha256"), map(_evidence, record.evidence)),
        ),
        *_section("Where to look next", steps),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _head(record: Record) -> list[str]:
    investigation, answer = record.investigation, record.answer
    question = investigation.question
    window = f"{rfc3339(question.window.start)} to {rfc3339(question.window.end)}"
    facts = {
        "Window": window,
        "Service": code(question.service),
        "Namespace": code(question.namespace),
        "Outcome": f"**{OUTCOMES[answer.outcome]}**" if answer else investigation.state,
        "Written by": markdown_text(answer.written_by) if answer else "",
    }
    return [
        f"# {markdown_text(question.text) or 'Investigation'}",
        "",
        f"Asked {rfc3339(investigation.opened_at)} · investigation {investigation.id}",
        "",
        *(f"- {name}: {value}" for name, value in facts.items() if value),
        "",
    ]


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *lines, ""] if lines else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = [f"| {' | '.join(row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *body] if body else []


def _cell(text: str) -> str:
    """Code for a table, where a bar ends the cell even inside code."""
    return code(text).replace("|", "\\|")


def _item(item: CoverageItem) -> tuple[str, ...]:
    return (
        item.tool,
        _cell(item.asked),
        item.status.replace("_", " "),
        item.evidence,
        markdown_text(item.detail),
    )


def _evidence(one: Evidence) -> tuple[str, ...]:
    window = f"{rfc3339(one.window.start)} to {rfc3339(one.window.end)}"
    author = f" by {markdown_text(one.author)}" if one.author else ""
    status = one.reading.status.replace("_", " ")
    return (_linked(one), one.tool + author, _cell(asked(one.arguments)), window, status, code(one.sha256[:_SHA_SHOWN]))


def _linked(one: Evidence) -> str:
    """The label, leading to the same question in the source's own pages where these are known."""
    url = one.reading.source.url or ""
    return f"[{one.label}](<{url}>)" if web_address(url) else one.label
