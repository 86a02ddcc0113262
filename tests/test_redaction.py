import base64
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, JsonValue

from rootline.domain.signal import LogLine, Span
from rootline.redaction import Redactor
from rootline.redaction.harmless import Harmless
from rootline.redaction.records import clean

REDACT = Redactor(b"a key of this installation")
_LETTERS = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"


def _drawn(alphabet: str, length: int, longest: int | None = None) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=length, max_size=longest or length)


PASSWORDS = st.builds(
    lambda head, tail: f"{head}7{tail}q", _drawn(_LETTERS + "!._~+-", 3, 12), _drawn(_LETTERS, 4, 20)
).filter(lambda one: not one.startswith(("-", "+", ".")))
SHAPED = st.one_of(
    _drawn(string.ascii_uppercase + string.digits, 16).map("AKIA{}".format),
    _drawn(_LETTERS, 36).map("ghp_{}".format),
    _drawn(_LETTERS, 40).map("github_pat_{}".format),
    _drawn(_LETTERS, 20).map("glpat-{}".format),
    _drawn(_LETTERS, 24).map("xoxb-{}".format),
    _drawn(_LETTERS, 24).map("sk_live_{}".format),
    _drawn(_LETTERS, 40).map("sk-ant-A{}".format),
    _drawn(_LETTERS, 35).map("AIza{}".format),
    _drawn(_LETTERS, 36).map("npm_{}".format),
    _drawn(_LETTERS, 40).map("hvs.{}".format),
    _drawn(_LETTERS, 40).map("glsa_{}".format),
    _drawn(_HEX, 32).map("dapi{}".format),
    st.builds("eyJ{}.eyJ{}.{}".format, _drawn(_LETTERS, 20), _drawn(_LETTERS, 40), _drawn(_LETTERS, 43)),
)
HOLDERS: tuple[Callable[[str], str], ...] = (
    "DB_PASSWORD={}".format,
    "export API_KEY='{}'".format,
    "password: {}".format,
    '  client_secret: "{}"'.format,
    lambda one: '{"user": "bob", "apiKey": "' + one + '"}',
    lambda one: '"{\\"password\\": \\"' + one + '\\"}"',
    "db.password = {}".format,
    "postgres://app:{}@db.internal:5432/shop".format,
    "app:{}@tcp(db:3306)/shop".format,
    "Authorization: Bearer {}".format,
    "Server=db;User Id=sa;Password={};Encrypt=true".format,
    "login --password {} --host db".format,
    "<password>{}</password>".format,
    "Set-Cookie: sid={}; Path=/; HttpOnly".format,
    "2026-03-14T12:00:00Z level=info msg=start secret_key={} user=bob".format,
    '+    password = "{}"'.format,
    'const dbPassword: string = "{}";'.format,
    "- name: DB_PASSWORD\n  value: {}".format,
    "https://shop/cb?access_token={}&state=1".format,
)
PLACES: tuple[Callable[[str], str], ...] = ("{}".format, "level=info see {} for it".format, '"{}"'.format, "-{}".format)


@given(secret=PASSWORDS, holder=st.sampled_from(HOLDERS), around=st.text(max_size=40))
@example(secret="Aaa7SecRetq", holder=HOLDERS[2], around="")
@example(secret="A.A70000q", holder=HOLDERS[2], around="")
def test_no_secret_survives_behind_a_name_that_gives_it_away(
    secret: str, holder: Callable[[str], str], around: str
) -> None:
    clean = REDACT.text(f"{around}\n{holder(secret)}\n{around}")

    assert secret not in clean


@given(secret=SHAPED, place=st.sampled_from(PLACES))
def test_no_secret_of_a_known_shape_survives(secret: str, place: Callable[[str], str]) -> None:
    assert secret not in REDACT.text(place(secret))


@given(body=_drawn(_LETTERS + "+/", 64, 400), escaped=st.booleans(), sign=st.sampled_from(["", "+", "  "]))
def test_no_private_key_survives_however_it_is_written(body: str, escaped: bool, sign: str) -> None:
    lines = ["-----BEGIN RSA PRIVATE KEY-----", *_wrapped(body), "-----END RSA PRIVATE KEY-----"]
    text = ("\\n" if escaped else f"\n{sign}").join(lines)

    clean = REDACT.text(f'{sign}"pem": "{text}"\nafter')

    assert not any(line in clean for line in _wrapped(body) if len(line) > 16)
    assert clean.count("\n") == f'"pem": "{text}"\nafter'.count("\n")


def _wrapped(body: str) -> list[str]:
    return [body[at : at + 64] for at in range(0, len(body), 64)]


