"""Secrets that are known by what carries them: headers, cookies, addresses."""

import re
from collections.abc import Iterator

from rootline.redaction.literals import is_harmless, is_random
from rootline.redaction.span import Span, places

_SCHEMES = ("bearer ", "basic ", "digest ", "apikey ", "negotiate ")
_CREDENTIAL = re.compile(r"[A-Za-z0-9._~+/=-]{8,16384}")
_HEADER = re.compile(
    r"(?:\\{0,3}[\"'])?[ \t]{0,4}[:=][ \t]{0,4}\\{0,3}[\"']?(?:[A-Za-z-]{2,20}[ \t]{1,4})?"
    r"(?P<value>[^\s\"'\\,;]{4,16384})"
)
_COOKIES = re.compile(r"(?:\\{0,3}[\"'])?[ \t]{0,4}[:=][ \t]{0,4}\\{0,3}[\"']?(?P<pairs>[^\n\"\\]{1,8192})")
_COOKIE = re.compile(r"(?P<name>[\w.%$!*+^`|~-]{1,120})=(?P<value>[^;,\s\"']{1,4096})")
_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "version"}
)
_LEAST_COOKIE = 6
_USERINFO = re.compile(r"[^\s/@:\"'<>?#]{0,200}:(?P<secret>[^\s\"'<>/]{1,1000})@")
_SLASHED = re.compile(r"[^\s/@:\"'<>?#]{0,200}:(?!\d{1,5}(?:[/?#\s\"']|\Z))(?P<secret>[^\s\"'<>]{1,300}?)@")
_ALONE = re.compile(r"(?P<secret>[^\s/@:\"'<>?#]{16,400})@")
_NET = re.compile(r":(?P<secret>[^\s:@/\"']{1,200})")
_LONGEST_NET = 200


def carried(text: str, low: str) -> Iterator[Span]:
    """Yield every secret in a header, a cookie or an address; `low` is the text in lower case."""
    for scheme in _SCHEMES:
        if scheme in low:
            yield from _after_scheme(text, low, scheme)
    if "authorization" in low or "x-api" in low:
        yield from _in_header(text, low)
    if "cookie" in low:
        yield from _in_cookies(text, low)
    for at in places(text, "://"):
        yield from _in_address(text, at + 3)
    for at in places(text, "@tcp("):
        found = _NET.fullmatch(text, max(0, text.rfind(":", max(0, at - _LONGEST_NET), at)), at)
        if found and not is_harmless(found.group("secret")):
            yield found.span("secret")


def _after_scheme(text: str, low: str, scheme: str) -> Iterator[Span]:
    for at in places(low, scheme):
        found = _CREDENTIAL.match(text, at + len(scheme))
        if found and not is_harmless(found.group()) and _is_mixed(found.group()):
            yield found.span()


def _is_mixed(value: str) -> bool:
    """Whether it is no plain word of a sentence."""
    return any(char.isdigit() for char in value) or not (value.islower() or value.istitle() or value.isupper())


def _in_header(text: str, low: str) -> Iterator[Span]:
    for name in ("authorization", "x-api-key", "x-api-token", "x-auth-token"):
        end = 0
        for at in places(low, name):
            found = _HEADER.match(text, at + len(name)) if at >= end else None
            end = found.end() if found else end
            if found and not is_harmless(found.group("value")) and _is_mixed(found.group("value")):
                yield found.span("value")


def _in_cookies(text: str, low: str) -> Iterator[Span]:
    end = 0
    for at in places(low, "cookie"):
        line = _COOKIES.match(text, at + len("cookie")) if at >= end else None
        if line is None:
            continue
        end = line.end()
        for pair in _COOKIE.finditer(text, line.start("pairs"), end):
            is_long = len(pair.group("value")) >= _LEAST_COOKIE
            if is_long and pair.group("name").lower() not in _ATTRIBUTES and not is_harmless(pair.group("value")):
                yield pair.span("value")


def _in_address(text: str, at: int) -> Iterator[Span]:
    found = _USERINFO.match(text, at) or _SLASHED.match(text, at)
    if found:
        if not is_harmless(found.group("secret")):
            yield found.span("secret")
        return
    alone = _ALONE.match(text, at)
    if alone and is_random(alone.group("secret")):
        yield alone.span("secret")
