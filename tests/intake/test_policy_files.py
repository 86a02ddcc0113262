import json
from importlib.resources import files
from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.intake.watching.policy_files import SHIPPED, read_policy, shipped_policy


def written(folder: Path, **changes: object) -> Path:
    shipped = json.loads(files("rootline.intake.watching.policies").joinpath(f"{SHIPPED}.json").read_text())
    file = folder / "policy.json"
    file.write_text(json.dumps({**shipped, **changes}))
    return file


def test_the_shipped_policy_names_its_own_version() -> None:
    assert shipped_policy().version == SHIPPED


def test_every_shipped_policy_can_be_read_and_is_named_by_its_version() -> None:
    names = [one.name for one in files("rootline.intake.watching.policies").iterdir() if one.name.endswith(".json")]

    assert [f"{shipped_policy(name.removesuffix('.json')).version}.json" for name in names] == names


def test_a_policy_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    assert read_policy(written(tmp_path, version="ours", cool_down_s=60)).cool_down_s == 60


def test_a_version_that_is_not_shipped_is_refused_with_those_that_are() -> None:
    with pytest.raises(Misconfigured, match=SHIPPED):
        shipped_policy("../2025")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"none\.json"):
        read_policy(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hold": 0}, "hold"),
        ({"tail": 1}, "tail"),
        ({"version": "a b"}, "version"),
        ({"windows": []}, "windows"),
        ({"spare": 1}, "spare"),
        ({"user_facing": {"views": ["sunshine"], "score": 1}}, "user_facing.views.0"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, change: dict[str, object], named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        read_policy(written(tmp_path, **change))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "\x00"])
def test_what_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "policy.json"
    file.write_text(text)

    with pytest.raises(Misconfigured, match="no gating policy"):
        read_policy(file)


def test_a_file_that_is_no_page_of_json_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    file.write_bytes(b" " * 200_000)

    with pytest.raises(Misconfigured, match="longer than"):
        read_policy(file)
