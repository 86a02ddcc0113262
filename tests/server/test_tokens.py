import hashlib
from pathlib import Path
from uuid import UUID

import pytest

from rootline.domain.tenant import LOCAL, Actor
from rootline.errors import Misconfigured
from rootline.server.tokens import FileTokens, Token, read_tokens

TENANT = "0190c0de-0000-7000-8000-00000000000a"
SECRET = "a-token-of-at-least-24-characters"
HASH = hashlib.sha256(SECRET.encode()).hexdigest()
ALICE = Actor(tenant=UUID(TENANT), name="alice", role="engineer")


def file_of(folder: Path, *lines: str) -> Path:
    file = folder / "tokens"
    file.write_text("\n".join(lines), encoding="utf-8")
    file.chmod(0o600)
    return file


def test_a_line_is_token_tenant_name_role_and_perhaps_the_server_it_is_for(tmp_path: Path) -> None:
    other = "another-token-of-24-characters"
    file = file_of(
        tmp_path,
        "# people",
        "",
        f"sha256:{HASH} {TENANT} alice engineer",
        f"{other} {TENANT} vera viewer https://other.example/mcp",
    )

    tokens = read_tokens(file)

    assert tokens[0] == Token(sha256=HASH, actor=ALICE)
    assert (tokens[1].actor.role, tokens[1].audience) == ("viewer", "https://other.example/mcp")
    assert other not in repr(tokens)


def test_a_file_that_everybody_may_read_is_refused_unless_it_holds_hashes_alone(tmp_path: Path) -> None:
    file = file_of(tmp_path, f"sha256:{HASH} {TENANT} alice engineer", f"{SECRET}2 {TENANT} vera viewer")
    file.chmod(0o644)

    with pytest.raises(Misconfigured, match=r"everybody may read it\. Run chmod 600") as refused:
        read_tokens(file)

    assert SECRET not in str(refused.value)
    file.chmod(0o640)
    assert [one.actor.name for one in read_tokens(file)] == ["alice", "vera"]
    file.write_text(f"# people\nsha256:{HASH} {TENANT} alice engineer\n")
    file.chmod(0o644)
    assert [one.actor.name for one in read_tokens(file)] == ["alice"]


def test_local_is_the_tenant_that_commands_on_this_machine_act_for(tmp_path: Path) -> None:
    (token,) = read_tokens(file_of(tmp_path, f"{SECRET} local alertbot engineer"))

    assert token.actor.tenant == LOCAL.tenant


@pytest.mark.parametrize(
    ("lines", "helps"),
    [
        ([], "holds no token"),
        ([f"short {TENANT} alice engineer"], "line 1: a token has at least 24"),
        ([f"{SECRET} nowhere alice engineer"], "line 1: a line is"),
        ([f"{SECRET} {TENANT} alice king"], "line 1: a line is"),
        ([f"{SECRET} {TENANT} alice"], "line 1: a line is"),
        ([f"{SECRET} {TENANT} alice engineer a b"], "line 1: a line is"),
        ([f"{SECRET} {TENANT} alice engineer", f"{SECRET} {TENANT} bob viewer"], "the same token"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_and_no_token_is_quoted(
    tmp_path: Path, lines: list[str], helps: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        read_tokens(file_of(tmp_path, *lines))

    assert helps in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_tokens(tmp_path / "nothing")


@pytest.mark.anyio
async def test_people_of_one_name_in_two_tenants_are_two_principals() -> None:
    namesake = Actor(tenant=UUID(int=7), name="alice", role="viewer")
    verifier = FileTokens(
        [Token(sha256=HASH, actor=ALICE), Token(sha256=hashlib.sha256(b"b" * 30).hexdigest(), actor=namesake)],
        "https://rootline.example/mcp",
    )

    one, other = await verifier.verify_token(SECRET), await verifier.verify_token("b" * 30)

    assert one is not None
    assert other is not None
    assert (one.claims or {})["iss"] != (other.claims or {})["iss"]
    assert one.resource == "https://rootline.example/mcp"
    assert SECRET not in one.model_dump_json()
    assert await verifier.verify_token("c" * 30) is None
