insert into rootline.plans (investigation_id, sha256, position, hypothesis_rank, state, risk, body)
select %(investigation)s, %(sha256)s, count(*), %(rank)s, %(state)s, %(risk)s, %(body)s
from rootline.plans where investigation_id = %(investigation)s
on conflict (tenant_id, investigation_id, sha256) do nothing;
