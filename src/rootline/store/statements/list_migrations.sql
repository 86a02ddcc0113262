select version, name, sha256 from rootline.schema_migrations order by version, name;
