"""Raw SQL that someone with the app role's connection might try, and what it lets them see.

An attack succeeds when anything that it shows depends on another tenant's rows. So each runs in two worlds
that differ in nothing but those rows, and what it shows must be the same in both: rows, counts, status,
notices and every part of every error.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.errors import Diagnostic
from psycopg.rows import TupleRow
from tests.store.attack_statements import PRELUDE, PROBES, READS, WRITES
from tests.store.conftest import APP


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as an attacker knows it: its insertable columns, and for each the victim's values, as literals."""

    name: str
    columns: tuple[str, ...]
    known: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One statement, tried with one setting of app.tenant (None where it was never set)."""

    stance: str | None
    sql: str


@dataclass
class Attacker:
    """Makes up attacks, the same ones for the same seed."""

    tables: Sequence[Table]
    functions: Sequence[str]
    own: UUID
    victim: UUID
    stances: Sequence[str | None]
    random: Random
    guesses: tuple[str, ...] = field(
        default=("'00000000-0000-0000-0000-000000000000'", "'x'", "'0'", "'1'", "null", "'E1'", "'t'")
    )

    def attacks(self, count: int) -> Iterator[Attack]:
        """Yield that many different attacks."""
        seen: set[Attack] = set()
        while len(seen) < count:
            attack = Attack(
                stance=self.random.choice(self.stances),
                sql=self._filled(self.random.choice((*READS, *WRITES, *(PROBES * 4)))),
            )
            if attack not in seen:
                seen.add(attack)
                yield attack

    def _filled(self, template: str) -> str:
        table = self.random.choice(self.tables)
        column = self.random.choice(table.columns)
        rest = [one for one in table.columns if one != "tenant_id"]
        mixed = [self.random.choice([self._known(table, one), self._value(table, one)]) for one in rest]
        row = self.random.randrange(9)
        whole = [table.known[one][row % len(table.known[one])] for one in rest]
        own, victim = f"'{self.own}'::uuid", f"'{self.victim}'::uuid"
        holes = {
            "t": table.name,
            "t_name": f"'{table.name}'",
            "u": self.random.choice(self.tables).name,
            "c": column,
            "v": self._value(table, column),
            "f": self.random.choice(self.functions),
            "n": str(self.random.randrange(1000)),
            "s": f"'{self.random.choice(self.stances) or ''}'",
            "own": own,
            "victim": victim,
            "columns": ", ".join(["tenant_id", *rest]),
            "columns_untenanted": ", ".join(rest),
            "values_of_victim": ", ".join([victim, *whole]),
            "values_as_own": ", ".join([own, *whole]),
            "values_untenanted": ", ".join(mixed),
            "values_mixed": ", ".join([self.random.choice([own, victim]), *mixed]),
        }
        filled = template
        for name, text in holes.items():
            filled = filled.replace(f"{{{name}}}", text)
        return filled

    def _known(self, table: Table, column: str) -> str:
        return self.random.choice(table.known[column])

    def _value(self, table: Table, column: str) -> str:
        return self.random.choice((*table.known[column], *table.known[column], *self.guesses))


def tables_of(owner: Connection[TupleRow], victim: UUID) -> tuple[Table, ...]:
    """Read every table and view of ours with what the victim keeps in it."""
    found = owner.execute(
        """
        select format('%I.%I', table_schema, table_name), array_agg(column_name::text order by ordinal_position)
        from information_schema.columns
        where table_schema = 'rootline' and is_generated = 'NEVER'
          and table_name not in ('schema_migrations', 'tenants')
        group by 1 order by 1
        """
    ).fetchall()
    return tuple(
        Table(name=name, columns=tuple(columns), known=_known(owner, name, columns, victim)) for name, columns in found
    )


def functions_of(owner: Connection[TupleRow]) -> tuple[str, ...]:
    """Name every function of ours."""
    found = owner.execute("select proname from pg_proc where pronamespace = 'rootline'::regnamespace order by 1")
    return tuple(f"rootline.{name}" for (name,) in found.fetchall())


def _known(owner: Connection[TupleRow], table: str, columns: Sequence[str], victim: UUID) -> dict[str, tuple[str, ...]]:
    quoted = ", ".join(f"coalesce(quote_literal({one}::text), 'null')" for one in columns)
    rows = owner.execute(f"select {quoted} from {table} where tenant_id = '{victim}' limit 9".encode()).fetchall()
    return {name: tuple(row[at] for row in rows) or ("null",) for at, name in enumerate(columns)}


def shown(connection: Connection[TupleRow], sql: str) -> tuple[object, ...]:
    """Run an attack inside the open transaction, undo it, and return all that it showed."""
    said: list[object] = []
    connection.add_notice_handler(hear := lambda notice: said.append(_parts(notice)))
    try:
        cursor = connection.execute(f"rollback to savepoint start; {sql}".encode())
        while True:
            rows = sorted(map(repr, cursor.fetchall())) if cursor.description else []
            said.append((cursor.statusmessage, cursor.rowcount, rows))
            if not cursor.nextset():
                break
    except psycopg.Error as error:
        said.append(_parts(error.diag))
    finally:
        connection.remove_notice_handler(hear)
    return tuple(said)


def _parts(said: Diagnostic) -> tuple[str | None, ...]:
    """Every part of a message, but for the number of the connection's temporary schema."""
    parts = (said.sqlstate, said.message_primary, said.message_detail, said.message_hint, said.context)
    return tuple(part and re.sub(r"pg_temp_\d+", "pg_temp", part) for part in parts)


def begin(connection: Connection[TupleRow], stance: str | None, hole: str = "") -> None:
    """Open a transaction with the setting, as far as raw SQL can get; dig a hole first, as the owner, if asked."""
    connection.rollback()
    if hole:
        connection.execute(f"{hole}; set local session authorization {APP}".encode())
    connection.execute(PRELUDE.encode())
    if stance is not None:
        connection.execute("select set_config('app.tenant', %s, false)", [stance])
    connection.execute("savepoint start")
