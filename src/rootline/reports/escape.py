"""Outside text made harmless where it is shown: it stays readable, and never becomes a link, a tag or a heading."""

import re

from rootline.claims.plain import clipped

LONGEST = 600
# Source: CommonMark 0.31, section 2.4: any ASCII punctuation may be escaped; these are the ones with a meaning
# inside a line, and `|`, which ends a table's cell.
_INLINE = re.compile(r"([\\`*\[\]|~!])")
_OUTER_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_LINK_STARTS = re.compile(r"(?i)\b(https?|ftp|javascript|data|mailto):|\bwww\.")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9_.~:/?#@!$&'*+,;=%\[\]-]{1,2000}")
_BLOCK_START = re.compile(r"^(#{1,6}|[-+=]|\d{1,9}[.)])(?=\s|$|[-=])")


def markdown_text(text: str) -> str:
    """Write untrusted text as one line of Markdown that shows exactly its words, cut at 600 characters."""
    escaped = _INLINE.sub(r"\\\1", clipped(text, LONGEST))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _OUTER_UNDERSCORE.sub(r"\\_", escaped)
    escaped = _LINK_STARTS.sub(lambda start: start.group()[:-1] + "\\" + start.group()[-1], escaped)
    return _BLOCK_START.sub(lambda start: start.group()[:-1] + "\\" + start.group()[-1], escaped)


def code(text: str, longest: int = LONGEST) -> str:
    """Write untrusted text as code: between more backticks than it holds."""
    words = clipped(text, longest)
    fence = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    padding = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{padding}{words}{padding}{fence}" if words else ""


def web_address(url: str) -> str:
    """An address that may stand in a report: http or https, and nothing in it that could end a link; else empty."""
    return url if _ADDRESS.fullmatch(url) else ""
