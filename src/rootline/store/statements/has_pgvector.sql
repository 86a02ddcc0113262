select exists (
  select from pg_attribute where attrelid = 'rootline.passages'::regclass and attname = 'embedding' and not attisdropped
);
