-- Words and likeness, fused by rank. The product of two vectors is exact: they hold whole numbers.
with current as (
  select p.name, p.position, p.lexemes, p.body, p.vector
  from rootline.passages p
  join rootline.runbooks r on r.tenant_id = p.tenant_id and r.collection = p.collection and r.name = p.name
    and r.sha256 = p.sha256
  where r.is_current and r.collection = %(collection)s
), asked as (
  select quote_literal(term)::tsquery as word from unnest(%(terms)s::text[]) as term
), weights as (
  select a.word, round(1000 * ln(1 + (t.passages - h.holding + half) / (h.holding + half))) as weight
  from asked a
  cross join (select count(*) as passages, 0.5::double precision as half from current) t
  cross join lateral (select count(*) as holding from current c where c.lexemes @@ a.word) h
), by_words as (
  select c.name, c.position,
    row_number() over (order by sum(w.weight) desc, c.name collate "C", c.position) as place
  from current c join weights w on c.lexemes @@ w.word
  group by c.name, c.position
  order by place limit %(candidates)s
), by_likeness as (
  select s.name, s.position, row_number() over (order by s.product desc, s.name collate "C", s.position) as place
  from (
    select c.name, c.position, (select sum(mine * asked) from unnest(c.vector, %(vector)s::real[]) as both_ (mine, asked)) as product
    from current c
    where cardinality(c.vector) = cardinality(%(vector)s::real[])
  ) s
  where s.product >= %(least)s
  order by place limit %(candidates)s
), fused as (
  select name, position,
    coalesce(1.0::double precision / (%(constant)s + w.place), 0) + coalesce(1.0::double precision / (%(constant)s + s.place), 0)
      as score
  from by_words w full join by_likeness s using (name, position)
)
select c.body, f.score
from fused f join current c using (name, position)
order by f.score desc, f.name collate "C", f.position
limit %(limit)s;
