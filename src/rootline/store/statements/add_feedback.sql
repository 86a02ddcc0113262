-- The very same words at the same moment are one row.
insert into rootline.feedback (investigation_id, position, hypothesis_rank, verdict, at, body)
select %(investigation)s, count(*), %(rank)s, %(verdict)s, %(at)s, %(body)s
from rootline.feedback where investigation_id = %(investigation)s
having not coalesce(bool_or(body = %(body)s), false);
