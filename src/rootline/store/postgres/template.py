"""Statements that need a name instead of a value, which PostgreSQL takes no parameter for."""

from typing import LiteralString

from psycopg.sql import SQL

from rootline.store.sql import statement


def template(name: str) -> SQL:
    """Read a statement with `{holes}`; fill them with identifiers and literals through `format`."""
    return SQL(_shipped(statement(name)))


def _shipped(text: bytes) -> LiteralString:
    return text.decode()
