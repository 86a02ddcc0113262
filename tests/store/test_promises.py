"""What the database refuses to the app role, also when it writes its own SQL inside its own tenant."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import LiteralString, get_args
from uuid import NAMESPACE_URL, UUID, uuid5

import anyio
import psycopg
import pytest
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier
from tests.store.conftest import Database
from tests.store.examples import identity, investigation
from tests.store.worlds import key_of, live_in

from rootline.domain.anomaly import AnomalyKind, GateAction, WatchWindow
from rootline.domain.claim import Mark, Predicate
from rootline.domain.evidence import Status
from rootline.domain.hypothesis import HypothesisType, Outcome, Remediation
from rootline.domain.incident import IncidentState, Verdict
from rootline.domain.notice import NoticeState, ReportedKind
from rootline.domain.plan import PlanState, Risk
from rootline.domain.session import InvestigationState, Role, Trigger
from rootline.domain.signal import Severity
from rootline.domain.tenant import Actor
from rootline.store.documents import COLLECTIONS

ACTOR = Actor(tenant=uuid5(NAMESPACE_URL, "promises"), name="ada", role="engineer")
ONE, OTHER = investigation(1).id, investigation(2).id
NEW = identity(77)
HYPOTHESIS = """
insert into rootline.hypotheses (investigation_id, rank, type, remediation, is_proven, confidence, proof, body)
values ({investigation}, {rank}, 'release', '', false, 0.9, {proof}, '{{}}')
"""
CLAIM = """
insert into rootline.claims
  (investigation_id, position, part, hypothesis_rank, mark, predicate, evidence_label, claim_sha256, body)
