select rank, body from rootline.hypotheses where investigation_id = %(investigation)s order by rank;
