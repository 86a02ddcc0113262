insert into rootline.evidence (investigation_id, label, position, status, sha256, taken_at, body)
select %(investigation)s, %(label)s, count(*), %(status)s, %(sha256)s, %(taken_at)s, %(body)s
from rootline.evidence where investigation_id = %(investigation)s;
