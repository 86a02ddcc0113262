select pg_advisory_xact_lock(hashtextextended(%(incident)s::uuid::text, 0));
