select pg_advisory_lock(hashtextextended('rootline schema', 0));
