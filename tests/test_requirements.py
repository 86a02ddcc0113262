import pytest
from tests.requirements import PROMISES


def promised(items: list[pytest.Item]) -> set[str]:
    return {str(mark.args[0]) for item in items for mark in item.iter_markers("promise")}


def test_every_promise_has_a_test_and_every_mark_a_promise(request: pytest.FixtureRequest) -> None:
    if request.config.args != request.config.getini("testpaths"):
        pytest.skip("only the whole suite can tell")

    assert promised(request.session.items) == set(PROMISES)
