insert into rootline.clusters (name, body) values (%(name)s, %(body)s);
