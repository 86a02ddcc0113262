"""Brings a database to the schema of this version: numbered files, each applied once, in one transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from psycopg import AsyncConnection
from psycopg.sql import Identifier

from rootline.store.postgres.alone import alone
from rootline.store.postgres.template import template
from rootline.store.refusals import SchemaMismatch
from rootline.store.sql import statement

_PRIVILEGES = 0
"""The version under which the privileges of each app role are noted; migrations begin at 1."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One numbered file. `sha256` is over its bytes."""

    version: int
    name: str
    text: bytes

    @property
    def sha256(self) -> str:
        """The checksum that must never change once it was applied."""
        return hashlib.sha256(self.text).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """Return the migrations of this version, in order."""
    found = (one for one in files("rootline.store").joinpath("migrations").iterdir() if one.name.endswith(".sql"))
    return tuple(
        Migration(version=int(one.name[:4]), name=one.name.removesuffix(".sql"), text=one.read_bytes())
        for one in sorted(found, key=lambda one: one.name)
    )


async def migrate(owner: AsyncConnection, app_role: str, migrations: tuple[Migration, ...] | None = None) -> None:
    """Apply what is missing, and give the app role its privileges. Does nothing when all is there.

    `owner` is in autocommit. Two processes may call it at once: the second waits, then finds nothing to do.

    Raises:
        SchemaMismatch: An applied migration differs from the shipped one, or is newer than all of them.

    """
    wanted = shipped() if migrations is None else migrations
    if await _is_current(owner, wanted, app_role):
        return
    async with alone(owner):
        await owner.execute(statement("prepare_migrations"))
        for migration in _missing(wanted, await _applied(owner)):
            await _apply(owner, migration)
        await _grant(owner, app_role)


async def _is_current(owner: AsyncConnection, wanted: tuple[Migration, ...], app_role: str) -> bool:
    """Whether nothing is missing; a role that was dropped and made again has lost what it was granted."""
    if not await _says(owner, "has_migrations", app_role):
        return False
    applied = await _applied(owner)
    granted = applied.get(_PRIVILEGES, {}).get(app_role) == _privileges().sha256
    return not _missing(wanted, applied) and granted and await _says(owner, "has_privileges", app_role)


async def _says(owner: AsyncConnection, question: str, app_role: str) -> bool:
    row = await (await owner.execute(statement(question), {"app": app_role})).fetchone()
    return row is not None and bool(row[0])


async def _applied(owner: AsyncConnection) -> dict[int, dict[str, str]]:
    """Return the checksums by version and name."""
    applied: dict[int, dict[str, str]] = {}
    for version, name, sha256 in await (await owner.execute(statement("list_migrations"))).fetchall():
        applied.setdefault(version, {})[name] = sha256
    return applied


def _missing(wanted: tuple[Migration, ...], applied: Mapping[int, Mapping[str, str]]) -> tuple[Migration, ...]:
    """Return what has to be applied, after comparing what was applied with what is shipped."""
    newest = max((one.version for one in wanted), default=0)
    if (unknown := max(applied, default=0) - newest) > 0:
        raise SchemaMismatch(
            f"The database is {unknown} migration(s) ahead of this version of Rootline, which knows {newest}. "
            "Run the newer version, or restore a backup made before it."
        )
    for one in wanted:
        if one.version in applied and applied[one.version] != {one.name: one.sha256}:
            raise SchemaMismatch(
                f"Migration {one.name} was applied with another content than the one shipped. "
                "Install the version that applied it; a migration is never edited, a new one is added."
            )
    return tuple(one for one in wanted if one.version not in applied)


async def _apply(owner: AsyncConnection, migration: Migration) -> None:
    async with owner.transaction():
        await owner.execute(migration.text)
        await owner.execute(
            statement("note_migration"),
            {"version": migration.version, "name": migration.name, "sha256": migration.sha256},
        )


def _privileges() -> Migration:
    return Migration(version=_PRIVILEGES, name="privileges", text=statement("privileges"))


async def _grant(owner: AsyncConnection, app_role: str) -> None:
    privileges = _privileges()
    async with owner.transaction():
        await owner.execute(template("privileges").format(app=Identifier(app_role)))
        await owner.execute(
            statement("note_migration"), {"version": _PRIVILEGES, "name": app_role, "sha256": privileges.sha256}
        )
