-- For each named document: whether it is there in the named version, and whether any version is current.
select r.name, bool_or(r.sha256 = a.version), bool_or(r.is_current)
from unnest(%(names)s::text[], %(versions)s::text[]) as a (name, version)
join rootline.runbooks r on r.name = a.name and r.collection = %(collection)s
group by r.name;
