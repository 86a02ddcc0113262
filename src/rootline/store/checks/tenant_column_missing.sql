-- Every table has a tenant, and no row is without one.
select place from tables t
where not exists (
  select from pg_attribute a
  where a.attrelid = t.oid and a.attname = 'tenant_id' and a.atttypid = 'uuid'::regtype and a.attnotnull
)
