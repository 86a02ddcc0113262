from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.incident import incident

from rootline.analysis.cluster.query import ClusterQuery
from rootline.analysis.gpu.readings import GpuReading
from rootline.domain.change import CodeOwners
from rootline.domain.gpu import Gpu, GpuProcess
from rootline.errors import BadTape
from rootline.sources.runbooks.source import Runbook
from rootline.tapes.folder import LARGEST_FILE_BYTES, TapeFolder
from rootline.tapes.recording import ClusterRead, Recording

QUERY = ClusterQuery(verb="get", kind="pods", namespace="shop")


def whole() -> Recording:
    runbook = Runbook(
        name="slow", title="Slow", body="# Slow\n\nLook at the ledger.\n", risk="low", owner="shop", minutes=5
    )
    board = GpuReading(
        node="worker-1",
        gpu=Gpu(index=0, uuid="GPU-1", memory_used_mb=61_000, processes=(GpuProcess(process_name="ml/train-0/main"),)),
        now={"GPU_UTIL": 82.0},
        highest={"XID_ERRORS": 79.0},
        window_s=3600.0,
    )
    cluster = (ClusterRead(query=QUERY, text="NAME READY\na 0/1"),)
    return replace(incident(), cluster=cluster, runbooks=(runbook,), gpus=(board,))


def test_what_is_written_reads_back_the_same(tmp_path: Path) -> None:
    recording = whole()
    TapeFolder(tmp_path / "tape").save(recording)

    read = TapeFolder(tmp_path / "tape").load()

    compared = [one.name for one in fields(Recording) if one.name not in {"series", "sha256", "runbooks"}]
    assert {name: getattr(read, name) for name in compared} == {name: getattr(recording, name) for name in compared}
    for before, after in zip(recording.series or (), read.series or (), strict=True):
        assert (after.service, after.metric, after.unit) == (before.service, before.metric, before.unit)
        np.testing.assert_array_equal(after.values, before.values)
    assert [one.title for one in read.runbooks or ()] == ["Slow"]


def test_a_missing_part_is_not_an_empty_one(tmp_path: Path) -> None:
    TapeFolder(tmp_path / "tape").save(replace(incident(), spans=None, lines=()))

    read = TapeFolder(tmp_path / "tape").load()

    assert (read.spans, read.lines) == (None, ())


def test_the_hash_is_of_what_was_read_and_of_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "tape"
    TapeFolder(folder).save(incident())
    before = TapeFolder(folder).load().sha256

    (folder / "truth.json").write_text('{"root_cause": "secret"}')
    beside = TapeFolder(folder).load().sha256
    (folder / "logs.ndjson").write_text("")
    changed = TapeFolder(folder).load().sha256

    assert (beside == before, changed == before) == (True, False)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("tape.yaml", "format: [", "tape.yaml cannot be read"),
        (
            "tape.yaml",
            "format: 9\ntitle: t\nwindow: {start: 2026-01-01T00:00:00Z, end: 2026-01-02T00:00:00Z}\nquestion: q\n",
            "reads format 1",
        ),
        ("logs.ndjson", '{"at":"2026-01-01T00:00:00Z","service":"a","text":"x"}\n{broken\n', "logs.ndjson, line 2"),
        ("alerts.ndjson", '{"name":"a"}\n', "alerts.ndjson, line 1: service"),
        ("metrics.csv", "a,b\n", "metrics.csv: the first line must be"),
        ("metrics.csv", "time,service,metric,unit,labels,value\nyesterday,a,b,,,1\n", "metrics.csv, line 2"),
        (
            "metrics.csv",
            f"time,service,metric,unit,labels,value\n2026-01-01T00:00:00Z,a,b,{'x' * 41},,1\n",
            "metrics.csv, line 2: the unit x+… is longer than 30",
        ),
        ("traces.ndjson", b"\xff\xfe", "cannot be read"),
        ("answer.json", "{}", "is no answer"),
    ],
)
def test_a_broken_tape_says_which_file_and_line_to_mend(
    tmp_path: Path, file: str, text: str | bytes, words: str
) -> None:
    folder = tmp_path / "tape"
    TapeFolder(folder).save(incident())
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(BadTape, match=words):
        TapeFolder(folder).load()


def test_a_folder_without_a_manifest_and_no_folder_at_all_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadTape, match=r"has no tape\.yaml"):
        TapeFolder(tmp_path).load()
    with pytest.raises(BadTape, match="is no folder"):
        TapeFolder(tmp_path / "nowhere").load()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    TapeFolder(tmp_path / "tape").save(incident())
    with (tmp_path / "tape" / "logs.ndjson").open("wb") as file:
        file.truncate(LARGEST_FILE_BYTES + 1)

    with pytest.raises(BadTape, match="Record a shorter window"):
        TapeFolder(tmp_path / "tape").load()


