-- Every table has a policy.
select place from tables t where not exists (select from pg_policy p where p.polrelid = t.oid)
