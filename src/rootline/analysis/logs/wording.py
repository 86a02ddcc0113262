"""What the words of a line say about it, whatever wrote it."""

import re

_ERROR_LEVELS = ("err", "fatal", "crit", "alert", "emerg", "panic", "severe", "failure")
_DENIED = re.compile(
    r"\b(?:no|0|zero|without|any)\s{1,3}(?:\w{1,20}\s{1,3})?(?:errors?|exceptions?|failures?|warnings?)\b"
    r"|\b(?:errors?|exceptions?|failures?|failed|timeouts?)\s{0,3}[=:]\s{0,3}(?:0|none|null|nil|false|\[\]|\"\"|'')(?!\w)"
    r"|\berror[_-]?(?:rate|handler|page|log|budget)\b"
    r"|\b\w{0,30}timeout\w{0,10}\s{0,3}[=:]\s{0,3}\d|\btimeout (?:is |set to |of )\d",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"(?:error|exception|traceback|panic|fatal|segfault|sigsegv|sigkill|core dumped|out ?of ?memory|oom|killed"
    r"|fail(?:ed|ure|ing|s)?\b|timed? ?out|timeout|deadline exceeded|refused|denied|forbidden|unauthori[sz]ed"
    r"|unreachable|unavailable|no route to host|reset by peer|broken pipe|connection (?:closed|lost|reset|aborted)"
    r"|could ?n.t|could not|cannot|can.t|unable to|aborted|abort\b|crash|corrupt|exhausted|deadlock|overflow"
    r"|exceeded|throttl|rate.?limit|rejected|not found|no such|does not exist|undefined|invalid|expired"
    r"|evict|backoff|back-off|unhealthy|nxdomain|no space left|too many|read-only|mismatch|circuit.{0,10}open"
    r"|\b(?:http|status|code)\D{0,4}5\d\d\b|\b5\d\d (?:internal|bad|service|gateway))",
    re.IGNORECASE,
)
_CERTAIN = re.compile(
    r"(?:error|exception|traceback|panic|fatal|segfault|out ?of ?memory|oom-?kill|fail(?:ed|ure)\b|refused|denied"
    r"|crash|corrupt|deadline exceeded|timed out|unreachable|no space left)",
    re.IGNORECASE,
)
_WELL = re.compile(r"(?:(?:\bis|\bare|\bback to)\s{1,3}|[:=]\s{0,3})(?:OK|healthy|normal|recovered)\b", re.IGNORECASE)
_QUIET_LEVELS = ("info", "debug", "trace", "notice", "verbose", "fine")
_COUNTED = re.compile(r"\b\w{0,20}(?:errors|failures|failed|exceptions)\s?=\s?\d{1,9}(?![\w.])", re.IGNORECASE)
"""A figure among others in a line of statistics, which its program does not call an error."""
_USER_TEXT = re.compile(
    r"https?://[^\s\"]{1,200}\?"
    r"|\b(?:mozilla|applewebkit|curl|okhttp|python-requests|postmanruntime|go-http-client)/\d"
    r"|\b(?:user[-_ ]?agent|referr?er|query|q|search|prompt|comment|user_?input|body|payload|message_text)"
    r"[\"']?\s{0,2}[=:]\s{0,2}[\"']?\S"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) /\S{0,300}\?",
    re.IGNORECASE,
)
_LONGEST = 4000


def is_error(text: str, severity: str) -> bool:
    """Whether the severity or, failing that, the wording speaks of something that went wrong.

    A line that its program calls informative must say so in certain words, and not that all is well.
    """
    level = severity.strip().lower()
    if level.startswith(_ERROR_LEVELS):
        return True
    is_quiet = level.startswith(_QUIET_LEVELS)
    if is_quiet and _WELL.search(text[:_LONGEST]):
        return False
    wording = _CERTAIN if is_quiet else _ERROR
    said = _DENIED.sub(" ", text[:_LONGEST])
    return bool(wording.search(_COUNTED.sub(" ", said) if is_quiet else said))


def quotes_a_user(text: str) -> bool:
    """Whether the line seems to repeat what a client sent: a query string, a user agent, a search, a body."""
    return bool(_USER_TEXT.search(text[:_LONGEST]))
