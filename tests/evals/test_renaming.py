"""Renaming takes every name of a thing or a person away, and leaves the words that say what happened."""

import json
from pathlib import Path

from rootline.evals.renaming import renamed

LINES = [
    {"service": "ticketservice", "level": "error", "message": "ana: SELECT * FROM tickets ORDER BY id took 9 s"},
    {"service": "volt", "level": "warn", "message": "VOLTAGE of TICKETS_TABLE, analysis by TicketController"},
    {"service": "order", "level": "warn", "message": "orders wait, ticketservices too; a voltage of 3"},
]
SPANS = [{"service": "volt", "name": "commit ledger"}, {"service": "ticketservice", "name": "SELECT tickets"}]
COMMITS = [{"sha": "a1", "author": "Ana", "message": "Index tickets"}]


def whole(folder: Path, seed: int) -> str:
    case = folder / "case"
    case.mkdir(exist_ok=True)
    for name, rows in {"logs": LINES, "spans": SPANS, "commits": COMMITS}.items():
        (case / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (case / "truth.json").write_text('{"first_failing_service": "ticketservice"}')
    scratch = folder / str(seed)
    copy = renamed(case, scratch, seed).folder
    assert not (copy / "truth.json").exists()
    return "\n".join(file.read_text() for file in sorted(copy.iterdir()))


def test_names_are_gone_in_every_form(tmp_path: Path) -> None:
    told = whole(tmp_path, 3)
    for name in ("ticket", "Ticket", "TICKETS", 'volt"', 'Ana"', "ana:", "orders"):
        assert name not in told


def test_words_that_begin_like_a_name_and_words_of_the_trade_stay(tmp_path: Path) -> None:
    told = whole(tmp_path, 3)
    for word in ("VOLTAGE", "voltage", "analysis", "SELECT", "ORDER BY", "commit ledger", "Index"):
        assert word in told


def test_a_name_is_renamed_alike_everywhere_and_by_its_seed(tmp_path: Path) -> None:
    told = whole(tmp_path, 3)
    made_up = json.loads(next(line for line in told.split("\n") if "took 9 s" in line))["service"].removesuffix(
        "service"
    )
    assert told.lower().count(made_up) == 8
    assert whole(tmp_path, 4) != told


def test_a_prediction_is_told_in_the_names_of_the_case(tmp_path: Path) -> None:
    whole(tmp_path, 3)
    copy = renamed(tmp_path / "case", tmp_path / "again", 3)
    assert {"ticket", "volt", "order", "ana"} <= set(copy.names)
