"""Turns a cart into an order: reserve, price, charge, clear."""

import uuid

from ..lib import flags
from ..lib.service import Service
from ..lib.wire import Failure, Json, Request
from .lines import priced_lines

service = Service("checkout")
cart = service.peer("cart")
inventory = service.peer("inventory")
pricing = service.peer("pricing")
payment = service.peer("payment")


@service.post("/order")
async def order(asked: Request) -> Json:
    """Place an order for all that is in the visitor's cart."""
    visitor = asked.body["visitor"]
    chosen = await cart.get("/cart", visitor=visitor)
    if not chosen["items"]:
        raise Failure(409, f"the cart of {visitor} is empty")
    number = uuid.uuid4().hex[:12]
    reserved = await inventory.post("/reserve", order=number, items=chosen["items"])
    quote = await pricing.post("/quote", items=priced_lines(chosen["items"], reserved["prices"]), visitor=visitor)
    charged = await payment.post("/charge", order=number, card=asked.body.get("card", ""), quote=quote)
    await cart.post("/clear", visitor=visitor)
    service.log.info("order %s placed: %d lines, receipt %s", number, len(chosen["items"]), charged["receipt"])
    note = {"note": "Thank you!"} if flags.is_on("thank-you-note") else {}
    return {**note, "order": number, "total": quote["total"], "receipt": charged["receipt"]}
