-- A second permissive policy widens the first.
select t.place from relations t join pg_policy p on p.polrelid = t.oid group by t.place having count(*) > 1
