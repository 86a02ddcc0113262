select cluster, source, last_success_at, last_failure_at, failures, error, found from rootline.source_health
order by cluster collate "C", source collate "C";
