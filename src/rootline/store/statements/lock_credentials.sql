select cluster, source, key_id, box from rootline.cluster_credentials order by cluster, source for update;
