select slot, service, signal, watch_window, metric, unit, expected, observed, deviation, score, kind
from rootline.anomaly_features
where cluster = %(cluster)s and slot >= %(start)s and slot < %(end)s
  and (%(service)s::text is null or service = %(service)s);
