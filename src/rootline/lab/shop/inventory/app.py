"""What is in stock, and for whom it is reserved."""

from ..lib.service import Service
from ..lib.wire import Failure, Json, Request
from .counting import enough, taken

service = Service("inventory")
store = service.peer("store")


@service.get("/stock")
async def stock(asked: Request) -> Json:
    """Return how many of a product there are."""
    row = await store.post("/get", table="stock", key=asked.query["id"])
    return {"id": asked.query["id"], "count": row["row"]["count"]}


@service.post("/reserve")
async def reserve(asked: Request) -> Json:
    """Reserve everything that is ordered, or nothing; returns the price of each product in cents."""
    prices: dict[str, int] = {}
    for line in asked.body["items"]:
        row = await store.post("/get", table="stock", key=line["product"])
        if not enough(row["row"], int(line["quantity"])):
            raise Failure(409, f"{line['product']} is sold out")
        await store.post("/put", table="stock", key=line["product"], row=taken(row["row"], int(line["quantity"])))
        prices[line["product"]] = int(row["row"]["price"])
    return {"order": asked.body["order"], "prices": prices}
