update rootline.runbooks set is_current = false
where is_current
  and (name, sha256) not in (select * from unnest(%(names)s::text[], %(versions)s::text[]));
