select to_regclass('rootline.schema_migrations') is not null;
