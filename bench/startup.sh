#!/usr/bin/env bash
# Start-up time and memory at rest of `serve`: medians of RUNS starts.
# Ready = /readyz answers 200; memory = VmRSS (and the anonymous part of it) one second later, with no request made.
set -euo pipefail
binary=$1
runs=${RUNS:-11}
folder=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT
cp config/contract.yaml "$folder/"
sed -e 's/^listen:.*/listen: 127.0.0.1:18080/' -e 's/^admin:.*/admin: 127.0.0.1:19464/' config/gateway.yaml >"$folder/gateway.yaml"
export NETEX_TOKEN=x ISPRING_CLIENT_ID=x ISPRING_CLIENT_SECRET=x
times=() sizes=() anonymous=()
for _ in $(seq "$runs"); do
  start=$(date +%s%N)
  "$binary" serve --config "$folder/gateway.yaml" >"$folder/log" 2>&1 &
  pid=$!
  tries=0
  until "$binary" healthcheck --admin 127.0.0.1:19464 >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 1000 ] || { cat "$folder/log"; exit 1; }
  done
  times+=($((($(date +%s%N) - start) / 1000)))
  sleep 1
  sizes+=("$(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")")
  anonymous+=("$(awk '/^RssAnon/ {print $2}' "/proc/$pid/status")")
  kill -INT "$pid"
  wait "$pid" 2>/dev/null || true
  pid=
done
median() { printf '%s\n' "$@" | sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }
echo "ready after $(($(median "${times[@]}") / 1000)).$(printf '%03d' $(($(median "${times[@]}") % 1000))) ms (until a health check had its answer, the check's own start included)"
echo "memory at rest $(median "${sizes[@]}") KiB, of which anonymous $(median "${anonymous[@]}") KiB"
echo "binary $(($(stat -c %s "$binary") / 1024)) KiB"