values ({investigation}, {position}, {part}, {rank}, {mark}, 'rose', {evidence}, repeat('0', 64), '{{}}')
"""


@pytest.fixture(scope="module")
def lived(database: Database) -> Database:
    anyio.run(live_in, database, ACTOR, 1)
    return database


@pytest.fixture
def app(lived: Database) -> Iterator[Connection[TupleRow]]:
    """A connection of the app role, in its own tenant, whose changes are not kept."""
    with psycopg.connect(lived.app_dsn) as connection:
        connection.execute("select set_config('app.tenant', %s, true)", [key_of(lived, ACTOR)])
        yield connection
        connection.rollback()


def hypothesis_row(rank: int, proof: str, of: UUID = ONE) -> bytes:
    return HYPOTHESIS.format(investigation=f"'{of}'", rank=rank, proof=proof).encode()


def claim_row(position: int, part: str, mark: str, rank: str = "9", evidence: str = "'E1'", of: UUID = ONE) -> bytes:
    return CLAIM.format(
        investigation=f"'{of}'", position=position, part=f"'{part}'", rank=rank, mark=f"'{mark}'", evidence=evidence
    ).encode()


def refused_by(connection: Connection[TupleRow], *statements: bytes) -> str:
    """Return the rule that stops the statements or their commit, or nothing when they are stored."""
    try:
        for statement in statements:
            connection.execute(statement)
        connection.execute("set constraints all immediate")
    except psycopg.errors.IntegrityError as error:
        return error.diag.constraint_name or ""
    return ""


def test_a_hypothesis_is_stored_over_a_verified_claim_for_it(app: Connection[TupleRow]) -> None:
    assert refused_by(app, claim_row(90, "support", "verified"), hypothesis_row(9, "90")) == ""


@pytest.mark.parametrize(
    ("statements", "rule"),
    [
        pytest.param([hypothesis_row(9, "null")], "hypotheses_proof_named", id="no claim"),
        pytest.param([hypothesis_row(9, "4711")], "hypotheses_proof_verified", id="a claim that is not there"),
        pytest.param(
            [claim_row(90, "support", "contradicted"), hypothesis_row(9, "90")],
            "hypotheses_proof_verified",
            id="a contradicted claim",
        ),
        pytest.param(
            [claim_row(90, "support", "not_found", evidence="null"), hypothesis_row(9, "90")],
            "hypotheses_proof_verified",
            id="a claim that was not found",
        ),
        pytest.param(
            [claim_row(90, "against", "verified"), hypothesis_row(9, "90")],
            "hypotheses_proof_verified",
            id="a verified claim against it",
        ),
        pytest.param(
            [claim_row(90, "claim", "verified", rank="null"), hypothesis_row(9, "90")],
            "hypotheses_proof_verified",
            id="a verified claim about something else",
        ),
        pytest.param([hypothesis_row(9, "0")], "hypotheses_proof_verified", id="the claim of another hypothesis"),
        pytest.param(
            [claim_row(90, "support", "verified", of=OTHER), hypothesis_row(9, "90")],
            "hypotheses_proof_verified",
            id="the claim of another investigation",
        ),
        pytest.param(
            [b"set constraints all deferred", hypothesis_row(9, "null")], "hypotheses_proof_named", id="deferred"
        ),
        pytest.param(
            [claim_row(90, "support", "verified")], "claims_hypothesis_exists", id="a claim for no hypothesis"
        ),
        pytest.param(
            [claim_row(90, "support", "verified", evidence="null")], "claims_verified_cites", id="citing nothing"
        ),
        pytest.param(
            [claim_row(90, "support", "verified", evidence="'E404'")], "claims_evidence_exists", id="citing air"
        ),
    ],
)
def test_a_hypothesis_without_a_verified_claim_is_refused(
    app: Connection[TupleRow], statements: list[bytes], rule: str
) -> None:
    assert refused_by(app, *statements) == rule


@pytest.mark.parametrize("column", ["proof_part", "proof_mark"])
def test_nobody_can_write_what_the_proof_must_be(app: Connection[TupleRow], column: str) -> None:
    lie = hypothesis_row(9, "0").replace(b"proof,", f"proof, {column},".encode())

    with pytest.raises(psycopg.errors.GeneratedAlways):
        app.execute(lie.replace(b"0.9, 0,", b"0.9, 0, 'contradicted',"))


REPLACED = {
    ("runbooks", "is_current"),
    *(("cluster_credentials", column) for column in ("key_id", "box")),
    *(("source_health", column) for column in ("last_success_at", "last_failure_at", "failures", "error", "found")),
}
"""What may be changed: which version of a runbook is current, how credentials are sealed, how a source does."""
TAKEN_OUT = {"clusters", "source_health"}
"""What may be removed: a cluster that is no longer registered, and how it did."""


@pytest.mark.parametrize(
    ("way", "columns", "tables"),
    [
        ("update rootline.{} set {} = default where false", REPLACED, set()),
        ("delete from rootline.{}", set(), TAKEN_OUT),
        ("truncate rootline.{}", set(), set()),
    ],
)
def test_nothing_stored_of_an_incident_is_changed_or_removed(
    app: Connection[TupleRow], way: LiteralString, columns: set[tuple[str, str]], tables: set[str]
) -> None:
    every = app.execute(
        "select relname, attname from pg_attribute join pg_class c on c.oid = attrelid"
        " where relnamespace = 'rootline'::regnamespace and relkind = 'r' and attnum > 0"
    ).fetchall()
    changed = set()
    for table, column in every:
        with suppress(psycopg.errors.InsufficientPrivilege), app.transaction(force_rollback=True):
            app.execute(SQL(way).format(Identifier(table), Identifier(column)))
            changed.add((table, column))

    assert len(every) > 100
    assert {one for one in changed if one[0] not in tables} == columns
    assert {table for table, _ in changed} >= tables


def test_an_investigation_that_was_closed_stays_closed(app: Connection[TupleRow]) -> None:
    again = f"insert into rootline.closings (investigation_id, state) values ('{ONE}', 'failed')"
    more = f"insert into rootline.messages (investigation_id, sequence, role, body) values ('{ONE}', 3, 'user', '')"

    with app.transaction(force_rollback=True):
        assert refused_by(app, again.encode()) == "investigation_closed"
    assert refused_by(app, more.encode()) == "investigation_closed"


def test_a_session_that_expired_takes_no_investigation(app: Connection[TupleRow]) -> None:
    late = f"""
    insert into rootline.investigations (id, session_id, trigger, opened_at, body)
    select '{NEW}', session_id, trigger, opened_at + interval '24 hours', body
    from rootline.investigations where id = '{ONE}'
    """

    assert refused_by(app, late.encode()) == "session_expired"


def test_an_incident_cannot_jump(app: Connection[TupleRow]) -> None:
    jump = """
    insert into rootline.transitions (incident_id, position, before, after, at, body)
    select incident_id, 1, 'mitigated', 'resolved', at, '{}' from rootline.transitions limit 1
    """

    assert refused_by(app, jump.encode()) == "transitions_from_current"


ENUMS = {
    ("anomaly_features", "watch_window"): get_args(WatchWindow),
    ("anomaly_features", "kind"): get_args(AnomalyKind),
    ("incident_candidates", "action"): get_args(GateAction),
    ("notices", "state"): get_args(NoticeState),
    ("reported_changes", "kind"): get_args(ReportedKind),
    ("runbooks", "collection"): COLLECTIONS,
    ("investigations", "trigger"): get_args(Trigger),
    ("messages", "role"): get_args(Role),
    ("evidence", "status"): get_args(Status),
    ("claims", "mark"): get_args(Mark),
    ("claims", "predicate"): get_args(Predicate),
    ("claims", "part"): ("support", "against", "claim", "failed"),
    ("rechecks", "mark"): get_args(Mark),
    ("hypotheses", "type"): get_args(HypothesisType),
    ("hypotheses", "remediation"): get_args(Remediation),
    ("answers", "outcome"): get_args(Outcome),
    ("closings", "outcome"): get_args(Outcome),
    ("closings", "state"): tuple(state for state in get_args(InvestigationState) if state != "running"),
    ("plans", "state"): get_args(PlanState),
    ("plans", "risk"): get_args(Risk),
    ("feedback", "verdict"): get_args(Verdict),
    ("incidents", "severity"): get_args(Severity),
    ("transitions", "before"): get_args(IncidentState),
    ("transitions", "after"): get_args(IncidentState),
}


def test_the_closed_sets_of_the_database_are_those_of_the_code(lived: Database) -> None:
    with psycopg.connect(lived.owner_dsn) as owner:
        checks = owner.execute(
            """
            select c.relname, a.attname, pg_get_constraintdef(k.oid) from pg_constraint k
            join pg_class c on c.oid = k.conrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
            where k.contype = 'c' and cardinality(k.conkey) = 1 and c.relnamespace = 'rootline'::regnamespace
              and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%' and not c.relispartition
            """
        ).fetchall()

    found = {(table, column): set(re.findall(r"'([^']*)'::text", text)) for table, column, text in checks}

    assert found == {place: set(values) for place, values in ENUMS.items()}
