case when vector_dims(p.embedding) = cardinality(%(vector)s::real[])
      then -(p.embedding <#> %(vector)s::real[]::vector) end
