"""What people deploy on every other day: nothing of it harms anybody.

The cache is left alone, since a new one knows nothing yet and the store would feel it.
"""

from rootline.lab.edits import Work, work

INNOCENT: tuple[Work, ...] = (
    work("gateway", "Name the page size", ("app.py", "PAGES = 9\n", "LAST_PAGE = 9\nPAGES = LAST_PAGE\n")),
    work("gateway", "Give the catalogue a little more time", ("settings.toml", "timeout_s = 2.5", "timeout_s = 3.0")),
    work(
        "gateway",
        "Say what an order page holds",
        ("app.py", "Order what is in the cart.", "Order all that is in the cart, and say what it costs."),
    ),
    work("gateway", "Queue a few more requests", ("settings.toml", "queue = 96", "queue = 112")),
    work("catalogue", "Smaller pictures", ("rendering.py", ".webp", "-480.webp")),
    work("catalogue", "Keep products a bit longer", ("settings.toml", "product_ttl_s = 20", "product_ttl_s = 25")),
    work(
        "catalogue",
        "Tidy up names",
        ("rendering.py", 'str(product["name"]).strip()', '" ".join(str(product["name"]).split())'),
    ),
    work(
        "catalogue",
        "Better words when a product is gone",
        ("app.py", "there is no product {wanted!r}", "we do not sell {wanted!r}"),
    ),
    work("cart", "Larger carts for companies", ("settings.toml", "most_of_one = 20", "most_of_one = 25")),
    work("cart", "Keep carts for two weeks", ("contents.py", "KEPT_S = 7 * 24 * 3600", "KEPT_S = 14 * 24 * 3600")),
    work(
        "cart",
        "Tell how many pieces there are",
        (
            "app.py",
            '"items": len(items)}',
            '"items": len(items), "pieces": sum(int(line["quantity"]) for line in items)}',
        ),
    ),
    work(
        "cart",
        "Log what is added",
        (
            "app.py",
            '    return {"visitor": visitor, "items": len(items)',
            '    service.log.debug("%s of %s for %s", quantity, product, visitor)\n    return {"visitor": visitor, "items": len(items)',
        ),
    ),
    work("checkout", "Shorter order numbers", ("app.py", "uuid.uuid4().hex[:12]", "uuid.uuid4().hex[:10]")),
    work("checkout", "Give payment a little more time", ("settings.toml", "timeout_s = 2.0", "timeout_s = 2.5")),
    work(
        "checkout",
        "Return the lines of an order",
        ("app.py", '"receipt": charged["receipt"]}', '"receipt": charged["receipt"], "lines": len(quote["lines"])}'),
    ),
    work(
        "checkout",
        "Say which visitor ordered",
        (
            "app.py",
            '"order %s placed: %d lines, receipt %s", number,',
            '"order %s of %s placed: %d lines, receipt %s", number, visitor,',
        ),
    ),
    work(
        "payment", "Wait longer before a quote expires", ("settings.toml", "quote_valid_s = 30", "quote_valid_s = 45")
    ),
    work(
        "payment",
        "Log the amount",
        (
            "app.py",
            '"order %s charged, receipt %s", order,',
            '"order %s charged %d cents, receipt %s", order, quote["total"],',
        ),
    ),
    work("payment", "Allow clocks to differ a bit more", ("quotes.py", "AHEAD_S = 2.0", "AHEAD_S = 3.0")),
    work(
        "payment",
        "Remember the currency",
        ("app.py", '"cents": quote["total"]})', '"cents": quote["total"], "currency": CURRENCY})'),
    ),
    work("inventory", "Refill a little earlier", ("counting.py", "REFILL_BELOW = 100\n", "REFILL_BELOW = 250\n")),
    work("inventory", "Say how many are left", ("app.py", "is sold out", "is sold out for now")),
    work("inventory", "Room for one more connection", ("settings.toml", "connections = 6", "connections = 7")),
    work(
        "inventory",
        "Read counts as whole numbers",
        ("app.py", '"count": row["row"]["count"]}', '"count": int(row["row"]["count"])}'),
    ),
    work("pricing", "Discount from six pieces on", ("rules.py", "BULK = 5", "BULK = 6")),
    work("pricing", "Read rates less often", ("settings.toml", "rates_kept_s = 20", "rates_kept_s = 30")),
    work("pricing", "Sign with the shop's new name", ("signing.py", 'b"shop-quote"', 'b"our-shop-quote"')),
    work(
        "pricing",
        "Return the number of lines",
        ("app.py", '        "total": total,\n', '        "total": total,\n        "count": len(lines),\n'),
    ),
    work(
        "store", "Start the journal anew a little later", ("journal.py", "KEPT_BYTES = 2**20", "KEPT_BYTES = 3 * 2**19")
    ),
    work(
        "store",
        "Better words for an unknown row",
        ("app.py", "has no {asked.body['key']!r}", "has no row {asked.body['key']!r}"),
    ),
)
