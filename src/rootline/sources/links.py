"""Notes, beside a read, where a person can see what was asked; whoever reads collects what was noted meanwhile."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from rootline.sources.web import LONGEST

Noun = Literal["metrics", "logs", "traces", "changes", "alerts"]
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Link:
    """One address. `about` is the metric, trace or commit that it shows; empty for the whole question."""

    noun: Noun
    url: str
    about: str = ""


_NOTED: ContextVar[list[Link] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[Link]]:
    """Collect what is noted inside the block, by this task and those it starts."""
    links: list[Link] = []
    token = _NOTED.set(links)
    try:
        yield links
    finally:
        _NOTED.reset(token)


def note(noun: Noun, url: str, about: str = "") -> None:
    """Note where something can be seen; nothing happens where nobody collects or the address is empty or too long."""
    again([Link(noun=noun, url=url, about=about)] if url and len(url) <= LONGEST else [])


def again(links: Iterable[Link]) -> None:
    """Note links that were noted before, when what was read then is used once more."""
    collected = _NOTED.get()
    if collected is not None:
        collected.extend(list(links)[: max(0, MOST - len(collected))])


def chosen(links: Sequence[Link], noun: Noun, about: Sequence[str]) -> str:
    """The address for the first of several things that has one, else for the whole question; empty if there is none."""
    own = [one for one in links if one.noun == noun]
    exact = {one.about: one.url for one in reversed(own)}
    found = (exact[name] for name in about if name and name in exact)
    return next(found, exact.get("", own[0].url if own else ""))
