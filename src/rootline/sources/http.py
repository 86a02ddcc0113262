"""Reads one bounded answer from a live backend, or says in one sentence why there is none.

Redirects are not followed, since the token would go where nobody sent it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, FailFast, ValidationError

from rootline.sources.answered import Answered, Parameters
from rootline.sources.backend import Backend
from rootline.sources.parsing import parse
from rootline.sources.trouble import bad_status, broken, unreadable

Wire = TypeVar("Wire", bound=BaseModel)
Item = TypeVar("Item")
Many = Annotated[list[Item], FailFast(), BeforeValidator(lambda given: [] if given is None else given)]
"""A list, empty where there is none, of which the first wrong item is told and not each: a million complaints would
take more memory than the answer."""


async def fetch(
    backend: Backend, path: str, parameters: Parameters | None = None, *, accept: str = "application/json"
) -> bytearray:
    """Return the body of a successful answer of at most `MOST_BYTES`; whoever parses it uses it up.

    Raises:
        SourceFailed: Anything else; its message names the cause and the next step, and never holds the token.

    """
    return await fetch_url(backend, f"{backend.url}{path}", parameters, accept=accept)


async def fetch_url(
    backend: Backend, url: str, parameters: Parameters | None = None, *, accept: str = "application/json"
) -> bytearray:
    """As `fetch`, for a whole address."""
    told = await exchange(backend, url, parameters, headers={"accept": accept})
    if not told.is_success:
        asked, where = f"{backend.kind} at {backend.url}", told.headers.get("location", "")
        raise bad_status(backend, asked, told.status, bytes(told.body), where)
    return told.body


async def exchange(
    backend: Backend,
    url: str,
    parameters: Parameters | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Answered:
    """Return what was answered to a GET, or to a POST when there is content, whatever its status.

    Raises:
        SourceFailed: There is no whole answer, or a successful one is larger than `MOST_BYTES`.
        Misconfigured: The address or the proxy for it is none that can be asked.

    """
    from rootline.sources.exchange import sent  # noqa: PLC0415 its library is loaded when a live source is asked first

    return await sent(backend, url, parameters, headers or {}, content)


async def fetch_json(backend: Backend, path: str, shape: type[Wire], parameters: Parameters | None = None) -> Wire:
    """Read an answer of a documented shape."""
    return shaped(backend, await fetch(backend, path, parameters), shape)


def shaped(backend: Backend, body: bytearray, shape: type[Wire]) -> Wire:
    """Check a body against a documented shape."""
    try:
        return shape.model_validate(json_of(backend, body))
    except ValidationError as bad:
        first = bad.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"])[:80]
        raise broken(backend, f"{backend.kind} at {backend.url}", f"its JSON has another shape at {where!r}") from bad


def json_of(backend: Backend, body: bytearray) -> Any:
    """Parse a body whose parsed size is bounded, and use it up."""
    try:
        return parse(body)
    except ValueError as bad:
        raise unreadable(backend, bad) from bad
