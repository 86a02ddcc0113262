"""The system of record in PostgreSQL 15 or newer. Importing this loads psycopg; nothing else of ours does.

What holds one tenant's rows apart from another's, also against SQL that someone else wrote:

- The app role owns nothing, and reads and appends only; every table forces row-level security.
- A transaction is a tenant's because it shows that tenant's key in `app.tenant`. The app role can read the
  hashes of keys it shows and no others, so a setting that is missing, wrong, guessed or left over opens nothing.
- Every unique and foreign key starts with the tenant, because the database checks those past the policies.
- Nothing is notified, nothing is counted by a sequence, and no planner statistics are kept.

Who runs SQL as the app role can still see how large a table is for all tenants together. Who can read this
process's memory, or connect as the owner, has every key. With a forced policy `pg_dump` needs a superuser or
a role with BYPASSRLS.
"""

from rootline.store.postgres.journal import PostgresJournal
from rootline.store.postgres.store import Store

__all__ = ["PostgresJournal", "Store"]
