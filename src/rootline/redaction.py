"""Secrets out of text, before it is stored and before any model sees it: the same placeholder for the same secret."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

Any_ = TypeVar("Any_", bound=BaseModel)
_KEYS = (
    r"pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|client[_-]?secret"
    r"|auth(?:orization)?[_-]?key|encryption[_-]?key|credential|connection[_-]?string"
)
_RULES: tuple[tuple[str, str], ...] = (
    (
        "private_key",
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\n]{20,10000}?-----END [A-Z ]{0,30}PRIVATE KEY-----",
    ),
    ("aws_key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("github_token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b"),
    ("gitlab_token", r"\bglpat-[A-Za-z0-9_-]{20,64}\b"),
    ("slack_token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,250}\b"),
    ("provider_key", r"\b(?:sk|rk|pk)[-_](?:live|test|ant|proj|svcacct)?[-_]?[A-Za-z0-9_-]{20,250}\b"),
    ("google_key", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("jwt", r"\beyJ[A-Za-z0-9_-]{8,4000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{0,1000}"),
    ("bearer", r"(?i:\b(?:bearer|basic|token)\s+)(?P<bearer_secret>[A-Za-z0-9._~+/-]{16,4000}=*)"),
    ("url_password", r"(?<=://)[^\s:/@]{1,100}:(?P<url_secret>[^\s:/@]{1,200})(?=@)"),
    (
        "assigned",
        r"(?i:[\"']?\b[\w.-]{0,40}(?:" + _KEYS + r")[\"']?\s{0,3}(?:=|:|=>)\s{0,3})"
        r"(?P<quote>\\?[\"']?)(?P<assigned_secret>[^\s\"'\\,;&<>(){}\[\]]{6,400})",
    ),
)
_SECRETS = {"bearer": "bearer_secret", "url_password": "url_secret", "assigned": "assigned_secret"}
_PATTERN = re.compile("|".join(f"(?P<{kind}>{rule})" for kind, rule in _RULES))
_HARMLESS = re.compile(r"(?i)(?:true|false|null|none|nil|undefined|\*+|x+|<.*|\$.*|%.*|\d{1,5}|.*«redacted.*)\Z")
_HINT = re.compile(
    r"(?i)pass|pwd|secret|token|key|credential|connection|akia|asia|gh[pousr]_|github_pat|glpat|xox|sk[-_]|rk[-_]|pk[-_]|aiza|eyj|bearer|basic|://[^\s/]{1,300}@"
)


@dataclass(frozen=True)
class Redactor:
    """Replaces secrets by `«redacted:kind:mark»`; the mark is keyed, so it cannot be guessed back."""

    key: bytes

    def text(self, text: str) -> str:
        """Return the text without its secrets."""
        return _PATTERN.sub(self._replaced, text) if _HINT.search(text) else text

    def model(self, model: Any_) -> Any_:
        """Return a pydantic model with every string in it redacted; unchanged ones come back as they are."""
        fields = model.model_dump()
        clean = self._walked(fields)
        return model if clean == fields else type(model).model_validate(clean)

    def _walked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self._walked(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return type(value)([self._walked(inner) for inner in value])
        return value

    def _replaced(self, match: re.Match[str]) -> str:
        kind = match.lastgroup if match.lastgroup in dict(_RULES) else _kind(match)
        group = _SECRETS.get(kind, kind)
        secret = match.group(group)
        if kind in _SECRETS and _HARMLESS.match(secret):
            return match.group(0)
        mark = hmac.new(self.key, secret.encode(), hashlib.sha256).hexdigest()[:8]
        before, after = (
            match.group(0)[: match.start(group) - match.start()],
            match.group(0)[match.end(group) - match.start() :],
        )
        return f"{before}«redacted:{kind}:{mark}»{after}"


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind, _ in _RULES if match.group(kind) is not None)
