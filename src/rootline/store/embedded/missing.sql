select
    not exists (select from pg_roles where rolname = 'rootline_app') as role_missing,
    not exists (select from pg_database where datname = 'rootline') as database_missing;
