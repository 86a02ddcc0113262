"""Each mechanism on the smallest diff that shows it, beside one that must not."""

import pytest

from rootline.changes.diffs.diff import parse
from rootline.changes.diffs.net import net
from rootline.changes.families import FAMILIES
from rootline.changes.mechanisms.matching import mechanisms

ALL = frozenset(FAMILIES)


def names(diff: str, file: str = "services/x/x.go", spoken: frozenset[str] = frozenset()) -> set[str]:
    found = mechanisms(net(parse(diff, (file,))), ALL, spoken)
    return {one.name for one in found if not one.name.endswith("touched")}


@pytest.mark.parametrize(
    ("mechanism", "diff"),
    [
        ("emptiness check removed", "-	if o.Address == nil {\n-		return\n-	}\n"),
        ("error handler removed", "-    except KeyError:\n-        return 0\n"),
        ("error handler narrowed", "-    except (OSError, ValueError):\n+    except ValueError:\n"),
        ("error handler narrowed", "-} catch (IOException | ParseException e) {\n+} catch (ParseException e) {\n"),
        ("time in another unit", "-	at := t.Unix()\n+	at := t.UnixMilli()\n"),
        ("file system searched", "-    return path\n+    return next(ROOT.rglob(name), path)\n"),
        ("file system searched", "+	filepath.WalkDir(root, visit)\n"),
        ("first or last item left out", "-    for row in rows:\n+    for place in range(1, len(rows)):\n"),
        ("first or last item left out", "-	for _, row := range rows {\n+	for _, row := range rows[1:] {\n"),
        ("asked for by another name", '-    if reply.get("granted"):\n+    if reply.get("Granted", False):\n'),
        ("asked for by another name", "-  const size = query['size']\n+  const size = query['limit']\n"),
        ("refusal added", '+    if not tenant:\n+        raise HTTPException(422, "a tenant is needed")\n'),
        ("refusal added", "+	if len(q) > 8 {\n+		return BadRequest(q)\n+	}\n"),
        ("refusal added", '+    if page >= last:\n+        raise HTTPException(404, "no such page")\n'),
        (
            "time limit added",
            "-    return await work(x)\n+    async with asyncio.timeout(LIMIT_S):\n+        return await work(x)\n",
        ),
        ("time limit added", "+	ctx, cancel := context.WithTimeout(ctx, limit)\n+	defer cancel()\n"),
        (
            "error swallowed",
            "+    try:\n+        row = read(x)\n+    except Exception as bad:\n+        log.debug(1)\n     return 1\n",
        ),
        ("error swallowed", "+  } catch (Exception e) {\n+    total = 0;\n+  }\n"),
        (
            "asked for by another name",
            '-    price = row["price"]\n+    found = take(row)\n+    return found["price_cents"]\n',
        ),
        (
            "container changed while iterated",
            "+  for key, one in held.items():\n+    if one.old:\n+      del held[key]\n",
        ),
        (
            "container changed while iterated",
            "+  for (Job job : jobs) {\n+    if (job.done()) jobs.remove(job);\n+  }\n",
        ),
        ("result read before completion", "+    task = asyncio.create_task(find(x))\n+    return task.result()\n"),
        ("time in another unit", "-    now = time.time()\n+    now = round(time.time() * 1000)\n"),
        ("value taken unchecked", "-    let v = m.get(k)?;\n+    let v = m.get(k).unwrap();\n"),
        ("connection ceiling lowered", "-const defaultMaxConns = 50\n+const defaultMaxConns = 10\n"),
        (
            "idle or health-check period raised",
            "-	MaxConnIdleTime: 30 * time.Second,\n+	MaxConnIdleTime: 5 * time.Minute,\n",
        ),
        ("time to live lowered", "-  ttl: 10m\n+  ttl: 10s\n"),
        ("timeout lowered", "-timeout_ms = 3000\n+timeout_ms = 30\n"),
        ("memory limit lowered", "-    memory: 1Gi\n+    memory: 512Mi\n"),
        ("call in a loop", " 	for _, id := range ids {\n+		item, err := s.catalog.GetItem(ctx, id)\n 	}\n"),
        ("call in a loop", "-	row := db.Query(q)\n+	for range regions {\n+		row := db.Query(q)\n+	}\n"),
        ("blocking call added", "-    await asyncio.sleep(0.02)\n+    time.sleep(0.02)\n"),
        ("key of stored values renamed", '-  entries = {f"sku:{one}": row}\n+  entries = {f"shop:sku:{one}": row}\n'),
        (
            "key of stored values renamed",
            '-	key := fmt.Sprintf("cart:%s", id)\n+	key := fmt.Sprintf("basket:%s", id)\n',
        ),
        ("key of stored values renamed", "-  await redis.get('session:' + id)\n+  await redis.get('sess:' + id)\n"),
        ("cache size lowered", "-most_entries = 5000\n+most_entries = 4\n"),
        ("amount of work raised", "-_ROUNDS = 2500\n+_ROUNDS = 160_000\n"),
        ("a duration raised", "-TEMPLATE_S = 0.002\n+TEMPLATE_S = 0.03\n"),
        ("unbounded growth", "+var seen []string\n+func Mark(id string) {\n+	seen = append(seen, id)\n+}\n"),
        ("unlock or release removed", " 	resp, err := c.Get(url)\n-	defer resp.Body.Close()\n"),
        ("lock added", "+	s.mu.Lock()\n"),
        ("schema used without a migration", '+	rows := q("SELECT a FROM brand_new_table WHERE b = 1")\n'),
        ("index dropped", "+DROP INDEX idx_a;\n"),
        ("condition changed", "-	for i := 0; i < n; i++ {\n+	for i := 0; i <= n; i++ {\n"),
        ("switch flipped", "-  strict: true\n+  strict: false\n"),
        ("address changed", "-  redis_host: a.internal\n+  redis_host: b.internal\n"),
        ("address changed", '-bank = Peer("a.bank.example")\n+bank = Peer("b.bank.example")\n'),
        ("address changed", '-bank_host = env("OLD")\n+bank_host = env("NEW")\n'),
        ("environment required", '+	key := os.Getenv("PAY_KEY")\n'),
        ("statements reordered", "-	open(a)\n-	open(b)\n+	open(b)\n+	open(a)\n"),
        (
            "switch inside a line flipped",
            "-  'parser' => env('FEATURE_PARSER', false),\n+  'parser' => env('FEATURE_PARSER', true),\n",
        ),
        ("may run twice at once", "-  concurrencyPolicy: Forbid\n+  concurrencyPolicy: Allow\n"),
        (
            "middleware changed",
            "-  .layer(auth())\n+  .layer(ServiceBuilder::new().layer(auth()))\n",
        ),
        (
            "call made while a lock is held",
            "+  @Transactional\n   public Slip reserve(Line line) {\n+    carrierHub.createLabel(line);\n   }\n",
        ),
        ("listener added", "   sock.join(room);\n+  bus.on(`typing:${room}`, (ev) => sock.emit('typing', ev));\n"),
        ("type of a sent field changed", '-	Qty int64 `json:"qty"`\n+	Qty decimal.Decimal `json:"qty"`\n'),
        (
            "key with too many values",
            "-    return sprintf('price.%s', $p->id);\n+    return cacheKey('price.%s.%s', $p->id, $ctx->cartToken);\n",
        ),
        ("key with too many values", '-    key = f"sku:{one}"\n+    key = f"sku:{one}:{time.time():.0f}"\n'),
        ("key with too many values", "+const cacheKey = (id) =>\n+  `sku:${id}:${Date.now()}`;\n"),
        (
            "remainder of a division dropped",
            "-  a = w.map { n * it / sum }\n-  rest = n - a.sum()\n-  a[0] += rest\n+  return w.map { n * it / sum }\n",
        ),
        ("part of an expression left out", '-	return tenant(r) + ":" + path(r)\n+	return path(r)\n'),
    ],
)
def test_a_mechanism_is_seen(mechanism: str, diff: str) -> None:
    assert mechanism in names("@@ services/x/x.go @@\n" + diff)


