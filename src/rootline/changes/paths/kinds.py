"""What kind of file a path is, and whether a change could run at all."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

FileKind = Literal[
    "code", "test", "docs", "style", "pipeline", "manifest", "config", "migration", "asset", "elsewhere", "watching"
]

PATTERNS: tuple[tuple[FileKind, re.Pattern[str]], ...] = (
    (
        "test",
        re.compile(
            r"(^|/)(tests?|specs?|testdata|fixtures|__tests__|__snapshots__|e2e|golden|mocks?|bench(es|marks?)?|storybook)(/|$)"
            r"|_test\.\w+$|[._-](test|spec|stories|story|bench)\.\w+$|(^|/)test_[^/]*$|(^|/)conftest\.py$"
            r"|Tests?\.(java|kt|cs|scala|swift)$",
            re.IGNORECASE,
        ),
    ),
    (
        "docs",
        re.compile(
            r"(^|/)(docs?|documentation|guides?|runbooks?|releasenotes|examples?)(/|$)|\.(md"
            r"|rst|textile|adoc|rdoc|pot?)$"
            r"|(^|/)(changelog|readme|news|authors|codeowners|licen[cs]e|contributing|notice"
            r"|maintainers)[^/]*$",
            re.IGNORECASE,
        ),
    ),
    (
        "style",
        re.compile(
            r"\.(css|scss|sass|less|styl|svg|woff2?|ttf)$|(^|/)(theme|palette|styles?|colou?rs?)\.\w+$"
            r"|(^|/)(locales?|i18n|l10n|translations?|lang)/[^/]*(/[^/]*)?\.(json|ya?ml|po|properties|strings|arb)$",
            re.IGNORECASE,
        ),
    ),
    (
        "pipeline",
        re.compile(
            r"(^|/)(\.github|\.circleci|\.gitlab|\.buildkite|\.vscode|\.idea)(/|$)|(^"
            r"|/)(jenkinsfile|\.travis\.yml|\.gitlab-ci\.yml"
            r"|\.gitignore|\.editorconfig|\.pre-commit-config\.yaml|\.golangci\.ya?ml"
            r"|\.eslintrc[^/]*|\.rubocop[^/]*|tox\.ini|\.coveragerc"
            r"|\.prettierrc[^/]*|\.mailmap)$",
            re.IGNORECASE,
        ),
    ),
    (
        "elsewhere",
        re.compile(
            r"(^|/)(staging|stage|sandbox|playground|preprod|pre-production|qa|uat)(/|$)"
            r"|[._-](staging|stage|sandbox|dev|development|local|preprod|qa|uat)\.(ya?ml|json|tf|tfvars|env|properties|toml|conf)$"
            r"|(^|/)\.env\.(staging|dev|development|local|test|example)$"
            r"|(^|/)(docker-)?compose[._-]?(dev|test|local|override)[^/]*$",
            re.IGNORECASE,
        ),
    ),
    (
        "watching",
        re.compile(
            r"(^|/)(dashboards?|grafana|observability|monitoring|alerts?|alerting)/[^/]*(/[^/]*)?\.(json|ya?ml|libsonnet|rules)$"
            r"|(^|/)[^/]*(dashboard|alert(s|ing)?[-_.]?rules?)[^/]*\.(json|ya?ml|libsonnet|rules)$",
            re.IGNORECASE,
        ),
    ),
    ("asset", re.compile(r"\.(png|jpe?g|gif|ico|webp|pdf|mp4|wav)$", re.IGNORECASE)),
    (
        "migration",
        re.compile(
            r"(^|/)(migrations?|migrate|alembic|flyway|liquibase|db/changelog|schema)(/|$)"
            r"|\.sql$|(^|/)V\d+__",
            re.IGNORECASE,
        ),
    ),
    (
        "manifest",
        re.compile(
            r"(^|/)(go\.(mod|sum)|package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml"
            r"|requirements[^/]*\.(txt|in)|poetry\.lock|uv\.lock"
            r"|pyproject\.toml|setup\.(py|cfg)|pipfile(\.lock)?|gemfile(\.lock)?"
            r"|[^/]*\.gemspec|cargo\.(toml|lock)|pom\.xml"
            r"|build\.gradle(\.kts)?|gradle\.lockfile|[^/]*\.csproj|composer\.(json|lock)"
            r"|mix\.(exs|lock)|dockerfile[^/]*|[^/]*\.versions\.toml)$",
            re.IGNORECASE,
        ),
    ),
    (
        "config",
        re.compile(
            r"\.(ya?ml|toml|ini|conf|cfg|properties|env|json|tf|tfvars|hcl|erb|j2|tpl|cnf|rego"
            r"|xml|service)$|(^|/)(config|conf|deploy|charts|helm|k8s|hieradata)(/|$)",
            re.IGNORECASE,
        ),
    ),
)
INERT: frozenset[FileKind] = frozenset({"test", "docs", "style", "pipeline", "asset", "elsewhere", "watching"})
COMMENT = re.compile(r"^\s*(#(?!include|define|if|endif)|//|/\*|\*(?!\w)|<!--|--\s|;;|\"\"\"|''')|^\s*$")


@lru_cache(maxsize=16_384)
def kind_of(path: str) -> FileKind:
    """The first kind whose names fit; `code` when none does."""
    return next((kind for kind, pattern in PATTERNS if pattern.search(path)), "code")


def kinds_of(files: Sequence[str]) -> frozenset[FileKind]:
    """The kinds among the first 200 files of a commit."""
    return frozenset(kind_of(path) for path in files[:200])


def is_inert(files: Sequence[str]) -> bool:
    """Whether every file is a test, a document, a style, an image, the build's recipe, or of another environment."""
    return bool(files) and kinds_of(files) <= INERT


def is_comment(text: str) -> bool:
    """Whether a line of code is empty or only a comment."""
    return COMMENT.match(text) is not None
