import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.incident import CULPRIT, incident

from rootline.desk import Desk
from rootline.domain.change import ConfigChange, FlagChange
from rootline.domain.signal import LogLine
from rootline.ground import Ground, load_tape
from rootline.opening import memory_desk
from rootline.settings import Settings
from rootline.store.journal import Record
from rootline.tapes.folder import TapeFolder
from rootline.tapes.investigation import differences, saved
from rootline.tapes.recording import Recording
from rootline.tapes.redacted import redacted

pytestmark = pytest.mark.anyio


def desk() -> Desk:
    return memory_desk(Settings(home=Path("unused")))


async def investigated(recording: Recording, persona: str = "") -> Record:
    house = desk()
    record = await house.open(recording.question, persona=persona, origin="made up")
    return await house.run(record, Ground.of(recording, "made up"))


async def test_a_replay_from_results_alone_says_the_same(tmp_path: Path) -> None:
    recording = incident()
    first = await investigated(recording)
    TapeFolder(tmp_path / "saved").save(saved(first, recording, desk().redactor, copy=False))

    read, _ = load_tape(tmp_path / "saved")
    again = await investigated(read)

    assert not read.has_sources
    assert [one.sha256 for one in again.evidence] == [one.sha256 for one in first.evidence]
    assert again.answer == first.answer


@pytest.mark.promise("replay")
async def test_a_question_that_is_not_on_the_tape_gets_no_data(tmp_path: Path) -> None:
    recording = incident()
    first = await investigated(recording, persona="network")
    TapeFolder(tmp_path / "saved").save(saved(first, recording, desk().redactor, copy=False))

    read, _ = load_tape(tmp_path / "saved")
    again = await investigated(read, persona="on-call-sre")

    changes = next(one for one in again.evidence if one.tool == "diff_commits")
    assert changes.reading.status == "no_data"
    assert "not on this tape" in changes.reading.summary


async def test_a_copy_holds_the_sources_and_answers_new_questions(tmp_path: Path) -> None:
    recording = incident()
    first = await investigated(recording, persona="network")
    TapeFolder(tmp_path / "saved").save(saved(first, recording, desk().redactor, copy=True))

    read, _ = load_tape(tmp_path / "saved")
    again = await investigated(read, persona="on-call-sre")

    assert again.answer is not None
    assert again.answer.hypotheses[0].change == CULPRIT


async def test_a_copy_holds_no_secret(tmp_path: Path) -> None:
    secret = "AKIAABCDEFGHIJKLMNOP"
    line = LogLine(at=incident().question.window.start, service="service-0", text=f"using {secret}")
    recording = replace(incident(), lines=(line,))
    first = await investigated(recording)

    TapeFolder(tmp_path / "saved").save(saved(first, recording, desk().redactor, copy=True))

    written = "".join(file.read_text() for file in (tmp_path / "saved").rglob("*") if file.is_file())
    assert secret not in written


async def test_two_runs_of_one_tape_do_not_differ_and_other_personas_do() -> None:
    recording, redactor = incident(), desk().redactor
    one, two, other = [
        saved(await investigated(recording, persona=persona), recording, redactor, copy=False)
        for persona in ("", "", "network")
    ]

    same, changed = differences(one, two), differences(one, other)

    assert same.found == ()
    assert any(difference.what.startswith("evidence diff_commits") for difference in changed.found)


@pytest.mark.promise("truth-is-out-of-reach")
async def test_no_tool_can_reach_the_truth_beside_a_case(tmp_path: Path) -> None:
    folder = tmp_path / "tape"
    TapeFolder(folder).save(incident())
    for name in ("truth.json", "metadata.json", "answer.yml", "published-baselines.json"):
        (folder / name).write_text(json.dumps({"root_cause_commit": "THE-ANSWER"}))
    house = desk()
    recording, ground = load_tape(folder)

    record = await house.open(recording.question, origin=ground.origin)
    record = await house.run(record, ground)

    stored = "".join(part.model_dump_json() for part in (*record.messages, *record.evidence))
    assert "THE-ANSWER" not in stored
    assert "THE-ANSWER" not in repr(recording)


async def test_a_configured_secret_is_kept_out_of_evidence_and_copies(tmp_path: Path) -> None:
    recording = incident()
    assert recording.changes is not None
    at = recording.question.window.start
    config = ConfigChange(
        key="LEDGER_DB_PASSWORD", service="service-0", at=at, before="opensesame1", after="opensesame2"
    )
    leaky = replace(recording, changes=replace(recording.changes, configs=(config,)))
    record = await investigated(leaky)

    TapeFolder(tmp_path / "saved").save(saved(record, leaky, desk().redactor, copy=True))

    written = "".join(file.read_text() for file in (tmp_path / "saved").rglob("*") if file.is_file())
    stored = "".join(part.model_dump_json() for part in (*record.messages, *record.evidence))
    assert "LEDGER_DB_PASSWORD" in stored
    assert "opensesame" not in stored + written


async def test_no_secret_survives_by_being_read_without_its_name() -> None:
    recording = incident()
    assert recording.changes is not None
    at = recording.question.window.start
    config = ConfigChange(
        key="app.yaml", service="service-0", at=at, before="password: opensesame1", after="password: opensesame2"
    )
    flag = FlagChange(flag="api_key", service="service-0", at=at, before="opensesame3x", after="opensesame4x")
    key = ["-----BEGIN PRIVATE KEY-----", "b3BlbnNlc2FtZTVvcGVuc2VzYW1lNQ", "-----END PRIVATE KEY-----"]
    lines = tuple(LogLine(at=at, service="service-0", text=text, severity="ERROR") for text in key)
    alert = replace((recording.alerts or ())[0], labels={"password": "opensesame6"})
    leaky = replace(
        recording,
        changes=replace(recording.changes, configs=(config,), flags=(flag,)),
        lines=(*(recording.lines or ()), *lines),
        alerts=(alert,),
    )

    record = await investigated(leaky)
    copied = redacted(leaky, desk().redactor)

    stored = "".join(part.model_dump_json() for part in (*record.messages, *record.evidence))
    for secret in ("opensesame", "b3BlbnNlc2FtZTV"):
        assert secret not in stored
        assert secret not in repr(copied)
