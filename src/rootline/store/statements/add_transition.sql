insert into rootline.transitions (incident_id, position, before, after, at, body)
select %(incident)s, count(*), %(before)s, %(after)s, %(at)s, %(body)s
from rootline.transitions where incident_id = %(incident)s;
