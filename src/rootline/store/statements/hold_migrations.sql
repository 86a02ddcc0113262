select pg_advisory_lock(hashtextextended('rootline migrations', 0));
