select exists (select from rootline.notices), exists (select from rootline.reported_changes);
