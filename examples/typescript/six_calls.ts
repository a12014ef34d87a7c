// Six calls to the gateway with fetch, which Node 18 and every browser have. The same stand in ../curl and ../python.
//
//   npx --package typescript tsc && GATEWAY=http://127.0.0.1:8080 node six_calls.js
//   (or, with Node 22.18 or later: node six_calls.ts)
//
// GATEWAY_KEY is sent where the gateway asks callers for keys; TRAINING_DAY is a day of your own iSpring account.

declare const process: { env: Record<string, string | undefined> };

const gateway = process.env.GATEWAY ?? "http://127.0.0.1:8080";
const key = process.env.GATEWAY_KEY;
const day = process.env.TRAINING_DAY ?? "4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const ownId = `six-calls-${globalThis.crypto.randomUUID()}`;

interface Problem {
  code: string;
  outcome?: "not-done" | "unknown";
  errors?: { pointer?: string; parameter?: string; code: string; detail: string }[];
}
interface Room {
  id: string;
  name?: string;
  capacity?: number;
}

/** The answer, if it has the status; a problem says in `detail` and `hint` what to do. */
async function call(
  expected: number,
  method: string,
  path: string,
  body?: object,
  fields: Record<string, string> = {},
): Promise<Response> {
  const answer = await fetch(gateway + path, {
    method,
    headers: {
      ...(key ? { Authorization: `Bearer ${key}` } : {}),
      ...(body ? { "Content-Type": "application/json" } : {}),
      ...fields,
    },
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(15_000),
  });
  if (answer.status !== expected) {
    throw new Error(`expected ${expected}, got ${answer.status}: ${await answer.text()}`);
  }
  return answer;
}

// 1. Refused: a problem (RFC 9457) names what is wrong, at its place. No vendor heard of it.
const bad = { type: "PHYSICAL_ROOM", external_id: "aula/7", name: "Aula 7" };
const problem = (await (await call(400, "POST", "/v1/rooms", bad)).json()) as Problem;
console.log("1 refused", problem.code, problem.errors?.[0]?.pointer, problem.outcome);

// 2. Created. With an Idempotency-Key the same request can be sent again: the answer comes back, not a second room.
const room = { type: "PHYSICAL_ROOM", external_id: ownId, name: "Aula Ñ", capacity: 30 };
const once = { "Idempotency-Key": ownId };
const created = await call(201, "POST", "/v1/rooms", room, once);
const again = await call(201, "POST", "/v1/rooms", room, once);
if (again.headers.get("Location") !== created.headers.get("Location")) throw new Error("two rooms");
const made = (await created.json()) as Room;
console.log(`2 created ${made.name}, replayed: ${again.headers.get("Idempotent-Replayed")}`);

// 3. Read by your own id. The ETag is for the next call.
const path = `/v1/rooms/by-external-id/${encodeURIComponent(ownId)}`;
const read = await call(200, "GET", path);
const shown = (await read.json()) as Room;
console.log("3 read", shown.name, shown.capacity);

// 4. Replaced, if it is still what was read; a second time it is not.
const change = { name: "Aula Ñ", capacity: 40 };
const unchanged = { "If-Match": read.headers.get("ETag") ?? "" };
await call(204, "PUT", path, change, unchanged);
const stale = (await (await call(412, "PUT", path, change, unchanged)).json()) as Problem;
console.log("4 replaced, then", stale.code);

// 5. The other vendor: the meeting link of a training day. The caller waits for 5 s at most.
const link = { url: "https://meet.example/aula" };
const linked = await call(200, "PATCH", `/v1/training-days/${day}`, link, { "Request-Timeout": "5" });
console.log("5 linked", ((await linked.json()) as { url: string }).url);

// 6. Deleted; then nothing is there.
await call(204, "DELETE", path);
const gone = (await (await call(404, "GET", path)).json()) as Problem;
console.log("6 deleted, then", gone.code);

export {};
