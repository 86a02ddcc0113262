-- Whether the server could compute products with pgvector, and does not yet.
select exists (select from pg_available_extensions where name = 'vector')
  and not exists (
    select from pg_attribute where attrelid = 'rootline.passages'::regclass and attname = 'embedding' and not attisdropped
  );
