select body from rootline.evidence
where investigation_id = %(investigation)s and (%(labels)s::text[] is null or label = any (%(labels)s))
order by position;
