"""Databases that refuse: credentials, exhausted connections, no writes."""

import re
from collections.abc import Iterator

from rootline.analysis.cluster.faults.addresses import addresses
from rootline.analysis.cluster.finding import Candidate
from rootline.analysis.cluster.objects import LogPattern
from rootline.analysis.cluster.snapshot import Snapshot
from rootline.analysis.cluster.text import whole

_CREDENTIALS = re.compile(
    r"Access denied for user|ER_ACCESS_DENIED|password authentication failed|Authentication failed for user"
    r"|WRONGPASS|NOAUTH|invalid username-password|Login failed for user",
    re.IGNORECASE,
)
_EXHAUSTED = re.compile(
    r"Too many connections|max_user_connections|remaining connection slots|too many clients"
    r"|max number of clients reached|Connection is not available, request timed out"
    r"|connection pool (?:is )?exhausted|Timeout waiting for idle object|wait(?:_timeout| millis).{0,40}maxActive"
    r"|QueuePool limit of size|Timeout acquiring a connection|timeout exceeded when trying to connect"
    r"|too many (?:open )?connections|couldn't get a connection (?:in|from|within)|pool (?:is )?(?:probably )?full",
    re.IGNORECASE,
)
_READ_ONLY = re.compile(
    r"read-only option|super-read-only|read.only transaction|READONLY You can't write|read.only replica"
    r"|database is (?:in )?read.only|not(?: a)? master|NotWritablePrimary|not primary so we cannot write",
    re.IGNORECASE,
)
_NO_LINK = re.compile(
    r"Communications link failure|CannotGetJdbcConnection|Could not open JDBC Connection|Unable to acquire JDBC"
    r"|Can't connect to MySQL|Failed to obtain JDBC Connection|could not connect to server",
    re.IGNORECASE,
)
_CALLED = re.compile(r"([a-z][a-z0-9-]{1,62})(?:\.[a-z0-9.-]{1,120})?[:/](\d{4,5})\b")
_SQL = re.compile(r"sql|mariadb|postgres|percona|oracle|(?:^|-)db(?:-|$)", re.IGNORECASE)
_FEW_CONNECTIONS = 50
"""Fewer than this starve a handful of pools of ten connections each.

Source: dev.mysql.com, max_connections (default 151); github.com/brettwooldridge/HikariCP, maximumPoolSize
(default 10).
"""
_SHARED = 3
"""So many clients do not mistype a login at once."""
_STORES = re.compile(
    r"mysql|mariadb|postgres|percona|mongo|redis|oracle|mssql|sqlserver|(?:^|-)db(?:-|$)", re.IGNORECASE
)


def find(snapshot: Snapshot) -> Iterator[Candidate]:
    """Explain what applications log about their database."""
    yield from _changed_login(snapshot)
    for app in dict.fromkeys(p.app for p in snapshot.logs):
        refused = _logged(snapshot, app, _CREDENTIALS)
        if refused and not is_store(snapshot, app):
            yield _wrong_credentials(snapshot, app, refused)
        unlinked = _logged(snapshot, app, _NO_LINK)
        if unlinked and not refused and not is_store(snapshot, app):
            yield from _wrong_port(snapshot, app, unlinked)
    yield from _store(snapshot, "database_connections_used_up", _EXHAUSTED, "has no connection left to give")
    yield from _store(snapshot, "database_refuses_writes", _READ_ONLY, "accepts no writes")
    yield from _limited(snapshot)


def _logged(snapshot: Snapshot, app: str, pattern: re.Pattern[str]) -> list[LogPattern]:
    return [p for p in snapshot.logs if app in {p.app, ""} and pattern.search(p.text)]


def _wrong_credentials(snapshot: Snapshot, app: str, refused: list[LogPattern]) -> Candidate:
    harmed = snapshot.unwell(app)
    return Candidate(
        object=f"app/{app}",
        cause="database_login_refused",
        score=0.93,
        mechanism=f"The database refuses the user or password that {app} connects with.",
        support=(*(p.proof for p in refused[:2]), *harmed[:1]),
    )


