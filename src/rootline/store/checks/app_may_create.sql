-- The app role makes nothing that lasts.
select format('schema %%s', s.name) from schemas s where has_schema_privilege(%(app)s, s.oid, 'CREATE')
union all
select format('database %%s', current_database()) where has_database_privilege(%(app)s, current_database(), 'CREATE')
