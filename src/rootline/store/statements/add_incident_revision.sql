insert into rootline.incident_revisions (incident_id, position, body)
select %(incident)s, count(*), %(body)s from rootline.incident_revisions where incident_id = %(incident)s;
