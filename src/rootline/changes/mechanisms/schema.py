"""Statements against a database: structure that changes, and tables used before they exist."""

import re

from rootline.changes.diffs.diff import DiffLine
from rootline.changes.diffs.net import Net, lowered
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.paths.kinds import kinds_of

TABLE = lowered(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+[\"`]?([a-z_][\w.]{2,60})")
ALTERED = lowered(r"(?:TABLE|INDEX|ON|_column|_table|_index|_reference)\s*\(?\s*[:\"'`]?([a-z_][\w.]{2,60})")
VERBS = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|JOIN)\b")
MODEL = lowered(r"__tablename__|\bColumn\(|@Column|@Entity|@Table|self\.table_name|db:\"|models\.\w+Field\(")
LOCKING = {"lock": 0.9, "latency": 0.8, "pool": 0.5, "replica": 0.5, "errors": 0.3}

DDL: tuple[tuple[str, re.Pattern[str], dict[str, float]], ...] = (
    (
        "structure dropped or renamed",
        lowered(
            r"\bDROP\s+(?:TABLE|COLUMN|VIEW)|\bRENAME\b|drop_?(?:column|table)"
            r"|rename_?(?:column|table)|remove_column"
        ),
        {"schema": 1.0, "errors": 0.7, "data": 0.4, "crash": 0.3},
    ),
    (
        "constraint added",
        lowered(
            r"SET NOT NULL|ADD CONSTRAINT|\bUNIQUE\b|FOREIGN KEY|null: false|nullable=False"
            r"|add_foreign_key|unique=True"
        ),
        {"schema": 1.0, "errors": 0.6, "data": 0.5, "lock": 0.5},
    ),
    (
        "index dropped",
        lowered(r"\bDROP\s+INDEX|remove_index|drop_index"),
        {"latency": 1.0, "queries": 1.0, "cpu": 0.8, "lock": 0.4, "pool": 0.5, "replica": 0.3},
    ),
    (
        "locking migration",
        lowered(
            r"\bALTER\s+TABLE|\bCREATE\s+(?:UNIQUE\s+)?INDEX(?!\s+CONCURRENTLY)|add_index"
            r"|LOCK\s+TABLE|ALTER COLUMN|VACUUM FULL|CLUSTER\b"
        ),
        LOCKING,
    ),
    (
        "rows rewritten in bulk",
        lowered(
            r"\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b|\bTRUNCATE\b"
            r"|INSERT\s+INTO\s+\w+.*SELECT|backfill|update_all|delete_all"
        ),
        {"lock": 0.7, "replica": 0.9, "disk": 0.5, "latency": 0.6, "data": 0.7, "queue": 0.3},
    ),
)
INDEX_GONE = lowered(r"CREATE\s+(?:UNIQUE\s+)?INDEX|add_index|index=True|db_index|@Index|index: true")
NARROWING = lowered(
    r"\bWHERE\b|\bLIMIT\b|select_related|joinedload|prefetch_related|\.includes\(|preload|\.limit\(|eager",
)
HEAVY = lowered(
    r"SELECT \*|LIKE '%|ILIKE|ORDER BY|(?<!\.)\bJOIN\b(?!\()|(?<!\.)COUNT\(|DISTINCT|OFFSET|(?<!\.)LOWER\("
    r"|NOT IN \(|GROUP BY"
)


def tables_of(text: str) -> frozenset[str]:
    """The lowercase tables that a line of SQL or of a migration names."""
    return frozenset(TABLE.findall(text[:400].lower())) | frozenset(ALTERED.findall(text[:400].lower()))


def statements(net: Net) -> list[Mechanism]:
    """What a diff does to tables, indexes and queries."""
    found = [
        Mechanism(name, families, f"{name} by a statement", lines)
        for name, pattern, families in DDL
        if (lines := net.added.find(pattern))
    ]
    return [*found, *_index_gone(net), *_queries(net), *_unmigrated(net)]


def _index_gone(net: Net) -> list[Mechanism]:
    gone = net.removed.find(INDEX_GONE)
    if not gone or net.added.find(INDEX_GONE, 1):
        return []
    return [
        Mechanism(
            "index dropped",
            {"latency": 1.0, "queries": 1.0, "cpu": 0.8, "lock": 0.4},
            "an index definition is gone",
            gone,
        )
    ]


def _queries(net: Net) -> list[Mechanism]:
    found = []
    gone = net.removed.find(NARROWING)
    if gone and net.removed.count(NARROWING) > net.added.count(NARROWING):
        families = {"latency": 0.9, "queries": 0.9, "memory": 0.6, "cpu": 0.5, "data": 0.5, "size": 0.3}
        found.append(Mechanism("query widened", families, "what narrowed or preloaded a query is gone", gone))
    heavy = net.added.find(HEAVY)
    if heavy and net.added.count(HEAVY) > net.removed.count(HEAVY):
        found.append(
            Mechanism(
                "heavier query",
                {"latency": 0.7, "queries": 0.7, "cpu": 0.6, "replica": 0.3, "memory": 0.3},
                "a query scans, sorts or joins more",
                heavy,
            )
        )
    return found


def _unmigrated(net: Net) -> list[Mechanism]:
    lines = tuple(line for line in net.added.find(TABLE, 6) if VERBS.search(line.text[:400])) or net.added.find(
        MODEL, 3
    )
    if not lines or "migration" in kinds_of(net.whole.files) or _known(net, lines):
        return []
    return [
        Mechanism(
            "schema used without a migration",
            {"schema": 1.0, "errors": 0.5, "crash": 0.2},
            "a statement names a table or column and no migration comes along",
            lines[:3],
        )
    ]


def _known(net: Net, lines: tuple[DiffLine, ...]) -> bool:
    tables = {table.lower() for line in lines for table in TABLE.findall(line.text[:400].lower())}
    old = "\n".join(line.text[:400] for line in (*net.removed.lines, *net.whole.context[:400])).lower()
    return bool(tables) and all(table in old for table in tables)
