"""What an answer says, as people read it: hypotheses as inferences, claims with their marks, failures as failures."""

from collections.abc import Iterator, Sequence

from rootline.domain.claim import Checked
from rootline.domain.hypothesis import Answer, Confidence, Hypothesis, Outcome, Recalled
from rootline.reports.escape import code, markdown_text
from rootline.reports.marks import as_marked, claim_line, claim_lines

OUTCOMES: dict[Outcome, str] = {
    "explained": "explained",
    "none_of_these": "no change explains it",
    "inconclusive": "inconclusive: nothing decisive was verified",
    "answered": "answered",
}


def answer_lines(answer: Answer, rechecks: Sequence[Checked]) -> list[str]:
    """Write what was found as sections of Markdown; a section that would be empty is left out."""
    sections = (
        ("Hypotheses", [line for one in answer.hypotheses for line in _hypothesis(one, rechecks)]),
        (_found(answer), claim_lines(as_marked(answer.claims, rechecks))),
        ("That no change explains it", _none(answer)),
        ("Similar past incidents, which prove nothing here", [*map(_recalled, answer.recalled)]),
        ("Reach", _reach(answer)),
        ("Remark, not checked", [markdown_text(answer.remark)] if answer.remark else []),
        ("Claims that failed the check and count for nothing", claim_lines(as_marked(answer.failed, rechecks))),
    )
    return [line for title, lines in sections if lines for line in (f"## {title}", "", *lines, "")]


def _found(answer: Answer) -> str:
    return "What was observed, without explaining it" if answer.outcome == "inconclusive" else "What was found"


def share(confidence: Confidence) -> str:
    """Write a confidence in whole percent with its bounds."""
    return f"{confidence.value:.0%} ({confidence.low:.0%} to {confidence.high:.0%})"


def _hypothesis(one: Hypothesis, rechecks: Sequence[Checked]) -> Iterator[str]:
    kind = "inference" if one.is_proven else "possible cause, not proven"
    yield f"### {one.rank}. {share(one.confidence)}, {kind}"
    yield ""
    yield f"> **{markdown_text(one.statement)}.**"
    yield ""
    yield " · ".join(_traits(one))
    yield ""
    yield from _claims("For:", as_marked(one.support, rechecks))
    yield from _claims("Against:", as_marked(one.against, rechecks))
    if one.why_not:
        yield from (f"Why not: {markdown_text(one.why_not)}", "")
    parts = [f"{part.name.replace('_', ' ')} {part.contribution:+.2f}" for part in one.confidence.components]
    if parts:
        yield from (f"Confidence is made of: {markdown_text(', '.join(parts))}", "")


def _traits(one: Hypothesis) -> Iterator[str]:
    yield f"type {one.type}"
    yield f"subject {code(one.subject)}"
    if one.change:
        yield f"change {code(one.change)}"
    if one.remediation:
        yield f"remedy {one.remediation}"


def _claims(title: str, checked: Sequence[Checked]) -> Iterator[str]:
    if checked:
        yield from (title, "", *claim_lines(checked), "")


def _none(answer: Answer) -> list[str]:
    if not answer.none_confidence:
        return []
    reasons = [f"- {markdown_text(reason)}" for reason in answer.none_reasons]
    return [f"{answer.none_confidence:.0%}" + (", because:" if reasons else ""), *([""] if reasons else []), *reasons]


def _recalled(one: Recalled) -> str:
    alike = f"{one.similarity:.0%} alike" if one.similarity is not None else "an earlier diff"
    parts = [alike, *one.why, one.outcome, f"remedy {one.remedy}" if one.remedy else ""]
    return f"{claim_line(one.claim)}: {markdown_text('; '.join(part for part in parts if part))}"


def _reach(answer: Answer) -> list[str]:
    lines = [f"- first failing: {code(answer.first_failing_service)}"] if answer.first_failing_service else []
    hit = ", ".join(code(one) for one in answer.blast_radius)
    return [*lines, *([f"- affected: {hit}"] if hit else [])]
