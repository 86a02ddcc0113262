-- A function whose names are looked up when it runs must say where, or the caller does.
select f.place from functions f join pg_language l on l.oid = f.prolang
where f.prosqlbody is null and l.lanname not in ('c', 'internal')
  and not exists (
    select from unnest(f.proconfig) setting where setting in ('search_path=pg_catalog, pg_temp', 'search_path=""')
  )
