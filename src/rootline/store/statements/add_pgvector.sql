-- Faster, and never different: the numbers stay in `vector`. No size is fixed, since embedders differ.
create extension if not exists vector;
alter table rootline.passages add column embedding vector generated always as (vector::vector) stored;
alter table rootline.passages alter column embedding set statistics 0;
