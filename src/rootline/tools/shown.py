"""The short text in which evidence and replies are shown to a model: labelled, fenced, bounded."""

from rootline.domain.evidence import Evidence
from rootline.tools.reply import Reply
from rootline.tools.wording import cut

MOST_CHARS = 6000
"""Source: ours; 1,500 tokens at four bytes each, the most that one answer may cost."""
LONGEST_HINT = 600


def shown(evidence: Evidence) -> str:
    """Show a reading under its label. What stands between the marks came from outside."""
    reading = evidence.reading
    head = f"{evidence.label} {evidence.tool} {reading.status} {reading.window}"
    hints = "".join(map(_hint, reading.hints))
    cut_off = reading.truncated
    more = (
        f"\nshown {cut_off.returned} of {cut_off.total}; get_evidence {evidence.label} opens the rest"
        if cut_off
        else ""
    )
    return f"{head}\n<<<untrusted\n{bounded(reading.summary)}\nuntrusted>>>{more}{hints}"


def told(reply: Reply) -> str:
    """Show a reply."""
    hints = "".join(map(_hint, reply.hints))
    more = f"\nnext cursor: {reply.truncated.cursor}" if reply.truncated and reply.truncated.cursor else ""
    return f"{reply.status}\n<<<untrusted\n{bounded(reply.summary)}\nuntrusted>>>{more}{hints}"


def _hint(text: str) -> str:
    """Write a hint on one line: names out of a source may stand in it, which must not look like anything else."""
    return f"\nhint: {cut(_unfenced(text), LONGEST_HINT)}"


def bounded(text: str) -> str:
    """Cut a text in the middle of nowhere but say so, and keep it from closing the fence."""
    safe = _unfenced(text)
    return safe if len(safe) <= MOST_CHARS else safe[:MOST_CHARS] + "\n… cut"


def _unfenced(text: str) -> str:
    return text.replace("untrusted>>>", "untrusted> > >").replace("<<<untrusted", "< < <untrusted")
