"""What a token costs, where the vendor's list price is known for certain; otherwise the price is None.

Source: https://platform.claude.com/docs/en/about-claude/pricing, standard tier, as of November 2026. Only prices that
were read there are listed: an unknown price is reported as unknown, never guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MILLION = 1_000_000
SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8})$")


@dataclass(frozen=True, kw_only=True)
class Price:
    """US dollars for a million tokens. `cached` is read from, `kept` is written to the provider's prompt cache."""

    read: float
    written: float
    cached: float
    kept: float


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Tokens of one turn. `read` counts all of the prompt; `cached` and `kept` are parts of it."""

    read: int = 0
    written: int = 0
    cached: int = 0
    kept: int = 0


def _claude(read: float, written: float) -> Price:
    return Price(read=read, written=written, cached=read / 10, kept=read * 1.25)


PRICES: Mapping[str, Price] = {
    "claude-opus-4-5": _claude(5.0, 25.0),
    "claude-opus-4-6": _claude(5.0, 25.0),
    "claude-opus-4-7": _claude(5.0, 25.0),
    "claude-opus-4-8": _claude(5.0, 25.0),
    "claude-opus-5": _claude(5.0, 25.0),
}


def price_of(model: str) -> Price | None:
    """Look a model up, a dated snapshot under its model's name; None where the price is unknown."""
    return PRICES.get(model) or PRICES.get(SNAPSHOT.sub("", model))


def cost_usd(tokens: Tokens, price: Price | None) -> float:
    """Price one turn in US dollars; 0.0 where the price is unknown."""
    if price is None:
        return 0.0
    fresh = max(0, tokens.read - tokens.cached - tokens.kept)
    dollars = fresh * price.read + tokens.cached * price.cached + tokens.kept * price.kept
    return (dollars + tokens.written * price.written) / MILLION
