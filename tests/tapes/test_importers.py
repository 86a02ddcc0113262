import json
from pathlib import Path

import pytest

from rootline.analysis.cluster.query import listing
from rootline.errors import BadTape
from rootline.tapes.importers.cloudops import read_cloudops
from rootline.tapes.importers.rootcausebench import read_rootcausebench

ALERT = {
    "service": "ledger",
    "metric": "errors_ratio",
    "threshold": 0.1,
    "observed": 0.5,
    "fired_at": "2026-02-01T10:30:00Z",
    "severity": "high",
    "monitor": "ledger-errors",
    "summary": "ledger errors above 10%",
}


def constructed(folder: Path) -> Path:
    (folder / "context").mkdir(parents=True)
    (folder / "alert.json").write_text(json.dumps(ALERT))
    (folder / "metrics.csv").write_text(
        "timestamp,service,metric,value\n2026-02-01T10:00:00Z,ledger,errors_ratio,0.01\n2026-02-01T10:31:00Z,ledger,errors_ratio,0.5\n"
    )
    (folder / "logs.ndjson").write_text(
        json.dumps({"timestamp": "2026-02-01T10:30:10Z", "service": "ledger", "severity_text": "ERROR", "msg": "boom"})
        + "\n"
    )
    (folder / "patterns.json").write_text(
        json.dumps(
            [
                {
                    "signature": "boom",
                    "service": "ledger",
                    "count": 40,
                    "delta_vs_baseline": "+38",
                    "sentiment": "negative",
                }
            ]
        )
    )
    (folder / "context" / "commits.json").write_text(
        json.dumps(
            [
                {
                    "sha": "a" * 40,
                    "timestamp": "2026-02-01T10:00:00Z",
                    "message": "m",
                    "files_changed": ["x.py"],
                    "diff": None,
                }
            ]
        )
    )
    (folder / "context" / "flags.json").write_text(
        json.dumps([{"timestamp": "2026-02-01T10:05:00Z", "flag": "f", "service": "ledger", "change": "off->on"}])
    )
    (folder / "status_feed.json").write_text(
        json.dumps(
            {
                "provider": "bank",
                "incidents": [{"name": "down", "impact": "major", "started_at": "2026-02-01T10:20:00Z", "updates": []}],
                "api_error_rate_pct": [{"timestamp": "2026-02-01T10:20:00Z", "endpoint": "api.bank", "value": 70}],
            }
        )
    )
    (folder / "truth.json").write_text('{"root_cause_commit": "THE-ANSWER"}')
    return folder


def test_a_constructed_incident_is_read_whole_and_its_truth_is_not(tmp_path: Path) -> None:
    recording = read_rootcausebench(constructed(tmp_path / "case"))

    assert recording.alerts is not None
    assert recording.changes is not None
    assert recording.patterns is not None
    assert (recording.alerts[0].service, recording.alerts[0].severity) == ("ledger", "high")
    assert (recording.patterns[0].count, recording.patterns[0].baseline_count) == (40, 2)
    assert (recording.changes.commits[0].diff, recording.changes.flags[0].after) == ("", "on")
    assert recording.changes.statuses[0].provider == "bank"
    assert [one.service for one in recording.series or ()] == ["ledger", "api.bank"]
    assert "THE-ANSWER" not in repr(recording)


def test_parts_that_are_missing_stay_missing(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "alert.json").write_text(json.dumps(ALERT))

    recording = read_rootcausebench(folder)

    assert (recording.series, recording.lines, recording.spans, recording.changes) == (None, None, None, None)


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("alert.json", "{", r"alert\.json is no JSON"),
        ("alert.json", "{}", "an entry has no 'service'"),
        ("metrics.csv", "timestamp,service,metric,value\nnow,a,b,1\n", "is no RFC 3339 time"),
        ("logs.ndjson", "{\n", "line 1 is no JSON"),
        ("traces.json", '{"a": 1}', "must hold a list of objects"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, file: str, text: str, words: str) -> None:
    folder = constructed(tmp_path / "case")
    (folder / file).write_text(text)

    with pytest.raises(BadTape, match=words):
        read_rootcausebench(folder)


def test_of_a_cluster_case_only_the_question_and_the_calls_are_kept(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_text(
        json.dumps({"query": "It is slow.", "namespace": "shop", "result": {"root_cause": "THE-ANSWER"}})
    )
    key = 'GetResources:{"resource_type":"pods","name":"","namespace":"shop"}'
    (tmp_path / "tool_cache.json").write_text(
        json.dumps({"collection_timestamp": "2026-01-10T17:09:31.4", key: "NAME   READY\nfront-1   0/1\n"})
    )

    recording = read_cloudops(tmp_path)

    assert (recording.question.text, recording.question.namespace) == ("It is slow.", "shop")
    assert recording.cluster is not None
    assert recording.cluster[0].query == listing("pods", "shop")
    assert "THE-ANSWER" not in repr(recording)
