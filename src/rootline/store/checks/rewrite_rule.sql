-- A rule rewrites statements with its owner's rights.
select format('%%s: %%s', t.place, r.rulename) from tables t join pg_rewrite r on r.ev_class = t.oid
