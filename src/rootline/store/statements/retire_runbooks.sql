-- Without `all`, only other versions of the named documents.
update rootline.runbooks set is_current = false
where is_current and collection = %(collection)s
  and (%(all)s or name = any(%(names)s::text[]))
  and (name, sha256) not in (select * from unnest(%(names)s::text[], %(versions)s::text[]));
