select body, incident_id from rootline.notices where incident_id = any(%(incidents)s) order by at, key;
