select body, incident_id from rootline.notices
where incident_id is null and at >= %(since)s order by at, key;
