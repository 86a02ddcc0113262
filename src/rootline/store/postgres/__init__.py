"""The system of record in PostgreSQL 15 or newer. Importing this loads psycopg; nothing else of ours does."""

from rootline.store.postgres.journal import PostgresJournal
from rootline.store.postgres.store import Store

__all__ = ["PostgresJournal", "Store"]
