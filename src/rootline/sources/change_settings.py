"""Where changes are read from besides clones and clusters, as variables or a cluster's part of a file say."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rootline.sources.github.access import GithubAccess, github_access

REPOSITORY = "ROOTLINE_GITHUB_REPOSITORY"
Get = Callable[[str], str]
"""Returns a variable by its name without `ROOTLINE_`, empty when it is not set."""


def listed(value: object) -> object:
    """One text as a list of one."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(listed)]


class Tokened(BaseModel):
    """Where a token is: in a variable or in a file."""

    model_config = ConfigDict(extra="forbid")

    token_variable: str = ""
    token_file: Path | None = None


class GithubEntry(Tokened):
    """GitHub in a cluster's part of the file."""

    repository: Texts = Field(min_length=1)
    url: str = ""
    environment: Texts = Field(default_factory=list)


def github_of_variables(given: Get, ca_file: Path | None) -> GithubAccess | None:
    """GitHub as the environment names it; None when it names no repository."""
    if not given("GITHUB_REPOSITORY"):
        return None
    return github_access(
        given("GITHUB_REPOSITORY"),
        setting=REPOSITORY,
        url=given("GITHUB_URL"),
        token=given("GITHUB_TOKEN"),
        environments=given("GITHUB_ENVIRONMENT"),
        ca_file=ca_file,
    )


def github_of_file(entry: GithubEntry, file: Path, token: str, ca_file: Path | None) -> GithubAccess:
    """GitHub as a file names it."""
    names: Sequence[str] = entry.repository
    return github_access(
        names,
        setting=f"github in {file.name}",
        url=entry.url,
        token=token,
        environments=entry.environment,
        ca_file=ca_file,
    )
