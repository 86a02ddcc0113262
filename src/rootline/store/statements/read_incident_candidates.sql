select slot, body from rootline.incident_candidates
where cluster = %(cluster)s and slot >= %(start)s and slot < %(end)s;
