-- A slot that was evaluated before stays as it is.
insert into rootline.watch_rounds (cluster, slot, body)
values (%(cluster)s, %(slot)s, %(body)s) on conflict do nothing returning slot;
