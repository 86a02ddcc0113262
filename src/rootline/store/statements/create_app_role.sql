create role {app} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication noinherit password {password};
