-- One writer of an investigation at a time, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(%(investigation)s::uuid::text, 0));
