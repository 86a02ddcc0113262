select key from rootline.tenants where id = %(tenant)s;