@pytest.mark.parametrize(
    ("mechanism", "diff"),
    [
        (
            "refusal added",
            '-        raise HTTPException(422, "none")\n+        raise HTTPException(422, "no tenant")\n',
        ),
        ("time in another unit", "-    now = time.time() * 1000\n+    started = time.time() * 1000\n"),
        ("error handler narrowed", "-    except FileNotFoundError:\n+    except OSError:\n"),
        ("error handler narrowed", "-    except KeyError:\n+    except Exception:\n"),
        ("error handler narrowed", "-    except KeyError:\n+    except KeyError as missing:\n"),
        ("emptiness check removed", "-	if o == nil {\n+	if o == nil || o.Address == nil {\n"),
        (
            "connection ceiling lowered",
            "-	MaxConnIdleTime: 5 * time.Minute,\n+	MaxConnIdleTime: 30 * time.Second,\n",
        ),
        ("call in a loop", " 	for _, id := range ids {\n+		out = append(out, id)\n 	}\n"),
        ("address changed", '-bank = peer("bank")\n+bank = Bank(peer("bank"), app.settings.own["currency"])\n'),
        ("unbounded growth", "+var seen = lru.New(256)\n+func Mark(id string) {\n+	seen.Add(id, true)\n+}\n"),
        ("schema used without a migration", ' 	a := q("SELECT a FROM known")\n+	b := q("SELECT b FROM known")\n'),
        ("switch inside a line flipped", "-  on_click(true)\n+  on_press(true)\n"),
        ("image or command changed", "+from recsys.scorer import score\n"),
        (
            "call made while a lock is held",
            "   with_lock do\n-    client.charge(a)\n+      client.charge(a)\n   end\n",
        ),
        ("type of a sent field changed", "-	var total int64\n+	var total float64\n"),
        ("type of a sent field changed", '-	Qty int64 `json:"qty"`\n+	Qty int64 `json:"quantity"`\n'),
        ("key with too many values", "-    log(id)\n+    log(id, ctx.request_id)\n"),
        ("key with too many values", '+    started = time.time()\n+    key = f"sku:{one}"\n'),
        ("time limit added", "-    await asyncio.wait_for(work(x), 3)\n+    await asyncio.wait_for(work(y), 3)\n"),
        ("error swallowed", "+    except Exception as bad:\n+        raise Failure(500) from bad\n"),
        ("error swallowed", "+    except KeyError:\n+        total = 0\n"),
        (
            "asked for by another name",
            '-    price = row["price"]\n+    found = take(row)\n+    return found["count"]\n',
        ),
        (
            "result read before completion",
            "+    done, _ = await asyncio.wait([create_task(a())])\n+    return done.pop().result()\n",
        ),
        ("listener added", "+  bus.on(`typing`, f);\n+  sock.once('close', () => bus.off(`typing`, f));\n"),
        ("remainder of a division dropped", "-  const { id, ...rest } = order;\n+  const id = order.id;\n"),
        ("retry without back-off", '+	w.Header().Set("Retry-After", "1")\n'),
        (
            "key of stored values renamed",
            '-    log.info(f"order {one} placed")\n+    log.info(f"order {one} was placed")\n',
        ),
        ("key of stored values renamed", '-    return f"/images/{one}.webp"\n+    return f"/pictures/{one}.webp"\n'),
        ("key of stored values renamed", '-  k = f"sku:{tenant}:{one}"\n+  k = f"sku:{one}"\n'),
        ("key of stored values renamed", '-  get(f"sku:{one}", ttl=5)\n+  get(f"sku:{one}", ttl=9)\n'),
        ("key of stored values renamed", '-  "kind": "cart",\n+  "kind": "basket",\n'),
        ("statements reordered", "-	open(a)\n-	open(b)\n+		open(a)\n+		open(b)\n"),
    ],
)
def test_a_mechanism_is_not_seen_where_it_is_not(mechanism: str, diff: str) -> None:
    assert mechanism not in names("@@ services/x/x.go @@\n" + diff)


