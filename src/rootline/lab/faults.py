"""The faults that `rootline lab break` knows. A bad commit's message says what people would say of it."""

from rootline.lab.edits import Work, work
from rootline.lab.fault import Event, Fault, Variant
from rootline.lab.flags import HARMFUL

_GET_CART = '    row = await store.post("/get", table="carts", key=visitor, default={"items": []})\n    items = merged'
_LEAKY_CART = (
    "    connection = await store.pool.acquire()\n"
    '    asked_for = {"table": "carts", "key": visitor, "default": {"items": []}}\n'
    '    _, row = await connection.ask("POST", "/get", asked_for, {})\n'
    '    if not row["row"]["items"]:\n'
    '        await store.post("/put", table="carts", key=visitor, row={"items": merged([], product, quantity)})\n'
    '        return {"visitor": visitor, "items": 1}\n'
    "    store.pool.release(connection)\n"
    "    items = merged"
)
_GET_STOCK = '        row = await store.post("/get", table="stock", key=line["product"])\n        if not enough'
_LEAKY_STOCK = (
    "        connection = await store.pool.acquire()\n"
    '        _, row = await connection.ask("POST", "/get", {"table": "stock", "key": line["product"]}, {})\n'
    '        if int(row["row"]["count"]) < REFILL_BELOW:\n'
    "            store.pool.release(connection)\n"
    "        if not enough"
)
_GET_PAYMENT = (
    '    before = await store.post("/get", table="payments", key=order, default={})\n'
    '    if before["row"]:\n'
    '        return {"receipt": before["row"]["receipt"]}\n'
)
_LEAKY_PAYMENT = (
    "    connection = await store.pool.acquire()\n"
    '    _, before = await connection.ask("POST", "/get", {"table": "payments", "key": order, "default": {}}, {})\n'
    '    if before["row"]:\n'
    "        store.pool.release(connection)\n"
    '        return {"receipt": before["row"]["receipt"]}\n'
)
_RATES = '            answer = await self._store.post("/get", table="rates", key="today")\n'
_REGIONS = (
    "            for _ in range(REGIONS):\n"
    '                answer = await self._store.post("/get", table="rates", key="today")\n'
)


