from pathlib import Path
from uuid import UUID

import pytest

from rootline.errors import Misconfigured
from rootline.store.alone import alone

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_an_investigation_is_worked_on_by_one_at_a_time(tmp_path: Path) -> None:
    refused = pytest.raises(Misconfigured, match="Another process works on")
    with alone(tmp_path, ONE), alone(tmp_path, OTHER), refused, alone(tmp_path, ONE):
        pass

    with alone(tmp_path, ONE):
        pass