def test_a_tape_is_never_written_over_another(tmp_path: Path) -> None:
    TapeFolder(tmp_path / "tape").save(incident())

    with pytest.raises(BadTape, match="already holds a tape"):
        TapeFolder(tmp_path / "tape").save(incident())


@pytest.mark.parametrize("name", ["tape.yaml", "logs.ndjson", "metrics.csv", "answer.json", "taken.json"])
def test_a_file_that_a_link_leads_out_of_the_folder_is_refused_and_never_shown(tmp_path: Path, name: str) -> None:
    folder, secret = tmp_path / "tape", tmp_path / "secret"
    TapeFolder(folder).save(whole())
    secret.write_text("root:the-words-of-a-stranger: [", encoding="utf-8")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)

    with pytest.raises(BadTape, match=f"{name} leads out of the tape's folder") as refused:
        TapeFolder(folder).load()

    assert "stranger" not in str(refused.value)


def test_a_linked_folder_of_runbooks_is_refused(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "tape", tmp_path / "elsewhere"
    TapeFolder(folder).save(incident())
    elsewhere.mkdir()
    (elsewhere / "notes.md").write_text("# private", encoding="utf-8")
    (folder / "runbooks").symlink_to(elsewhere)

    with pytest.raises(BadTape, match="leads out of the tape's folder"):
        TapeFolder(folder).load()


def test_a_link_that_leads_nowhere_is_refused_and_not_taken_for_missing(tmp_path: Path) -> None:
    folder = tmp_path / "tape"
    TapeFolder(folder).save(incident())
    (folder / "cluster.ndjson").symlink_to(tmp_path / "gone")

    with pytest.raises(BadTape, match="leads out"):
        TapeFolder(folder).load()


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "tape"
    TapeFolder(folder).save(incident())
    (folder / "cluster.ndjson").symlink_to(folder / "gpus.ndjson")
    (folder / "gpus.ndjson").symlink_to(folder / "cluster.ndjson")

    with pytest.raises(BadTape, match="leads nowhere"):
        TapeFolder(folder).load()


def test_a_link_inside_of_the_folder_and_a_linked_tape_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "tape"
    TapeFolder(folder).save(incident())
    (folder / "logs.ndjson").rename(folder / "kept")
    (folder / "logs.ndjson").symlink_to(folder / "kept")
    (tmp_path / "latest").symlink_to(folder)

    assert TapeFolder(tmp_path / "latest").load().lines == TapeFolder(folder).load().lines != ()


def test_a_tape_is_never_written_through_a_link(tmp_path: Path) -> None:
    folder, precious = tmp_path / "tape", tmp_path / "precious"
    folder.mkdir()
    precious.write_text("mine", encoding="utf-8")
    (folder / "logs.ndjson").symlink_to(precious)

    with pytest.raises(BadTape, match="leads out"):
        TapeFolder(folder).save(incident())

    assert precious.read_text(encoding="utf-8") == "mine"
    assert [file.name for file in folder.iterdir()] == ["logs.ndjson"]


def test_the_name_of_a_runbook_leads_nowhere_else(tmp_path: Path) -> None:
    runbook = Runbook(name="../../outside", title="Slow", body="# Slow")

    TapeFolder(tmp_path / "a" / "tape").save(replace(incident(), runbooks=(runbook,)))

    assert [file.parent for file in tmp_path.rglob("*outside*")] == [tmp_path / "a" / "tape" / "runbooks"]
    assert [one.name for one in TapeFolder(tmp_path / "a" / "tape").load().runbooks or ()] == ["../../outside"]


def test_who_owns_what_is_written_and_read_back(tmp_path: Path) -> None:
    owners = (CodeOwners(text="/cart/ @acme/cart\n# by hand\n", repository="shop", path=".github/CODEOWNERS"),)
    told = incident()
    assert told.changes
    recording = replace(told, changes=replace(told.changes, owners=owners))

    TapeFolder(tmp_path / "tape").save(recording)

    read = TapeFolder(tmp_path / "tape").load()
    assert read.changes == recording.changes
    assert "owners.ndjson" in {one.name for one in (tmp_path / "tape").iterdir()}


def test_a_tape_without_owners_has_no_file_for_them(tmp_path: Path) -> None:
    TapeFolder(tmp_path / "tape").save(incident())

    assert not (tmp_path / "tape" / "owners.ndjson").exists()
