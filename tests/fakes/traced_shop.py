"""Spans of a made-up chain of services, web → checkout → stock and mail, in which something changes at noon."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from rootline.domain.signal import Span
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = Window(start=NOON - timedelta(minutes=40), end=NOON + timedelta(minutes=20))
OWN_S = {"web": 0.02, "checkout": 0.05, "stock": 0.03, "mail": 0.04}
Trouble = Literal["none", "slow", "fails", "slower and slower", "slow for a while"]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """So many requests a second for an hour, drawn by a seed; `slow_s` is what each call of the service takes more."""

    trouble: Trouble = "slow"
    service: str = "stock"
    rate: float = 0.5
    seed: int = 1
    slow_s: float = 0.4

    def spans(self) -> list[Span]:
        draw = np.random.default_rng(self.seed)
        starts = np.sort(draw.uniform(-2400, 1200, int(self.rate * 3600))).tolist()
        return [one for at, start in enumerate(starts) for one in self._trace(at, start, draw)]

    def _trace(self, at: int, start: float, draw: np.random.Generator) -> list[Span]:
        own = {service: float(draw.lognormal(np.log(usual), 0.3)) for service, usual in OWN_S.items()}
        own[self.service] += self._more(start)
        failed = self.service if self.trouble == "fails" and start >= 0 and draw.random() < 0.5 else ""
        inner = own["checkout"] + own["stock"] + own["mail"]
        calls = (
            ("a", "", "web", "GET /buy", 0.0, own["web"] + inner),
            ("b", "a", "checkout", "POST /checkout", 0.01, inner),
            ("c", "b", "stock", "reserve", 0.02, own["stock"]),
            ("d", "b", "mail", "send", 0.02 + own["stock"], own["mail"]),
        )
        return [
            Span(
                trace_id=f"{at:032x}",
                span_id=f"{at:015x}{name}",
                parent_id=f"{at:015x}{above}" if above else None,
                service=service,
                operation=operation,
                start=NOON + timedelta(seconds=start + offset),
                duration_s=duration,
                status="error" if service == failed else "ok",
                error="no stock left" if service == failed else "",
                attributes={"span.kind": "server"},
            )
            for name, above, service, operation, offset, duration in calls
        ]

    def _more(self, start: float) -> float:
        until = {"slow": 1e9, "slow for a while": 300.0}.get(self.trouble, 0.0)
        if self.trouble == "slower and slower":
            return max(start, 0.0) / 300 * self.slow_s
        return self.slow_s if 0 <= start < until else 0.0
