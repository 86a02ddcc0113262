"""A wiki's HTML as Markdown: headings, lists, tables and code stay; scripts, styles and navigation do not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST_HTML = 2_000_000
MOST_TAGS = 20_000
"""Source: ours; a tree of this depth is parsed in a few seconds, and the time grows with its square."""
MAIN = ("#main-content", ".wiki-content", "main", "article", "body")
_UNREAD = frozenset(
    {"script", "style", "noscript", "template", "head", "nav", "svg", "iframe", "object", "form", "-comment"}
)
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"p", "div", "section", "ul", "ol", "table", "tr", "blockquote", "pre", "br", "hr", "dl", "dt", "dd"}
)
_IN_CELLS = frozenset({"p", "div", "br"})
"""What ends no line in a cell of a table, so that a row stays one line."""
_TAG = re.compile(r"<[a-zA-Z]")


class TooNested(ValueError):
    """A page has more elements than are read."""


@dataclass(frozen=True, kw_only=True)
class HtmlPage:
    """A page's title and its main part as Markdown."""

    title: str
    markdown: str


def read_html(text: str) -> HtmlPage:
    """Read a page; raise TooNested where it cannot be read in time."""
    if sum(1 for _ in _TAG.finditer(text)) > MOST_TAGS:
        raise TooNested(f"more than {MOST_TAGS:,} elements")
    page = LexborHTMLParser(text)
    title = page.css_first("title")
    main = next((found for found in (page.css_first(one) for one in MAIN) if found is not None), None)
    return HtmlPage(title=_line(title.text()) if title else "", markdown=_markdown(main) if main else "")


@dataclass
class _Writer:
    """Words as they come, gathered into lines."""

    lines: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    mark: str = ""
    in_cell: bool = False

    def say(self, words: str) -> None:
        self.open.append(words)

    def end(self, *, blank: bool = False) -> None:
        """End the line that is open; `blank` leaves an empty one behind it."""
        self.in_cell = False
        line = _line("".join(self.open))
        self.open.clear()
        if line:
            self.lines.append(f"{self.mark}{line}")
            self.mark = ""
        if blank and self.lines and self.lines[-1]:
            self.lines.append("")

    def code(self, text: str) -> None:
        self.end(blank=True)
        self.lines += ["```", *text.strip("\n").replace("```", "'''").split("\n"), "```", ""]


def _markdown(main: LexborNode) -> str:
    writer = _Writer()
    for is_end, node in _walk(main):
        tag = node.tag or ""
        if tag == "-text":
            writer.say(node.text_content or "")
        elif tag == "pre":
            writer.code(node.text())
        elif tag in _HEADINGS:
            writer.end(blank=True)
            writer.mark = "" if is_end else f"{_HEADINGS[tag]} "
        elif tag == "li":
            writer.end()
            writer.mark = "" if is_end else "- "
        elif tag in {"td", "th"}:
            writer.say(" | " if is_end and writer.in_cell else "")
            writer.in_cell = not is_end
        elif tag == "code":
            writer.say("`")
        elif tag in _IN_CELLS and writer.in_cell:
            writer.say(" ")
        elif tag in _BLOCKS:
            writer.end(blank=is_end and tag in {"p", "ul", "ol", "table", "blockquote"})
    writer.end()
    return "\n".join(writer.lines).strip() + "\n"


def _walk(main: LexborNode) -> Iterator[tuple[bool, LexborNode]]:
    """Yield each node when it begins, and elements again when they end, without recursion; `pre` comes whole."""
    waiting: list[tuple[bool, LexborNode]] = [(False, main)]
    while waiting:
        is_end, node = waiting.pop()
        tag = node.tag or ""
        if tag in _UNREAD:
            continue
        yield is_end, node
        if is_end or tag in {"-text", "pre"}:
            continue
        waiting.append((True, node))
        children = list(node.iter(include_text=True))
        waiting += [(False, child) for child in reversed(children)]


def _line(text: str) -> str:
    return " ".join(text.split())
