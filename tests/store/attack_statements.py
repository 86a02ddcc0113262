"""What an attacker types. `{t}` is a table, `{c}` one of its columns, `{v}` a value that may be the victim's."""

READS = (
    "select * from {t}",
    "select count(*) from {t}",
    "table {t}",
    "select * from {t} where {c} = {v}",
    "select exists (select from {t} where {c} = {v})",
    "select {c} from {t} where tenant_id = {victim}",
    "select * from {t} where tenant_id <> {own}",
    "select min({c}::text), max({c}::text), count(distinct {c}) from {t}",
    "select string_agg({c}::text, ',') from only {t}",
    "with x as materialized (select * from {t}) select * from x",
    "select a.* from {t} a left join {u} b on a.tenant_id = b.tenant_id",
    "select (select {c} from {t} where tenant_id = {victim} limit 1)",
    "select a.id, l.* from rootline.tenants a, lateral (select {c} from {t}) l",
    "select 1 / (case when {c}::text = {v}::text then 0 else 1 end) from {t}",
    "select * from {t} where 1 / (length({c}::text) - length({v}::text)) > 0",
    "select {c}::text::integer from {t}",
    "select * from {t} where ({c}::text || 'x')::uuid is null",
    "select * from {t} where pg_temp.tell({c}::text)",
    "select pg_temp.tell({c}::text) from {t}",
    "select * from {t} order by pg_temp.tell({c}::text)",
    "set local row_security = off; select * from {t}",
    "set local role rootline_owner; select * from {t}",
    "set local session authorization rootline_owner; select * from {t}",
    "set local search_path = pg_temp, rootline; select * from {t}",
    "set local search_path = pg_temp; select * from {t}",
    "create temp view seen as select * from {t}; select * from seen",
    "create temp table kept as select * from {t}; select * from kept",
    "create temp table probe ({c} text); insert into probe select {c} from {t} returning *",
    "declare d scroll cursor for select * from {t}; fetch all from d; move absolute 1 in d",
    "prepare q as select * from {t} where {c} = {v}; execute q; deallocate q",
    "do $$ begin raise notice '%', (select string_agg({c}::text, ',') from {t}); end $$",
    "do $$ declare r record; begin for r in execute 'select * from {t}' loop raise notice '%', r; end loop; end $$",
    (
        "create function pg_temp.all_of() returns setof {t} language sql security definer as 'table {t}';"
        " select * from pg_temp.all_of()"
    ),
    "select * from {t} tablesample bernoulli (100)",
    "select query_to_xml('select * from {t}', true, true, '')",
    "select schema_to_xml('rootline', true, false, '')",
    "select row_to_json(x) from {t} x",
    "select array_agg(x) from {t} x",
    "select * from {t} for update",
    "select * from {t} for key share",
    "select * from {t} where {c} in (select {c} from {t} where tenant_id = {victim})",
    "select * from {t} union all select * from {t} where tenant_id = {victim}",
    "select tablename, attname, most_common_vals, histogram_bounds from pg_stats where schemaname = 'rootline'",
    "select * from pg_statistic",
    "select statistics_name, most_common_vals from pg_stats_ext",
    "select key from rootline.tenants",
    "select id, key_sha256 from rootline.tenants",
    "select * from rootline.schema_migrations",
    "select rootline.current_tenant()",
    "select * from {f}()",
    "select set_config('app.tenant', {s}, true); select * from {t}",
    "set local app.tenant = {s}; select * from {t} where {c} = {v}",
    "set local app.tenant to default; select * from {t}",
    "reset all; select * from {t}",
)
PROBES = (
    "insert into {t} ({columns}) values ({values_of_victim})",
    "insert into {t} ({columns}) values ({values_of_victim}) on conflict do nothing returning *",
    "insert into {t} ({columns}) values ({values_as_own})",
    "insert into {t} ({columns}) values ({values_as_own}) on conflict do nothing",
    "insert into {t} ({columns}) values ({values_mixed})",
    "insert into {t} ({columns}) values ({values_mixed}); set constraints all immediate",
    "insert into {t} ({columns_untenanted}) values ({values_untenanted})",
    "insert into {t} ({columns}) values ({values_as_own}) on conflict (tenant_id) do nothing",
    "insert into {t} ({columns}) values ({values_of_victim}) on conflict do nothing",
    "select rootline.add_turn({v}, '[]', '[]', '{}') from {t}",
    (
        'select rootline.add_turn({v}, \'[]\', \'[{"label": "E1", "status": "ok", "taken_at": "2026-03-01",'
        " \"sha256\": \"' || repeat('0', 64) || '\"}]', '{x}')"
    ),
    (
        'select rootline.add_turn({v}, \'[{"sequence": 1, "role": "user", "body": "x"}]\', \'[]\', \'{}\')'
        " from set_config('app.tenant', {s}, true)"
    ),
)
"""Whether a key is taken or a row exists is what inserting tells most readily."""
WRITES = (
    "insert into {t} ({columns}) select {columns} from {t} where tenant_id = {victim}",
    "insert into {t} ({columns}) overriding user value values ({values_as_own})",
    "update {t} set {c} = {v}",
    "update {t} set tenant_id = {victim}",
    "update {t} set {c} = {c} where tenant_id = {victim}",
    "update rootline.runbooks set is_current = not is_current returning *",
    "update rootline.runbooks set is_current = false where tenant_id = {victim}",
    "delete from {t}",
    "delete from {t} where {c} = {v} returning *",
    "truncate {t} cascade",
    "merge into {t} a using (select 1) b on a.{c} = {v} when matched then delete",
    (
        "merge into {t} a using (select 1) b on a.{c} = {v}"
        " when not matched then insert ({columns}) values ({values_as_own})"
    ),
    "alter table {t} disable row level security",
    "alter table {t} no force row level security",
    "alter table {t} disable trigger all",
    "alter table {t} owner to current_user",
    "create policy mine on {t} using (true)",
    "drop policy own_tenant on {t}",
    "alter policy own_tenant on {t} using (true)",
    "grant all on {t} to public",
    "create rule r as on select to {t} do instead select 1",
    "create trigger g before insert on {t} for each row execute function pg_temp.spy()",
    "create unique index on {t} ({c})",
    "create table rootline.mine (like {t} including all)",
    "create table public.mine (x uuid references rootline.tenants (id))",
    "create temp table t_{n} (tenant_id uuid, {c} text, foreign key (tenant_id) references rootline.tenants)",
    "create temp table child () inherits ({t}); select * from child",
    "lock table {t} in share mode",
    "comment on table {t} is 'x'",
    "analyze {t}; select most_common_vals from pg_stats where tablename = 'sessions'",
    "set local session_replication_role = replica; insert into {t} ({columns}) values ({values_of_victim})",
    "insert into rootline.tenants (id, name, key, key_sha256) values ({own}, 'x', 'x', sha256('x'))",
    "update rootline.tenants set key_sha256 = sha256('x')",
    "create or replace function rootline.current_tenant() returns uuid language sql return {victim}",
    (
        "create function pg_temp.current_tenant() returns uuid language sql return {victim};"
        " set local search_path = pg_temp, rootline; select * from {t}"
    ),
    (
        "create temp table tenants (id uuid, key_sha256 bytea);"
        " insert into pg_temp.tenants"
        " values ({victim}, sha256(convert_to(current_setting('app.tenant', true), 'UTF8')));"
        " set local search_path = pg_temp, rootline, pg_catalog; select * from {t}"
    ),
    (
        "create operator pg_temp.= (leftarg = uuid, rightarg = uuid, function = pg_temp.yes);"
        " set local search_path = pg_temp, rootline, pg_catalog; select * from {t}"
    ),
    "alter role current_user bypassrls",
    "grant rootline_owner to current_user",
    "reassign owned by rootline_owner to current_user",
    "create extension if not exists dblink",
    "select lo_import('/etc/passwd')",
    "select pg_read_file(pg_relation_filepath({t_name}::regclass))",
)
PRELUDE = """
create function pg_temp.tell(value text) returns boolean language plpgsql cost 0.0000001
  as 'begin raise notice ''%', value; return true; end';
create function pg_temp.yes(uuid, uuid) returns boolean language sql as 'select true';
create function pg_temp.spy() returns trigger language plpgsql
  as 'begin raise notice ''%', new; return new; end';
""".replace("''%'", "''%''")
