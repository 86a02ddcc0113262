insert into rootline.passages (collection, name, sha256, position, embedder, lexemes, vector, body)
values (%(collection)s, %(name)s, %(version)s, %(position)s, %(embedder)s, array_to_tsvector(%(terms)s::text[]),
  %(vector)s, %(body)s);
