-- No future object comes with rights that nobody gave it.
select format('new objects of kind %%s: %%s', d.defaclobjtype, g.privilege_type)
from pg_default_acl d, aclexplode(d.defaclacl) g
where g.grantee in (0, (select oid from pg_roles where rolname = %(app)s))
