"""Schemas that are each broken in one way, with the promise that each breaks."""

from dataclasses import dataclass

from tests.store.conftest import APP

POLICY = (
    "using (tenant_id = (select rootline.current_tenant())) with check (tenant_id = (select rootline.current_tenant()))"
)
TABLE = """
create table rootline.extra (
  tenant_id uuid not null default rootline.current_tenant() references rootline.tenants (id),
  id uuid not null,
  primary key (tenant_id, id)
);
"""
SECURED = f"""
{TABLE}
alter table rootline.extra enable row level security;
alter table rootline.extra force row level security;
create policy own_tenant on rootline.extra {POLICY};
alter table rootline.extra alter column tenant_id set statistics 0, alter column id set statistics 0;
"""


@dataclass(frozen=True, kw_only=True)
class Broken:
    name: str
    promise: str
    sql: str


BROKEN = (
    Broken(name="new table without row-level security", promise="row_security_off", sql=TABLE),
    Broken(name="new table without a policy", promise="policy_missing", sql=TABLE),
    Broken(
        name="row-level security switched off",
        promise="row_security_off",
        sql="alter table rootline.sessions disable row level security",
    ),
    Broken(
        name="tenants unsecured",
        promise="row_security_off",
        sql="alter table rootline.tenants disable row level security",
    ),
    Broken(
        name="not forced",
        promise="row_security_not_forced",
        sql="alter table rootline.evidence no force row level security",
    ),
    Broken(
        name="a table in another schema",
        promise="row_security_off",
        sql="create schema elsewhere; create table elsewhere.rows (tenant_id uuid not null)",
    ),
    Broken(
        name="a partition of its own",
        promise="row_security_off",
        sql="""
        create table rootline.points (tenant_id uuid not null, at timestamptz not null) partition by range (at);
        alter table rootline.points enable row level security;
        alter table rootline.points force row level security;
        create table rootline.points_2026 partition of rootline.points for values from ('2026-01-01') to ('2027-01-01');
        """,
    ),
    Broken(
        name="policy without with check",
        promise="policy_differs",
        sql=f"{TABLE} create policy p on rootline.extra using (tenant_id = (select rootline.current_tenant()))",
    ),
    Broken(
        name="policy for reading alone",
        promise="policy_differs",
        sql=f"""{TABLE} create policy p on rootline.extra for select
            using (tenant_id = (select rootline.current_tenant()))""",
    ),
    Broken(
        name="policy that is always true",
        promise="policy_differs",
        sql="alter policy own_tenant on rootline.messages using (true)",
    ),
    Broken(
        name="policy that lets anything be written",
        promise="policy_differs",
        sql="alter policy own_tenant on rootline.messages with check (true)",
    ),
    Broken(
        name="policy on another setting",
        promise="policy_differs",
        sql="alter policy own_tenant on rootline.claims using (tenant_id = current_setting('app.org', true)::uuid)",
    ),
    Broken(
        name="policy that trusts the setting",
        promise="policy_differs",
        sql="alter policy own_tenant on rootline.claims using (tenant_id = current_setting('app.tenant', true)::uuid)",
    ),
    Broken(
        name="policy with an exception",
        promise="policy_differs",
        sql="""alter policy own_tenant on rootline.plans
            using (tenant_id = (select rootline.current_tenant()) or risk = 'low')""",
    ),
    Broken(
        name="tenants visible to all",
        promise="policy_differs",
        sql="alter policy shown_key on rootline.tenants using (true)",
    ),
    Broken(
        name="a second policy that widens the first",
        promise="policy_doubled",
        sql="create policy support_staff on rootline.incidents for select using (true)",
    ),
    Broken(
        name="the tenant taken from the setting as it is",
        promise="current_tenant_differs",
        sql="""create or replace function rootline.current_tenant() returns uuid language sql stable
            return current_setting('app.tenant', true)::uuid""",
    ),
    Broken(
        name="unique key without tenant",
        promise="key_without_tenant",
        sql="create unique index on rootline.evidence (sha256)",
    ),
    Broken(
        name="unique key that does not start with the tenant",
        promise="key_without_tenant",
        sql="alter table rootline.sessions add unique (id, tenant_id)",
    ),
    Broken(
        name="exclusion without tenant",
        promise="key_without_tenant",
        sql="alter table rootline.incidents add exclude using btree (id with =)",
    ),
    Broken(
        name="foreign key without tenant",
        promise="foreign_key_without_tenant",
        sql="""create unique index sessions_id on rootline.sessions (id);
            alter table rootline.investigations add foreign key (session_id) references rootline.sessions (id)""",
    ),
    Broken(
        name="definer function",
        promise="definer_function",
        sql="""create function rootline.all_sessions() returns bigint language sql security definer
            set search_path = pg_catalog, pg_temp return 1""",
    ),
    Broken(
        name="function that looks names up where the caller says",
        promise="function_path_open",
        sql="create function rootline.f() returns trigger language plpgsql as 'begin return new; end'",
    ),
    Broken(
        name="view with its owner's rights",
        promise="view_of_owner",
        sql="create view rootline.recent as select * from rootline.sessions",
    ),
    Broken(
        name="view told to use its owner's rights",
        promise="view_of_owner",
        sql="create view rootline.recent with (security_invoker = false) as select * from rootline.sessions",
    ),
    Broken(
        name="materialized view",
        promise="rows_without_policies",
        sql="create materialized view rootline.counts as select count(*) from rootline.sessions",
    ),
    Broken(
        name="rewrite rule",
        promise="rewrite_rule",
        sql="create rule copy as on insert to rootline.feedback do also select 1",
    ),
    Broken(name="sequence", promise="sequence_shared", sql="create sequence rootline.numbers"),
    Broken(
        name="identity column",
        promise="sequence_shared",
        sql="alter table rootline.feedback add column number bigint generated always as identity",
    ),
    Broken(
        name="notification",
        promise="notification",
        sql="""create function rootline.tell() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
            as $$ begin perform pg_notify('changes', new.body); return new; end $$""",
    ),
    Broken(
        name="table granted to everyone",
        promise="granted_to_public",
        sql="grant select on rootline.evidence to public",
    ),
    Broken(
        name="column granted to everyone",
        promise="granted_to_public",
        sql="grant select (name) on rootline.tenants to public",
    ),
    Broken(
        name="function granted to everyone",
        promise="granted_to_public",
        sql="grant execute on function rootline.current_tenant() to public",
    ),
    Broken(
        name="everyone may create",
        promise="granted_to_public",
        sql="grant create on schema public to public",
    ),
    Broken(
        name="app role may truncate",
        promise="app_may_too_much",
        sql=f"grant truncate on rootline.feedback to {APP}",
    ),
    Broken(
        name="app role may edit what is appended",
        promise="app_may_too_much",
        sql=f"grant update (body) on rootline.evidence to {APP}",
    ),
    Broken(
        name="app role may delete",
        promise="app_may_too_much",
        sql=f"grant delete on rootline.runbooks to {APP}",
    ),
    Broken(
        name="app role may refer to tables of its own",
        promise="app_may_too_much",
        sql=f"grant references on rootline.sessions to {APP}",
    ),
    Broken(
        name="app role reads the keys",
        promise="app_may_too_much",
        sql=f"grant select (key) on rootline.tenants to {APP}",
    ),
    Broken(
        name="app role makes tenants",
        promise="app_may_too_much",
        sql=f"grant insert on rootline.tenants to {APP}",
    ),
    Broken(
        name="app role calls what it has no need of",
        promise="app_may_execute",
        sql=f"grant execute on function rootline.refuse_expired_session() to {APP}",
    ),
    Broken(
        name="a new function that app role calls",
        promise="app_may_execute",
        sql=f"""create function rootline.one() returns integer language sql return 1;
            revoke all on function rootline.one() from public; grant execute on function rootline.one() to {APP}""",
    ),
    Broken(
        name="a turn stored by its definer",
        promise="definer_function",
        sql="alter function rootline.add_turn security definer",
    ),
    Broken(
        name="a turn with the names of its caller",
        promise="function_path_open",
        sql="alter function rootline.add_turn reset all",
    ),
    Broken(
        name="a turn that everyone may store",
        promise="granted_to_public",
        sql="grant execute on function rootline.add_turn to public",
    ),
    Broken(
        name="app role makes tables",
        promise="app_may_create",
        sql=f"grant create on schema rootline to {APP}",
    ),
    Broken(
        name="rights for what comes later",
        promise="default_privileges",
        sql=f"alter default privileges in schema rootline grant all on tables to {APP}",
    ),
    Broken(
        name="row estimates",
        promise="planner_statistics",
        sql="alter table rootline.incidents alter column body set statistics 100",
    ),
    Broken(name="no tenant", promise="tenant_column_missing", sql="create table rootline.extra (id uuid primary key)"),
    Broken(
        name="rows without a tenant",
        promise="tenant_column_missing",
        sql="alter table rootline.passages drop constraint passages_pkey, alter column tenant_id drop not null",
    ),
    Broken(name="app role owns a table", promise="app_role", sql=f"alter table rootline.plans owner to {APP}"),
    Broken(name="app role passes by", promise="app_role", sql=f"alter role {APP} bypassrls"),
    Broken(name="app role is a superuser", promise="app_role", sql=f"alter role {APP} superuser"),
    Broken(name="app role makes roles", promise="app_role", sql=f"alter role {APP} createrole"),
    Broken(
        name="app role can become the owner",
        promise="app_role",
        sql=f"create role keeper bypassrls; grant keeper to {APP}",
    ),
    Broken(name="app role reads all data", promise="app_role", sql=f"grant pg_read_all_data to {APP}"),
)
