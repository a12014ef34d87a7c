#!/usr/bin/env bash
# Six calls to the gateway with curl (7.76 or later) and jq. The same stand in ../python and ../typescript.
#
#   GATEWAY=http://127.0.0.1:8080 ./six_calls.sh
#
# GATEWAY_KEY is sent where the gateway asks callers for keys; TRAINING_DAY is a day of your own iSpring account.
set -euo pipefail
gateway="${GATEWAY:-http://127.0.0.1:8080}"
day="${TRAINING_DAY:-4728d47a-c96a-11ed-97ec-b6c48b3dc692}"
id="six-calls-$(date +%s)-$$"

# Prints the answer with its head: call METHOD PATH [FIELD…] [--json BODY]
call() {
  local method="$1" path="$2" fields=()
  shift 2
  [ -z "${GATEWAY_KEY:-}" ] || fields=(-H "Authorization: Bearer $GATEWAY_KEY")
  curl --silent --show-error --include --max-time 15 -X "$method" ${fields[@]+"${fields[@]}"} "$@" "$gateway$path"
}
json() { printf '%s\n' -H 'Content-Type: application/json' --data-binary "$1"; }
status() { sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' <<<"$1"; }
field() { tr -d '\r' <<<"$1" | sed -n "s/^$2: //Ip"; }
body() { tr -d '\r' <<<"$1" | sed '1,/^$/d'; }
expect() {
  [ "$(status "$1")" = "$2" ] || { printf 'expected %s, got:\n%s\n' "$2" "$1" >&2; exit 1; }
}

# 1. Refused: a problem (RFC 9457) names what is wrong, at its place. No vendor heard of it.
mapfile -t sent < <(json '{"type":"PHYSICAL_ROOM","external_id":"aula/7","name":"Aula 7"}')
answer="$(call POST /v1/rooms "${sent[@]}")"
expect "$answer" 400
echo "1 refused $(body "$answer" | jq -r '[.code, .errors[0].pointer, .outcome] | join(" ")')"

# 2. Created. With an Idempotency-Key the same request can be sent again: the answer comes back, not a second room.
mapfile -t sent < <(json "{\"type\":\"PHYSICAL_ROOM\",\"external_id\":\"$id\",\"name\":\"Aula Ñ\",\"capacity\":30}")
answer="$(call POST /v1/rooms -H "Idempotency-Key: $id" "${sent[@]}")"
expect "$answer" 201
again="$(call POST /v1/rooms -H "Idempotency-Key: $id" "${sent[@]}")"
expect "$again" 201
[ "$(field "$again" Location)" = "$(field "$answer" Location)" ] || { echo 'two rooms' >&2; exit 1; }
echo "2 created $(body "$answer" | jq -r .name), replayed: $(field "$again" Idempotent-Replayed)"

# 3. Read by your own id. The ETag is for the next call.
answer="$(call GET "/v1/rooms/by-external-id/$id")"
expect "$answer" 200
etag="$(field "$answer" ETag)"
echo "3 read $(body "$answer" | jq -r '[.name, .capacity] | join(" ")')"

# 4. Replaced, if it is still what was read; a second time it is not.
mapfile -t sent < <(json '{"name":"Aula Ñ","capacity":40}')
answer="$(call PUT "/v1/rooms/by-external-id/$id" -H "If-Match: $etag" "${sent[@]}")"
expect "$answer" 204
stale="$(call PUT "/v1/rooms/by-external-id/$id" -H "If-Match: $etag" "${sent[@]}")"
expect "$stale" 412
echo "4 replaced, then $(body "$stale" | jq -r .code)"

# 5. The other vendor: the meeting link of a training day. The caller waits for 5 s at most.
mapfile -t sent < <(json '{"url":"https://meet.example/aula"}')
answer="$(call PATCH "/v1/training-days/$day" -H 'Request-Timeout: 5' "${sent[@]}")"
expect "$answer" 200
echo "5 linked $(body "$answer" | jq -r .url)"

# 6. Deleted; then nothing is there.
answer="$(call DELETE "/v1/rooms/by-external-id/$id")"
expect "$answer" 204
gone="$(call GET "/v1/rooms/by-external-id/$id")"
expect "$gone" 404
echo "6 deleted, then $(body "$gone" | jq -r .code)"
