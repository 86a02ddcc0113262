"""How a line is priced."""

from ..lib.wire import Json

BULK = 5


def line_total(line: Json, *, discount: float, tax: float) -> Json:
    """Return what a line costs in whole cents, with the discount for many of one product and with tax."""
    quantity, price = int(line["quantity"]), int(line["price"])
    net = price * quantity
    if quantity >= BULK:
        net = round(net * (1 - discount))
    return {"product": line["product"], "cents": round(net * (1 + tax))}
