-- The one function that all policies ask looks the shown key up, and does nothing else.
select 'rootline.current_tenant' where not exists (
  select from functions f
  where f.place = 'rootline.current_tenant' and f.pronargs = 0 and f.provolatile = 's'
    and regexp_replace(pg_get_function_sqlbody(f.oid), '\s+', ' ', 'g') =
      'BEGIN ATOMIC SELECT tenants.id FROM rootline.tenants WHERE (tenants.key_sha256 = '
      'sha256(convert_to(current_setting(''app.tenant''::text, true), ''UTF8''::name))); END'
)
