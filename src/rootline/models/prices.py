"""What a token costs, where the vendor's list price is known for certain; otherwise the price is None.

Source: https://platform.claude.com/docs/en/about-claude/pricing and https://developers.openai.com/api/docs/pricing,
standard tier, as of November 2026. Newer and tiered models are left out on purpose: an unknown price is reported as
unknown, never guessed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from pydantic import dataclasses as checked

from rootline.errors import Misconfigured

MILLION = 1_000_000
SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8})$")


@checked.dataclass(frozen=True, kw_only=True, config={"extra": "forbid", "allow_inf_nan": False})
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


def _gpt(read: float, written: float, cached: float) -> Price:
    return Price(read=read, written=written, cached=cached, kept=read)


PRICES: Mapping[str, Price] = {
    "claude-haiku-4-5": _claude(1.0, 5.0),
    "claude-sonnet-4-5": _claude(3.0, 15.0),
    "claude-sonnet-4-6": _claude(3.0, 15.0),
    "claude-opus-4-5": _claude(5.0, 25.0),
    "claude-opus-4-6": _claude(5.0, 25.0),
    "claude-opus-4-7": _claude(5.0, 25.0),
    "claude-opus-4-8": _claude(5.0, 25.0),
    "claude-opus-5": _claude(5.0, 25.0),
    "gpt-4.1": _gpt(2.0, 8.0, 0.5),
    "gpt-4.1-mini": _gpt(0.4, 1.6, 0.1),
    "gpt-5": _gpt(1.25, 10.0, 0.125),
    "gpt-5-mini": _gpt(0.25, 2.0, 0.025),
}


def price_of(model: str, prices: Mapping[str, Price] = PRICES) -> Price | None:
    """Look a model up, a dated snapshot under its model's name; None where the price is unknown."""
    return prices.get(model) or prices.get(SNAPSHOT.sub("", model))


def cost_usd(tokens: Tokens, price: Price | None) -> float:
    """Price one turn in US dollars; 0.0 where the price is unknown."""
    if price is None:
        return 0.0
    fresh = max(0, tokens.read - tokens.cached - tokens.kept)
    dollars = fresh * price.read + tokens.cached * price.cached + tokens.kept * price.kept
    return (dollars + tokens.written * price.written) / MILLION


def read_prices(text: str) -> Mapping[str, Price]:
    """Read a price list of one's own, `{"model": {"read": …, "written": …, "cached": …, "kept": …}}`, over ours.

    Raises:
        Misconfigured: The text is no such JSON.

    """
    try:
        return {**PRICES, **TypeAdapter(dict[str, Price]).validate_python(json.loads(text))}
    except (ValidationError, ValueError, RecursionError) as error:
        raise Misconfigured(
            'The price list cannot be read. Write {"model": {"read": 1.0, "written": 5.0, "cached": 0.1, "kept": 1.0}},'
            " in US dollars for a million tokens."
        ) from error
