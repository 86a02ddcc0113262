"""Each rule on single lines: the smallest diff that shows it in several languages, beside one that must not."""

import pytest

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import net
from rootline.changes.families import FAMILIES
from rootline.changes.mechanisms.matching import mechanisms

ALL = frozenset(FAMILIES)


def names(diff: str, file: str = "services/x/x.py") -> set[str]:
    return {one.name for one in mechanisms(net(parse(f"@@ {file} @@\n{diff}\n", (file,))), ALL, frozenset())}


SHOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "retry without back-off",
        (
            "+for attempt in range(9):\n+    retry(call)",
            "+while (true) { try { send(); break; } catch (e) { attempts++; } }",
            "+    message.requeue()",
        ),
    ),
    (
        "limit on requests added",
        (
            "+        return 429",
            "+limiter = TokenBucket(rate)",
            "+  burst: 40",
            '+  w.Header().Set("x", "Too Many Requests")',
        ),
    ),
    ("back-off removed", ("-    time.sleep(2 ** attempt)", "-  backoff: exponential", "-    Thread.sleep(delay);")),
    ("jitter removed", ("-ttl = base + random.uniform(0, jitter)", "-  delay += rand.Intn(ttl)")),
    (
        "lock added",
        ("+    mu.Lock()", "+  synchronized (this) {", "+  SELECT id FROM jobs FOR UPDATE", "+    with_lock(key)"),
    ),
    ("lock removed", ("-    s.mu.Lock()", "-  synchronized (cache) {", "-    once := sync.Once{}")),
    ("unlock or release removed", ("-    defer rows.Close()", "-    conn.release()", "-  stream.dispose();")),
    (
        "resource opened and not closed",
        ('+    f = open("/tmp/a")', "+  rows, err := db.Query(q)", "+  t := NewTicker(d)"),
    ),
    ("borrowed and not always given back", ("+    conn = pool.acquire()", "+  Session s = pool.borrowObject();")),
    ("time limit removed", ("-    ctx, cancel := context.WithTimeout(ctx, d)", "-requests.get(url, timeout=3)")),
    ("non-blocking step made blocking", ("-    queue.put_nowait(job)", "-  if (!queue.offer(job)) {", "-    default:")),
    ("blocking call added", ("+    time.sleep(1)", "+  fs.readFileSync(path)", "+    subprocess.run(cmd)")),
    ("division added", ("+    mean = total / len(rows)", "+  avg = sum / count")),
    ("listener added", ("+  emitter.on('data', handle)", "+  window.addEventListener('x', f)")),
    ("threads started", ("+    go func() {", "+    Thread(target=work).start()", "+  tokio::spawn(work())")),
    ("waiting added", ("+    await flush()", "+  task.Wait();", "+    worker.join()")),
    ("heavy work added", ("+    copy.deepcopy(state)", "+    pattern = re.compile(text)", "+  bcrypt.hash(p, 14)")),
    (
        "serialization added",
        ("+    log.debug(json.dumps(state))", "+  send(JSON.stringify(all));", "+	body, _ := json.Marshal(rows)"),
    ),
    (
        "content embedded in messages",
        ("+    body = base64.b64encode(picture)", "+  s := base64.StdEncoding.EncodeToString(b)", "+  x = btoa(file)"),
    ),
    (
        "work serialized through a queue",
        (
            "+jobs = asyncio.Queue()\n+while True:\n+    await done(await jobs.get())",
            "+  q = new LinkedBlockingQueue<>();\n+  while (true) { work(q.take()); }",
        ),
    ),
    (
        "writes buffered",
        (
            "+    self._batch.append(line)",
            "+  pendingWrites.push(row);",
            "+  linger.ms: 5000",
            "+const save = debounce(put)",
        ),
    ),
    (
        "steps made concurrent",
        ("+    await asyncio.gather(read(x), clear(x))", "+  await Promise.all([read(x), clear(x)]);"),
    ),
    ("circuit breaker added", ("+  @CircuitBreaker(name = x)", "+    if breaker.is_open:", "+  outlierDetection:")),
    ("part of a duration used as the whole", ("+    return age < KEPT.seconds", "+  if (span.Minutes > 5) {")),
    (
        "concurrency reduced to one",
        (
            "+POOL = ThreadPoolExecutor(max_workers=1)",
            "+  pool = Executors.newSingleThreadExecutor();",
            "+gate = Semaphore(1)",
            "+  concurrency: 1",
        ),
    ),
    ("bulk load added", ("+    rows = cursor.fetchall()", "+  body, _ := ioutil.ReadAll(r)", "+    Order.all().to_a")),
    ("cache bypassed", ("-    return cache.get(key)", "-@memoize", "-  v, err := group.singleflight(key)")),
    ("fallback removed", ("-  @CircuitBreaker(fallbackMethod = x)", "-    return default_value")),
    (
        "environment required",
        ('+    url = os.environ["URL"]', '+  key := os.Getenv("KEY")', "+  const k = process.env.K"),
    ),
    ("setting removed or renamed", ("-  max_items: 5", "-DATABASE_NAME=shop")),
    ("wire field renamed", ('-  Name string `json:"name"`', '-  @JsonProperty("name")', "-  string name = 3;")),
    ("verbose logging", ("+logging.setLevel(logging.DEBUG)", "+  level: debug", "+access_log on;")),
    ("metric label added", ('+  labels={"user_id": user}', '+  []string{"path", "request_id"}')),
    (
        "error swallowed",
        ("+    except Exception: pass", "+  } catch (e) {}", "+    x, _ := call()", "+rm -f x || true"),
    ),
    ("start-up work added", ("+func init() {", "+  @PostConstruct", "+    app.on_startup(load)")),
    ("outbound call added", ("+    requests.get(url)", "+  axios.get(url)", "+    r, err := http.Get(url)")),
    (
        "batching removed",
        ("-    rows = repo.get_many(ids)", "-  await Promise.all(jobs)", "-    qs.select_related('user')"),
    ),
    ("message format changed", ("+  content_type: text/xml", "+@JsonNaming(SnakeCaseStrategy)")),
    ("number held in a narrower type", ("-  id bigint\n+  id integer", "-  total: Decimal\n+  total: float32")),
    (
        "bound of a value removed",
        ("-    n = min(n, limit)", "-  x = clamp(x, 0, 1)", "-  body = io.LimitReader(r, 1e6)"),
    ),
    (
        "duplicate check removed",
        ("-  INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING", "-    if already_sent(id): return"),
    ),
    ("transaction removed", ("-    with transaction.atomic():", "-  @Transactional", "-  tx := db.Begin(ctx)")),
    ("isolation changed", ("+  SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "+  FOR UPDATE SKIP LOCKED")),
    ("acknowledged too early", ("+  auto_ack=True", "+  enable.auto.commit: true\n+  autoCommit = true", "+  acks: 0")),
    ("no longer waited for", ("-    await publish(event)", "-  future.get();", "-    wg.Wait()")),
    ("routes changed", ("+  app.get('/a', h)", "+    path('a/', view)", '+  @GetMapping("/a")', "-  location /api {")),
    (
        "metrics endpoint changed",
        (
            '-    if path == "/metrics":\n+    if path == "/internal/metrics":',
            "+  metrics_path: /m",
            "+  start_http_server(9100)",
        ),
    ),
    (
        "metric renamed or dropped",
        (
            '-R = Counter("requests_total", "")\n+R = Counter("served_total", "")',
            '-  g = NewGauge("a")\n+  g = NewGauge("b")',
        ),
    ),
    (
        "calculation changed",
        (
            "-    net = price * quantity\n+    net = price * (quantity // lot)",
            "-  const total = a + b;\n+  const total = a - b;",
            "-    return used / size\n+    return used / free",
            "-  left := total - used\n+  left := used - total",
        ),
    ),
    ("process ended by itself", ("+    os._exit(3)", "+  process.exit(1);", '+  log.Fatalf("no room")')),
    ("early exit added", ("+        return {}", "+    continue;", "+  throw new Error(x);")),
    ("call removed", ("-    await orders.send(x)", "-  http.Post(url, body)", "-    queue.publish(event)")),
    ("protocol or ciphers narrowed", ("-  ssl_protocols TLSv1.2;\n+  ssl_protocols TLSv1.3;",)),
    ("network policy narrowed", ("+  policyTypes: [Egress]", "+  cidr_blocks = []", "+  source_ranges: 10.0.0.0/8")),
    ("requests refused by a rule", ("+  action: block", "+  geo_match: [x]")),
    ("access check changed", ("+  audience: shop", "+  allowed_origins: []", "-  leeway: 60")),
    ("load balancing changed", ("+  sessionAffinity: ClientIP", "+  lb_policy: RING_HASH", "+  least_conn;")),
    ("graceful shutdown removed", ("-  preStop:", "-  terminationGracePeriodSeconds", "-  server.shutdown(ctx)")),
    ("caching of answers removed", ("+  Cache-Control: no-store", "+  cache_enabled: false")),
    ("polling added", ("+  setInterval(load, 100)", "+  refetchInterval: 500", "+  @Scheduled(fixedRate = 5)")),
    (
        "reference to a secret or setting changed",
        ("-  secretName: a\n+  secretName: b", "-  claimName: a\n+  claimName: b"),
    ),
    (
        "limit set to unlimited",
        ("+  max_items: 0", "+  prefetch_count = None\n+  max_queue: -1", "+  poolSize: unlimited"),
    ),
    ("ambiguous pattern", ("+  re = /(a+)+$/", '+  PATTERN = "(x*y?)*z"', '+  PATTERN = r"^(?:(?:a+|aa)-?)+$"')),
    ("machine type changed", ("-  instance_type: m5.large\n+  instance_type: t3.small",)),
    ("pool made for each call", ("+    executor = ThreadPoolExecutor(4)", "+    engine = create_engine(url)")),
    ("runtime options changed", ("+  JAVA_TOOL_OPTIONS: -Xmx256m", "+  GOGC: off", "+  NODE_OPTIONS: --x")),
    ("database tuning changed", ("+  work_mem = 1MB", "+  autovacuum = off", "+  maxmemory-policy x")),
    ("structure dropped or renamed", ("+ALTER TABLE a DROP COLUMN b;", "+  remove_column :a, :b")),
    ("constraint added", ("+  ALTER COLUMN b SET NOT NULL", "+  add_foreign_key :a, :b", "+    unique=True")),
    ("index dropped", ("+DROP INDEX a_b;", "-  add_index :a, :b", "-    name = Column(String, index=True)")),
    ("locking migration", ("+CREATE INDEX a_b ON a (b);", "+VACUUM FULL a;", "+ALTER TABLE a ADD b int;")),
    ("rows rewritten in bulk", ("+UPDATE a SET b = 1;", "+  Order.update_all(x: 1)", "+TRUNCATE a;")),
    ("query widened", ("-    WHERE tenant = 1", "-    LIMIT 50", "-    qs.prefetch_related('items')")),
    ("heavier query", ("+    SELECT * FROM a", "+    ORDER BY b", "+    WHERE a LIKE '%x'")),
    ("emptiness check removed", ("-    if x is None:", "-  if (x == null) {", "-  let y = x?.name")),
    ("range check removed", ("-    if len(x) > 9:", "-  if (x.length < 2) {")),
    ("error handler removed", ("-    except OSError:", "-  } catch (e) {", "-  rescue Timeout")),
    ("validation removed", ("-    validate(x)", "-    assert(x)", "-  requireNonBlank(x)")),
    ("value taken unchecked", ("+    let a = b.unwrap();", "+  val a = b!!.name", "+    a := MustLoad(b)")),
    (
        "request grows with each call",
        (
            "+SEEN = {}\n+def f(x, headers):\n+    SEEN[x] = 1\n+    headers[NAME] = ','.join(SEEN)",
            "+const seen = [];\n+function f(x) {\n+  seen.push(x);\n+  req.setHeader('x-seen', seen.join());\n+}",
        ),
    ),
    ("unbounded growth", ("+SEEN = []\n+def f(x):\n+    SEEN.append(x)", "+cache = {}\n+def f(x):\n+    cache[x] = 1")),
    ("limit of a container removed", ("-    cache = LRU(maxsize=100)", "-    items.pop(0)", "-    seen.clear()")),
    (
        "call made while a lock is held",
        ("+with lock:\n+    client.send(x)", "+  synchronized (a) {\n+      gateway.pay(b);\n+  }"),
    ),
    ("call in a loop", ("+for x in ids:\n+    repo.find(x)", "+  ids.map((x) => fetchUser(x))")),
    (
        "time zone changed",
        (
            '-    at = datetime.now(tz=ZoneInfo("Europe/Paris"))\n+    at = datetime.now()',
            '-    return ZoneInfo("Europe/Paris")\n+    return ZoneInfo("Asia/Tokyo")',
            "-    return ZoneInfo(site.zone)\n+    return None",
            "-  timeZone: Europe/Paris\n+  timeZone: America/New_York",
            "-ENV TZ=UTC\n+ENV TZ=Australia/Perth",
            "-RUN ln -s /usr/share/zoneinfo/Etc/UTC /etc/x\n+RUN ln -s /usr/share/zoneinfo/Asia/Tokyo /etc/x",
            '-  loc, err := time.LoadLocation("Europe/Berlin")\n+  loc, err := time.LoadLocation("Asia/Tokyo")',
            "-  Time.zone.now\n+  Time.now",
            '-  ZoneId.of("Asia/Tokyo")\n+  ZoneId.systemDefault()',
            "-  SELECT at FROM a\n+  SELECT at AT TIME ZONE 'x' FROM a",
        ),
    ),
)
CASES = [(name, diff) for name, diffs in SHOWN for diff in diffs]


@pytest.mark.parametrize(("name", "diff"), CASES, ids=[f"{name}-{at}" for at, (name, _) in enumerate(CASES)])
def test_a_rule_holds_on_the_smallest_diff_that_shows_it(name: str, diff: str) -> None:
    assert name in names(diff)


@pytest.mark.parametrize(("name", "diff"), CASES, ids=[f"{name}-{at}" for at, (name, _) in enumerate(CASES)])
def test_moving_the_same_lines_shows_nothing(name: str, diff: str) -> None:
    turned = "".join(f"{'-' if line[:1] == '+' else '+'}{line[1:]}\n" for line in diff.split("\n"))

    assert name not in names(f"{diff}\n{turned}")


@pytest.mark.parametrize(("name", "diff"), CASES, ids=[f"{name}-{at}" for at, (name, _) in enumerate(CASES)])
def test_a_test_or_a_document_shows_nothing(name: str, diff: str) -> None:
    assert name not in names(diff, file="tests/test_x.py") | names(diff, file="docs/x.md")


@pytest.mark.parametrize(
    ("name", "diff"),
    [
        ("retry without back-off", "+for attempt in range(9):\n+    time.sleep(backoff)\n+    retry(call)"),
        ("retry without back-off", "+  # retry later"),
        ("back-off removed", "-    time.sleep(1)\n+    time.sleep(2)"),
        ("lock added", "-  mu.Lock()\n+  other.Lock()"),
        ("unlock or release removed", "-    a.close()\n+    b.close()"),
        ("resource opened and not closed", "+with open(a) as f:\n+    f.read()"),
        ("borrowed and not always given back", "+    c = pool.acquire()\n+    try:\n+    finally: c.release()"),
        ("time limit removed", "-call(timeout=3)\n+call(timeout=9)"),
        ("division added", "+    mean = total / max(len(rows), 1)"),
        ("listener added", "+  emitter.on('data', handle)\n+  emitter.off('data', handle)"),
        ("threads started", "+    ThreadPoolExecutor(max_workers=4)"),
        ("concurrency reduced to one", "+    ThreadPoolExecutor(max_workers=16)"),
        ("concurrency reduced to one", "+  concurrency: 1.5"),
        ("error swallowed", "+    first, _ = pair"),
        ("part of a duration used as the whole", "+  wait = 5.minutes"),
        ("part of a duration used as the whole", "+    return age < KEPT.total_seconds()"),
        ("cache bypassed", "-    cache.get(a)\n+    cache.get(b)"),
        ("index dropped", "-  add_index :a, :b\n+  add_index :a, [:b, :c]"),
        ("locking migration", "+CREATE INDEX CONCURRENTLY a_b ON a (b);"),
        ("emptiness check removed", "-    if x is None:\n+    if y is None:"),
        ("emptiness check removed", "-	if err != nil {"),
        ("range check removed", "-    if len(x) > 9:\n+    if len(x) > 8:"),
        ("limit set to unlimited", "+  max_items: 0.5"),
        ("number held in a narrower type", "+  id integer"),
        ("machine type changed", "+  instance_type: t3.small"),
        ("protocol or ciphers narrowed", "+  ssl_protocols TLSv1.3;"),
        ("pool made for each call", "+executor = ThreadPoolExecutor(4)"),
        ("unbounded growth", "+SEEN = []\n+def f(x):\n+    SEEN.append(x)\n+    SEEN.pop(0)"),
        ("request grows with each call", "+SEEN = []\n+def f(x):\n+    SEEN.append(x)"),
        ("request grows with each call", "+def f(x, headers):\n+    headers[NAME] = ','.join(x)"),
        ("unbounded growth", "+def f(x):\n+    seen = []\n+    seen.append(x)"),
        ("limit of a container removed", "-    items.pop(0)\n+    items.pop(1)"),
        ("call made while a lock is held", "+with lock:\n+    x = 1\n+client.send(x)"),
        ("call made while a lock is held", " with lock:\n-    a.send(x)\n+    x = 2"),
        ("call in a loop", "+for x in ids:\n+    log.info(x)"),
        ("call in a loop", "+while True:\n+    await asyncio.sleep(1)"),
        ("call in a loop", "+for x in ids:\n+    y = x\n+repo.find(y)"),
        (
            "time zone changed",
            "-COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo\n+COPY --from=build /app /app",
        ),
        ("time zone changed", "-  - mountPath: /usr/share/zoneinfo\n+  - mountPath: /data"),
        ("time zone changed", "-from zoneinfo import ZoneInfo\n+from math import floor"),
        ("time zone changed", "-import pytz\n+import math"),
        ("time zone changed", '-const { utcToZonedTime } = require("x-tz")\n+const x = 1'),
        ("time zone changed", "-    load_zoneinfo_table(x)\n+    load_table(x)"),
        ("time zone changed", "-zoneinfo_version: 3\n+tables_version: 3"),
        ("time zone changed", "-    if node.zone == here.zone:\n+    if node.is_near:"),
        ("time zone changed", "-  zone_id = aws_route53_zone.main.zone_id\n+  zone_id = var.dns"),
        ("time zone changed", "-  at = datetime.now(tz=zone)\n+  at = datetime.now(tz=zone, fold=1)"),
        ("time zone changed", "+def since(at):\n+    return datetime.now(UTC) - at"),
        ("schema used without a migration", " SELECT a FROM known\n+SELECT b FROM known"),
    ],
)
def test_a_rule_does_not_hold_where_something_speaks_against_it(name: str, diff: str) -> None:
    assert name not in names(diff)


def test_a_lock_that_is_put_around_a_call_is_held_while_the_call_is_made() -> None:
    assert "call made while a lock is held" in names("-client.send(x)\n+with lock:\n+    client.send(x)")


def test_a_zone_that_is_named_in_one_file_is_no_change_of_what_went_in_another() -> None:
    def at(file: str) -> str:
        return f"@@ a/y.py @@\n-    return load(1)\n@@ {file} @@\n+    return datetime.now(UTC)\n"

    here, there = (
        {one.name for one in mechanisms(net(parse(at(file), ("a/x.py", "a/y.py"))), ALL, frozenset())}
        for file in ("a/y.py", "a/x.py")
    )

    assert "time zone changed" in here
    assert "time zone changed" not in there


@pytest.mark.parametrize(
    "diff",
    [
        "-    kept = 7 * 24 * 3600\n+    kept = 14 * 24 * 3600",
        "-    total = price * quantity\n+    total = int(price) * quantity",
        "-    name = first + 'x'\n+    title = first + 'x'",
        "-    name = 'a-b'\n+    name = 'a-c'",
        "-    count = len(rows)\n+    count = len(found)",
        "-SIZE = 2**20\n+SIZE = 3 * 2**19",
    ],
)
def test_another_number_another_spelling_or_no_arithmetic_is_no_other_reckoning(diff: str) -> None:
    assert "calculation changed" not in names(diff)
