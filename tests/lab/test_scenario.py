"""A fault of the laboratory is planned by its seed; what cannot be planned says what there is."""

from pathlib import Path

import pytest

from rootline.errors import Misconfigured, NotFound
from rootline.lab.config_files import SERVICES
from rootline.lab.faults import FAULTS
from rootline.lab.patch import LONGEST_PATCH_BYTES
from rootline.lab.scenario import fault_scenario, known_fault, patch_scenario

PATCH = "--- a/cart/app.py\n+++ b/cart/app.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"
SERVICE = next(iter(SERVICES))


@pytest.mark.parametrize("name", [one.name for one in FAULTS])
def test_every_fault_is_planned_alike_for_one_seed(name: str) -> None:
    first, again = fault_scenario(name, 3), fault_scenario(name, 3)

    assert first.plan == again.plan
    assert first.variant == again.variant
    assert (first.name, first.patch) == (name, None)


@pytest.mark.parametrize("name", [one.name for one in FAULTS])
def test_a_fault_has_words_for_people_and_a_variant(name: str) -> None:
    found = known_fault(name)

    assert found.summary
    assert found.variants


def test_other_seeds_happen_otherwise() -> None:
    plans = [fault_scenario(FAULTS[0].name, seed).plan for seed in range(8)]

    assert any(one != plans[0] for one in plans[1:])


@pytest.mark.parametrize("name", ["", "no-such-fault", FAULTS[0].name.upper()])
def test_an_unknown_fault_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(NotFound, match=rf"There is no fault '{name}'\. Known: .*{FAULTS[-1].name}\."):
        known_fault(name)


def test_a_patch_of_a_stranger_is_planned_for_its_service(tmp_path: Path) -> None:
    file = tmp_path / "own.patch"
    file.write_text(PATCH)

    found = patch_scenario(file, SERVICE, 1)

    assert (found.name, found.patch and found.patch.file, found.variant) == ("own.patch", file, None)
    assert found.plan == patch_scenario(file, SERVICE, 1).plan


def test_a_patch_for_nobody_is_answered_with_the_services_of_the_shop(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=rf"There is no service 'nobody' in the shop\. Known: {SERVICE}"):
        patch_scenario(tmp_path / "own.patch", "nobody", 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no unified diff, as `git diff` or `diff -u` writes it"),
        (b"just words", "is no unified diff"),
        (b"3c3\n< a = 1\n> a = 2\n", "is no unified diff"),
        (b"*** a/cart.py\n***************\n", "is no unified diff"),
        (b"\xff\xfe", "is no unified diff"),
        (b"\xff\xfe\xff", "is no text, so it is no unified diff"),
        (b"\x89PNG\r\n\xfa", "is no text, so it is no unified diff"),
        (b"--- a/x\n+++ b/x\n\0", "is no text, so it is no unified diff"),
        (b"x" * (LONGEST_PATCH_BYTES + 1), "is larger than 1,048,576 bytes"),
    ],
)
def test_what_is_no_patch_is_refused_with_a_reason(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "own.patch"
    file.write_bytes(content)

    with pytest.raises(Misconfigured, match=rf"own\.patch {why}"):
        patch_scenario(file, SERVICE, 1)


def test_a_patch_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"none\.patch cannot be read: No such file or directory\."):
        patch_scenario(tmp_path / "none.patch", SERVICE, 1)
