select pg_advisory_unlock(hashtextextended('rootline migrations', 0));
