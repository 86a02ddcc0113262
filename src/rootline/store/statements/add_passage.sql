insert into rootline.passages (name, sha256, position, lexemes, vector, body)
values (%(name)s, %(version)s, %(position)s, array_to_tsvector(%(terms)s::text[]), %(vector)s, %(body)s);
