select label from rootline.evidence
where investigation_id = %(investigation)s
order by position;
