"""What clients could have written into a line is taken out before a line is believed."""

import re

from rootline.analysis.logs.findings import LogFinding

_READ = 4000
# Source: the combined log format of Apache and nginx: the request, then referrer and user agent in quotes.
_ACCESS = re.compile(r"\"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S{1,2000} HTTP/[\d.]{1,4}\"")
_THEIRS = re.compile(
    r"\"[^\"]*\"|'[^']*'"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+"
    r"|\bhttps?://\S+"
    r"|\b(?:user[-_ ]?agent|referr?er|query|q|search|prompt|comment|user_?input|body|payload|message_text)"
    r"[\"']?\s{0,2}[=:].*"
    r"|\b(?:mozilla|applewebkit|curl|okhttp|python-requests|postmanruntime|go-http-client)/.*",
    re.IGNORECASE,
)
# A phrase that a program only repeats; what stands behind a key or a colon is its own error.
_PHRASE = re.compile(r"(?<![=:])(?<![=:] )(?:\"[^\"]*\s[^\"]*\"|(?<!\w)'[^']*\s[^']*'(?!\w)|`[^`]*\s[^`]*`)")

_OURS = re.compile(r"«redacted:[^»]{1,60}»")


def is_of_users(finding: LogFinding) -> bool:
    """Whether a line repeats what a client sent: a query string, a user agent, a body, or an access log's request."""
    return finding.from_user_text or bool(finding.exemplar and _ACCESS.search(finding.exemplar.text[:_READ]))


def without_users_words(text: str) -> str:
    """Return the program's own words of such a line: no quotation, request, address, user agent or body."""
    return " ".join(_THEIRS.sub(" ", text[:_READ]).split())


def without_phrases(text: str) -> str:
    """Return a line without the phrases that it repeats in quotes: nobody can tell who wrote them."""
    return _PHRASE.sub(" ", text[:_READ])


def without_placeholders(text: str) -> str:
    """Return a text without what stands in it for a secret: those are our words, and tell nothing of what is wrong."""
    return _OURS.sub(" ", text)
