"""Which repositories on which GitHub are read, and with whose token."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rootline.errors import Misconfigured
from rootline.sources.backend import Backend, backend

PUBLIC = "https://api.github.com"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_RESIDENT = ".ghe.com"
"""Source: docs.github.com, "GitHub Enterprise Cloud with data residency": its API is at `api.SUBDOMAIN.ghe.com`."""
_DOTS = frozenset({".", ".."})
MOST_REPOSITORIES = 10


@dataclass(frozen=True, kw_only=True)
class GithubAccess:
    """Repositories as `owner/name` on one server.

    `environments` are the deployment environments that count as running; empty for production and the like.
    """

    backend: Backend
    repositories: tuple[str, ...]
    environments: tuple[str, ...] = ()

    @property
    def web_url(self) -> str:
        """The address that people open, worked out from the API's."""
        parts = urlsplit(self.backend.url)
        host, path = parts.netloc, parts.path.removesuffix("/api/v3")
        return f"{parts.scheme}://{host.removeprefix('api.') if not parts.path else host}{path}"


def github_access(
    repositories: str | Sequence[str],
    *,
    setting: str,
    url: str = "",
    token: str = "",
    environments: str | Sequence[str] = (),
    ca_file: Path | None = None,
) -> GithubAccess:
    """Check names and address; a server's own address gets the path of its API.

    Raises:
        Misconfigured: A name is not `owner/name`, there are none or too many, or the address is none.

    """
    named = tuple(dict.fromkeys(_split(repositories)))
    bad = next((one for one in named if not _is_name(one)), None)
    if bad is not None or not named or len(named) > MOST_REPOSITORIES:
        told = f"{bad[:100]!r} is no repository" if bad is not None else f"{len(named)} repositories are named"
        raise Misconfigured(f"{setting}: {told}. Write up to {MOST_REPOSITORIES} as owner/name, separated by commas.")
    where = backend("GitHub", f"{setting.removesuffix('_REPOSITORY')}_URL", _api(url), token=token, ca_file=ca_file)
    return GithubAccess(backend=where, repositories=named, environments=tuple(_split(environments)))


def _split(given: str | Sequence[str]) -> list[str]:
    parts = given.split(",") if isinstance(given, str) else given
    return [part.strip() for part in parts if part.strip()]


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and not _DOTS & set(text.split("/"))


def _api(url: str) -> str:
    """The API's address: GitHub's own for none or its web address, `api.` on ghe.com, `/api/v3` on one's own."""
    bare = url.strip().rstrip("/")
    try:
        host = urlsplit(bare).hostname or ""
    except ValueError:  # which is told when the address is checked
        return bare
    if not bare or host in {"github.com", "www.github.com", "api.github.com"}:
        return PUBLIC
    if host.endswith(_RESIDENT) and not host.startswith("api."):
        return bare.replace(host, f"api.{host}", 1)
    is_api = bare.endswith("/api/v3") or host.startswith("api.") or urlsplit(bare).path not in {"", "/"}
    return bare if is_api or host in {"127.0.0.1", "localhost", "::1"} else f"{bare}/api/v3"
