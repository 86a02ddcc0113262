"""Which tool delivers a file is told by its place, and each is run so that it writes nothing."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootline.remediation.delivery import dry_runs, migration_commands


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("infra/main.tf", "terraform -chdir=infra plan -lock=false"),
        ("main.tf", "terraform -chdir=. plan -lock=false"),
        ("infra/prod.tfvars", "terraform -chdir=infra plan -lock=false"),
        ("charts/shop/values-prod.yaml", "helm template shop charts/shop --values charts/shop/values-prod.yaml"),
        ("deploy/helm/cart/templates/a.yaml", "helm template cart deploy/helm/cart"),
        ("playbooks/cart.yml", "ansible-playbook --check --diff playbooks/cart.yml"),
        ("site.yaml", "ansible-playbook --check --diff site.yaml"),
        ("k8s/prod/kustomization.yaml", "kubectl diff -k k8s/prod"),
    ],
)
def test_a_file_is_shown_dry_by_its_own_tool(file: str, command: str) -> None:
    assert dry_runs([file]) == [command]


@pytest.mark.parametrize(
    "file", ["src/cart.py", "README.md", "charts.md", "kustomization.json", "/etc/main.tf", "../main.tf", "a b/main.tf"]
)
def test_any_other_file_and_any_place_outside_has_no_command(file: str) -> None:
    assert dry_runs([file]) == []


def test_two_files_of_one_folder_are_shown_once_and_three_commands_are_enough() -> None:
    files = ["a/x.tf", "a/y.tf", "b/x.tf", "c/x.tf", "d/x.tf"]

    assert dry_runs(files) == [f"terraform -chdir={one} plan -lock=false" for one in "abc"]


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        (["db/alembic/versions/1_add.py"], ["alembic upgrade head --sql", "alembic upgrade head"]),
        (["db/migrate/20260301_add.rb"], ["bin/rails db:migrate:status", "bin/rails db:migrate"]),
        (["sql/V12__add.sql"], ["flyway info", "flyway migrate"]),
        (["prisma/migrations/1/migration.sql"], ["npx prisma migrate status", "npx prisma migrate deploy"]),
        (["cart/migrations/0002_add.py"], ["python manage.py migrate --plan", "python manage.py migrate"]),
        (["sql/add.sql"], ["psql --single-transaction --set=ON_ERROR_STOP=1 --file=sql/add.sql"]),
        (["sql/add.down.sql"], []),
        (["sql/rollback/add.sql"], []),
        (["src/cart.py"], []),
        (["../sql/add.sql"], []),
        ([], []),
    ],
)
def test_a_migration_is_run_by_the_tool_whose_layout_it_has_and_never_backwards(
    files: list[str], commands: list[str]
) -> None:
    assert migration_commands(files) == commands


@given(
    files=st.lists(
        st.text(max_size=40) | st.from_regex(r"[a-z/. ;$-]{0,20}\.(tf|sql|yaml)", fullmatch=True), max_size=6
    )
)
def test_no_name_of_a_file_is_more_than_one_word_of_a_command(files: list[str]) -> None:
    for command in [*dry_runs(files), *migration_commands(files)]:
        words = shlex.split(command)

        assert shlex.join(words) == command
        assert not any(char in command for char in ";$`\n&|<>")
