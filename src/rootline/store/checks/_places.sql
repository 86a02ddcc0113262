-- What every check looks at: the tables that belong to tenants, and all schemas that are ours or the operator's.
-- What an extension brought along is the extension's.
with schemas as (
  select n.oid, n.nspname as name from pg_namespace n
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), brought as (
  select d.objid as oid from pg_depend d where d.deptype = 'e'
), relations as (
  select c.oid, c.relkind as kind, c.relname as name, c.reloptions as options, c.relacl as acl,
    c.relrowsecurity as is_secured, c.relforcerowsecurity as is_forced, format('%%s.%%s', s.name, c.relname) as place
  from pg_class c join schemas s on s.oid = c.relnamespace
  where c.oid not in (select oid from brought)
), tables as (
  select * from relations
  where kind in ('r', 'p') and place not in ('rootline.tenants', 'rootline.schema_migrations')
), functions as (
  select p.*, format('%%s.%%s', s.name, p.proname) as place
  from pg_proc p join schemas s on s.oid = p.pronamespace
  where p.oid not in (select oid from brought)
)
