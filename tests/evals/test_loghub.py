import csv
from pathlib import Path

import pytest
from tests.evals.runs import ran

pytestmark = pytest.mark.anyio

TEMPLATES = ("Accepted connection from <*>", "Session <*> closed", "Out of memory")


def write_system(folder: Path) -> None:
    folder.mkdir(parents=True)
    texts = [
        (TEMPLATES[at % 3], TEMPLATES[at % 3].replace("<*>", f"10.0.0.{at}" if at % 3 == 0 else str(4000 + at)))
        for at in range(60)
    ]
    name = folder.name
    (folder / f"{name}_2k.log").write_text("".join(f"INFO {text}\n" for _, text in texts))
    with (folder / f"{name}_2k.log_structured_corrected.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["LineId", "Content", "EventId", "EventTemplate"])
        rows.writerows([at, text, f"E{at % 3}", template] for at, (template, text) in enumerate(texts))


async def test_lines_of_one_statement_get_one_template(tmp_path: Path) -> None:
    write_system(tmp_path / "logs" / "Gate")

    done = await ran("loghub", tmp_path / "logs", tmp_path / "out")

    assert done.scores is not None
    assert [line["case"] for line in done.lines] == ["Gate"]
    assert done.lines[0]["predictions"][3] == {"line": 4, "template_id": "T0", "template": TEMPLATES[0]}
    assert (done.value("GA"), done.value("FGA")) == (1, 1)
    assert done.scores["baselines"]["each message its own"]["GA"] < 0.5


async def test_a_log_without_its_structure_is_mined_as_it_stands(tmp_path: Path) -> None:
    write_system(tmp_path / "logs" / "Gate")
    (tmp_path / "logs" / "Gate" / "Gate_2k.log_structured_corrected.csv").unlink()

    done = await ran("loghub", tmp_path / "logs", tmp_path / "out")

    assert len({one["template_id"] for one in done.lines[0]["predictions"]}) == 3
    assert done.scores is None
