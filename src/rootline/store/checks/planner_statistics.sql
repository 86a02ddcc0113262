-- Row estimates are made from the values of all tenants, and EXPLAIN shows them to each.
select format('%%s.%%s', t.place, a.attname) from relations t join pg_attribute a on a.attrelid = t.oid
where t.kind in ('r', 'p') and t.place <> 'rootline.schema_migrations'
  and a.attnum > 0 and not a.attisdropped and coalesce(a.attstattarget, -1) <> 0
union all
select e.stxname::text from pg_statistic_ext e join schemas s on s.oid = e.stxnamespace
