"""Lines of key=value pairs, as Go services write them, taken apart."""

import re

# Source: brandur.org/logfmt (2013), and how Go's slog, logrus and go-kit quote.
_PAIR = re.compile(r"([A-Za-z_@][\w.@/-]{0,100})=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s\"'=]\S*|)(?:\s+|$)")
_ESCAPED = re.compile(r"\\(.)")
_FEWEST, _MOST = 2, 200


def pairs_of(line: str) -> dict[str, str]:
    """Read the pairs of a line that is made of nothing else; empty where it has other words, or fewer than two."""
    found: dict[str, str] = {}
    at, text = 0, line.strip()
    while at < len(text) and len(found) < _MOST:
        match = _PAIR.match(text, at)
        if match is None:
            return {}
        found.setdefault(match[1], _plain(match[2]))
        at = match.end()
    return found if len(found) >= _FEWEST else {}


def _plain(value: str) -> str:
    if value[:1] == '"':
        return _ESCAPED.sub(lambda escaped: {"n": "\n", "t": "\t"}.get(escaped[1], escaped[1]), value[1:-1])
    return value[1:-1] if value[:1] == "'" else value
