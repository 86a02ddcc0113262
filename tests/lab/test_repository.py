"""The shop's history: commits, deployments with their times, strangers' patches."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rootline.domain.window import Window
from rootline.errors import Misconfigured, NotFound
from rootline.lab.patch import Patch, read_patch
from rootline.lab.repository import Repository
from rootline.lab.scenario import patch_scenario
from rootline.sources.changes.git_clone import GitClones
from rootline.sources.changes.source import ChangeQuery

PATCH = """--- a/shop/payment/settings.toml
+++ b/shop/payment/settings.toml
@@ -1,3 +1,3 @@
 workers = 6
-queue = 64
+queue = 1
 log_level = "INFO"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop", "git")
    made.create()
    return made


def write(folder: Path, text: str) -> Path:
    file = folder / "stranger.diff"
    file.write_bytes(text.encode())
    return file


def stranger(folder: Path, text: str, service: str = "payment") -> Patch:
    return read_patch(write(folder, text), service)


@pytest.mark.anyio
async def test_deployments_are_read_with_their_service_time_and_commit(shop: Repository) -> None:
    shop.tag("cart", 1, shop.head(), at=datetime.now(tz=UTC) - timedelta(days=30))
    file = shop.folder / "shop" / "cart" / "settings.toml"
    file.write_text(file.read_text().replace("queue = 64", "queue = 32"))
    before, after = shop.head(), shop.commit("Smaller queue", author="amber")
    shop.tag("cart", 2, after)

    now = datetime.now(tz=UTC)
    window = Window(start=now - timedelta(hours=1), end=now + timedelta(minutes=1))
    found = await GitClones([shop.folder]).changes(ChangeQuery(), window)

    (deployed,) = found.deployments
    assert (deployed.service, deployed.commit, deployed.previous_commit) == ("cart", after, before)
    assert abs(deployed.at - now) < timedelta(minutes=1)
    assert [(one.sha, one.author) for one in found.commits] == [(after, "amber")]


def test_a_checkout_holds_the_files_of_its_commit(shop: Repository, tmp_path: Path) -> None:
    first = shop.head()
    (shop.folder / "shop" / "new.txt").write_text("new")
    second = shop.commit("Add a file", author="boris")

    for name, commit in (("one", first), ("two", second)):
        shop.checkout(commit, tmp_path / name)

    assert not (tmp_path / "one" / "shop" / "new.txt").exists()
    assert (tmp_path / "two" / "shop" / "new.txt").read_text() == "new"
    assert (tmp_path / "one" / "shop" / "gateway" / "app.py").is_file()


