"""Lines of statistics count errors; that is no error of their own."""

import pytest

from rootline.analysis.logs.wording import is_error


@pytest.mark.parametrize(
    ("text", "severity", "expected"),
    [
        ("stats rps=4980 p95=68ms errors=2 cache_hit=0.97", "INFO", False),
        ("stats rps=4980 http_errors = 12", "debug", False),
        ("batch done processed=90 failed=1", "info", False),
        ("stats rps=4980 errors=2", "ERROR", True),
        ("stats rps=4980 errors=2", "", True),
        ("error=connection refused", "INFO", True),
        ("request failed: errors=2, exception in handler", "INFO", True),
    ],
)
def test_a_count_in_a_quiet_line_is_a_figure(text: str, severity: str, *, expected: bool) -> None:
    assert is_error(text, severity) is expected
