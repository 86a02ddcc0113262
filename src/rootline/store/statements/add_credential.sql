insert into rootline.cluster_credentials (cluster, source, key_id, box)
values (%(cluster)s, %(source)s, %(key_id)s, %(box)s);
