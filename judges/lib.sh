# What judges share; a judge's `run` begins with: . "$(dirname "$0")/../lib.sh"
#
#   WORK                 the judge's own folder, target/judges/NAME
#   packages NAME…       Debian packages, installed where they are missing
#   venv PACKAGE==VERSION…   a Python environment of PyPI's packages; its programs stand in $VENV/bin
#   npm_packages PACKAGE@VERSION…   packages of npm, without their install scripts; programs in $NPM/.bin
#   gateway_binary       builds the gateway; LMS_GATEWAY is its path (set it to judge another one)
#   free_port            prints a port of 127.0.0.1 that is free
#   start NAME COMMAND…  a program in the background, its output in $WORK/NAME.log; it ends with the judge
#   wait_for URL         until it answers 200
#   start_demo           DEMO (callers), DEMO_ADMIN and DEMO_SANDBOX are its addresses, http://127.0.0.1:PORT
#   start_sandbox        both vendors alone; NETEX, ISPRING and SANDBOX are their addresses
#   start_gateway NAME [SETTINGS]   `serve` in front of start_sandbox; SETTINGS are further lines of gateway.yaml,
#                        GATEWAY and GATEWAY_ADMIN its addresses
#   fail TEXT            the verdict is no
#
# The last line that a judge prints is shown beside its verdict: what it saw, in figures.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
JUDGE="$(cd "$(dirname "$0")" && pwd)"
WORK="$ROOT/target/judges/$(basename "$JUDGE")"
CARGO="${CARGO:-cargo}"
mkdir -p "$WORK"
cd "$ROOT"

say() { printf '%s\n' "$*"; }
fail() { say "$*"; exit 1; }

started=()
end_started() {
  local pid
  for pid in ${started[@]+"${started[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in ${started[@]+"${started[@]}"}; do wait "$pid" 2>/dev/null || true; done
}
trap end_started EXIT

packages() { ./dev packages "$@"; }

# Anew only where other packages are asked for: PyPI is asked once.
venv() {
  VENV="$WORK/venv"
  [ "$(cat "$VENV/wanted" 2>/dev/null)" != "$*" ] || return 0
  packages python3 python3-venv
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check "$@"
  printf '%s' "$*" >"$VENV/wanted"
}

npm_packages() {
  NPM="$WORK/npm/node_modules"
  [ "$(cat "$WORK/npm/wanted" 2>/dev/null)" != "$*" ] || return 0
  command -v npm >/dev/null 2>&1 || packages nodejs npm
  rm -rf "$WORK/npm"
  mkdir -p "$WORK/npm"
  npm install --prefix "$WORK/npm" --ignore-scripts --no-audit --no-fund --loglevel=error "$@"
  printf '%s' "$*" >"$WORK/npm/wanted"
}

target() { printf '%s' "${CARGO_TARGET_DIR:-$ROOT/target}"; }

gateway_binary() {
  [ -z "${LMS_GATEWAY:-}" ] || return 0
  "$CARGO" build --locked --quiet -p proxy --bin lms-gateway
  LMS_GATEWAY="$(target)/debug/lms-gateway"
}

# perl-base is on every Debian.
free_port() {
  perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

start() {
  local name="$1"
  shift
  "$@" >"$WORK/$name.log" 2>&1 &
  STARTED=$!
  started+=("$STARTED")
}

wait_for() {
  local deadline=$((SECONDS + 60))
  command -v curl >/dev/null 2>&1 || packages curl
  until curl --silent --fail --output /dev/null --max-time 5 "$1"; do
    kill -0 "$STARTED" 2>/dev/null || fail "the program behind $1 ended; see $WORK"
    [ "$SECONDS" -lt "$deadline" ] || fail "nothing answers at $1"
    sleep 0.1
  done
}

start_demo() {
  gateway_binary
  local listen admin sandbox
  listen="127.0.0.1:$(free_port)" admin="127.0.0.1:$(free_port)" sandbox="127.0.0.1:$(free_port)"
  DEMO="http://$listen" DEMO_ADMIN="http://$admin" DEMO_SANDBOX="http://$sandbox"
  start demo "$LMS_GATEWAY" demo --listen "$listen" --admin "$admin" --sandbox "$sandbox"
  wait_for "$DEMO_ADMIN/readyz"
}

start_sandbox() {
  "$CARGO" build --locked --quiet -p sandbox --example standalone
  local netex ispring control
  netex="$(free_port)" ispring="$(free_port)" control="$(free_port)"
  NETEX="http://127.0.0.1:$netex" ISPRING="http://127.0.0.1:$ispring" SANDBOX="http://127.0.0.1:$control"
  start sandbox "$(target)/debug/examples/standalone" "$control" "$netex" "$ispring"
  wait_for "$SANDBOX/_sandbox/state"
}

start_gateway() {
  gateway_binary
  local name="$1" listen admin file
  listen="127.0.0.1:$(free_port)" admin="127.0.0.1:$(free_port)" file="$WORK/$1.yaml"
  GATEWAY="http://$listen" GATEWAY_ADMIN="http://$admin"
  cat >"$file" <<YAML
listen: $listen
admin: $admin
contract: $ROOT/config/contract.yaml
drain: {delay: 0s}
upstreams:
  netex:
    base_url: $NETEX
    auth: {kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}
  ispring:
    base_url: $ISPRING
    auth:
      kind: oauth2_client_credentials
      token_path: /api/v3/token
      client_id: sandbox-client
      client_secret: {env: ISPRING_CLIENT_SECRET}
${2:-}
YAML
  NETEX_TOKEN=sandbox-netex-token ISPRING_CLIENT_SECRET=sandbox-secret \
    start "$name" "$LMS_GATEWAY" serve --config "$file"
  wait_for "$GATEWAY_ADMIN/readyz"
}
