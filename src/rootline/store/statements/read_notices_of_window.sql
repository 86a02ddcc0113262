-- Of every alert that was told firing before the end: its notices up to the end. Which of them count is for the reader.
select body, incident_id from rootline.notices
where at < %(end)s and fired_at >= %(since)s order by at, key;
