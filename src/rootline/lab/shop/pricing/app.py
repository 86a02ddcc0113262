"""What it costs: discounts, tax, and a signed quote that payment can trust."""

from ..lib import clock
from ..lib.service import Service
from ..lib.wire import Json, Request
from .rates import Rates
from .rules import line_total
from .signing import signature

service = Service("pricing")
rates = Rates(service.peer("store"), kept_s=service.settings.own["rates_kept_s"])


@service.post("/quote")
async def quote(asked: Request) -> Json:
    """Price the lines of an order."""
    rate = await rates.current()
    lines = [line_total(line, discount=rate["discount"], tax=rate["tax"]) for line in asked.body["items"]]
    total = sum(line["cents"] for line in lines)
    issued_at = clock.now()
    return {
        "lines": lines,
        "total": total,
        "issued_at": issued_at,
        "signature": signature(asked.body.get("visitor", ""), total, issued_at),
    }
