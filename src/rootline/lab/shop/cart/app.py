"""What visitors have chosen."""

from ..lib import flags
from ..lib.service import Service
from ..lib.wire import Failure, Json, Request
from .contents import merged, without_old

service = Service("cart")
store = service.peer("store")
MOST_OF_ONE = int(service.settings.own["most_of_one"])


@service.get("/cart")
async def show(asked: Request) -> Json:
    """Return a visitor's cart; an unknown visitor has an empty one."""
    visitor = asked.query["visitor"]
    row = await store.post("/get", table="carts", key=visitor, default={"items": []})
    items = without_old(row["row"]["items"])
    count = {"lines": len(items)} if flags.is_on("count-of-lines") else {}
    return {**count, "visitor": visitor, "items": items}


@service.post("/add")
async def add(asked: Request) -> Json:
    """Put something into a visitor's cart."""
    visitor, product = asked.body["visitor"], asked.body["product"]
    quantity = int(asked.body.get("quantity", 1))
    if not 1 <= quantity <= MOST_OF_ONE:
        raise Failure(400, f"{quantity} of one product cannot be ordered")
    row = await store.post("/get", table="carts", key=visitor, default={"items": []})
    items = merged(row["row"]["items"], product, quantity)
    await store.post("/put", table="carts", key=visitor, row={"items": items})
    return {"visitor": visitor, "items": len(items)}


@service.post("/clear")
async def clear(asked: Request) -> Json:
    """Empty a visitor's cart."""
    await store.post("/put", table="carts", key=asked.body["visitor"], row={"items": []})
    return {"cleared": True}
