-- Faster, and never different: the numbers stay in `vector`.
create extension if not exists vector;
alter table rootline.passages add column embedding vector(256) generated always as (vector::vector(256)) stored;
alter table rootline.passages alter column embedding set statistics 0;
