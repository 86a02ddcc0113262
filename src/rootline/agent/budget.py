"""How much an investigation may cost, and what it has cost so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from rootline.domain.session import Message, Usage


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Limits of one investigation: model turns, tokens read and written, seconds, US dollars."""

    rounds: int = 6
    tokens: int = 400_000
    seconds: float = 300.0
    cost_usd: float = 2.0

    def spent_out(self, spent: Usage, rounds: int, seconds: float) -> str:
        """Say which limit is reached; empty while none is."""
        limits = (
            (rounds >= self.rounds, f"{self.rounds} rounds"),
            (spent.read + spent.written >= self.tokens, f"{self.tokens:,} tokens"),
            (seconds >= self.seconds, f"{self.seconds:g} seconds"),
            (spent.cost_usd >= self.cost_usd, f"{self.cost_usd:g} US dollars"),
        )
        return next((name for reached, name in limits if reached), "")


def spent(messages: Sequence[Message]) -> Usage:
    """Add up what the stored turns cost."""
    total = Usage()
    for message in messages:
        total += message.usage
    return total
