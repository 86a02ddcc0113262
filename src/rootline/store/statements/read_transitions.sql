select body from rootline.transitions where incident_id = %(incident)s order by position;
