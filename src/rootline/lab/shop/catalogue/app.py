"""What is for sale. Products are kept in the cache, so that the store is asked once in a while only."""

from ..lib import flags
from ..lib.service import Service
from ..lib.wire import Failure, Json, Request
from .rendering import rendered
from .shelf import PER_PAGE, Shelf

service = Service("catalogue")
shelf = Shelf(
    service.peer("cache"), service.peer("store"), ttl_s=service.settings.own["product_ttl_s"], log=service.log
)


@service.get("/page")
async def page(asked: Request) -> Json:
    """Return the products of one page."""
    number = int(asked.query["number"])
    first = (number - 1) * PER_PAGE + 1
    found = await shelf.products([f"p{place}" for place in range(first, first + PER_PAGE)])
    products = [await rendered(one) for one in found]
    if flags.is_on("related-products"):
        products = [{**one, "related": await shelf.related(one["id"])} for one in products]
    return {"products": products}


@service.get("/product")
async def product(asked: Request) -> Json:
    """Return one product."""
    wanted = asked.query.get("id", "")
    found = await shelf.products([wanted])
    if not found:
        raise Failure(404, f"there is no product {wanted!r}")
    return await rendered(found[0])
