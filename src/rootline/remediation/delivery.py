"""Which tool delivers a file of a repository, and how that tool shows what it would do without doing it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from rootline.remediation.names import is_path, shell

_MOST = 3
_PLAYBOOK = re.compile(r"(?:^|/)(?:playbooks?/[^/]{1,80}|site|playbook[^/]{0,60})\.ya?ml\Z")
_CHART = re.compile(r"(?P<chart>(?:^|(?:[^/]{1,80}/){1,8})(?:charts?|helm)/[^/]{1,80})/(?:[^/]{1,80}/)*[^/]{1,80}\Z")
_KUSTOMIZE = re.compile(r"(?:^|/)kustomization\.ya?ml\Z")
# Source: the default layouts of Alembic, Rails, Flyway, Django, Prisma and golang-migrate.
_MIGRATORS: tuple[tuple[str, str, str], ...] = (
    (r"(?:^|/)alembic/", "alembic upgrade head --sql", "alembic upgrade head"),
    (r"(?:^|/)db/migrate/[^/]{1,120}\.rb\Z", "bin/rails db:migrate:status", "bin/rails db:migrate"),
    (r"(?:^|/)V\d{1,14}__[^/]{1,120}\.sql\Z", "flyway info", "flyway migrate"),
    (r"(?:^|/)prisma/migrations/", "npx prisma migrate status", "npx prisma migrate deploy"),
    (r"(?:^|/)migrations/\d{4}_[^/]{1,120}\.py\Z", "python manage.py migrate --plan", "python manage.py migrate"),
)
_BACKWARDS = re.compile(r"(?i)(?:^|[._/-])(?:down|rollback|revert|undo)(?:[._/-]|\Z)")


def dry_runs(files: Iterable[str]) -> Sequence[str]:
    """Commands, at most three, that show what delivering these files would change; they write nothing."""
    plain = [name for name in files if is_path(name)]
    found = dict.fromkeys([*_terraform(plain), *_helm(plain), *_ansible(plain), *_kustomize(plain)])
    return list(found)[:_MOST]


def is_for_kubernetes(files: Iterable[str]) -> bool:
    """Whether a file is of a Helm chart or a kustomization, which nothing but Kubernetes is given."""
    return any(_CHART.search(name) or _KUSTOMIZE.search(name) for name in files if is_path(name))


def migration_commands(files: Sequence[str]) -> Sequence[str]:
    """Show and then run the pending migrations, with the tool whose layout the files have; empty if unknown."""
    forward = [name for name in files if is_path(name) and not _BACKWARDS.search(name)]
    for pattern, shown, run in _MIGRATORS:
        if any(re.search(pattern, name) for name in forward):
            return [shown, run]
    return [_sql(name) for name in forward if name.endswith(".sql")][:_MOST]


def _sql(name: str) -> str:
    return shell("psql", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={name}")


def _terraform(files: Sequence[str]) -> Iterator[str]:
    for name in files:
        if name.endswith((".tf", ".tfvars")):
            yield shell("terraform", f"-chdir={_folder(name)}", "plan", "-lock=false")


def _helm(files: Sequence[str]) -> Iterator[str]:
    for name in files:
        found = _CHART.search(name)
        if found:
            chart = found.group("chart")
            values = ("--values", name) if PurePosixPath(name).name.startswith("values") else ()
            yield shell("helm", "template", PurePosixPath(chart).name, chart, *values)


def _ansible(files: Sequence[str]) -> Iterator[str]:
    for name in files:
        if _PLAYBOOK.search(name):
            yield shell("ansible-playbook", "--check", "--diff", name)


def _kustomize(files: Sequence[str]) -> Iterator[str]:
    for name in files:
        if _KUSTOMIZE.search(name):
            yield shell("kubectl", "diff", "-k", _folder(name))


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)