def _by_commit(*one: Work) -> tuple[Variant, ...]:
    return tuple(Variant(services=(made.service,), does=made) for made in one)


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="slow-dependency",
        summary="a service that others wait for takes much longer",
        variants=_by_commit(
            work(
                "pricing",
                "Rates by region",
                ("rates.py", _RATES, _REGIONS),
                ("rates.py", "\n\nclass Rates", "\n\nREGIONS = 16\n\n\nclass Rates"),
                ("rates.py", "if not self._known or clock.now() - self._read_at > self._kept_s:", "if self._kept_s:"),
            ),
            work("catalogue", "New product cards", ("rendering.py", "_TEMPLATE_S = 0.002", "_TEMPLATE_S = 0.03")),
            work(
                "inventory",
                "Have the warehouse confirm reservations",
                (
                    "app.py",
                    '    return {"order": asked.body["order"], "prices"',
                    '    await asyncio.sleep(CONFIRMED_S)\n    return {"order": asked.body["order"], "prices"',
                ),
                ("app.py", 'store = service.peer("store")\n', 'store = service.peer("store")\nCONFIRMED_S = 0.6\n'),
                (
                    "app.py",
                    "from ..lib.service import Service\n",
                    "import asyncio\n\nfrom ..lib.service import Service\n",
                ),
            ),
            work("pricing", "Stronger signatures", ("signing.py", "_ROUNDS = 2500", "_ROUNDS = 900_000")),
        ),
    ),
    Fault(
        name="error-after-deploy",
        summary="new code fails where the old one did not",
        variants=_by_commit(
            work(
                "payment",
                "Use the bank's new field",
                ("app.py", '"receipt": answer["receipt"]}', '"receipt": answer["receipt_number"]}'),
            ),
            work("catalogue", "Show titles", ("rendering.py", 'str(product["name"])', 'str(product["title"])')),
            work(
                "cart",
                "Sort lines by when they were added",
                ("contents.py", 'float(line.get("at", now))', 'float(line["added_at"])'),
            ),
            work(
                "checkout",
                "Prices by line",
                ("lines.py", 'prices[line["product"]]}', 'prices[line["product"].upper()]}'),
            ),
            work(
                "pricing",
                "Round each piece",
                ("rules.py", "net = price * quantity", 'net = round(price * quantity / len(line.get("parts", ())))'),
            ),
        ),
    ),
    Fault(
        name="connection-pool",
        summary="connections are borrowed and not given back until none is left",
        variants=_by_commit(
            work("cart", "Read the cart in one go", ("app.py", _GET_CART, _LEAKY_CART)),
            work(
                "inventory",
                "Look at the stock directly",
                ("app.py", _GET_STOCK, _LEAKY_STOCK),
                ("app.py", "import enough, taken", "import REFILL_BELOW, enough, taken"),
            ),
            work("payment", "Look for earlier receipts directly", ("app.py", _GET_PAYMENT, _LEAKY_PAYMENT)),
        ),
    ),
    Fault(
        name="memory-leak",
        summary="something is kept for ever and grows",
        variants=_by_commit(
            work(
                "pricing",
                "Remember quotes for the audit",
                ("app.py", "    total = sum(", '    seen.append(f"{asked.body}".ljust(QUOTE_BYTES))\n    total = sum('),
                ("app.py", "\n\n@service.post", "\nseen: list[str] = []\nQUOTE_BYTES = 900_000\n\n\n@service.post"),
            ),
            work(
                "catalogue",
                "Keep rendered products at hand",
                (
                    "rendering.py",
                    '    title = str(product["name"]).strip()\n',
                    '    title = str(product["name"]).strip()\n    _cards[f"{product[\'id\']}-{len(_cards)}"] = title.center(CARD_BYTES)\n',
                ),
                (
                    "rendering.py",
                    "_TEMPLATE_S = 0.002\n",
                    "_TEMPLATE_S = 0.002\nCARD_BYTES = 180_000\n_cards: dict[str, str] = {}\n",
                ),
            ),
            work(
                "cart",
                "Keep an undo history of carts",
                (
                    "app.py",
                    "    items = merged(",
                    '    history.append((visitor, b"." * SNAPSHOT_BYTES, row["row"]["items"]))\n    items = merged(',
                ),
                (
                    "app.py",
                    "MOST_OF_ONE = int",
                    "history: list[tuple[str, bytes, list[Json]]] = []\nSNAPSHOT_BYTES = 2_500_000\nMOST_OF_ONE = int",
                ),
            ),
        ),
    ),
    Fault(
        name="retry-storm",
        summary="a caller gives up early and calls again at once, many times over",
        variants=_by_commit(
            work(
                "checkout",
                "Settle payments faster",
                (
                    "settings.toml",
                    "timeout_s = 2.0\nattempts = 2\nbackoff_s = 0.1",
                    "timeout_s = 0.008\nattempts = 9\nbackoff_s = 0.0",
                ),
            ),
            work(
                "gateway",
                "Answer product pages faster",
                ("settings.toml", "timeout_s = 2.5\nattempts = 1", "timeout_s = 0.02\nattempts = 8\nbackoff_s = 0.0"),
            ),
            work(
                "cart",
                "Be persistent with the store",
                ("settings.toml", "timeout_s = 1.5\nattempts = 1", "timeout_s = 0.011\nattempts = 8\nbackoff_s = 0.0"),
            ),
        ),
    ),
    Fault(
        name="cache-expiry",
        summary="what was kept is not kept any more, and everything is read from the store",
        variants=_by_commit(
            work("catalogue", "Newer products sooner", ("settings.toml", "product_ttl_s = 20", "product_ttl_s = 0.05")),
            work(
                "catalogue",
                "Keys that say what they are",
                ("shelf.py", 'entries = {f"product:{one}"', 'entries = {f"catalogue:product:{one}"'),
            ),
            work("cache", "Use less memory", ("settings.toml", "most_entries = 5000", "most_entries = 4")),
        ),
    ),
    Fault(
        name="bad-config",
        summary="a setting has a value with which the service cannot do its work",
        variants=_by_commit(
            work(
                "payment",
                "Shorter validity of quotes",
                ("settings.toml", "quote_valid_s = 30", "quote_valid_s = 0.001"),
            ),
            work(
                "gateway",
                "New address book of services",
                ("settings.toml", "[peers.pricing]\ntimeout_s = 2.0", "[peers.pricing]\ntimeout_s = 0.0005"),
            ),
            work("catalogue", "Bound the queue", ("settings.toml", "queue = 96", "queue = 0")),
            work("cart", "Fair shares", ("settings.toml", "most_of_one = 20", "most_of_one = 0")),
        ),
    ),
    Fault(
        name="bad-flag",
        summary="somebody turns a feature on, and the code behind it does harm",
        variants=tuple(Variant(services=(one.service,), does=one) for one in HARMFUL),
    ),
    Fault(
        name="traffic-surge",
        summary="many more visitors come than the shop can serve",
        variants=(
            Variant(services=("catalogue", "gateway"), does=Event(kind="surge", target="browse", size=26)),
            Variant(services=("checkout", "gateway"), does=Event(kind="surge", target="order", size=20)),
        ),
    ),
    Fault(
        name="disk-full",
        summary="the store's volume is filled by something else that lies on it",
        variants=(Variant(services=("store",), does=Event(kind="fill", target="store")),),
    ),
    Fault(
        name="clock-skew",
        summary="the clock of one host is wrong",
        variants=(
            Variant(services=("pricing",), does=Event(kind="drift", target="pricing", size=95)),
            Variant(services=("payment",), does=Event(kind="drift", target="payment", size=140)),
            Variant(services=("payment",), does=Event(kind="drift", target="payment", size=-70)),
        ),
    ),
    Fault(
        name="upstream-outage",
        summary="the bank, which is another company's, fails or does not answer",
        variants=(
            Variant(services=("bank", "payment"), does=Event(kind="bank", target="failing")),
            Variant(services=("bank", "payment"), does=Event(kind="bank", target="hanging")),
        ),
    ),
    Fault(
        name="noisy-neighbour",
        summary="somebody else's job takes the CPU that a service runs on",
        variants=(
            Variant(services=("pricing",), does=Event(kind="neighbour", target="pricing", size=8)),
            Variant(services=("catalogue",), does=Event(kind="neighbour", target="catalogue", size=4)),
        ),
    ),
)


def fault(name: str) -> Fault | None:
    """Return a fault by its name."""
    return next((one for one in FAULTS if one.name == name), None)
