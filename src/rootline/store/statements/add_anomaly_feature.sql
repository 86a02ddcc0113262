insert into rootline.anomaly_features
  (cluster, slot, service, signal, watch_window, metric, unit, expected, observed, deviation, score, kind)
values (%(cluster)s, %(slot)s, %(service)s, %(signal)s, %(window)s, %(metric)s, %(unit)s, %(expected)s, %(observed)s,
  %(deviation)s, %(score)s, %(kind)s);
