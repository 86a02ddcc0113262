"""`rootline runbooks` on real places, and what an investigation then finds and says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.command import run
from tests.fakes.clone import Clone
from tests.fakes.embedding_server import embedding_server

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "hunter2-Zx81-aqLm92"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "zebra.md").write_text(f"# Zebra pool\n\nRaise the zebra pool.\npassword: {SECRET}\n")
    return folder


def test_a_change_is_indexed_anew_and_nothing_else(tmp_path: Path, books: Path) -> None:
    clone = Clone(tmp_path / "docs")
    clone.commit("okapi.md", "# Okapi\n\nFeed the okapi.", "one", AT)
    places = {"ROOTLINE_RUNBOOKS": f"{books},file://{clone.folder}/.git"}

    first = json.loads(run("runbooks", "index", "--json", at=tmp_path, **places).out)
    (books / "zebra.md").write_text("# Zebra pool\n\nLower the zebra pool.\n")
    clone.git("rm", "-q", "okapi.md", at=AT)
    clone.commit("quokka.md", "# Quokka\n\nFeed the quokka.", "two", AT)
    second = json.loads(run("runbooks", "index", "--json", at=tmp_path, **places).out)
    found = run("runbooks", "search", "zebra pool", "--limit", "1", at=tmp_path, **places)

    assert [len(one) for one in (first["places"], second["places"])] == [2, 2]
    assert (second["added"], second["unchanged"], second["retired"]) == (2, first["added"] - 2, 1)
    assert "Lower the zebra pool." in found.out


def test_secrets_in_runbooks_are_stored_and_shown_nowhere(tmp_path: Path, books: Path) -> None:
    found = run("runbooks", "search", "zebra pool password", at=tmp_path, ROOTLINE_RUNBOOKS=str(books))

    assert "zebra" in found.out
    assert "«redacted:" in found.out
    assert SECRET not in found.out


def test_one_place_that_fails_is_told_and_the_others_count(tmp_path: Path, books: Path) -> None:
    named = f"{books},file://{tmp_path}/nothing.git"

    done = run("runbooks", "index", at=tmp_path, ROOTLINE_RUNBOOKS=named)

    assert done.code == 0
    assert "left out: git fetch file://" in done.out
    assert "BAD  runbooks" in run("doctor", at=tmp_path, ROOTLINE_RUNBOOKS=named).out


def test_a_wrong_place_says_what_would_help(tmp_path: Path) -> None:
    done = run("runbooks", "list", at=tmp_path, ROOTLINE_RUNBOOKS="/no/such/folder")

    assert (done.code, "Name folders, .zip exports or git addresses" in done.err) == (3, True)


def test_an_embedding_server_finds_what_is_meant_and_may_be_away(tmp_path: Path, books: Path) -> None:
    (books / "ward.md").write_text("# Ward\n\nCall the physician on duty.\n")
    with embedding_server() as served:
        places = {
            "ROOTLINE_RUNBOOKS": str(books),
            "ROOTLINE_EMBEDDINGS_URL": served.url,
            "ROOTLINE_EMBEDDINGS_MODEL": "small",
        }
        meant = run("runbooks", "search", "a medic", "--limit", "1", at=tmp_path, **places)
        served.statuses = [401] * 99
        away = run("runbooks", "search", "physician duty", "--limit", "1", at=tmp_path, **places)
        told = run("investigate", "--tape", "demo", "--json", at=tmp_path, **places)

    assert meant.out.startswith("ward / Ward"), meant.err
    assert "ward / Ward" in away.out
    assert "searched by words alone" in away.out
    assert "searched by words alone" in told.out


def test_an_embedding_server_needs_a_model(tmp_path: Path) -> None:
    done = run("runbooks", "list", at=tmp_path, ROOTLINE_EMBEDDINGS_URL="http://127.0.0.1:1/v1")

    assert (done.code, "needs ROOTLINE_EMBEDDINGS_MODEL" in done.err) == (3, True)
