"""What a change does to what others read: they fail, and the service that was changed stays well."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import Net, net
from rootline.changes.mechanisms.handing_on import HANDING, handed_on
from rootline.changes.mechanisms.mechanism import Mechanism
from rootline.changes.ranking import rank
from rootline.changes.symptom import Served, Symptom
from rootline.changes.verdict import ChangeRanking, Component
from rootline.domain.change import ChangeSet, Commit, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = Window(start=NOON - timedelta(hours=12), end=NOON + timedelta(hours=2))
READER = Symptom(
    service="labels",
    texts=("POST /print failed: KeyError: 'weight'",),
    rising=("error_ratio of labels",),
    onset=NOON,
    near=("parcels",),
    tolerance=timedelta(seconds=15),
    failing_at=NOON,
)
LOST = '-    return {"id": one.id, "weight": one.grams}\n+    return {"id": one.id, "mass": {"grams": one.grams}}\n'
OTHER = "-    pause = 3\n+    pause = 4\n"


def changed(diff: str, file: str = "parcels/app.py") -> Net:
    return net(parse(f"@@ {file}\n{diff}", (file,)))


def found(diff: str, *spoken: str) -> list[str]:
    return [one.name for one in handed_on(changed(diff), frozenset(spoken))]


def one(diff: str, name: str, *spoken: str) -> Mechanism:
    return next(one for one in handed_on(changed(diff), frozenset(spoken)) if one.name == name)


def test_a_key_that_is_gone_counts_in_full_where_the_errors_speak_of_it() -> None:
    named, silent = one(LOST, "field that it sends removed", "weight"), one(LOST, "field that it sends removed")

    assert "weight" in named.reason
    assert named.families["null"] == 2 * silent.families["null"] == 1.0


INSIDE = """-    send("/add", who=who, item=item, many=1)
+    send("/add", who=who, items=[{"item": item, "many": 1}])
"""


def test_a_key_that_is_one_level_further_in_is_not_where_it_is_looked_for() -> None:
    assert "item inside of items" in one(INSIDE, "field that it sends nested deeper").reason


@pytest.mark.parametrize(
    "diff",
    [
        '-    send("/add", item=item)\n+    send("/add", item=item, tags=[{"name": name}])\n',
        '-    send("/add", item=item)\n+    send("/add", tags=[], item=item)\n',
        '-    send("/add", item=item)\n+    send("/add", item=[item])\n',
    ],
    ids=["beside another", "beside an empty one", "another value"],
)
def test_a_key_that_stays_at_its_level_is_no_other_shape(diff: str) -> None:
    assert "field that it sends nested deeper" not in found(diff)


@pytest.mark.parametrize(
    "diff",
    [
        '-    return {"id": one.id, "weight": one.grams}\n+    return {"weight": one.grams, "id": one.id}\n',
        '-    return {"id": one.id}\n+    return {"id": one.id, "weight": one.grams}\n',
        '-    return {"id": one.id}\n+    return one\n',
        "-    total = 1\n+    total = 2\n",
    ],
    ids=["in another order", "one more", "no answer left to compare with", "no key"],
)
def test_a_key_that_stays_comes_or_is_nowhere_handed_on_is_not_gone(diff: str) -> None:
    assert "field that it sends removed" not in found(diff)


@pytest.mark.parametrize(
    "diff",
    [
        '-    return {"weight": one.grams}\n+    return {"weight": {"grams": one.grams}}\n',
        '-    return {"weight": round(one.grams)}\n+    return {"weight": Decimal(one.grams)}\n',
        '-    return {"parts": parts}\n+    return {"parts": [shown(one) for one in parts]}\n',
        '-    await labels.post("/print", weight=grams)\n+    await labels.post("/print", weight=_text(grams))\n',
    ],
    ids=["another bracket", "another type", "each otherwise", "in a call"],
)
def test_a_value_that_is_made_otherwise_is_told(diff: str) -> None:
    assert "field that it sends built differently" in found(diff)


@pytest.mark.parametrize(
    "diff",
    [
        '-    return {"weight": one.grams}\n+    return {"weight": int(one.grams)}\n',
        '-    return {"weight": one.grams}\n+    return {"weight": one.milligrams}\n',
        '-    return {"weight": total(one), "n": 1}\n+    return {"weight": total(one), "n": 2}\n',
    ],
    ids=["made a number", "another name", "another number beside it"],
)
def test_a_value_that_its_readers_read_as_before_is_not(diff: str) -> None:
    assert "field that it sends built differently" not in found(diff)


def test_what_is_gathered_in_another_kind_of_container_is_told() -> None:
    diff = "-    rates: dict[str, int] = {}\n+    rates: list[int] = []\n"

    assert found(diff) == ["field that it sends built differently"]
    assert found(diff.replace("+    rates", "+    others")) == []
    assert found("-    rates = {}\n+    rates = {}  # by name\n") == []


def test_what_is_no_longer_left_out_is_handed_on() -> None:
    diff = "-    return {k: seen[k] for k in keys if k in seen}\n+    return {k: seen.get(k) for k in keys}\n"
    moved = "-    return [k for k in keys if k]\n+    found = [k for k in keys if k]\n+    return found\n"

    assert "filter removed" in found(diff)
    assert "filter removed" not in found(moved)


def test_a_list_that_is_worked_out_when_asked_for_is_empty_the_second_time() -> None:
    lazy = "-    rows = [price(one) for one in items]\n+    rows = (price(one) for one in items)\n"

    assert "list became readable only once" in found(lazy)
    assert "list became readable only once" not in found(lazy.replace("+    rows = (", "+    rows = list("))


def test_a_call_that_names_another_place_is_told_and_words_for_people_are_not() -> None:
    place = '-    row = await db.get(table="parcels")\n+    row = await db.get(table="parcel")\n'
    words = '-    log.info("parcels")\n+    log.info("parcel")\n'

    assert "name in a call changed" in found(place)
    assert "name in a call changed" not in found(words)


@pytest.mark.parametrize("text", ["x" * 200_000, '"a":' * 20_000, "[a for a in " * 5_000, "f('" * 9_000])
def test_hostile_lines_are_read_in_time(text: str) -> None:
    assert isinstance(found(f"-{text}\n+{text}1\n"), list)


def test_large_diffs_say_nothing_of_single_keys() -> None:
    diff = "".join(f'-    "k{at}": 1,\n+    "j{at}": 1,\n' for at in range(100))

    assert found(diff) == []


def test_who_hands_on_less_is_no_mere_check() -> None:
    diff = "-    found = {k: v for k in keys if k in held}\n+    found = {k: held.get(k, None) for k in keys}\n"
    commit = Commit(sha="a" * 40, at=NOON, message="x", files=("parcels/app.py",), diff=f"@@ parcels/app.py\n{diff}")
    names = [part.name for part in ranked((commit, 1.0)).ranked[0].components]

    assert "adds a check" not in names


def commit(letter: str, service: str, diff: str) -> Commit:
    file = f"{service}/app.py"
    at = NOON - timedelta(hours=1)
    return Commit(sha=letter * 40, at=at, message="x", files=(file,), diff=f"@@ {file}\n{diff}")


def ranked(*given: tuple[Commit, float], symptom: Symptom = READER) -> ChangeRanking:
    """Rank commits, each deployed so many seconds before the onset as the service of its folder."""
    deployments = tuple(
        Deployment(service=one.files[0].split("/")[0], at=NOON - timedelta(seconds=ago), commit=one.sha)
        for one, ago in given
    )
    return rank(symptom, ChangeSet(commits=tuple(one for one, _ in given), deployments=deployments), DAY)


def part(ranking: ChangeRanking, letter: str, name: str) -> Component | None:
    one = next(one for one in ranking.ranked if one.label == letter * 40)
    return next((part for part in one.components if part.name.startswith(name)), None)


@pytest.mark.promise("hurt-by-what-is-handed-on")
def test_a_neighbour_that_hands_on_otherwise_is_blamed_before_an_own_change_that_does_nothing() -> None:
    both = ranked((commit("a", "parcels", LOST), 2.0), (commit("b", "labels", OTHER), 40.0))

    assert both.ranked[0].label == "a" * 40
    assert part(both, "a", "hands on") is not None
    assert part(both, "b", "hands on") is None


def test_a_stranger_hands_nothing_on() -> None:
    assert part(ranked((commit("a", "weather", LOST), 2.0)), "a", "hands on") is None


def test_who_handed_on_what_is_failed_over_is_near_and_the_reader_s_own_change_counts_less() -> None:
    told = replace(READER, by_way_of=("parcels",))
    given = ((commit("a", "parcels", OTHER), 2.0), (commit("b", "labels", OTHER), 2.0))

    places = [part(ranked(*given, symptom=one), letter, "place") for one in (READER, told) for letter in "ab"]

    weights = [one.contribution for one in places if one]
    assert weights[0] < weights[2]
    assert weights[1] > weights[3]
    assert "came by way of" in (places[2].reason if places[2] else "")


WELL = Served(operation="POST /print", share=1.0, well=tuple(NOON.timestamp() - at for at in range(30, 0, -1)))


def test_what_ran_while_the_same_calls_went_well_broke_them_hardly() -> None:
    symptom = replace(READER, served=WELL)
    given = ((commit("a", "labels", OTHER), 25.0), (commit("b", "labels", "-    x = 1\n+    x = 2\n"), 1.0))

    found = ranked(*given, symptom=symptom)

    early = part(found, "a", "served well")
    assert early is not None
    assert early.contribution < -2.5
    assert "22 calls of POST /print went well" in early.reason
    assert part(found, "b", "served well") is None


def test_calls_that_went_past_a_neighbour_say_nothing_of_it() -> None:
    past = replace(WELL, through=(frozenset(["labels", "parcels"]), *[frozenset(["labels"])] * 29))
    given = (commit("a", "parcels", OTHER), 25.0)

    alone, beside = (ranked(given, symptom=replace(READER, served=one)) for one in (past, WELL))

    assert part(alone, "a", "served well") is None
    assert part(beside, "a", "served well") is not None


def test_what_fails_once_in_a_while_may_have_failed_later_by_chance() -> None:
    seldom = replace(READER, served=replace(WELL, share=0.02))

    early = part(ranked((commit("a", "labels", OTHER), 10.0), symptom=seldom), "a", "served well")

    assert early is not None
    assert early.contribution > -0.6


def test_what_is_used_up_breaks_nothing_at_first() -> None:
    leaky = commit("a", "labels", "+    held = await pool.acquire()\n+    await held.ask(one)\n")
    starved = ("timeout waiting for a connection: all 6 of the pool are in use",)
    symptom = replace(READER, served=WELL, texts=starved)

    early = part(ranked((leaky, 25.0), symptom=symptom), "a", "served well")

    assert early is not None
    assert early.contribution > -1.0


def test_what_only_grows_breaks_nothing_at_first_however_it_shows() -> None:
    growing = commit("a", "labels", "+SEEN = []\n+def mark(one):\n+    SEEN.append(one)\n")
    symptom = replace(READER, served=WELL, texts=("POST /print failed: connection closed before an answer", "slow"))

    early = part(ranked((growing, 25.0), symptom=symptom), "a", "served well")

    assert early is not None
    assert early.contribution > -1.0


def test_a_limit_refuses_nobody_at_first() -> None:
    limited = commit("a", "labels", "+    if not bucket.take():\n+        return 429\n")
    symptom = replace(READER, served=WELL, texts=("POST /print 429",))

    early = part(ranked((limited, 25.0), symptom=symptom), "a", "served well")

    assert early is not None
    assert early.contribution > -1.0


def test_handing_on_is_known_by_the_names_of_its_mechanisms() -> None:
    diffs = (LOST, '-    return {"w": one.g}\n+    return {"w": {"g": one.g}}\n')

    assert {one.name for diff in diffs for one in handed_on(changed(diff), frozenset())} <= HANDING
