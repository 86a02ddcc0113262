select part, hypothesis_rank, body from rootline.claims where investigation_id = %(investigation)s order by position;
