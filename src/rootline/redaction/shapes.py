"""Secrets that are known by their own shape, whatever stands around them."""

import re
from collections.abc import Iterator

from rootline.redaction.span import Span, places

# Source: the vendors' own documentation of their token formats; the lower bounds keep ordinary words out.
_SHAPES: tuple[tuple[str, str, str], ...] = (
    *(("aws_key", head, r"[A-Z0-9]{16}(?![A-Za-z0-9])") for head in ("AKIA", "ASIA", "ABIA", "ACCA")),
    *(("github_token", f"gh{one}_", r"[A-Za-z0-9]{20,255}") for one in "pousr"),
    ("github_token", "github_pat_", r"[A-Za-z0-9_]{20,255}"),
    *(("gitlab_token", head, r"[A-Za-z0-9_.-]{16,300}") for head in ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-")),
    *(("slack_token", f"xox{one}-", r"[A-Za-z0-9-]{10,250}") for one in "abeoprs"),
    ("slack_token", "xapp-", r"[A-Za-z0-9-]{10,250}"),
    ("slack_webhook", "hooks.slack.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,200}"),
    ("provider_key", "sk-", r"(?=[A-Za-z0-9_-]{0,200}[0-9A-Z])[A-Za-z0-9_-]{20,250}"),
    *(
        ("provider_key", f"{head}_{kind}_", r"[A-Za-z0-9_]{10,250}")
        for head in ("sk", "rk")
        for kind in ("live", "test")
    ),
    ("provider_key", "whsec_", r"[A-Za-z0-9+/=]{16,100}"),
    ("google_key", "AIza", r"[A-Za-z0-9_-]{35}"),
    ("google_key", "ya29.", r"[A-Za-z0-9_-]{20,1000}"),
    ("google_key", "GOCSPX-", r"[A-Za-z0-9_-]{20,60}"),
    ("sendgrid_key", "SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{30,64}"),
    ("registry_token", "npm_", r"[A-Za-z0-9]{36}"),
    ("registry_token", "pypi-", r"AgE[A-Za-z0-9_-]{50,1000}"),
    ("registry_token", "dckr_pat_", r"[A-Za-z0-9_-]{20,64}"),
    ("registry_token", "rubygems_", r"[a-f0-9]{48}"),
    *(("vault_token", head, r"[A-Za-z0-9_-]{20,300}") for head in ("hvs.", "hvb.", "hvr.")),
    *(("cloud_token", f"do{one}_v1_", r"[a-f0-9]{64}") for one in "por"),
    *(("shop_token", f"shp{one}_", r"[A-Fa-f0-9]{32}") for one in ("at", "ca", "pa", "ss")),
    *(("payment_token", head, r"[A-Za-z0-9_-]{20,80}") for head in ("sq0atp-", "sq0csp-", "access_token$production$")),
    *(("grafana_token", head, r"[A-Za-z0-9_+/=]{30,300}") for head in ("glsa_", "glc_")),
    ("monitoring_key", "NRAK-", r"[A-Z0-9]{27}"),
    ("monitoring_key", "sntrys_", r"[A-Za-z0-9+/=_-]{30,400}"),
    ("databricks_token", "dapi", r"[a-f0-9]{32}"),
    ("model_token", "hf_", r"[A-Za-z0-9]{30,50}"),
    ("model_token", "r8_", r"[A-Za-z0-9]{37}"),
    ("atlassian_token", "ATATT3", r"[A-Za-z0-9_=-]{30,400}"),
    ("linear_key", "lin_api_", r"[A-Za-z0-9]{32,64}"),
    ("postman_key", "PMAK-", r"[a-f0-9]{24}-[a-f0-9]{34}"),
    ("supabase_key", "sbp_", r"[a-f0-9]{40}"),
    ("mail_key", "xkeysib-", r"[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    ("age_key", "AGE-SECRET-KEY-1", r"[A-Z0-9]{50,70}"),
    ("alibaba_key", "LTAI", r"[A-Za-z0-9]{16,24}(?![A-Za-z0-9])"),
    *(("password_hash", head, r"\d{2}\$[./A-Za-z0-9]{53}") for head in ("$2a$", "$2b$", "$2y$")),
    ("password_hash", "$argon2", r"(?:id|i|d)\$[A-Za-z0-9$=,+/]{20,300}"),
)
_LEAST_ALIKE = 3


def _by_beginning() -> tuple[tuple[str, tuple[tuple[str, re.Pattern[str]], ...]], ...]:
    """Put heads together that begin alike, so that an ordinary text is asked once for all of them."""
    of: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for _, head, rest in _SHAPES:
        is_shared = sum(one.startswith(head[:2]) for _, one, _ in _SHAPES) >= _LEAST_ALIKE
        of.setdefault(head[:2] if is_shared else head, []).append((head, re.compile(rest)))
    return tuple((beginning, tuple(heads)) for beginning, heads in of.items())


_ANCHORED = _by_beginning()
_HEADS = tuple(head for _, head, _ in _SHAPES)
_WHOLE = tuple((kind, re.compile(re.escape(head) + rest)) for kind, head, rest in _SHAPES)
# Source: RFC 7519 and RFC 7516: three or five base64url segments, the first of which begins with {" in base64; the
# second of five is empty where the key is agreed on and not sent.
_SEGMENT = re.compile(r"[A-Za-z0-9_-]*")
_JWT_REST = re.compile(r"\.(?:[A-Za-z0-9_-]{6,16000}|(?=\.[A-Za-z0-9_-]{6}))(?:\.[A-Za-z0-9_-]{0,8000}){0,3}")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}" + _JWT_REST.pattern)
_LEAST_SEGMENT = 9
_KEY_BEGINS, _TOKEN_BEGINS = "-----BEGIN ", "eyJ"
_KEY_HEAD = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"(?:[A-Za-z0-9+/=\s:,]|\\[nrt\\]|-(?!----))*")
_KEY_TAIL = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")


