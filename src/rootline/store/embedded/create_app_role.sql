create role rootline_app login nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