def _changed_login(snapshot: Snapshot) -> Iterator[Candidate]:
    """A login that several applications share and that is refused to all of them was changed in the database."""
    told = [p for p in snapshot.logs if _CREDENTIALS.search(p.text) and not is_store(snapshot, p.app)]
    store = _store_app(snapshot, told) if told else ""
    if len({p.app for p in told}) >= _SHARED and is_store(snapshot, store):
        yield Candidate(
            object=f"app/{store}",
            cause="database_login_refused",
            score=0.95,
            mechanism=f"{store} refuses the login of everyone who uses it, so it changed there and not in its clients.",
            support=tuple(p.proof for p in told[:3]),
        )


def _wrong_port(snapshot: Snapshot, app: str, unlinked: list[LogPattern]) -> Iterator[Candidate]:
    """The database is well and others reach it, so what this application calls must be wrong."""
    stores = [p for p in snapshot.pods if is_store(snapshot, p.app)]
    alone = not any(_NO_LINK.search(p.text) for p in snapshot.logs if p.app != app)
    if alone and all(p.healthy for p in stores):
        missed = [p.proof for p in snapshot.logs if p.app == app and _calls_no_port(snapshot, p.text)]
        yield Candidate(
            object=f"app/{app}",
            cause="database_port_wrong",
            score=0.9 if missed else 0.6,
            mechanism=f"{app} alone cannot reach its database, which is well: it calls a port that is not served.",
            support=(*missed[:1], *(p.proof for p in unlinked[:2]), *(p.proof for p in stores[:1])),
        )


def _calls_no_port(snapshot: Snapshot, text: str) -> bool:
    for host, port in _CALLED.findall(text[:4000]):
        service = snapshot.service(host)
        served = {p for p, _ in service.ports} if service else set()
        if service and is_store(snapshot, snapshot.backing_app(service)) and whole(port) not in served:
            return True
    return False


def _store(snapshot: Snapshot, cause: str, pattern: re.Pattern[str], why: str) -> Iterator[Candidate]:
    told = [p for p in snapshot.logs if pattern.search(p.text)]
    if told:
        store = _store_app(snapshot, told)
        yield Candidate(
            object=f"app/{store}",
            cause=cause,
            score=0.94,
            mechanism=f"{store} {why}, and everything that depends on it fails.",
            support=tuple(p.proof for p in told[:3]),
        )


def _limited(snapshot: Snapshot) -> Iterator[Candidate]:
    """Databases that were installed with an option that turns clients or writes away."""
    for manifest in snapshot.manifests:
        for option in manifest.limits if is_store(snapshot, manifest.app) else ():
            shut = option.name == "read_only" and option.value in {"", "1", "on", "true", "yes"}
            few = option.name != "read_only" and 0 < whole(option.value) < _FEW_CONNECTIONS
            if shut or few:
                why = "was installed read-only" if shut else f"gives out only {option.value} connections"
                yield Candidate(
                    object=f"app/{manifest.app}",
                    cause="database_refuses_writes" if shut else "database_connections_used_up",
                    score=0.85,
                    mechanism=f"{manifest.app} {why}.",
                    support=(option.proof,),
                )


def _store_app(snapshot: Snapshot, told: list[LogPattern]) -> str:
    """The database that these applications mean: the one that complains itself, is named, or is called."""
    own = [p.app for p in told if is_store(snapshot, p.app)]
    if own:
        return own[0]
    stores = [app for app in _apps(snapshot) if is_store(snapshot, app)]
    named = [app for app in stores if any(app in p.text for p in told)]
    callers = {p.app for p in told}
    called = [snapshot.app_of(a.host) for w in snapshot.workloads() if w.app in callers for a in addresses(w)]
    called += [call.callee for call in snapshot.calls if call.caller in callers]
    meant = named or [app for app in called if app in stores] or stores
    return meant[0] if meant else told[0].app


def _apps(snapshot: Snapshot) -> list[str]:
    return list(dict.fromkeys([d.name for d in snapshot.deployments] + [p.app for p in snapshot.pods]))


def is_store(snapshot: Snapshot, app: str) -> bool:
    """Whether an application is a database, by its image or its name."""
    return _is_called(snapshot, app, _STORES)


def is_sql(snapshot: Snapshot, app: str) -> bool:
    """Whether an application is a relational database."""
    return _is_called(snapshot, app, _SQL)


def _is_called(snapshot: Snapshot, app: str, pattern: re.Pattern[str]) -> bool:
    deployment = snapshot.deployment(app)
    images = deployment.images if deployment else ()
    return any(pattern.search(text.rpartition("/")[2]) for text in (app, *images))
