-- The app role calls the function that all policies ask, and the one that stores a turn.
select f.place from functions f, aclexplode(f.proacl) g
where g.grantee = (select oid from pg_roles where rolname = %(app)s)
  and f.place not in ('rootline.current_tenant', 'rootline.add_turn')
