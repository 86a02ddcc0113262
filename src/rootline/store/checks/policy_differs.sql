-- Every policy says the one thing that was thought through, for reading and for writing.
select format('%%s: %%s', t.place, p.polname) from tables t join pg_policy p on p.polrelid = t.oid
where (p.polcmd, p.polpermissive, p.polroles) is distinct from ('*'::"char", true, '{0}'::oid[])
  or pg_get_expr(p.polqual, p.polrelid)
    is distinct from '(tenant_id = ( SELECT rootline.current_tenant() AS current_tenant))'
  or pg_get_expr(p.polwithcheck, p.polrelid)
    is distinct from '(tenant_id = ( SELECT rootline.current_tenant() AS current_tenant))'
union all
select format('%%s: %%s', t.place, p.polname) from relations t join pg_policy p on p.polrelid = t.oid
where t.place = 'rootline.tenants'
  and (p.polcmd <> 'r' or pg_get_expr(p.polqual, p.polrelid) is distinct from
    '(key_sha256 = sha256(convert_to(current_setting(''app.tenant''::text, true), ''UTF8''::name)))')
