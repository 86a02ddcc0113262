"""How a checked claim is shown: its mark, its sentence, where it stands, and why it failed."""

from collections.abc import Iterable, Mapping, Sequence

from rootline.domain.claim import Checked, Claim, Mark
from rootline.reports.escape import markdown_text

SIGNS: Mapping[Mark, str] = {"verified": "✓", "contradicted": "✗", "not_found": "?", "stale": "⟳"}


def labels_of(claim: Claim) -> list[str]:
    """The evidence a claim cites, each once, in the order of citing."""
    return list(dict.fromkeys(selector.evidence for selector in claim.selectors))


def as_marked(checked: Sequence[Checked], rechecks: Iterable[Checked]) -> list[Checked]:
    """Give claims the mark of their latest re-check, where there was one."""
    latest = {one.claim: one for one in rechecks}
    return [latest.get(one.claim, one) for one in checked]


def claim_line(checked: Checked) -> str:
    """Write a claim as one list item of Markdown; anything but a verified one names its mark and the reason."""
    sentence = f"{SIGNS[checked.mark]} {markdown_text(checked.sentence)} [{', '.join(labels_of(checked.claim))}]"
    if checked.is_fact:
        return f"- {sentence}"
    reason = f": {markdown_text(checked.reason)}" if checked.reason else ""
    return f"- {sentence} (**{checked.mark.replace('_', ' ')}**{reason})"


def claim_lines(checked: Sequence[Checked]) -> list[str]:
    """Write claims as a list."""
    return [claim_line(one) for one in checked]
