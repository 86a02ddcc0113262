"""Databases that refuse, and clients that call them wrongly."""

from tests.analysis.cluster.landscapes.consequences import above, crashing, victims
from tests.analysis.cluster.landscapes.landscape import App, Landscape
from tests.analysis.cluster.landscapes.plants.registry import plants


def _clients(land: Landscape, store: App, text: dict[str, str]) -> None:
    for caller in land.callers(store.name):
        told = text.get(caller.tongue, text[""])
        caller.logs.append((land.rng.randrange(20, 90), told))
        above(land, caller)


def database(land: Landscape) -> App:
    return land.apps[next(a.name for a in land.apps.values() if a.is_store and land.callers(a.name))]


_FULL = {
    "mysql": {
        "": "Error 1040: Too many connections",
        "java": 'com.mysql.cj.exceptions.CJException: Data source rejected establishment of connection,  message from server: "Too many connections"',
    },
    "postgres": {
        "": "pq: sorry, too many clients already",
        "python": 'psycopg2.OperationalError: connection to server at "orders-db" failed: FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute',
        "node": "error: sorry, too many clients already at Parser.parseErrorMessage",
    },
    "redis": {"": "ERR max number of clients reached"},
}
_SHUT = {
    "mysql": {
        "": "Error 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement",
        "java": "java.sql.SQLException: The MySQL server is running with the --super-read-only option so it cannot execute this statement",
    },
    "postgres": {"": "ERROR: cannot execute INSERT in a read-only transaction"},
    "redis": {"": "READONLY You can't write against a read only replica."},
}


def engine(app: App) -> str:
    return next(e for e in ("mysql", "postgres", "redis") if e in app.image)


@plants("database_connections_used_up")
def _exhausted(land: Landscape) -> str:
    store = database(land)
    _clients(land, store, _FULL[engine(store)])
    return f"app/{store.name}"


@plants("database_connections_used_up")
def _tiny_limit(land: Landscape) -> str:
    store = database(land)
    store.args = {
        "mysql": ["--max_connections=2"],
        "postgres": ["-c", "max_connections=3"],
        "redis": ["--maxclients", '"1"'],
    }[engine(store)]
    _clients(land, store, _FULL[engine(store)])
    return f"app/{store.name}"


@plants("database_connections_used_up")
def _waiting_pools(land: Landscape) -> str:
    store = database(land)
    store.args = {
        "mysql": ["--max-connections=2"],
        "postgres": ["-c", "max_connections=3"],
        "redis": ["--maxclients 1"],
    }[engine(store)]
    text = {
        "java": "HikariPool-1 - Connection is not available, request timed out after 30000ms.",
        "python": "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
        "node": "TimeoutError: Knex: Timeout acquiring a connection. The pool is probably full.",
        "": "ERR max number of clients reached" if engine(store) == "redis" else "dial: too many clients already",
    }
    _clients(land, store, text)
    return f"app/{store.name}"


@plants("database_refuses_writes")
def _read_only(land: Landscape) -> str:
    store = database(land)
    _clients(land, store, _SHUT[engine(store)])
    if land.rng.random() < 0.5:
        store.args = {
            "mysql": ["--read_only=ON"],
            "postgres": ["-c", "default_transaction_read_only=on"],
            "redis": ["--replicaof", "10.0.0.1", "6379"],
        }[engine(store)]
    return f"app/{store.name}"


@plants("database_login_refused")
def _credentials(land: Landscape) -> str:
    store = database(land)
    app = land.rng.choice(land.callers(store.name))
    for key in app.env:
        if key.endswith("_PASSWORD"):
            app.env[key] = "wr0ng-pass"
    told = {
        "mysql": "java.sql.SQLException: Access denied for user 'app'@'10.244.1.7' (using password: YES)",
        "postgres": 'FATAL:  password authentication failed for user "app"',
        "redis": "WRONGPASS invalid username-password pair or user is disabled.",
    }[engine(store)]
    app.logs.append((30, told))
    if land.rng.random() < 0.6:
        crashing(app)
        victims(land, app)
    else:
        above(land, app)
    return f"app/{app.name}"


def _relational(land: Landscape) -> App:
    """A relational database: where an application keeps a cache alone, it keeps its data there instead."""
    store = database(land)
    if engine(store) == "redis":
        store.image, store.port = "mysql:8.4", 3306
        for app in land.callers(store.name):
            app.env.pop("REDIS_ADDR", None)
            app.env |= {"MYSQL_HOST": store.name, "MYSQL_PORT": "3306"}
    return store


@plants("database_port_wrong")
def _database_port(land: Landscape) -> str:
    store = _relational(land)
    app = land.rng.choice(land.callers(store.name))
    key = next(k for k, v in app.env.items() if k.endswith("_PORT") and v == str(store.port))
    app.env[key] = app.env[key].replace(str(store.port), str(store.port + 1))
    told = {
        "mysql": "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure The last packet sent successfully to the server was 0 milliseconds ago. Connection refused",
        "postgres": f'connection to server at "{store.name}" ({store.cluster_ip}), port {store.port + 1} failed: Connection timed out',
    }[engine(store)]
    app.logs.append((30, told))
    if land.rng.random() < 0.6:
        crashing(app)
        victims(land, app)
    else:
        above(land, app)
    return f"app/{app.name}"
