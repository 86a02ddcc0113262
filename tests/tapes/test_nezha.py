from datetime import timedelta
from pathlib import Path

from tests.evals.test_nezha import FAULT, write_day

from rootline.tapes.importers.nezha import read_day


def test_a_window_comes_with_quiet_history_traces_and_logs(tmp_path: Path) -> None:
    write_day(tmp_path / "day")

    recording = read_day(tmp_path / "day").recording(FAULT, [FAULT])

    cpu = next(one for one in recording.series or () if (one.service, one.metric) == ("cart", "CpuUsageRate"))
    assert (recording.question.window.duration, cpu.unit) == (timedelta(minutes=4), "percent")
    assert cpu.values[-4:].tolist()[1:] == [90.0, 90.0, 90.0]
    assert cpu.values[:-4].max() < 10
    assert (cpu.times[1:] > cpu.times[:-1]).all()
    assert [(edge.caller, edge.callee) for edge in recording.edges or ()] == [("web", "cart")]
    assert [(span.service, span.duration_s, span.parent_id) for span in recording.spans or ()] == [("web", 0.9, None)]
    assert [(line.service, line.text) for line in recording.lines or ()] == [("cart", "slow, very slow, today")]