def test_a_quoted_line_is_the_one_that_shows_it() -> None:
    diff = parse("@@ a.yaml @@\n   x: 1\n-  ttl: 10m\n+  ttl: 10s\n", ("a.yaml",))

    found = next(one for one in mechanisms(net(diff), ALL, frozenset()) if one.name == "time to live lowered")

    assert [(line.number, line.sign + line.text) for line in found.lines] == [(3, "-  ttl: 10m"), (4, "+  ttl: 10s")]
    assert found.reason == "time to live lowered from 10m to 10s (ttl)"


def test_a_library_that_the_symptom_names_weighs_more() -> None:
    diff = net(parse("@@ go.mod @@\n-	example.org/wire v1.2.0\n+	example.org/wire v1.3.0\n", ("go.mod",)))

    def strength(spoken: frozenset[str]) -> float:
        found = mechanisms(diff, ALL, spoken)
        return next(one.families["dependency"] for one in found if one.name == "minor update of a dependency")

    assert strength(frozenset({"wire"})) > 2 * strength(frozenset({"other"}))


@pytest.mark.parametrize(("error", "family"), [("filenotfounderror", "config"), ("connectionreseterror", "network")])
def test_an_error_of_a_kind_that_is_caught_no_longer_may_be_of_any_family(error: str, family: str) -> None:
    diff = net(parse("@@ x.py @@\n-    except (OSError, ValueError):\n+    except ValueError:\n", ("x.py",)))

    def families(spoken: str) -> set[str]:
        found = mechanisms(diff, ALL, frozenset({spoken}))
        return {name for one in found if one.name == "error handler narrowed" for name in one.families}

    assert family in families(error)
    assert family not in families("keyerror")


def test_moved_and_commented_lines_are_no_mechanism() -> None:
    assert names("@@ x.go @@\n-	call(a)\n+		call(a)\n+	// call(b)\n") == set()


def test_a_hostile_diff_is_read_in_time() -> None:
    hostile = "\n".join("+" + "(a+" * 120 + '"' * 40 for _ in range(2000))

    assert isinstance(names(hostile), set)
