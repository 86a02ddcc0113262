"""Deployments of which nobody tells what they brought: no clone, no access to the host of the code."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rootline.changes.candidate import candidates
from rootline.changes.ranking import rank
from rootline.changes.symptom import Parted, Served, Symptom
from rootline.changes.verdict import ChangeRanking
from rootline.domain.change import ChangeSet, Commit, CommitRange, ConfigChange, Deployment
from rootline.domain.window import Window

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))


def at(second: float) -> datetime:
    return NOON + timedelta(seconds=second)


OLD, NEW = "registry.example/pay:1.4", "registry.example/pay:1.5"
PAY = Deployment(service="pay", at=at(-4), commit="", version=NEW, previous_version=OLD)
CART = Deployment(service="cart", at=at(-600), commit="", version="registry.example/cart:2.0")
SYMPTOM = Symptom(
    service="pay",
    texts=("more than 5 % of requests fail",),
    onset=NOON,
    failing_at=NOON,
    near=("cart",),
    tolerance=timedelta(seconds=15),
)


def ranking(*deployments: Deployment, symptom: Symptom = SYMPTOM, **others: object) -> ChangeRanking:
    return rank(symptom, ChangeSet(deployments=deployments, **others), WINDOW)  # type: ignore[arg-type]


def labels(changes: ChangeSet) -> list[str]:
    return [one.label for one in candidates(changes, ("pay", "cart"))]


def test_a_deployment_just_before_the_failure_is_blamed_although_nobody_knows_its_code() -> None:
    found = ranking(PAY, CART)

    first = found.ranked[0]
    assert (first.label, first.kind, first.service, first.remedy) == (NEW, "deployment", "pay", "rollback")
    assert first.probability > 0.5 > found.none_confidence
    assert first.took_effect_at == PAY.at


def test_a_deployment_after_the_failure_is_not_blamed() -> None:
    found = ranking(replace(PAY, at=at(300)), CART)

    assert found.none_confidence > 0.5


def test_calls_that_went_well_since_a_deployment_speak_against_it_and_a_parting_version_for_it() -> None:
    well = tuple(at(second).timestamp() for second in range(-300, 0, 10))
    served = replace(SYMPTOM, served=Served(operation="POST /pay", share=1.0, well=well))
    told = "9 of 9 calls of POST /pay that went through cart 2.0 went wrong, and 0 of 40 through the versions before it"
    parted = replace(served, parted=(Parted(service="cart", version="2.0", since=at(-3), told=told),))
    early, late = replace(PAY, at=at(-200)), replace(CART, at=at(-3))

    assert ranking(early, symptom=served).ranked[0].score < ranking(early).ranked[0].score - 2
    assert ranking(PAY, late, symptom=parted).ranked[0].service == "cart"


@pytest.mark.parametrize(
    ("deployment", "called"),
    [
        (replace(PAY, commit="41d77e0"), "41d77e0"),
        (PAY, NEW),
        (replace(PAY, version="v7"), "pay v7"),
        (replace(PAY, version=""), "pay 2026-03-01T11:59:56Z"),
    ],
)
def test_it_is_called_by_what_tells_it_from_others(deployment: Deployment, called: str) -> None:
    assert labels(ChangeSet(deployments=(deployment,))) == [called]


def test_the_same_revision_of_several_services_is_one_change_that_took_effect_in_each() -> None:
    both = ChangeSet(deployments=(replace(PAY, commit="41d77e0"), replace(CART, commit="41d77e0")))

    (one,) = candidates(both, ("pay", "cart"))

    assert [effect.service for effect in one.effects] == ["cart", "pay"]


SHA = "41d77e0" + "0" * 33
KNOWN = Commit(sha=SHA, at=at(-900), message="x", files=("pay/app.py",), diff="@@ pay/app.py @@\n-a\n+b\n")


@pytest.mark.parametrize(
    "deployment",
    [
        replace(PAY, commit="41d77e0"),
        replace(PAY, commit="f" * 40, moved=CommitRange(relation="forward", came=(SHA, "f" * 40))),
    ],
)
def test_a_deployment_whose_commits_are_known_is_told_by_them(deployment: Deployment) -> None:
    assert labels(ChangeSet(commits=(KNOWN,), deployments=(deployment,))) == [SHA]


def test_other_commits_tell_nothing_of_it() -> None:
    assert labels(ChangeSet(commits=(KNOWN,), deployments=(replace(PAY, commit="f" * 40),))) == [SHA, "f" * 40]


def setting(key: str, before: str, after: str) -> ConfigChange:
    return ConfigChange(key=f"deployment/pay {key} (revision 5)", service="pay", at=PAY.at, before=before, after=after)


def test_a_roll_out_of_a_new_image_is_a_deployment_and_no_setting() -> None:
    image, pool = setting("containers[pay].image", OLD, NEW), setting("containers[pay].env[POOL]", "8", "2")

    assert labels(ChangeSet(deployments=(PAY,), configs=(image,))) == [NEW]
    assert labels(ChangeSet(deployments=(PAY,), configs=(image, pool))) == [pool.key, NEW]


def test_of_several_images_each_is_the_deployment_and_a_value_that_its_name_holds_is_none() -> None:
    several = replace(PAY, version=f"{NEW},registry.example/proxy:3")
    proxy, tries = setting("containers[proxy].image", "registry.example/proxy:2", "registry.example/proxy:3"), "5"
    held = setting("containers[pay].env[TRIES]", "8", tries)

    assert tries in NEW
    assert labels(ChangeSet(deployments=(several,), configs=(proxy, held))) == [held.key, several.version]


def test_a_roll_out_that_changed_settings_alone_is_told_by_them() -> None:
    pool = setting("containers[pay].env[POOL]", "8", "2")
    same = replace(PAY, previous_version=NEW)

    assert labels(ChangeSet(deployments=(same,), configs=(pool,))) == [pool.key]


def test_a_setting_of_another_hour_or_service_is_no_part_of_a_roll_out() -> None:
    image = setting("containers[pay].image", OLD, NEW)

    for other in (replace(image, at=at(-900)), replace(image, service="cart")):
        assert set(labels(ChangeSet(deployments=(PAY,), configs=(other,)))) == {image.key, NEW}
