delete from rootline.clusters where name = %(name)s;
