"""Reads the catalog for anything by which one tenant could see or touch another's rows.

Each file in `checks/` is one promise; it returns what breaks it.
"""

from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import psycopg
from psycopg import AsyncConnection

from rootline.errors import Misconfigured
from rootline.store.postgres.roles import SHOWN, app_role_faults, missing_role, role_of
from rootline.store.sql import statement


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """A promise by the name of its file, and the object that breaks it."""

    promise: str
    broken_by: str


async def refuse_gaps(owner_dsn: str, app_dsn: str) -> None:
    """Raise Misconfigured where one tenant could see or touch another's rows, and say by what."""
    try:
        async with await AsyncConnection.connect(owner_dsn, autocommit=True) as owner:
            gaps = await findings(owner, role_of(app_dsn))
    except psycopg.Error as error:
        raise Misconfigured(f"Whether tenants are apart cannot be read: {str(error).strip()}.") from error
    if gaps:
        told = "; ".join(f"{one.promise.replace('_', ' ')}: {one.broken_by}" for one in gaps[:SHOWN])
        more = f"; and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
        raise Misconfigured(f"Tenants are not kept apart: {told}{more}. Undo what was changed in the schema by hand.")


async def findings(owner: AsyncConnection, app_role: str) -> tuple[Finding, ...]:
    """Run every check of the schema and of the app role; nothing found means that all promises hold."""
    found = [Finding(promise="app_role", broken_by=fault) for fault in await app_role_faults(owner, app_role)]
    if found == [Finding(promise="app_role", broken_by=missing_role(app_role))]:
        return tuple(found)
    async with owner.transaction():
        await owner.execute(statement("qualify_names"))
        for promise, query in _checks():
            rows = await (await owner.execute(query, {"app": app_role})).fetchall()
            found += [Finding(promise=promise, broken_by=row[0]) for row in rows]
    return tuple(sorted(found))


def _checks() -> list[tuple[str, bytes]]:
    folder = files("rootline.store").joinpath("checks")
    places = folder.joinpath("_places.sql").read_bytes()
    named = [(one.name.removesuffix(".sql"), one) for one in folder.iterdir() if not one.name.startswith("_")]
    return [(name, _within(places, one)) for name, one in sorted(named, key=lambda pair: pair[0])]


def _within(places: bytes, check: Traversable) -> bytes:
    """Put the shared names before a check; one with names of its own continues their list."""
    text = check.read_bytes()
    comment, _, query = text.partition(b"\n")
    query = query.replace(b"with ", b", ", 1) if query.startswith(b"with ") else query
    return places + comment + b"\n" + query
