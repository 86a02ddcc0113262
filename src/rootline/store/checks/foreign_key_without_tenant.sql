-- Foreign keys are checked past row-level security, so they too start with the tenant, on both sides.
select format('%%s: %%s', t.place, k.conname) from tables t
join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
join pg_attribute here on here.attrelid = k.conrelid and here.attnum = k.conkey[1]
join pg_attribute there on there.attrelid = k.confrelid and there.attnum = k.confkey[1]
where here.attname <> 'tenant_id'
  or (k.confrelid::regclass::text, there.attname) not in (
    select r.oid::regclass::text, case when r.place = 'rootline.tenants' then 'id' else 'tenant_id' end from relations r
  )
