"""The sentence for each way in which GitHub refuses, with the next step."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rootline.domain.window import rfc3339
from rootline.sources.answered import Answered
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.parsing import parse
from rootline.sources.trouble import bad_status, quoted

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_MANY = 401, 403, 404, 409, 429
UNANSWERABLE = frozenset({422, 500, 502, 503})
"""Source: docs.github.com, "Get a commit" and "Compare two commits": with these it gives up on a diff that is too large
or takes too long, while all else of the repository can be read."""
_A_MINUTE = timedelta(minutes=1)
"""Source: docs.github.com, "Best practices for using the REST API"; for limits whose headers say nothing."""
_LONGEST_WAIT = timedelta(hours=2)
_MOST_DIGITS = 12
_ASKS = "a fine-grained token with read access to Contents, Deployments and Pull requests"


_UNSUSPEND = "An owner of the organisation unsuspends the app's installation in its settings; no other token is needed."


def limited_until(told: Answered, now: datetime) -> datetime | None:
    """When GitHub may be asked again; None where the answer is about no limit."""
    if told.status not in {FORBIDDEN, TOO_MANY}:
        return None
    wait_s = _number(told.headers, "retry-after")
    if wait_s is not None:
        return now + min(timedelta(seconds=wait_s), _LONGEST_WAIT)
    if told.headers.get("x-ratelimit-remaining", "").strip() == "0":
        reset = _number(told.headers, "x-ratelimit-reset")
        at = datetime.fromtimestamp(reset, tz=UTC) if reset is not None else now + _A_MINUTE
        return min(max(at, now), now + _LONGEST_WAIT)
    if told.status == TOO_MANY or "rate limit" in _message(told).lower():
        return now + _A_MINUTE
    return None


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def limited(backend: Backend, until: datetime) -> SourceFailed:
    """It was asked too often."""
    happened = f"its rate limit is used up until {rfc3339(until.replace(microsecond=0))}"
    helps = "Ask again after that." if backend.token else f"Set ROOTLINE_GITHUB_TOKEN to {_ASKS}: it allows more."
    return SourceFailed(f"GitHub at {backend.url}", happened, helps, status=TOO_MANY)


def refused(backend: Backend, what: str, told: Answered) -> SourceFailed:
    """It answered with a status that is no success and no limit."""
    asked, said = f"GitHub at {backend.url}, {what}", quoted(_message(told))
    if told.status == UNAUTHORIZED:
        happened = "the token was refused" if backend.token else "it wants a token"
        helps = f"Set ROOTLINE_GITHUB_TOKEN to {_ASKS}."
        return SourceFailed(asked, f"it answers 401: {happened}", helps, status=UNAUTHORIZED)
    if told.status == FORBIDDEN:
        helps = _UNSUSPEND if "suspended" in said else f"Use {_ASKS}."
        return SourceFailed(asked, f"it answers 403: {said or 'forbidden'}", helps, status=FORBIDDEN)
    if told.status == NOT_FOUND:
        happened = "it answers 404: there is no such thing, or the token may not see it"
        helps = f"Check the name; for a private repository set ROOTLINE_GITHUB_TOKEN to {_ASKS}."
        return SourceFailed(asked, happened, helps, status=NOT_FOUND)
    if told.status == CONFLICT:
        return SourceFailed(asked, f"it answers 409: {said}", "Push its first commit.", status=CONFLICT)
    return bad_status(backend, asked, told.status, said.encode() or bytes(told.body), told.headers.get("location", ""))


def _message(told: Answered) -> str:
    try:
        return Raw(parse(bytearray(told.body))).text("message")
    except ValueError:
        return ""
