"""Asks Prometheus what Grafana would ask it, and waits for alerts. Fails at the first thing that is not so."""

import argparse
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request

# What a healthy gateway has nothing to show of.
EMPTY_IN_HEALTH = {"Bugs"}
# What Grafana would put there.
VARIABLES = {"$__rate_interval": "1m", "$__range": "10m", "$instance": ".*", "$upstream": ".*"}


def send(url, body=None, method=None, headers=None):
    """Status and JSON of an exchange."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def until(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit(f"did not come to pass within {seconds} s: {what}")


class Prometheus:
    def __init__(self, base):
        self._base = f"{base}/api/v1"

    def query(self, expression):
        status, told = send(f"{self._base}/query?{urllib.parse.urlencode({'query': expression})}")
        if status != 200:
            raise SystemExit(f"{expression}: {told}")
        return told["data"]["result"]

    def rules(self):
        groups = send(f"{self._base}/rules?type=alert")[1]["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def firing(self):
        return {rule["name"] for rule in self.rules() if rule["state"] == "firing"}


def traffic(gateway):
    """Some of each: what is there, what is not, what is wrong, what is written."""
    for turn in range(5):
        send(f"{gateway}/v1/rooms")
        send(f"{gateway}/v1/rooms/2145")
        send(f"{gateway}/v1/rooms/by-external-id/nothing-{turn}")
        send(f"{gateway}/v1/rooms", {"type": "PHYSICAL_ROOM", "external_id": f"seen-{time.time_ns()}", "name": "Seen"})
        send(f"{gateway}/v1/rooms", {"type": "PHYSICAL_ROOM"})
        send(f"{gateway}/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692")
    send(f"{gateway}/openapi.json")


def panels(path):
    with open(path) as file:
        for panel in json.load(file)["panels"]:
            for target in panel.get("targets", []):
                expression = target["expr"]
                for name, value in VARIABLES.items():
                    expression = expression.replace(name, value)
                yield panel["title"], expression


def main():
    arguments = argparse.ArgumentParser()
    for name in ["prometheus", "gateway", "sandbox", "store", "dashboard"]:
        arguments.add_argument(f"--{name}", required=True)
    given = arguments.parse_args()
    prometheus = Prometheus(given.prometheus)
    until("the gateway is scraped", lambda: prometheus.query("up == 1"))
    # A rate needs two scrapes around what it counts.
    until("the gateway was scraped twice", lambda: prometheus.query("count_over_time(up[1m]) > 2"))
    traffic(given.gateway)
    until("traffic is scraped", lambda: prometheus.query("sum(increase(lms_gateway_requests_total[1m])) > 20"))

    until("all rules were evaluated", lambda: all(rule["health"] != "unknown" for rule in prometheus.rules()))
    rules = prometheus.rules()
    wrong = [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"]
    if wrong:
        raise SystemExit(f"rules that Prometheus cannot evaluate: {wrong}")
    if prometheus.firing():
        raise SystemExit(f"alerts of a gateway in health: {prometheus.firing()}")

    asked, empty = 0, []
    for title, expression in panels(given.dashboard):
        asked += 1
        if not prometheus.query(expression) and title not in EMPTY_IN_HEALTH:
            empty.append(f"{title}: {expression}")
    if empty:
        raise SystemExit("queries that bring nothing:\n" + "\n".join(empty))

    # The vendor answers a page of HTML: the first event of its kind in this process.
    send(f"{given.sandbox}/_sandbox/faults", {"operation": "netex.*", "times": 1, "kind": "html"})
    status, problem = send(f"{given.gateway}/v1/rooms/2146", headers={"Cache-Control": "no-cache"})
    if problem.get("code") != "upstream-contract-violation":
        raise SystemExit(f"{status} {problem}")
    fired = until("the alert on what the vendor answered", prometheus.firing)
    if fired != {"LmsVendorChangedItsAnswers"}:
        raise SystemExit(f"alerts: {fired}")

    with socket.create_connection(("127.0.0.1", int(given.store))) as store:
        store.sendall(b"SHUTDOWN NOSAVE\r\n")
    until("the alert on the store that is away", lambda: "LmsStoreAway" in prometheus.firing(), 240)
    print(f"{len(rules)} rules evaluated, none fires in health; {asked} queries of the dashboard bring something; "
          "LmsVendorChangedItsAnswers and LmsStoreAway came with their events")


if __name__ == "__main__":
    main()
