// What a caller does with the generated types and openapi-fetch: paths, parameters, bodies and answers are checked by tsc.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };
type Problem = components["schemas"]["Problem"];

const baseUrl = process.env.GATEWAY ?? "";
const key = process.env.GATEWAY_KEY;
const client = createClient<paths>({ baseUrl, headers: key ? { Authorization: `Bearer ${key}` } : {} });
const ownId = `typescript-${globalThis.crypto.randomUUID()}`;
const day_id = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";

function is(truth: boolean, what: unknown): asserts truth {
  if (!truth) throw new Error(JSON.stringify(what));
}

const body = { type: "PHYSICAL_ROOM", external_id: ownId, name: "Aula Ñ", capacity: 30 } as const;
const once = { params: { header: { "Idempotency-Key": ownId, "Request-Timeout": 5 } }, body };
const first = await client.POST("/v1/rooms", once);
const again = await client.POST("/v1/rooms", once);
is(first.data?.name === "Aula Ñ", first.error);
is(again.response.headers.get("Idempotent-Replayed") === "true", again.error);

const path = { external_id: ownId };
const shown = await client.GET("/v1/rooms/by-external-id/{external_id}", { params: { path } });
is(shown.data?.capacity === 30, shown.error);
const etag = shown.response.headers.get("ETag") ?? "";
const unchanged = await client.GET("/v1/rooms/by-external-id/{external_id}", {
  params: { path, header: { "If-None-Match": etag } },
});
is(unchanged.response.status === 304, unchanged.response.status);

const change = { params: { path, header: { "If-Match": etag } }, body: { name: "Aula Ñ", capacity: 40 } };
const replaced = await client.PUT("/v1/rooms/by-external-id/{external_id}", change);
is(replaced.response.status === 204, replaced.error);
const stale = await client.PUT("/v1/rooms/by-external-id/{external_id}", change);
is(stale.error?.code === "precondition-failed", stale.error);

const page = await client.GET("/v1/rooms", { params: { query: { limit: 2 } } });
is(page.data?.items.length === 2 && typeof page.data.next_cursor === "string", page.error);

const refused = await client.POST("/v1/rooms", { body: { ...body, external_id: "a/b" } });
const problem: Problem | undefined = refused.error;
is(problem?.code === "validation-failed" && problem.errors?.[0]?.pointer === "/external_id", problem);

const linked = await client.PATCH("/v1/training-days/{day_id}", {
  params: { path: { day_id } },
  body: { url: "https://meet.example/typescript" },
});
is(linked.data?.url === "https://meet.example/typescript", linked.error);

const deleted = await client.DELETE("/v1/rooms/by-external-id/{external_id}", { params: { path } });
is(deleted.response.status === 204, deleted.error);
const gone = await client.GET("/v1/rooms/by-external-id/{external_id}", { params: { path } });
is(gone.error?.code === "room-not-found", gone.error);

if (key) {
  const stranger = createClient<paths>({ baseUrl });
  const unknown = await stranger.GET("/v1/rooms");
  is(unknown.error?.code === "unauthenticated" && unknown.response.status === 401, unknown.error);
}
