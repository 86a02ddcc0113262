update rootline.cluster_credentials set key_id = %(key_id)s, box = %(box)s
where cluster = %(cluster)s and source = %(source)s;