def test_a_patch_becomes_a_change_of_the_working_tree(shop: Repository, tmp_path: Path) -> None:
    shop.apply(stranger(tmp_path, PATCH))

    assert shop.changed() == ("shop/payment/settings.toml",)
    assert "queue = 1\n" in (shop.folder / "shop" / "payment" / "settings.toml").read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PATCH.replace("-queue = 64", "-queue = 99"), "does not apply to the shop as it is now"),
        (PATCH.replace("payment", "refunds"), "does not apply to the shop as it is now"),
        ("--- a/shop/cart/app.py\n+++ b/shop/cart/app.py\n", "does not apply to the shop as it is now"),
    ],
)
def test_a_patch_that_does_not_apply_changes_nothing_and_says_why(
    shop: Repository, tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(Misconfigured, match=says):
        shop.apply(stranger(tmp_path, text))

    assert shop.changed() == ()


MAIL = f"""From 1234 Mon Sep 17 00:00:00 2001
From: A Stranger <stranger@example.invalid>
Subject: [PATCH] Smaller queue

---
 shop/payment/settings.toml | 2 +-

{PATCH}-- \n2.39.5

"""
RENAMED = """diff --git a/shop/cart/contents.py b/shop/cart/lines.py
similarity index 100%
rename from shop/cart/contents.py
rename to shop/cart/lines.py
"""
DELETED = """diff --git a/shop/cart/__main__.py b/shop/cart/__main__.py
deleted file mode 100644
--- a/shop/cart/__main__.py
+++ /dev/null
@@ -1,5 +0,0 @@
-\"\"\"Runs the service.\"\"\"
-
-from .app import service
-
-service.run()
"""
BINARY = """diff --git a/shop/cart/flag.bin b/shop/cart/flag.bin
new file mode 100644
index 0000000000000000000000000000000000000000..85025d98693fe77b700bcf818dfd8fcd13c4e961
GIT binary patch
literal 5
McmZQzWMXCk000>P3jhEB

literal 0
HcmV?d00001

"""
FORMS = {
    "as git writes it": PATCH,
    "with a header": "diff --git a/shop/payment/settings.toml b/shop/payment/settings.toml\nindex 1..2 100644\n"
    + PATCH,
    "without a and b": PATCH.replace("a/shop", "shop").replace("b/shop", "shop"),
    "against the package": PATCH.replace("/shop", "/src/rootline/lab/shop"),
    "beside the services": PATCH.replace("/shop", ""),
    "inside the service": PATCH.replace("/shop/payment", ""),
    "of a file alone": PATCH.replace("a/shop/payment/", "").replace("b/shop/payment/", ""),
    "by diff with times": PATCH.replace(".toml\n", ".toml\t2026-11-23 00:00:00.000000000 +0000\n"),
    "of two folders": PATCH.replace("a/shop", "before/shop").replace("b/shop", "after/shop"),
    "with another system's line ends": PATCH.replace("\n", "\r\n"),
    "in a mail": MAIL,
    "in a mail of another system": MAIL.replace("\n", "\r\n"),
    "without a last line end": PATCH.rstrip("\n"),
    "with a byte order mark": "\ufeff" + PATCH,
    "with miscounted lines": PATCH.replace("@@ -1,3 +1,3 @@", "@@ -1,6 +1,5 @@"),
}


@pytest.mark.parametrize("form", list(FORMS))
def test_a_patch_is_applied_in_whatever_form_it_comes(shop: Repository, tmp_path: Path, form: str) -> None:
    patch = stranger(tmp_path, FORMS[form])

    shop.apply(patch, only_look=True)
    assert shop.changed() == ()
    shop.apply(patch)

    assert shop.changed() == ("shop/payment/settings.toml",)
    assert patch.paths(patch.way(shop.folder)) == {"shop/payment/settings.toml"}
    written = (shop.folder / "shop" / "payment" / "settings.toml").read_bytes()
    assert written.startswith(b'workers = 6\nqueue = 1\nlog_level = "INFO"\n')


def test_a_patch_in_two_byte_letters_is_applied(shop: Repository, tmp_path: Path) -> None:
    file = tmp_path / "wide.diff"
    file.write_bytes(PATCH.replace("\n", "\r\n").encode("utf-16"))

    shop.apply(read_patch(file, "payment"))

    assert shop.changed() == ("shop/payment/settings.toml",)


def test_line_ends_that_a_patch_brings_in_stay_as_it_wrote_them(shop: Repository, tmp_path: Path) -> None:
    shop.apply(stranger(tmp_path, PATCH.replace("+queue = 1\n", "+queue = 1\r\n")))

    assert b"queue = 1\r\n" in (shop.folder / "shop" / "payment" / "settings.toml").read_bytes()


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (RENAMED, {"shop/cart/contents.py", "shop/cart/lines.py"}),
        ("--- /dev/null\n+++ b/shop/cart/extra.py\n@@ -0,0 +1 @@\n+EXTRA = 1\n", {"shop/cart/extra.py"}),
        (DELETED, {"shop/cart/__main__.py"}),
        (BINARY, {"shop/cart/flag.bin"}),
    ],
    ids=["renamed", "added", "deleted", "binary"],
)
def test_files_are_renamed_added_and_deleted(shop: Repository, tmp_path: Path, text: str, changed: set[str]) -> None:
    patch = stranger(tmp_path, text, "cart")

    shop.apply(patch)
    shop.commit("Change cart", author="amber")

    told = subprocess.run(
        ["git", "-C", str(shop.folder), "diff", "--no-renames", "--name-only", "HEAD~1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(told.stdout.split()) == changed == patch.paths(patch.way(shop.folder))


def test_a_binary_file_of_which_the_patch_tells_nothing_is_refused(shop: Repository, tmp_path: Path) -> None:
    text = "diff --git a/shop/cart/flag.bin b/shop/cart/flag.bin\nnew file mode 100644\nindex 0000000..9daeafb\n"

    with pytest.raises(Misconfigured, match=r"does not apply .* binary patch"):
        shop.apply(stranger(tmp_path, text + "Binary files /dev/null and b/shop/cart/flag.bin differ\n"))

    assert shop.changed() == ()


def test_patches_that_came_in_one_mail_folder_are_applied_one_after_the_other(shop: Repository, tmp_path: Path) -> None:
    second = PATCH.replace("-queue = 64", "-queue = 1").replace("+queue = 1", "+queue = 2")

    shop.apply(stranger(tmp_path, MAIL + MAIL.replace(PATCH, second)))

    assert b"queue = 2\n" in (shop.folder / "shop" / "payment" / "settings.toml").read_bytes()


def test_a_patch_cannot_write_outside_of_the_repository(shop: Repository, tmp_path: Path) -> None:
    hostile = "--- /dev/null\n+++ b/../outside.txt\n@@ -0,0 +1 @@\n+out\n"

    with pytest.raises(Misconfigured):
        shop.apply(stranger(tmp_path, hostile))

    assert not (tmp_path / "outside.txt").exists()


def test_what_cannot_be_a_patch_is_refused_before_anything_is_deployed(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no service 'refunds' in the shop"):
        patch_scenario(write(tmp_path, PATCH), "refunds", 0)
    with pytest.raises(Misconfigured, match="is no unified diff"):
        patch_scenario(write(tmp_path, "hello\n"), "payment", 0)
    with pytest.raises(Misconfigured, match="cannot be read"):
        patch_scenario(tmp_path / "missing.diff", "payment", 0)


def test_the_settings_of_the_machine_s_git_do_not_reach_the_shop(tmp_path: Path) -> None:
    made = Repository(tmp_path / "shop", "git")
    made.create()

    told = subprocess.run(
        ["git", "-C", str(made.folder), "log", "--format=%an %cn"], capture_output=True, text=True, check=True
    )

    assert told.stdout == "shop shop\n"
