"""The shop's own code: what its services do when they are asked, and when something is missing."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from rootline.lab.shop.cache.entries import Entries
from rootline.lab.shop.cart.contents import merged, without_old
from rootline.lab.shop.inventory.counting import FULL, enough, taken
from rootline.lab.shop.lib import clock
from rootline.lab.shop.lib.connection import Connection, Unreachable
from rootline.lab.shop.lib.pool import Pool
from rootline.lab.shop.lib.settings import read_settings
from rootline.lab.shop.lib.wire import Failure, as_json, message, read_body, read_head, request_of
from rootline.lab.shop.payment.quotes import check
from rootline.lab.shop.pricing.rules import line_total
from rootline.lab.shop.store.journal import Journal
from rootline.lab.shop.store.tables import Tables


@asynccontextmanager
async def echo(*, answers: int = 1000) -> AsyncIterator[str]:
    """A server that answers what it was asked, and hangs up after so many answers on one connection."""

    writers: list[asyncio.StreamWriter] = []

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        for _ in range(answers):
            first, headers = await read_head(reader)
            if not first:
                break
            asked = request_of(first, headers, await read_body(reader, headers))
            writer.write(message("HTTP/1.1 200 OK", {}, as_json({"path": asked.path, "body": asked.body})))
        writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"
    for writer in writers:
        writer.close()
        await writer.wait_closed()


@pytest.mark.anyio
async def test_a_connection_is_used_again_and_opened_anew_when_the_other_side_hung_up() -> None:
    async with echo(answers=2) as address:
        one = Connection(address)
        told = [await one.ask("POST", "/add", {"number": number}, {}) for number in range(5)]
        one.close()

    assert told == [(200, {"path": "/add", "body": {"number": number}}) for number in range(5)]


@pytest.mark.anyio
async def test_nobody_there_is_unreachable() -> None:
    async with echo() as address:
        pass

    with pytest.raises(Unreachable, match="connection to "):
        await Connection(address).ask("GET", "/", {}, {})


@pytest.mark.anyio
async def test_who_waits_too_long_for_a_connection_of_the_pool_gets_none() -> None:
    async with echo() as address:
        pool = Pool("peer", address, 1, 0.05)
        borrowed = await pool.acquire()
        with pytest.raises(Unreachable, match="all 1 of the pool are in use"):
            await pool.acquire()
        pool.release(borrowed)
        async with pool.connection() as again:
            assert await again.ask("GET", "/x", {}, {}) == (200, {"path": "/x", "body": {}})
            again.close()


@pytest.mark.parametrize("service", ["gateway", "catalogue", "cart", "checkout", "payment", "inventory", "pricing"])
def test_every_service_has_settings_that_can_be_read(service: str) -> None:
    assert read_settings(service).workers >= 1


def test_entries_are_found_until_they_expire_and_the_oldest_goes_first() -> None:
    held = Entries(2)

    held.write({"a": 1, "b": 2}, 60)
    held.write({"c": 3}, 60)
    held.write({"c": 4}, -1)

    assert (len(held), held.read(["a", "b", "c"])) == (2, {"b": 2})


def test_a_full_volume_refuses_to_be_written_and_what_was_written_survives(tmp_path: Path) -> None:
    journal, second = Journal(tmp_path, 200), Journal(tmp_path, 200)
    entry = {"table": "carts", "key": "v1", "row": {"items": [1]}}

    journal.append(entry)
    tables = Tables()
    tables.take_over(second.unread())
    (tmp_path / "dump").write_bytes(b"." * 190)

    with pytest.raises(OSError, match="No space left on device") as full:
        journal.append(entry)
    assert full.value.errno == errno.ENOSPC
    assert tables.row("carts", "v1", None) == {"items": [1]}
    assert second.unread() == []


def test_a_cart_has_one_line_for_each_product_and_forgets_what_is_old() -> None:
    lines = merged(merged([], "p1", 2), "p1", 3)
    old = {"product": "p2", "quantity": 1, "at": clock.now() - 10**7}

    assert [(line["product"], line["quantity"]) for line in without_old([*lines, old])] == [("p1", 5)]


def test_stock_is_refilled_before_it_ends() -> None:
    assert taken({"count": 100, "price": 5}, 1) == {"count": FULL, "price": 5}
    assert taken({"count": 1000, "price": 5}, 1)["count"] == 999
    assert not enough({"count": 1}, 2)


def test_many_of_one_product_are_cheaper() -> None:
    one, many = (line_total({"product": "p", "quantity": n, "price": 100}, discount=0.1, tax=0.2) for n in (1, 5))

    assert (one["cents"], many["cents"]) == (120, 540)


@pytest.mark.parametrize(("ago", "says"), [(99, "has expired"), (-99, "not yet valid")])
def test_a_quote_of_another_time_is_refused(ago: float, says: str) -> None:
    with pytest.raises(Failure, match=says):
        check({"issued_at": clock.now() - ago, "total": 100}, 30)


def test_a_quote_of_now_may_be_charged_unless_it_is_for_nothing() -> None:
    check({"issued_at": clock.now() - 1, "total": 100}, 30)

    with pytest.raises(Failure, match="nothing to charge"):
        check({"issued_at": clock.now() - 1, "total": 0}, 30)
