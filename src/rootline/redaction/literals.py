"""Whether an assigned value is a literal that holds a secret, or a name, a type, a template or an expression."""

import math
import re
from collections import Counter

from rootline.redaction.span import PLACEHOLDER

_HARMLESS = re.compile(
    r"(?:true|false|null|none|nil|undefined|void|empty|yes|no|on|off|required|optional|missing|invalid|expired|unset"
    r"|redacted|masked|hidden|\[?redacted\]?|\*+|x{3,}|\.{2,}|-+|\d{1,3}|n/?a"
    r"|<[^<>]{0,100}>|\$\{[^{}]{0,200}\}|\$\([^()]{0,200}\)|\$\$?(?:::)?[A-Za-z_]\w{0,80}(?:(?:::|->|\.)[A-Za-z_]\w{0,80}){0,12}|~|undef|%\{[^{}]{0,200}\}|\{\{.{0,200}\}\}|\{\w{0,60}\}"
    r"|%[a-z]|%\(\w{1,60}\)s|%\w{1,60}%|\?|:\w{1,60}|@\w{1,60})",
    re.IGNORECASE | re.DOTALL,
)
_TYPES = frozenset(
    str.split(
        "str string String bytes byte int integer number bool boolean any object Any None char text varchar uuid "
        "bigint Optional SecretStr unknown never void []byte String? string? &str Vec Option"
    )
)
_COMMON = frozenset(
    str.split(
        "value values data result input arg args self this ctx req request res response new old raw s t k v p x tok pw "
        "pwd auth body header headers buf str text opts options config cfg env params user payload next prev current"
    )
)
_PATH = re.compile(r"(?:/[A-Za-z_.][A-Za-z_.-]{1,40}){2,12}/?|[a-z]{2,12}:///?(?:[\w.$(){}-]{1,80}/?){1,12}")
_SECRET_WORD = re.compile(r"(?i)pass(?:word|wd|phrase)?|secret|token|key|cred|pwd|auth")
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_CHAIN = re.compile(r"[*&!]{0,2}[A-Za-z_]\w{0,80}(?:(?:\??\.|->|::)[A-Za-z_]\w{0,80}){1,12}\Z")
_HUMPS = re.compile(r"_{0,2}(?:[A-Za-z][a-z]{2,}\d{0,2}(?=[A-Z_]|\Z)|_|[A-Z]{2,5}(?=[A-Z][a-z]|_|\Z))+\Z")
_PROSE = re.compile(
    r"(?i)\b(?:password|token|secret|key|required|invalid|must|enter|your|please|the|is|not|should|cannot|with|and)\b"
)
_READ = 128
_LEAST_RANDOM, _LEAST_HEX, _LEAST_BITS = 16, 32, 3.0


def is_harmless(value: str) -> bool:
    """Whether it is a template, a mask, a flag, a path of words, a tiny number or a placeholder of ours."""
    return not value or any(one.fullmatch(value) for one in (_HARMLESS, PLACEHOLDER, _PATH))


def is_prose(value: str) -> bool:
    """Whether a quoted text is a sentence for people."""
    return value.count(" ") > 1 and _PROSE.search(value[:300]) is not None


def is_random(value: str) -> bool:
    """Whether it looks drawn by chance: long, of several kinds of characters, with at least three bits a character."""
    head = value[:_READ]
    if len(head) < _LEAST_RANDOM or len(head.split(None, 1)) > 1:
        return False
    if len(head) >= _LEAST_HEX and all(char in "0123456789abcdefABCDEF-" for char in head):
        return True
    kinds = sum(any(test(char) for char in head) for test in (str.islower, str.isupper, str.isdigit))
    return kinds > 1 and any(char.isdigit() for char in head) and not _is_made_of_words(head) and _bits(head)


def _bits(text: str) -> bool:
    """Whether the characters carry at least three bits each. Source: Shannon entropy of single characters."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts) >= _LEAST_BITS


def _is_made_of_words(text: str) -> bool:
    parts = re.split(r"[^A-Za-z0-9]", text)
    return all(_HUMPS.match(part) or part.isdigit() or len(part) <= 2 for part in parts)  # noqa: PLR2004 a letter or two


def is_name(value: str, *, in_code: bool) -> bool:
    """Whether an unquoted value reads as the name of something: always by its parts, in code by its shape too.

    A dotted chain is a name of something in code; elsewhere its parts must be words, since passwords hold dots too.
    """
    if is_random(value):
        return False
    if value in _TYPES:
        return True
    if _CHAIN.match(value):
        return in_code or _is_made_of_words(value)
    if not _NAME.match(value):
        return False
    if in_code or value in _COMMON:
        return True
    is_words = _HUMPS.match(value) is not None and not any(char.isdigit() for char in value)
    return is_words and _SECRET_WORD.search(value) is not None
