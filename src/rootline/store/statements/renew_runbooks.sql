update rootline.runbooks set is_current = true
where not is_current and collection = %(collection)s
  and (name, sha256) in (select * from unnest(%(names)s::text[], %(versions)s::text[]));