@given(value=_drawn(_LETTERS, 8, 60), order=st.booleans())
def test_no_value_of_a_kubernetes_secret_survives(value: str, order: bool) -> None:
    held = base64.b64encode(value.encode()).decode()
    data = f"data:\n  first: {held}\n  second.json: {held}"
    parts = ["kind: Secret", data] if order else [data, "kind: Secret"]

    clean = REDACT.text("apiVersion: v1\n" + "\n".join(parts) + "\nmetadata:\n  name: shop")

    assert held not in clean
    assert "name: shop" in clean


NOISE = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "password=",
                "token: ",
                "«redacted:secret:12345678»",
                "://a:",
                "@",
                '"',
                "Bearer ",
                "kind: Secret\n",
                "data:\n",
            ]
        ),
        PASSWORDS,
        SHAPED,
    ),
    max_size=12,
).map("".join)


@settings(max_examples=500)
@given(text=NOISE)
@example(text="app:hunter2@tcp(db)/x password=hunter2")
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = REDACT.text(text)

    assert REDACT.text(once) == once


@given(text=NOISE)
def test_no_line_is_added_or_lost(text: str) -> None:
    clean = REDACT.text(text)

    assert clean.count("\n") == text.count("\n")
    assert len(clean.splitlines()) == len(text.splitlines())


@given(secret=PASSWORDS)
def test_the_same_secret_has_the_same_placeholder_everywhere(secret: str) -> None:
    first = REDACT.text(f"DB_PASSWORD={secret}").removeprefix("DB_PASSWORD=")
    second = REDACT.text(f'{{"password": "{secret}"}}').removeprefix('{"password": "').removesuffix('"}')

    assert first == second


def test_another_installation_has_other_marks() -> None:
    assert Redactor(b"other").text("password: hunter2") != REDACT.text("password: hunter2")


CODE = """\
token = parseToken(req)
if passwordHash == other {
tokens: 400
secretName: my-tls
keyId: abc
+    token := os.Getenv("TOKEN")
-  password: string;
+  password: str = None
const token = req.headers.authorization
    login(user, password=password)
max_tokens=4096
--- PASS: TestLogin (0.03s)
self.token = raw_token
  secretKeyRef:
password: ${DB_PASSWORD}
password = "{{ .Values.password }}"
token_type: Bearer
func NewAuth(secret string, ttl int) {
+      secret: config.auth.secret,
return { token, user }
password: z.string().min(8)
private String password;
unsigned key = keys[0]
"password must not be empty"
password: "Enter your password please"
session = requests.Session()
    password => $passwords::app::main_password,
db_password: "%{lookup}"
secret=/etc/app/secret
deploy ALL=(root) NOPASSWD: /sbin/restart"""
WORDS = """\
basic authentication failed for user bob
invalid bearer token provided
user bob@example.com from 10.0.0.1 port 5432
http://svc:8080/path?email=a@b.example
cache_key=user:1234567890abcdef1234567890abcdef
pass through the token to the handler
the token expired at 12:00
commit 4f2a91c07de84fa2b1f0c0ffee4f2a91c07de84f
sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"""


@pytest.mark.parametrize("line", CODE.split("\n"))
def test_names_and_expressions_in_code_stay_quotable(line: str) -> None:
    assert REDACT.text(line) == line


@pytest.mark.parametrize("line", WORDS.split("\n"))
def test_what_is_no_secret_stays(line: str) -> None:
    assert REDACT.text(line) == line


