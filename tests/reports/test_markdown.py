import re

from tests.reports.records import WORLD, evidence, plan, record

from rootline.claims.checker import Checker
from rootline.claims.recheck import recheck
from rootline.reports.markdown import markdown

REPORT = markdown(record())


def lines_after(title: str) -> list[str]:
    section = REPORT.split(f"## {title}\n\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in section.split("\n") if line]


def test_every_sentence_shown_as_fact_was_passed_by_the_checker() -> None:
    answer = record().answer
    assert answer is not None
    checker = Checker(evidence())
    said = [one for two in answer.hypotheses for one in (*two.support, *two.against)] + list(answer.claims)

    assert len(re.findall(r"^- ✓ ", REPORT, re.MULTILINE)) == len(said) == 7
    assert all(checker.check(one.claim).is_fact for one in said)


def test_the_same_tape_twice_gives_the_same_report_but_for_one_line() -> None:
    one, other = REPORT.split("\n"), markdown(record(run=7)).split("\n")

    differing = [number for number, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]

    assert differing == [2]
    assert one[2].startswith("Asked 2026-03-05T00:00:00Z")


def test_hypotheses_are_ranked_and_marked_as_inferences() -> None:
    heads = re.findall(r"^### .*$", REPORT, re.MULTILINE)

    assert heads == [
        "### 1. 72% (50% to 87%), inference",
        "### 2. 27% (13% to 49%), possible cause, not proven",
    ]
    assert re.search(r"by timeout too long: it now has “[^”]+”\.\*\*", REPORT)


def test_failed_claims_are_shown_as_failed() -> None:
    (failed,) = lines_after("Claims that failed the check and count for nothing")

    assert failed.startswith("- ✗ ")
    assert "(**contradicted**: " in failed


def test_free_text_is_marked_where_the_evidence_lacks_it() -> None:
    assert "Why not: it was there 98,765 days before \\[not in the evidence: 98,765\\]" in REPORT


def test_the_plan_says_that_nothing_has_been_run() -> None:
    lines = lines_after("Plan")
    sha = plan().sha256[:12]

    assert lines == [
        f"**config-revert** of {WORLD.services[0]}, for hypothesis 1 · nothing has been run · plan `{sha}`",
        "Risk: **low** (0.20): one service",
        "Before:",
        "- The timeout is still the new one",
        "Steps:",
        f"1. Put the timeout back (`revert_config` on `{WORLD.services[0]}`, instant)",
        "   - `kubectl get cm | grep timeout`",
        "   - to undo: apply it again",
        "Afterwards, to see that it helped:",
        "- The latency is back",
    ]


def test_coverage_tells_what_was_refused_and_what_never_came_back() -> None:
    rows = lines_after("Coverage")

    assert "| get_alerts |  | error |  | no such service |" in rows
    assert "| search_runbooks |  | error |  | it never came back |" in rows
    assert f"| tool | `service={WORLD.services[2]}` | timeout | E11 |  |" in rows


def test_evidence_is_listed_by_label_with_its_short_hash() -> None:
    rows = lines_after("Evidence")

    assert len(rows) == 2 + len(evidence())
    assert f"`{evidence()['E1'].sha256[:12]}`" in rows[2]
    assert "`text=a\\|b`" in rows[-2]


def test_outside_text_stays_text() -> None:
    assert "\x1b" not in REPORT
    assert "<script" not in REPORT
    assert "\\[click\\](javascript\\:x)" in REPORT
    assert "\\!\\[i\\](http\\://evil/?q)" in REPORT
    assert "# Why is it slow? &lt;b&gt;now&lt;/b&gt;" in REPORT


def test_where_to_look_next_follows_from_the_gaps() -> None:
    steps = lines_after("Where to look next")

    assert "timeout; ask again with a shorter window" in "\n".join(steps)
    assert len(steps) <= 8


def test_an_investigation_without_an_answer_says_so() -> None:
    report = markdown(record(answered=False))

    assert "There is no answer: the investigation is cancelled." in report
    assert "✓" not in report


def test_a_stale_claim_shows_its_new_mark() -> None:
    answer = record().answer
    assert answer is not None
    changed = {**evidence(), "E1": evidence()["E2"].model_copy(update={"label": "E1"})}

    report = markdown(record(), [recheck(answer.claims[0].claim, changed)])

    assert "- ⟳ " in report
    assert "(**stale**: read again: " in report
