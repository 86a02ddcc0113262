"""What a line that tells of trouble speaks of."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Trouble = Literal[
    "name_resolution",
    "connections_exhausted",
    "idle_sessions",
    "storage_full",
    "deadlock",
    "locked",
    "failover",
    "restarted",
    "replication",
    "checkpoints",
    "vacuum",
    "scan",
    "out_of_memory",
    "credentials",
    "certificate",
    "read_only",
    "unreachable",
    "throttled",
    "configuration",
    "image",
    "schema",
]
_TROUBLES: Mapping[Trouble, tuple[str, ...]] = {
    "name_resolution": (
        r"ENOTFOUND",
        r"EAI_AGAIN",
        r"no such host",
        r"UnknownHost",
        r"Name or service not known",
        r"NXDOMAIN",
        r"SERVFAIL",
        r"name resolution",
        r"(?:could not|cannot|unable to|failed to) resolve",
        r"could not translate host",
        r"\bdns\b.{0,40}(?:fail|timeout)",
        r"server misbehaving",
        r"lookup \S{1,200} on \S{1,60}: ",
    ),
    "connections_exhausted": (
        r"too many (?:open )?(?:connections|clients)",
        r"remaining connection slots",
        r"max_connections",
        r"max_user_connections",
        r"connection slots",
        r"max number of clients",
        r"connection pool (?:is )?(?:exhausted|timeout)",
        r"pool (?:is )?exhausted",
        r"Connection is not available, request timed out",
        r"QueuePool limit",
        r"Timeout acquiring a connection",
    ),
    "idle_sessions": (
        r"idle in transaction",
        r"idle (?:client )?(?:sessions?|connections?)",
        r"Client:ClientRead",
    ),
    "storage_full": (
        r"no space left",
        r"disk (?:is )?full",
        r"storage[- ]full",
        r"ENOSPC",
        r"could not extend file",
        r"out of (?:disk|storage)",
        r"low storage",
        r"consumed (?:most|all|\d{1,3}%) of its allocated storage",
        r"(?:allocated |free )storage.{0,60}(?:exhausted|used up|critically low|below|ran out)",
        r"insufficient (?:disk|storage)",
    ),
    "deadlock": (r"deadlock",),
    "locked": (
        r"lock wait timeout",
        r"canceling statement due to lock timeout",
        r"could not obtain lock",
        r"blocked by (?:pid|session)",
        r"waiting for \w{0,20} ?lock",
        r"Lock:(?:relation|tuple|transactionid)",
        r"AccessExclusiveLock",
        r"idle in transaction",
    ),
    "failover": (r"fail(?:ed)?[- ]?over",),
    "restarted": (
        r"(?:DB instance|database|instance|server|node) \S{0,80} ?(?:was |has been )?(?:restarted|rebooted)",
        r"(?:DB instance|database|instance|server|node) \S{0,80} ?(?:was |has been )?shut ?down",
        r"recovery of the (?:DB )?instance",
        r"database system was (?:shut down|interrupted)",
        r"unresponsive",
    ),
    "replication": (
        r"replica(?:tion)? ?(?:lag|replay)",
        r"replay is behind",
        r"behind the (?:source|primary)",
        r"replication (?:stopped|broken)",
    ),
    "checkpoints": (
        r"checkpoints? are occurring too frequently",
        r"checkpoint (?:storm|starting: (?:xlog|wal))",
    ),
    "vacuum": (
        r"autovacuum",
        r"wraparound",
        r"dead tuples",
        r"table bloat",
    ),
    "scan": (
        r"Seq(?:uential)? Scan",
        r"full table scan",
        r"missing (?:an )?index",
        r"without (?:an )?index",
    ),
    "out_of_memory": (
        r"out of memory",
        r"OOM",
        r"OutOfMemory",
        r"Cannot allocate memory",
        r"Killed process",
        r"heap out of memory",
    ),
    "credentials": (
        r"Access denied for user",
        r"password authentication failed",
        r"authentication failed",
        r"WRONGPASS",
        r"NOAUTH",
        r"invalid (?:credentials|api key|token)",
        r"\b401\b.{0,20}Unauthorized",
    ),
    "certificate": (
        r"certificate (?:has )?expired",
        r"x509:",
        r"unknown authority",
        r"certificate verify failed",
        r"SSLHandshake",
        r"PKIX path",
    ),
    "read_only": (
        r"read-only (?:transaction|option|mode|replica)",
        r"READONLY You can't write",
        r"database is read.only",
    ),
    "unreachable": (
        r"ECONNREFUSED",
        r"connection refused",
        r"ECONNRESET",
        r"connection reset",
        r"i/o timeout",
        r"ETIMEDOUT",
        r"no route to host",
        r"Connection timed out",
        r"upstream connect error",
        r"no healthy upstream",
        r"Communications link failure",
        r"CannotGetJdbcConnection",
        r"(?:can't|could not|cannot|unable to|failed to) (?:connect|access|reach)",
    ),
    "throttled": (
        r"throttl",
        r"rate limit",
        r"too many requests",
        r"\b429\b",
        r"quota exceeded",
        r"ThrottlingException",
    ),
    "configuration": (
        r"missing (?:required )?(?:env|environment|config|setting|variable|key)\w*",
        r"KeyError: '[A-Z_]{3,60}'",
        r"(?:env|environment variable|config(?:uration)?) \S{1,80} (?:is )?(?:not set|required|missing|undefined)",
        r"invalid (?:config|configuration|port|url)",
        r"(?:secret|configmap) \"?[\w.-]{1,120}\"? not found",
    ),
    "image": (
        r"ImagePullBackOff",
        r"ErrImagePull",
        r"manifest (?:for \S{1,300} )?(?:unknown|not found)",
        r"pull access denied",
    ),
    "schema": (
        r"(?:relation|table|column) \"?[\w.]{1,120}\"? does not exist",
        r"no such (?:table|column)",
        r"Unknown column",
        r"doesn't exist.{0,20}table",
        r"undefined (?:table|column)",
        r"migration \S{0,80} ?failed",
    ),
}
_PATTERNS = tuple((trouble, re.compile("|".join(words), re.IGNORECASE)) for trouble, words in _TROUBLES.items())
_LONGEST = 2_000


def troubles_of(text: str) -> frozenset[Trouble]:
    """Return everything that a line speaks of; nothing where no known trouble is named."""
    cut = text[:_LONGEST]
    return frozenset(trouble for trouble, pattern in _PATTERNS if pattern.search(cut))


def troubles_in(texts: Iterable[str]) -> frozenset[Trouble]:
    """Return everything that any of the lines speaks of."""
    return frozenset(trouble for text in texts for trouble in troubles_of(text))
