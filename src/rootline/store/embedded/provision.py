"""The role and the database that Rootline expects on its own server."""

from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

OWNER, APP, DATABASE = "rootline_owner", "rootline_app", "rootline"
CONNECT_S = 5


def dsn(sockets: Path, user: str, database: str = DATABASE) -> str:
    """Write the connection string of a user."""
    return make_conninfo(host=str(sockets), port=5432, user=user, dbname=database)


def provision(sockets: Path) -> None:
    """Connect as the owner and make the app's role and the database where they are missing.

    Raises:
        psycopg.Error: The server does not answer, or refuses.

    """
    with psycopg.connect(dsn(sockets, OWNER, "postgres"), autocommit=True, connect_timeout=CONNECT_S) as connection:
        role_missing, database_missing = connection.execute(_sql("missing")).fetchone() or (True, True)
        if role_missing:
            connection.execute(_sql("create_app_role"))
        if database_missing:
            connection.execute(_sql("create_database"))


def _sql(name: str) -> bytes:
    return files("rootline.store.embedded").joinpath(f"{name}.sql").read_bytes()
