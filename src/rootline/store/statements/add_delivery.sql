insert into rootline.deliveries (id, vendor, key, received_at, body)
values (%(id)s, %(vendor)s, %(key)s, %(received_at)s, %(body)s);
