"""Whether an error says that the other side hung up instead of answering."""

import re

# Source: the words of sockets, HTTP libraries and proxies for a peer that hangs up; one that refuses may not be there.
_CUT_OFF = re.compile(
    r"connection[^\n]{0,60}\b(closed|reset|aborted|dropped)\b|broken pipe|(?<![a-z])eof\b|end of file|hang up|hung up"
    r"|prematurely|without an? (answer|response)|empty (reply|response)|before headers|(disconnected|closed) without",
    re.IGNORECASE,
)
_LONGEST = 600


def hung_up(error: str) -> bool:
    """Whether it does; one that refuses a connection may not be there at all, and has not hung up."""
    return bool(_CUT_OFF.search(error[:_LONGEST]))
