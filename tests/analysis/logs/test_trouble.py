import time

import pytest

from rootline.analysis.logs.trouble import troubles_of


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("Error: getaddrinfo ENOTFOUND db.prod.svc.cluster.local", "name_resolution"),
        ("dial tcp: lookup cart on 10.96.0.10:53: server misbehaving", "name_resolution"),
        ("psycopg2.OperationalError: could not translate host name", "name_resolution"),
        ('message from server: "Too many connections"', "connections_exhausted"),
        ("FATAL: sorry, too many clients already", "connections_exhausted"),
        ("sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached", "pool_exhausted"),
        ("ERROR: could not extend file: No space left on device", "storage_full"),
        ("Finished applying autoscaling-initiated modification to allocated storage.", "storage_grown"),
        ("ERROR: deadlock detected", "deadlock"),
        ("Multi-AZ instance failover started.", "failover"),
        ("ORA-28000: password authentication failed for user app", "credentials"),
        ("tls: failed to verify certificate: x509: certificate has expired", "certificate"),
        ("READONLY You can't write against a read only replica.", "read_only"),
        ("connect ECONNREFUSED 10.0.0.7:6379", "unreachable"),
        ("com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure", "unreachable"),
        ('relation "orders" does not exist', "schema"),
        ("ThrottlingException: Rate exceeded", "throttled"),
        ("KeyError: 'DATABASE_URL'", "configuration"),
    ],
)
def test_a_line_is_known_by_what_it_speaks_of(line: str, trouble: str) -> None:
    assert trouble in troubles_of(line)


@pytest.mark.parametrize(
    "line",
    [
        "GET /health 200 3ms",
        "order 17 shipped",
        "cache warmed in 12 ms",
        "Automatic backup of db completed.",
        "",
        "lock acquired",
    ],
)
def test_a_plain_line_speaks_of_no_trouble(line: str) -> None:
    assert troubles_of(line) == frozenset()


def test_an_endless_line_is_cut_before_it_is_read() -> None:
    began = time.process_time()

    found = troubles_of("dns " * 50_000 + " deadlock")

    assert found == frozenset()
    assert time.process_time() - began < 1.0
