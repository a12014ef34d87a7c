"""Six calls to the gateway with httpx (https://www.python-httpx.org). The same stand in ../curl and ../typescript.

    pip install httpx
    GATEWAY=http://127.0.0.1:8080 python six_calls.py

GATEWAY_KEY is sent where the gateway asks callers for keys; TRAINING_DAY is a day of your own iSpring account.
"""

import os
import uuid

import httpx

day = os.environ.get("TRAINING_DAY", "4728d47a-c96a-11ed-97ec-b6c48b3dc692")
key = os.environ.get("GATEWAY_KEY")
own_id = f"six-calls-{uuid.uuid4()}"


def expect(answer: httpx.Response, status: int) -> httpx.Response:
    """The answer, if it has the status; a problem says in `detail` and `hint` what to do."""
    if answer.status_code != status:
        raise SystemExit(f"expected {status}, got {answer.status_code}: {answer.text}")
    return answer


with httpx.Client(
    base_url=os.environ.get("GATEWAY", "http://127.0.0.1:8080"),
    headers={"Authorization": f"Bearer {key}"} if key else {},
    timeout=15,
) as gateway:
    # 1. Refused: a problem (RFC 9457) names what is wrong, at its place. No vendor heard of it.
    room = {"type": "PHYSICAL_ROOM", "external_id": "aula/7", "name": "Aula 7"}
    problem = expect(gateway.post("/v1/rooms", json=room), 400).json()
    print("1 refused", problem["code"], problem["errors"][0]["pointer"], problem["outcome"])

    # 2. Created. With an Idempotency-Key the same request can be sent again: the answer comes back, not a second room.
    room = {"type": "PHYSICAL_ROOM", "external_id": own_id, "name": "Aula Ñ", "capacity": 30}
    once = {"Idempotency-Key": own_id}
    created = expect(gateway.post("/v1/rooms", json=room, headers=once), 201)
    again = expect(gateway.post("/v1/rooms", json=room, headers=once), 201)
    assert again.headers["Location"] == created.headers["Location"]
    print(f"2 created {created.json()['name']}, replayed: {again.headers['Idempotent-Replayed']}")

    # 3. Read by your own id. The ETag is for the next call.
    path = f"/v1/rooms/by-external-id/{own_id}"
    shown = expect(gateway.get(path), 200)
    print("3 read", shown.json()["name"], shown.json()["capacity"])

    # 4. Replaced, if it is still what was read; a second time it is not.
    change = {"name": "Aula Ñ", "capacity": 40}
    unchanged = {"If-Match": shown.headers["ETag"]}
    expect(gateway.put(path, json=change, headers=unchanged), 204)
    stale = expect(gateway.put(path, json=change, headers=unchanged), 412)
    print("4 replaced, then", stale.json()["code"])

    # 5. The other vendor: the meeting link of a training day. The caller waits for 5 s at most.
    link = {"url": "https://meet.example/aula"}
    linked = expect(gateway.patch(f"/v1/training-days/{day}", json=link, headers={"Request-Timeout": "5"}), 200)
    print("5 linked", linked.json()["url"])

    # 6. Deleted; then nothing is there.
    expect(gateway.delete(path), 204)
    print("6 deleted, then", expect(gateway.get(path), 404).json()["code"])
