-- PUBLIC has no right on any relation, column or function of ours, and may make nothing anywhere.
select format('%%s: %%s', r.place, g.privilege_type) from relations r, aclexplode(r.acl) g where g.grantee = 0
union all
select format('%%s.%%s: %%s', r.place, a.attname, g.privilege_type)
from relations r join pg_attribute a on a.attrelid = r.oid, aclexplode(a.attacl) g where g.grantee = 0
union all
select f.place from functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g where g.grantee = 0
union all
select format('schema %%s: %%s', n.nspname, g.privilege_type)
from pg_namespace n join schemas s using (oid), aclexplode(n.nspacl) g
where g.grantee = 0 and (g.privilege_type = 'CREATE' or n.nspname = 'rootline')
