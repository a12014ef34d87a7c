"""Restarts two gateways in turn, twice, while callers read and write through HAProxy. Bounded in time and in requests."""

import argparse
import csv
import io
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from callers import Callers

HERE = Path(__file__).parent
ROUNDS = 2
# A caller's pause between two requests, and how many callers: some hundreds of requests a second, on two cores beside a build.
CALLERS, PAUSE = 12, 0.01


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def get(url):
    """The body of a 200, else nothing."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, OSError):
        return None


def until(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"did not come to pass within {seconds} s: {what}")


class Gateway:
    """One of the two, on ports that it keeps."""

    def __init__(self, name, given):
        self.name, self.work, self.binary = name, given.work, given.gateway
        self.listen, self.admin = free_port(), free_port()
        self.process = None
        self.file = given.work / f"{name}.yaml"
        self.file.write_text(
            (HERE / "gateway.yaml").read_text().format(listen=self.listen, admin=self.admin, contract=given.contract,
                                                       netex=given.netex, ispring=given.ispring))

    def start(self):
        with open(self.work / f"{self.name}.log", "a") as log:
            secrets = {"NETEX_TOKEN": "sandbox-netex-token", "ISPRING_CLIENT_SECRET": "sandbox-secret"}
            self.process = subprocess.Popen([self.binary, "serve", "--config", self.file], stdout=log, stderr=log, env=secrets)
        until(f"{self.name} is ready", lambda: get(f"http://127.0.0.1:{self.admin}/readyz"))

    def stop(self):
        """SIGTERM; the seconds until the process has ended."""
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(timeout=60)
        if code != 0:
            raise SystemExit(f"{self.name} ended with {code}, see {self.work}")
        return time.monotonic() - began

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Haproxy:
    def __init__(self, work, gateways):
        self.port, self.stats = free_port(), free_port()
        first, second = gateways
        file = work / "haproxy.cfg"
        file.write_text((HERE / "haproxy.cfg").read_text().format(
            port=self.port, stats=self.stats, a=first.listen, a_admin=first.admin, b=second.listen, b_admin=second.admin))
        with open(work / "haproxy.log", "w") as log:
            self.process = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", file], stdout=log, stderr=log)
        until("HAProxy sees both", lambda: self.up("a") and self.up("b"))

    def up(self, name):
        page = get(f"http://127.0.0.1:{self.stats}/;csv")
        rows = csv.DictReader(io.StringIO((page or "").removeprefix("# ")))
        return any(row["svname"] == name and row["status"].startswith("UP") for row in rows)

    def end(self):
        self.process.terminate()
        self.process.wait()


def rolled(gateways, haproxy, callers):
    """The times of the drains, once both were restarted in each round."""
    drains = []
    for _ in range(ROUNDS):
        for gateway in gateways:
            seen = callers.answered()
            until("callers are answered", lambda: callers.answered() > seen + 200)
            drains.append(gateway.stop())
            seen = callers.answered()
            until("callers are answered by the other", lambda: callers.answered() > seen + 200)
            gateway.start()
            until(f"HAProxy sees {gateway.name} again", lambda: haproxy.up(gateway.name))
    return drains


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--work", type=Path, required=True)
    for name in ["gateway", "contract", "netex", "ispring"]:
        arguments.add_argument(f"--{name}", required=True)
    given = arguments.parse_args()
    gateways = [Gateway("a", given), Gateway("b", given)]
    haproxy = None
    try:
        for gateway in gateways:
            gateway.start()
        haproxy = Haproxy(given.work, gateways)
        callers = Callers(haproxy.port, CALLERS, PAUSE)
        try:
            drains = rolled(gateways, haproxy, callers)
        finally:
            callers.end()
        failed = callers.failed()
        for line in failed[:20]:
            print(line)
        if failed:
            raise SystemExit(f"{len(failed)} of {callers.answered()} requests failed")
        made, there = callers.made(), callers.there()
        if made != there:
            raise SystemExit(f"created and not there: {sorted(made - there)[:5]}; there and not created: {sorted(there - made)[:5]}")
        print(f"{len(drains)} restarts under {callers.answered()} requests, 0 failed; all {len(made)} rooms are there once; "
              f"drains took {min(drains):.1f} to {max(drains):.1f} s")
    finally:
        if haproxy:
            haproxy.end()
        for gateway in gateways:
            gateway.end()


if __name__ == "__main__":
    main()
