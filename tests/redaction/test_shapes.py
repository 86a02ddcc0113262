"""Each vendor's form of a secret is known by itself, and a word that only looks alike stays."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.redaction import Redactor
from rootline.redaction.shapes import kind_of, shaped

REDACT = Redactor(b"a key of this installation")
UPPER, LOWER, HEX = string.ascii_uppercase + string.digits, string.ascii_lowercase, "0123456789abcdef"


def of(alphabet: str, length: int) -> str:
    """A made-up tail of a length, in which every letter of the alphabet comes up."""
    return (alphabet * (length // len(alphabet) + 1))[:length]


MIXED = "aB3dE6gH9"
SECRETS: tuple[tuple[str, str], ...] = (
    ("aws_key", "AKIA" + of(UPPER, 16)),
    ("aws_key", "ASIA" + of(UPPER, 16)),
    ("aws_key", "ABIA" + of(UPPER, 16)),
    ("aws_key", "ACCA" + of(UPPER, 16)),
    ("github_token", "ghp_" + of(MIXED, 36)),
    ("github_token", "gho_" + of(MIXED, 36)),
    ("github_token", "ghu_" + of(MIXED, 36)),
    ("github_token", "ghs_" + of(MIXED, 36)),
    ("github_token", "ghr_" + of(MIXED, 36)),
    ("github_token", "github_pat_" + of(MIXED + "_", 82)),
    ("gitlab_token", "glpat-" + of(MIXED, 20)),
    ("gitlab_token", "gldt-" + of(MIXED, 20)),
    ("gitlab_token", "glrt-" + of(MIXED, 20)),
    ("gitlab_token", "glcbt-" + of(MIXED, 20)),
    ("gitlab_token", "glptt-" + of(MIXED, 20)),
    ("slack_token", "xoxb-" + of(MIXED + "-", 50)),
    ("slack_token", "xoxp-" + of(MIXED, 50)),
    ("slack_token", "xapp-1-" + of(UPPER, 40)),
    ("slack_webhook", "hooks.slack.com/services/" + of(UPPER + "/", 40)),
    ("provider_key", "sk-" + of(MIXED, 48)),
    ("provider_key", "sk-proj-" + of(MIXED + "_-", 60)),
    ("provider_key", "sk_live_" + of(MIXED, 24)),
    ("provider_key", "rk_test_" + of(MIXED, 24)),
    ("provider_key", "whsec_" + of(MIXED + "+/", 32)),
    ("google_key", "AIza" + of(MIXED + "_-", 35)),
    ("google_key", "ya29." + of(MIXED + "_-", 60)),
    ("google_key", "GOCSPX-" + of(MIXED, 28)),
    ("sendgrid_key", "SG." + of(MIXED, 22) + "." + of(MIXED, 43)),
    ("registry_token", "npm_" + of(MIXED, 36)),
    ("registry_token", "pypi-AgE" + of(MIXED, 80)),
    ("registry_token", "dckr_pat_" + of(MIXED, 27)),
    ("registry_token", "rubygems_" + of(HEX, 48)),
    ("vault_token", "hvs." + of(MIXED, 90)),
    ("vault_token", "hvb." + of(MIXED, 90)),
    ("cloud_token", "dop_v1_" + of(HEX, 64)),
    ("shop_token", "shpat_" + of(HEX, 32)),
    ("payment_token", "sq0atp-" + of(MIXED, 22)),
    ("payment_token", "access_token$production$" + of(MIXED, 50)),
    ("grafana_token", "glsa_" + of(MIXED, 41)),
    ("grafana_token", "glc_" + of(MIXED, 100)),
    ("monitoring_key", "NRAK-" + of(UPPER, 27)),
    ("monitoring_key", "sntrys_" + of(MIXED, 80)),
    ("databricks_token", "dapi" + of(HEX, 32)),
    ("model_token", "hf_" + of(MIXED, 34)),
    ("model_token", "r8_" + of(MIXED, 37)),
    ("atlassian_token", "ATATT3" + of(MIXED + "_-=", 180)),
    ("linear_key", "lin_api_" + of(MIXED, 40)),
    ("postman_key", "PMAK-" + of(HEX, 24) + "-" + of(HEX, 34)),
    ("supabase_key", "sbp_" + of(HEX, 40)),
    ("mail_key", "xkeysib-" + of(HEX, 64) + "-" + of(MIXED, 16)),
    ("age_key", "AGE-SECRET-KEY-1" + of(UPPER, 58)),
    ("alibaba_key", "LTAI" + of(MIXED, 20)),
    ("password_hash", "$2b$12$" + of(MIXED + "./", 53)),
    ("password_hash", "$argon2id$v=19$m=65536,t=3,p=4$" + of(MIXED, 60)),
    ("jwt", "eyJ" + of(MIXED, 30) + "." + of(MIXED, 60) + "." + of(MIXED, 43)),
    ("jwt", "eyJ" + of(MIXED, 30) + ".." + of(MIXED, 16) + "." + of(MIXED, 60) + "." + of(MIXED, 22)),
)
KNOWN = pytest.mark.parametrize(("kind", "secret"), SECRETS, ids=[secret[:12] for _, secret in SECRETS])


@KNOWN
def test_a_vendors_secret_is_replaced_and_its_kind_is_told(kind: str, secret: str) -> None:
    assert re.fullmatch(rf"see «redacted:{kind}:[0-9a-f]{{8}}»", REDACT.text(f"see {secret}"))


@pytest.mark.parametrize("around", ["'{}'", '"{}"', "({})", "<{}>", "url?x={}&y=1", "a,{},b", "\n{}\n", "`{}`", "{}."])
def test_it_goes_whatever_stands_around_it(around: str) -> None:
    left = [secret for _, secret in SECRETS if secret[-12:] in REDACT.text(around.format(secret))]

    assert left == []


@KNOWN
def test_the_kind_is_known_by_the_secret_alone(kind: str, secret: str) -> None:
    assert kind_of(secret) == kind


@pytest.mark.parametrize(
    "word",
    [
        "AKIA",
        "AKIAlowercaseletters",
        "AKIA" + of(UPPER, 17),
        "ghp_short",
        "task-runner-of-the-shop-in-lower-case",
        "sk-runner-of-the-shop-in-lower-case-only",
        "glpat-short",
        "SG.short.short",
        "npm_config_cache",
        "pypi-server-of-the-house-that-serves-packages",
        "dapi-service",
        "hf_hub_download",
        "$2b$12$tooshort",
        "eyJhbGciOiJIUzI1NiJ9",
        "LTAI" + of(MIXED, 10),
        "hooks.slack.com/help",
        "my" + "AKIA" + of(UPPER, 16),
    ],
)
def test_a_word_that_only_begins_like_a_secret_stays(word: str) -> None:
    assert REDACT.text(f"see {word} there") == f"see {word} there"


@pytest.mark.parametrize(
    "kind", ["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA ", ""], ids=lambda one: one.strip() or "plain"
)
def test_a_private_key_of_any_kind_goes_whole(kind: str) -> None:
    body = of(MIXED + "+/", 200)
    text = f"a\n-----BEGIN {kind}PRIVATE KEY-----\n{body[:64]}\n{body[64:128]}\n-----END {kind}PRIVATE KEY-----\nb"

    clean = REDACT.text(text)

    assert re.fullmatch(r"a\n«redacted:private_key:[0-9a-f]{8}»\n\n\n\nb", clean)


def test_a_key_that_was_cut_off_goes_as_far_as_it_reaches() -> None:
    body = of(MIXED + "+/", 90)

    clean = REDACT.text(f"-----BEGIN PRIVATE KEY-----\n{body}\n{body}")

    assert body[:30] not in clean


def test_a_public_key_and_a_certificate_stay() -> None:
    text = f"-----BEGIN PUBLIC KEY-----\n{of('abcd efg', 60)}\n-----END PUBLIC KEY-----"

    assert REDACT.text(text) == text


def test_the_same_key_has_one_mark_however_it_was_wrapped() -> None:
    body = of(MIXED, 128)
    plain = f"-----BEGIN PRIVATE KEY-----\n{body[:64]}\n{body[64:]}\n-----END PRIVATE KEY-----"

    marks = {re.findall(r":([0-9a-f]{8})»", REDACT.text(text))[0] for text in (plain, plain.replace("\n", "\\n"))}

    assert len(marks) == 1


@given(text=st.text(alphabet=st.sampled_from("eyJ.AKIAghp_sk-xoxb $2b$1\n-BEGIN PRIVATE KEY"), max_size=300))
def test_what_is_found_lies_inside_the_text_and_is_not_empty(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in shaped(text))
