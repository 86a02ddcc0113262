"""What in a line is a value and not a word of the program: one list of rules for every kind of log."""

import re
from dataclasses import dataclass

HOLE = "<*>"
_LONGEST = 2000
_TOP_LEVEL = "com|net|org|edu|gov|mil|info|biz|local|internal|localdomain|svc|lan"
_COUNTRY = "de|uk|fr|nl|cn|jp|ru|br|mx|kr|tw|hk|au|pl|cz|eu|us|vn|tr|ua|om|se|no|fi|dk|ch|es|pt|nz|za|ar|cl|sg|th"


@dataclass(frozen=True)
class Rule:
    """Replace what `pattern` finds, in lines that contain `needle`."""

    needle: str
    pattern: re.Pattern[str]
    by: str = HOLE


RULES = (
    # A date in words: the digits of any other date are masked below.
    Rule(
        ":",
        re.compile(
            r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} {1,3}\d{1,2},?(?: {1,3}\d{4})?"
            r" {1,3}\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,9})?"
            r"(?: ?(?:[AP]M|[A-Z]{3,4}|[+-]\d{4})){0,3}(?: {1,3}\d{4})?\b"
        ),
    ),
    Rule(HOLE, re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? {1,3}<\*>")),
    # Addresses of things: URLs, mail addresses, paths of both worlds, packages, hosts.
    Rule("://", re.compile(r"\b[a-zA-Z][\w+.-]{1,15}://[^\s\"'<>,;)\]}]+")),
    Rule("@", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w.-]+")),
    Rule("\\", re.compile(r"\b[A-Za-z]:\\[^\s\"',;)\]]*|\\\\[^\s\"',;)\]]+")),
    Rule("/", re.compile(r"(?<![\w.<>*])(?:~|\.{1,2})?/[^\s\"'<>,;:()\[\]{}=]+")),
    Rule("/", re.compile(r"(?<![\w.+/-])(?:[\w.+-]+(?:/[\w.+-]+){2,}/?|[\w-]+(?:\.[\w-]+)+/[\w.$/-]+)")),
    Rule(".", re.compile(r"\b(?:com|org|net|io|edu|gov)(?:\.[a-z_][a-z0-9_]*){2,}(?![.\w$])")),
    Rule(":", re.compile(r"(?<![\w:])[0-9a-fA-F]{1,4}(?:::?[0-9a-fA-F]{1,4}){3,}(?![\w:])")),
    Rule(
        ".",
        re.compile(
            rf"(?<![\w.-])[a-zA-Z_][\w-]*(?:\.[\w-]+)*\.(?:{_TOP_LEVEL})(?:\.[a-z]{{2}})?(?![\w.-])"
            rf"|(?<![\w.-])[\w-]+(?:\.[\w-]+)+\.(?:{_COUNTRY})(?![\w.-])"
        ),
    ),
    # Whatever has a digit in it, with what a connector joins to it.
    Rule(
        "",
        re.compile(
            r"(?<![\w$#~])(?<![\w$#~][.@-])[+-]?[\w$#~]*(?:[.@-][\w$#~]+?)*?[.@-]?\d[\w$#~]*"
            r"(?:[.@+-][\w$#~]+|:[\w$#~]*\d[\w$#~]*)*%?"
        ),
    ),
    Rule("<", re.compile(r"< ?<\*> ?(?:ms|secs?|seconds?|s|mins?|minutes?)\b")),
    Rule("B", re.compile(r"<\*> ?(?:[KMGTP]i?)?B\b")),
    # The value of a key, when it is written as one; alone in brackets it fills them, and an empty one stays empty.
    Rule("=", re.compile(r"([(\[{][A-Za-z_][\w.-]*)=(?!=)[^()\[\]{},=]+(?=[)\]}])"), rf"\1={HOLE}"),
    Rule(
        "=",
        re.compile(
            r"\b([A-Za-z_][\w.-]*)=(?!=)(?:\"[^\"]*\"|'[^']*'"
            r"|[^\s,;()\[\]{}\"']+(?:\{[^{}]*\}|\[[^\[\]]*\]|\([^()]*\))?|\{[^{}]*\}|\[[^\[\]]*\])"
        ),
        rf"\1={HOLE}",
    ),
    Rule("", re.compile(r"([=:] {0,3})(?:true|false|null|nil|None)\b"), rf"\1{HOLE}"),
    Rule('"', re.compile(r"\"[^\"\s]*\"")),
    Rule("'", re.compile(r"(?<!\w)'[^'\s]*'")),
    Rule("()", re.compile(r"(?<= )\(\)(?= |$)"), f"({HOLE})"),
    # A list has one hole, however long it is.
    Rule(HOLE, re.compile(r"<\*>(?:[ ,:;|/.#+*@\\-]*<\*>)+")),
    Rule(HOLE, re.compile(r"(?<!\S)(<\*> \S+(?: \S+)?|\S+ (?:\S+ )?<\*>)(?: \1)+"), r"\1"),
)


def mask(text: str) -> str:
    """Replace every value in the first 2,000 characters by `<*>` and every run of blanks by one."""
    masked = " ".join(text[:_LONGEST].split())
    for rule in RULES:
        if rule.needle in masked:
            masked = rule.pattern.sub(rule.by, masked)
    return masked
