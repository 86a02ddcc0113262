"""What only reads differently, what belongs to another service's section, and where a repository keeps its services."""

import pytest

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import Net, net
from rootline.changes.diffs.sections import about
from rootline.changes.mechanisms.rephrasing import rephrases
from rootline.changes.paths.layout import homes
from rootline.changes.symptom import Symptom

SIZES = """@@ deploy/values.yaml
 reports:
   resources:
-    limits: { memory: 4Gi }
+    limits: { memory: 3Gi }
 thumbs:
   resources:
-    limits: { memory: 1Gi }
+    limits: { memory: 2Gi }
"""


def changed(diff: str, file: str = "shop/check.py") -> Net:
    return net(parse(f"@@ {file}\n{diff}", (file,)))


@pytest.mark.parametrize(
    "diff",
    [
        '-    raise Mismatch("tenant")\n+    raise Mismatch(\n+        "cart %s is of %s".format(c, t))\n',
        '-TITLE = "Your parcel"\n+TITLE = "Your parcel is on its way"\n',
        "-    held: '#9aa0a6',\n+    held: '#f4b400',\n",
    ],
)
def test_other_words_for_people_change_nothing(diff: str) -> None:
    assert rephrases(changed(diff))


@pytest.mark.parametrize(
    "diff",
    [
        '+    raise Mismatch("tenant")\n',
        '-    raise Mismatch("tenant")\n+    pass\n',
        '-HOST = "cache-a"\n+HOST = "cache-b"\n',
        '-    raise Mismatch("a is wrong")\n+    raise Mismatch("a is wrong")\n+    raise Mismatch("b is wrong")\n',
        "-    limit = 10\n+    limit = 20\n",
        "",
    ],
)
def test_a_new_error_a_name_or_a_number_is_more_than_words(diff: str) -> None:
    assert not rephrases(changed(diff))


def test_lines_in_the_section_of_another_service_are_let_go() -> None:
    whole = net(parse(SIZES, ("deploy/values.yaml",)))

    left = about(whole, Symptom(service="thumbs", texts=()), frozenset({"thumbs", "reports"}))

    assert [line.text.strip() for line in left.added.lines] == ["limits: { memory: 2Gi }"]


def test_lines_in_the_section_of_a_service_that_is_ill_too_are_kept() -> None:
    whole = net(parse(SIZES, ("deploy/values.yaml",)))

    left = about(whole, Symptom(service="thumbs", texts=(), services=("reports",)), frozenset({"thumbs", "reports"}))

    assert len(left.added.lines) == 2


def test_folders_beside_that_of_a_known_service_are_homes_too() -> None:
    paths = ["thumbs/a.py", "mailer/b.py", "libs/go/http.go", "deploy/thumbs.yaml", ".github/ci.yml", "README.md"]

    assert homes(paths, ["thumbs"]) == ("mailer", "thumbs")


def test_a_repository_without_a_known_service_at_its_top_has_no_homes() -> None:
    assert homes(["src/a.py", "mailer/b.py"], ["thumbs"]) == ()


@pytest.mark.parametrize(
    "diff",
    [
        "-    shelf = Shelf(cache, store, log=service.log)\n+    shelf = Shelf(service.log, store, cache)\n",
        "-def make(cache, *, log: Logger):\n+def make(log: Logger, cache):\n",
        "-    return (one, log)\n+    return (log, one)\n",
    ],
)
def test_a_logger_that_is_only_handed_on_tells_nothing(diff: str) -> None:
    assert not rephrases(changed(diff))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('log.info("parcel")', 'log.info("the parcel")'),
        ('logger.warn "late"', 'logger.warn "too late"'),
        ('print("done")', 'print("all done")'),
        ('slog.Info("ready", k)', 'slog.Info("is ready", k)'),
    ],
)
def test_a_logger_that_is_called_tells(before: str, after: str) -> None:
    assert rephrases(changed(f"-    {before}\n+    {after}\n"))
