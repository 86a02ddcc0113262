-- What the app role is or may become that would let it pass by row-level security.
with recursive app as (
  select r.* from pg_roles r where r.rolname = %(app)s
), reachable as (
  select oid from app
  union
  select m.roleid from pg_auth_members m join reachable r on r.oid = m.member
), named as (
  select r.* from pg_roles r join reachable using (oid)
)
select format('%%s is a superuser', rolname) from named where rolsuper
union all select format('%%s passes by row-level security (BYPASSRLS)', rolname) from named where rolbypassrls
union all select format('%%s may make roles (CREATEROLE)', rolname) from named where rolcreaterole
union all select format('%%s may replicate, and so read every row (REPLICATION)', rolname) from named where rolreplication
union all select format('%%s is a predefined role with rights on everything', rolname) from named where rolname like 'pg\_%%'
union all select format('%%s owns %%s', n.rolname, c.oid::regclass) from named n
  join pg_class c on c.relowner = n.oid join pg_namespace s on s.oid = c.relnamespace
  where s.nspname !~ '^pg_'
union all select format('%%s owns schema %%s', n.rolname, s.nspname) from named n
  join pg_namespace s on s.nspowner = n.oid where s.nspname !~ '^pg_'
union all select format('%%s owns the database', n.rolname) from named n
  join pg_database d on d.datdba = n.oid where d.datname = current_database()
union all select format('there is no role %%s', %(app)s::text) where not exists (select from app)
order by 1;
