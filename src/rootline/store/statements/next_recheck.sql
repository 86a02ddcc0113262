select coalesce(max(round) + 1, 0) from rootline.rechecks where investigation_id = %(investigation)s;
