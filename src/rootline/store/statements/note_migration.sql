insert into rootline.schema_migrations (version, name, sha256)
values (%(version)s, %(name)s, %(sha256)s)
on conflict (version, name) do update set sha256 = excluded.sha256, applied_at = now();
