select id from rootline.tenants order by id;
