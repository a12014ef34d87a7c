"""Callers that read and write without a pause, and remember what they were told."""

import http.client
import json
import threading
import time

# Nobody calls longer than this, whatever the judge does meanwhile.
LONGEST = 300


class Callers:
    """Half of them keep their connection, half open one for each request. No request is sent twice: a failure is a failure."""

    def __init__(self, port, number, pause):
        self._port, self._pause = port, pause
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._answered, self._failed, self._made = 0, [], set()
        self._threads = [threading.Thread(target=self._call, args=(number,)) for number in range(number)]
        for thread in self._threads:
            thread.start()

    def answered(self):
        return self._answered

    def failed(self):
        return self._failed

    def made(self):
        """The external ids of the rooms that callers were told to have created."""
        return self._made

    def there(self):
        """Those that the list of rooms has."""
        ids, cursor = [], ""
        while True:
            _, body = self._exchange(None, "GET", f"/v1/rooms?limit=100{cursor}")
            page = json.loads(body)
            ids += [room.get("external_id", "") for room in page["items"]]
            if not page.get("next_cursor"):
                break
            cursor = f"&cursor={page['next_cursor']}"
        ours = [one for one in ids if one.startswith("rolling-")]
        if len(ours) != len(set(ours)):
            raise SystemExit("a room is there twice")
        return set(ours)

    def end(self):
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _connect(self):
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)

    def _exchange(self, kept, method, path, body=None):
        connection = kept or self._connect()
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        read = answer.read()
        if not kept:
            connection.close()
        return answer.status, read

    def _call(self, number):
        kept = self._connect() if number % 2 else None
        until = time.monotonic() + LONGEST
        turn = 0
        while not self._end.is_set() and time.monotonic() < until:
            turn += 1
            name = f"rolling-{number}-{turn}"
            # One write in eight; the reads are of the cache and of the vendor.
            a_list = ("GET", "/v1/rooms?limit=5", None, 200)
            create = ("POST", "/v1/rooms", {"type": "PHYSICAL_ROOM", "external_id": name, "name": name}, 201)
            nothing = ("GET", f"/v1/rooms/by-external-id/none-{number}-{turn}", None, 404)
            method, path, body, wanted = {0: create, 4: nothing}.get(turn % 8, a_list)
            try:
                status, read = self._exchange(kept, method, path, body)
                told = read[:200]
            except (OSError, http.client.HTTPException) as error:
                status, told = None, repr(error)
                kept = self._connect() if kept else None
            with self._lock:
                self._answered += 1
                if status != wanted:
                    self._failed.append(f"{method} {path}: {status} {told}")
                elif method == "POST":
                    self._made.add(name)
            time.sleep(self._pause)
