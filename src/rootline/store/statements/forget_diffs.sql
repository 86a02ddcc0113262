-- Hunks of commits that were written before then; one of which that is not known stays. A body is written as JSON, in
-- which a quotation mark inside of a text has a backslash before it.
with gone as (
  select name, sha256 from rootline.passages
  where tenant_id = rootline.current_tenant() and collection = 'git_diff_chunks'
    and substring(body from '"authored_at":"([0-9]{4}-[0-9]{2}-[0-9]{2})T') < to_char(%(seen)s at time zone 'utc', 'YYYY-MM-DD')
), passages as (
  delete from rootline.passages
  where tenant_id = rootline.current_tenant() and collection = 'git_diff_chunks'
    and (name, sha256) in (select name, sha256 from gone)
)
delete from rootline.runbooks
where tenant_id = rootline.current_tenant() and collection = 'git_diff_chunks'
  and (name, sha256) in (select name, sha256 from gone);
