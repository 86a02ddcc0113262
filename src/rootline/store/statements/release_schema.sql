select pg_advisory_unlock(hashtextextended('rootline schema', 0));
