"""How a product is shown."""

import asyncio

from ..lib.wire import Json

_TEMPLATE_S = 0.002


async def rendered(product: Json) -> Json:
    """Return a product as the pages show it."""
    await asyncio.sleep(_TEMPLATE_S)  # the template engine runs beside us
    title = str(product["name"]).strip()
    return {"id": product["id"], "name": title, "price": product["price"], "image": image_of(product["id"])}


def image_of(product: str) -> str:
    """Return where a product's picture lies."""
    return f"/images/{product}.webp"