def shaped(text: str) -> Iterator[Span]:
    """Yield every secret that its own shape gives away."""
    if _KEY_BEGINS in text:
        yield from _private_keys(text)
    if _TOKEN_BEGINS in text:
        yield from _tokens(text)
    for beginning, heads in _ANCHORED:
        if beginning in text:
            for head, rest in heads:
                if head in text:
                    yield from _anchored(text, head, rest)


def _anchored(text: str, head: str, rest: re.Pattern[str]) -> Iterator[Span]:
    end = 0
    for at in places(text, head):
        if at < end or (at and head[0].isalnum() and (text[at - 1].isalnum() or text[at - 1] in "_»")):
            continue
        found = rest.match(text, at + len(head))
        if found:
            end = found.end()
            yield at, end


def kind_of(secret: str) -> str:
    """Name the kind by the secret's own shape, so that the same secret has the same name everywhere."""
    if "PRIVATE KEY" in secret[:100]:
        return "private_key"
    if secret.startswith("eyJ") and _JWT.fullmatch(secret):
        return "jwt"
    if not secret.startswith(_HEADS):
        return "secret"
    return next((kind for kind, whole in _WHOLE if whole.fullmatch(secret)), "secret")


def _tokens(text: str) -> Iterator[Span]:
    """A run of base64url is read once, however many beginnings stand inside it."""
    end = 0
    for at in places(text, _TOKEN_BEGINS):
        if at < end:
            continue
        segment = _SEGMENT.match(text, at)
        end = segment.end() if segment else at
        rest = _JWT_REST.match(text, end) if end - at >= _LEAST_SEGMENT else None
        if rest:
            end = rest.end()
            yield at, end


def _private_keys(text: str) -> Iterator[Span]:
    """A key reaches to its last line, or as far as what could be its body where that is missing."""
    end = 0
    for at in places(text, _KEY_BEGINS):
        head = _KEY_HEAD.match(text, at) if at >= end else None
        if head:
            body = _KEY_BODY.match(text, head.end())
            stop = body.end() if body else head.end()
            tail = _KEY_TAIL.match(text, stop)
            end = tail.end() if tail else stop
            yield at, end
