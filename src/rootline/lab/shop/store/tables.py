"""Tables of rows. What is for sale, its stock and the rates are there from the beginning."""

from ..lib.wire import Json

PRODUCTS = 96
MOST_ROWS = 20_000


class Tables:
    """Holds every table; the oldest rows of a table go when there are too many."""

    def __init__(self) -> None:
        ids = [f"p{place}" for place in range(1, PRODUCTS + 1)]
        self._tables: dict[str, dict[str, Json]] = {
            "products": {one: {"id": one, "name": f"Product {one[1:]}", "price": _price(one)} for one in ids},
            "stock": {one: {"count": 50_000, "price": _price(one)} for one in ids},
            "rates": {"today": {"discount": 0.05, "tax": 0.19}},
        }

    def row(self, table: str, key: str, default: Json | None) -> Json | None:
        """Return a row, or what is given for when there is none."""
        return self._tables.get(table, {}).get(key, default)

    def take_over(self, entries: list[Json]) -> None:
        """Write what a journal says."""
        for one in entries:
            self.write(one["table"], one["key"], one["row"])

    def write(self, table: str, key: str, row: Json) -> None:
        """Write a row."""
        rows = self._tables.setdefault(table, {})
        rows[key] = row
        if len(rows) > MOST_ROWS:
            del rows[next(iter(rows))]


def _price(product: str) -> int:
    return 199 + 50 * (int(product[1:]) % 37)
