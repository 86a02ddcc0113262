-- Words and likeness, fused by rank. The product of two vectors is exact: they hold whole numbers. What stands between
-- the marks is replaced by `product_by_pgvector` where the server has that.
-- Each passage is looked at once and what is kept of it is small: without statistics, of which there are none here,
-- a join of passages with anything as long would be done row by row.
with asked as materialized (
  select term, quote_literal(term)::tsquery as word from unnest(%(terms)s::text[]) as term
), either_ as materialized (
  select string_agg(word::text, ' | ')::tsquery as word from asked
), scored as materialized (
  select p.tenant_id, p.collection, p.name, p.sha256, p.position,
    case when p.lexemes @@ e.word then array(select a.term from asked a where p.lexemes @@ a.word) end as held,
    /* product */ case when cardinality(p.vector) = cardinality(%(vector)s::real[])
      then (select sum(mine * asked) from unnest(p.vector, %(vector)s::real[]) as both_ (mine, asked)) end /* . */ as product
  from rootline.passages p cross join either_ e
  where p.collection = %(collection)s and (
    select r.is_current from rootline.runbooks r
    where r.tenant_id = p.tenant_id and r.collection = p.collection and r.name = p.name and r.sha256 = p.sha256
  )
), weights as materialized (
  select h.term, round(1000 * ln(1 + (t.passages - h.holding + half) / (h.holding + half))) as weight
  from (select term, count(*) as holding from scored cross join unnest(held) as term group by term) h
  cross join (select count(*) as passages, 0.5::double precision as half from scored) t
), by_words as materialized (
  select s.tenant_id, s.collection, s.name, s.sha256, s.position,
    row_number() over (order by sum(w.weight) desc, s.name collate "C", s.position) as place
  from scored s cross join unnest(s.held) as term join weights w using (term)
  group by s.tenant_id, s.collection, s.name, s.sha256, s.position
  order by place limit %(candidates)s
), by_likeness as materialized (
  select s.tenant_id, s.collection, s.name, s.sha256, s.position,
    row_number() over (order by s.product desc, s.name collate "C", s.position) as place
  from scored s
  where s.product >= %(least)s
  order by place limit %(candidates)s
), best as materialized (
  select tenant_id, collection, name, sha256, position,
    coalesce(1.0::double precision / (%(constant)s + w.place), 0) + coalesce(1.0::double precision / (%(constant)s + s.place), 0)
      as score
  from by_words w full join by_likeness s using (tenant_id, collection, name, sha256, position)
  order by score desc, name collate "C", position
  limit %(limit)s
)
select (
    select p.body from rootline.passages p
    where p.tenant_id = b.tenant_id and p.collection = b.collection and p.name = b.name and p.sha256 = b.sha256
      and p.position = b.position
  ), b.score
from best b
order by b.score desc, b.name collate "C", b.position;
