"""What of a stranger's patch does not run is said before it is deployed."""

import pytest

from rootline.lab.beside import beside


@pytest.mark.parametrize(
    "paths",
    [
        ["shop/cart/app.py"],
        ["shop/lib/pool.py"],
        ["shop/lib/pool.py", "shop/cart/settings.toml", "README.md"],
    ],
)
def test_nothing_is_said_where_the_service_may_run_all_of_it(paths: list[str]) -> None:
    assert beside("cart", paths) == ""


@pytest.mark.parametrize("own", ["shop/cart/app.py", "shop/lib/pool.py"])
def test_others_that_a_patch_changes_too_go_on_as_before(own: str) -> None:
    said = beside("cart", [own, "shop/store/app.py", "shop/payment/settings.toml"])

    assert said == "Only cart is deployed: store and payment, which the patch changes too, will run as before."


def test_a_patch_for_another_service_is_told_with_the_one_that_was_meant() -> None:
    said = beside("cart", ["shop/payment/app.py", "shop/payment/settings.toml"])

    assert said == "The patch changes payment, and nothing that cart runs. Did you mean --service payment?"


@pytest.mark.parametrize("paths", [["README.md"], ["docs/cart/app.py"], ["shop/README.md"], []])
def test_a_patch_of_nothing_that_runs_says_so(paths: list[str]) -> None:
    assert beside("cart", paths) == "The patch changes nothing that cart runs."
