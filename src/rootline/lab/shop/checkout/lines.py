"""Lines of an order."""

from ..lib.wire import Json


def priced_lines(items: list[Json], prices: dict[str, int]) -> list[Json]:
    """Put the price beside each line, in cents."""
    return [
        {"product": line["product"], "quantity": line["quantity"], "price": prices[line["product"]]} for line in items
    ]
