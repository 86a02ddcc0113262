select body from rootline.clusters order by name;
