-- A unique key that does not start with the tenant tells one tenant what another has.
select i.indexrelid::regclass::text from tables t join pg_index i on i.indrelid = t.oid
where (i.indisunique or i.indisexclusion)
  and not exists (
    select from pg_attribute a where a.attrelid = t.oid and a.attnum = i.indkey[0] and a.attname = 'tenant_id'
  )
