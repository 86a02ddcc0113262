select has_schema_privilege(%(app)s, 'rootline', 'USAGE');
