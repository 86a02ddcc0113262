-- The app role reads and appends. It changes few columns, and of a tenant it sees what a policy has to ask.
with held as (
  select r.place, '*'::name as field, g.privilege_type as privilege
  from relations r, aclexplode(r.acl) g where g.grantee = (select oid from pg_roles where rolname = %(app)s)
  union all
  select r.place, a.attname, g.privilege_type
  from relations r join pg_attribute a on a.attrelid = r.oid, aclexplode(a.attacl) g
  where g.grantee = (select oid from pg_roles where rolname = %(app)s)
)
select format('%%s.%%s: %%s', place, field, privilege) from held
where not (place in (select place from tables) and privilege in ('SELECT', 'INSERT'))
  and (place, field, privilege) not in (
    ('rootline.runbooks', 'is_current', 'UPDATE'),
    ('rootline.clusters', '*', 'DELETE'),
    ('rootline.source_health', '*', 'DELETE'),
    ('rootline.source_health', 'last_success_at', 'UPDATE'),
    ('rootline.source_health', 'last_failure_at', 'UPDATE'),
    ('rootline.source_health', 'failures', 'UPDATE'),
    ('rootline.source_health', 'error', 'UPDATE'),
    ('rootline.source_health', 'found', 'UPDATE'),
    ('rootline.cluster_credentials', 'key_id', 'UPDATE'),
    ('rootline.cluster_credentials', 'box', 'UPDATE'),
    ('rootline.tenants', 'id', 'SELECT'),
    ('rootline.tenants', 'key_sha256', 'SELECT')
  )
