"""Asks GitHub's REST API: conditionally, page by page, no more often than it allows."""

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from rootline.sources.answered import Answered
from rootline.sources.backend import Backend
from rootline.sources.failure import SourceFailed
from rootline.sources.github.trouble import limited, limited_until, refused
from rootline.sources.http import exchange, json_of
from rootline.sources.kubernetes.raw import Raw
from rootline.sources.trouble import bad_status, broken

VERSION = "2022-11-28"
MOST_KEPT_BYTES = 8 * 2**20
MOST_KEPT = 512
PAGE = 100
_NOT_MODIFIED = 304
_MOVED = frozenset({301, 302, 307, 308})
_MOST_MOVES = 2
_NEXT = re.compile(r'<([^<>\s]{1,2000})>;\s*rel="next"')


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer: what it holds, and the address of the next page; empty on the last."""

    value: Raw
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The objects of all pages that were read; `is_whole` when there are no more."""

    items: list[Raw]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class _Kept:
    etag: str
    body: bytes
    next: str


class GithubApi:
    """One server and one token. What was read before is asked for with its ETag, which costs nothing when unchanged."""

    def __init__(self, backend: Backend, *, clock: Callable[[], datetime]) -> None:
        self._backend = backend
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._kept_bytes = 0
        self._quiet_until: datetime | None = None

    async def get(
        self, path: str, parameters: Mapping[str, str] | None = None, *, what: str, is_fixed: bool = False
    ) -> Page:
        """Return one object or the first page of a list; `is_fixed` for what never changes, such as a commit by hash.

        Raises:
            SourceFailed: It cannot be had; a limit says until when.

        """
        query = "&".join(f"{key}={value}" for key, value in (parameters or {}).items())
        return await self._page(f"{self._backend.url}{path}" + (f"?{query}" if query else ""), what, is_fixed=is_fixed)

    async def pages(self, path: str, parameters: Mapping[str, str], *, what: str, most: int) -> Pages:
        """Return the objects of a list, following its pages until there are `most`."""
        page = await self.get(path, {**parameters, "per_page": str(PAGE)}, what=what)
        found = page.value.listed()
        while page.next and len(found) < most:
            page = await self.follow(page, what)
            found += page.value.listed()
        return Pages(items=found[:most], is_whole=not page.next and len(found) <= most)

    async def follow(self, page: Page, what: str) -> Page:
        """Return the page after one."""
        return await self._page(page.next, what)

    async def _page(self, url: str, what: str, *, is_fixed: bool = False) -> Page:
        kept = self._kept.get(url)
        if kept is not None and is_fixed:
            return self._read(kept)
        if self._quiet_until is not None and self._clock() < self._quiet_until:
            raise limited(self._backend, self._quiet_until)
        told = await self._asked(url, kept)
        if told.status == _NOT_MODIFIED and kept is not None:
            self._kept.move_to_end(url)
            return self._read(kept)
        if not told.is_success:
            raise self._failure(told, what)
        fresh = _Kept(etag=told.headers.get("etag", ""), body=bytes(told.body), next=self._next(told))
        self._keep(url, fresh)
        return self._read(fresh)

    async def _asked(self, url: str, kept: _Kept | None) -> Answered:
        """Ask, and follow a renamed repository as long as it stays on the same server."""
        headers = {"accept": "application/vnd.github+json", "x-github-api-version": VERSION, "user-agent": "rootline"}
        known = {"if-none-match": kept.etag} if kept is not None and kept.etag else {}
        for _ in range(_MOST_MOVES):
            told = await exchange(self._backend, url, headers={**headers, **known})
            if told.status not in _MOVED:
                return told
            where = told.headers.get("location", "")
            if not self._is_own(where):
                raise bad_status(self._backend, f"GitHub at {self._backend.url}", told.status, b"", where)
            url = where
        raise broken(self._backend, f"GitHub at {self._backend.url}", "it redirects more than once")

    def _failure(self, told: Answered, what: str) -> SourceFailed:
        until = limited_until(told, self._clock())
        if until is None:
            return refused(self._backend, what, told)
        self._quiet_until = until
        return limited(self._backend, until)

    def _next(self, told: Answered) -> str:
        match = _NEXT.search(told.headers.get("link", "")[:8000])
        return match.group(1) if match and self._is_own(match.group(1)) else ""

    def _is_own(self, url: str) -> bool:
        """Whether an address is on the server that the token is for."""
        try:
            parts, own = urlsplit(url), urlsplit(self._backend.url)
        except ValueError:
            return False
        return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)

    def _read(self, kept: _Kept) -> Page:
        return Page(value=Raw(json_of(self._backend, bytearray(kept.body))), next=kept.next)

    def _keep(self, url: str, fresh: _Kept) -> None:
        before = self._kept.pop(url, None)
        self._kept_bytes += len(fresh.body) - (len(before.body) if before else 0)
        self._kept[url] = fresh
        while self._kept_bytes > MOST_KEPT_BYTES or len(self._kept) > MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest.body)
