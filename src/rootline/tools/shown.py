"""The short text in which evidence and replies are shown to a model: labelled, fenced, bounded."""

from rootline.domain.evidence import Evidence
from rootline.tools.reply import Reply

MOST_CHARS = 6000
"""Source: ours; 1,500 tokens at four bytes each, the most that one answer may cost."""


def shown(evidence: Evidence) -> str:
    """Show a reading under its label. What stands between the marks came from outside."""
    reading = evidence.reading
    head = f"{evidence.label} {evidence.tool} {reading.status} {reading.window}"
    hints = "".join(f"\nhint: {hint}" for hint in reading.hints)
    cut_off = reading.truncated
    more = (
        f"\nshown {cut_off.returned} of {cut_off.total}; get_evidence {evidence.label} opens the rest"
        if cut_off
        else ""
    )
    return f"{head}\n<<<untrusted\n{bounded(reading.summary)}\nuntrusted>>>{more}{hints}"


def told(reply: Reply) -> str:
    """Show a reply."""
    hints = "".join(f"\nhint: {hint}" for hint in reply.hints)
    more = f"\nnext cursor: {reply.truncated.cursor}" if reply.truncated and reply.truncated.cursor else ""
    return f"{reply.status}\n<<<untrusted\n{bounded(reply.summary)}\nuntrusted>>>{more}{hints}"


def bounded(text: str) -> str:
    """Cut a text in the middle of nowhere but say so, and keep it from closing the fence."""
    safe = text.replace("untrusted>>>", "untrusted> > >").replace("<<<untrusted", "< < <untrusted")
    return safe if len(safe) <= MOST_CHARS else safe[:MOST_CHARS] + "\n… cut"
