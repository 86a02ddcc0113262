"""Where runbooks are kept, as a setting or a file says, and what is no such place."""

from pathlib import Path

import pytest

from rootline.errors import Misconfigured
from rootline.sources.runbooks.places import Place, places


def test_one_setting_names_many_places_by_how_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "md").mkdir()
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "index.html").write_text("<html>")
    (tmp_path / "wiki.zip").write_bytes(b"PK")
    named = (
        f"{tmp_path}/md, {tmp_path}/wiki,{tmp_path}/wiki.zip,https://git.example/ops/docs.git#runbooks/db,git@h:o/r.git"
    )

    assert places({"ROOTLINE_RUNBOOKS": named}) == (
        Place(kind="folder", where=f"{tmp_path}/md"),
        Place(kind="html", where=f"{tmp_path}/wiki"),
        Place(kind="html", where=f"{tmp_path}/wiki.zip"),
        Place(kind="git", where="https://git.example/ops/docs.git", under="runbooks/db"),
        Place(kind="git", where="git@h:o/r.git"),
    )


def test_a_file_names_them_beside_itself_and_the_setting_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "own").mkdir()
    file = tmp_path / "rootline.yaml"
    file.write_text(
        "clusters: {a: {}}\nrunbooks:\n- {folder: books}\n- {git: 'https://git.example/d', under: docs, ref: v1}\n"
    )

    filed = places({"ROOTLINE_CONFIG": str(file)})
    named = places({"ROOTLINE_CONFIG": str(file), "ROOTLINE_RUNBOOKS": str(tmp_path / "own")})

    assert filed == (
        Place(kind="folder", where=str(tmp_path / "books")),
        Place(kind="git", where="https://git.example/d", under="docs", ref="v1"),
    )
    assert named == (Place(kind="folder", where=str(tmp_path / "own")),)


def test_without_any_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "rootline.yaml").write_text("clusters: {a: {}}\n")

    assert places({}, tmp_path / "nowhere") == ()
    assert places({}, tmp_path) == ()


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("/no/such/folder", "is no folder. Name folders"),
        ("/no/such.zip", "is no folder"),
        ("ext::sh -c touch% x.git", "is no address of a git repository"),
        ("--upload-pack=x.git", "is no address"),
        ("ftp://host/x.git", "is no address"),
        ("https://me:secret@host/x.git", "holds a user or a password"),
        ("https://host/x.git#../../etc", "is no folder inside a repository"),
        ("https://host/a b.git", "is no address"),
    ],
)
def test_what_is_no_place_is_told_and_no_password_is_repeated(named: str, told: str) -> None:
    with pytest.raises(Misconfigured, match=told) as failed:
        places({"ROOTLINE_RUNBOOKS": named})

    assert "secret" not in str(failed.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("runbooks: [{folder: nowhere}]", "does not exist"),
        ("runbooks: [{folder: a, git: 'https://h/r'}]", "name one of folder, git and html"),
        ("runbooks: [{folder: a, under: b}]", "under and ref are for git"),
        ("runbooks: [{foldr: a}]", "runbooks.0.foldr: there is no such key, did you mean folder?"),
        ("runbooks: [{git: 'https://h/r', ref: '--exec'}]", "is no branch or tag"),
        ("runbooks: [", "is no YAML: while parsing"),
    ],
)
def test_a_wrong_file_is_told(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "rootline.yaml"
    file.write_text(text)

    with pytest.raises(Misconfigured, match=told):
        places({"ROOTLINE_CONFIG": str(file)})


def test_a_file_that_is_named_and_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"gone\.yaml cannot be read: No such file"):
        places({"ROOTLINE_CONFIG": str(tmp_path / "gone.yaml")})


def test_without_any_file_there_are_no_places(tmp_path: Path) -> None:
    assert places({}, tmp_path) == ()
