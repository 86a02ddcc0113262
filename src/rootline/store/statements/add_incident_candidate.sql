insert into rootline.incident_candidates (cluster, slot, service, action, policy, incident_id, body)
values (%(cluster)s, %(slot)s, %(service)s, %(action)s, %(policy)s, %(incident)s, %(body)s);
