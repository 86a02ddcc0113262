select body from rootline.deliveries order by received_at desc, id desc limit %(limit)s;