HOSTILE = (
    "password=", "passpass", "token: ", '"secret":"', "eyJ-", "eyJaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "://a:",
    "://a:b/", "a@tcp(", ":aaaaaaaa@tcp(", "bearer ", "authorization=", "cookie: a=b; ", "a(token=b ", "sk-", "ghp_",
    '"data":{', "data:\n  ", "- name: A_KEY\n", "secret.", "A_PASSWORD=(", '\\"key\\":', "«redacted:",
    "4111 1111 ", "4111111111111111 ", "41111111", "3782 822463 ", "card 4222222222222,",
)  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", HOSTILE)
def test_a_megabyte_of_hostile_text_takes_no_longer_than_its_length_allows(part: str) -> None:
    text = part * (1_000_000 // len(part))

    assert REDACT.text(f"kind: Secret\n{text}")


class Inner(BaseModel):
    model_config = ConfigDict(frozen=True)

    lines: list[str]
    labels: dict[str, str] = {}


class Outer(BaseModel):
    model_config = ConfigDict(frozen=True)

    inner: Inner
    pair: tuple[str, int] = ("", 0)


def test_lines_of_one_text_are_read_together() -> None:
    key = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----", "after"]

    clean = REDACT.model(Outer(inner=Inner(lines=key, labels={"db_password": "hunter2", "pod": "a-1"})))

    assert len(clean.inner.lines) == len(key)
    assert clean.inner.lines[1:] == ["", "", "after"]
    assert clean.inner.labels["pod"] == "a-1"
    assert "hunter2" not in clean.model_dump_json()


def test_a_model_without_secrets_comes_back_itself() -> None:
    model = Outer(inner=Inner(lines=["a", "b"]), pair=("x", 1))

    assert REDACT.model(model) is model


def test_json_is_read_by_its_keys() -> None:
    manifest: JsonValue = {"kind": "Secret", "data": {"a": "aHVudGVyMg=="}, "metadata": {"name": "shop"}}
    pair: JsonValue = {"env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "LEVEL", "value": "info"}]}

    clean = REDACT.value({"one": manifest, "two": pair, "max_tokens": 400})

    assert "aHVudGVyMg" not in str(clean)
    assert "hunter2" not in str(clean)
    assert "'name': 'shop'" in str(clean)
    assert "'value': 'info'" in str(clean)


def test_spans_lose_their_secrets_wherever_they_stand_and_keep_what_is_none() -> None:
    secret = "AKIA" + "ABCDEFGHIJKLMNOP"
    span = Span(
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        span_id="00f067aa0ba902b7",
        parent_id=secret,
        service="cart",
        operation=f"GET /?key={secret}",
        start=datetime(2026, 3, 2, tzinfo=UTC),
        duration_s=0.1,
        error=f"refused {secret}",
        attributes={"password": "hunter2hunter2"},
    )

    first, second = clean((span, replace(span, operation="GET /")), Redactor(b"k"))

    assert secret not in repr(first) + repr(second)
    assert "hunter2hunter2" not in repr(first)
    assert (first.trace_id, first.span_id, first.service, second.operation) == (
        span.trace_id,
        span.span_id,
        "cart",
        "GET /",
    )


@given(st.text("0123456789abcdefABCDEF", min_size=1, max_size=32))
def test_hexadecimal_identifiers_of_spans_hold_no_secret(identifier: str) -> None:
    assert Redactor(b"k").text(identifier) == identifier


def log_line(text: str) -> LogLine:
    return LogLine(at=datetime(2026, 3, 1, tzinfo=UTC), service="cart", text=text)


def test_lines_that_hold_several_lines_are_redacted_as_one_text_and_cut_back_where_they_were() -> None:
    trace = "it failed\n\tat shop.Cart.add(Cart.java:12)\n"
    key = ["-----BEGIN PRIVATE KEY-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "-----END PRIVATE KEY-----"]
    given = ["begin", trace, "password=hunter2-and-more", *key, "end\r", ""]

    cleaned = [line.text for line in clean([log_line(text) for text in given], REDACT)]

    assert (cleaned[0], cleaned[1], cleaned[-2:]) == ("begin", trace, ["end\r", ""])
    assert cleaned[2].startswith("password=«redacted:")
    assert not any(part in "\n".join(cleaned) for part in key)


@pytest.mark.parametrize("text", ["service-name", "x" * 400, "password=hunter2-and-more"])
def test_the_same_text_is_redacted_alike_each_time(text: str) -> None:
    redactor = Redactor(b"one key")

    assert redactor.text(text) == redactor.text(text) == Redactor(b"one key").text(text)


def test_a_text_is_read_alike_however_often_it_comes_back() -> None:
    redactor, secret = Redactor(b"a key"), "password=hunter2-Zx81-aqLm92"

    read = [(redactor.text("http_requests_total"), redactor.text(secret)) for _ in range(3)]

    assert {plain for plain, _ in read} == {"http_requests_total"}
    assert len({hidden for _, hidden in read}) == 1
    assert "hunter2" not in read[0][1]


def test_what_is_harmless_alone_is_still_a_secret_under_a_name_that_says_so() -> None:
    redactor = Redactor(b"a key")

    assert redactor.text("hunter2-Zx81-aqLm92") == "hunter2-Zx81-aqLm92"
    assert redactor.value({"password": "hunter2-Zx81-aqLm92"}) != {"password": "hunter2-Zx81-aqLm92"}


def test_harmless_texts_are_remembered_only_while_they_are_short_and_few() -> None:
    known = Harmless()

    known.note("", "x" * 1000)
    for at in range(20_000):
        known.note("label", f"name {at}")

    assert ("", "x" * 1000) not in known
    assert ("label", "name 19999") in known
    assert ("password", "name 19999") not in known
    assert ("label", "name 0") not in known
