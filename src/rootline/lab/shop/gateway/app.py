"""What visitors talk to: pages made of what the other services know."""

import asyncio

from ..lib import flags
from ..lib.service import Service
from ..lib.wire import Failure, Json, Request

service = Service("gateway")
catalogue = service.peer("catalogue")
pricing = service.peer("pricing")
cart = service.peer("cart")
checkout = service.peer("checkout")

PAGES = 9


@service.get("/products")
async def products(asked: Request) -> Json:
    """Show one page of products with their prices."""
    page = int(asked.query.get("page", "1"))
    if not 1 <= page <= PAGES:
        raise Failure(404, f"there is no page {page}")
    found = await catalogue.get("/page", number=page)
    priced = await pricing.post("/quote", items=_one_of_each(found["products"]), visitor="")
    shown = {"page": page, "products": found["products"], "prices": priced["lines"]}
    return {**shown, "pages": PAGES} if flags.is_on("page-count") else shown


@service.get("/product")
async def product(asked: Request) -> Json:
    """Show one product."""
    found = await catalogue.get("/product", id=asked.query.get("id", ""))
    priced = await pricing.post("/quote", items=_one_of_each([found]), visitor="")
    return {"product": found, "price": priced["lines"][0]}


@service.get("/cart")
async def show_cart(asked: Request) -> Json:
    """Show what a visitor has chosen."""
    return await cart.get("/cart", visitor=asked.query.get("visitor", ""))


@service.post("/cart")
async def add_to_cart(asked: Request) -> Json:
    """Put a product into the cart."""
    visitor, wanted = asked.body.get("visitor", ""), asked.body.get("product", "")
    found, _ = await asyncio.gather(
        catalogue.get("/product", id=wanted),
        cart.post("/add", visitor=visitor, product=wanted, quantity=asked.body.get("quantity", 1)),
    )
    return {"added": found["id"]}


@service.post("/orders")
async def order(asked: Request) -> Json:
    """Order what is in the cart."""
    placed = await checkout.post("/order", visitor=asked.body.get("visitor", ""), card=asked.body.get("card", ""))
    return {"order": placed["order"], "total": placed["total"]}


def _one_of_each(found: list[Json]) -> list[Json]:
    return [{"product": one["id"], "price": one["price"], "quantity": 1} for one in found]
