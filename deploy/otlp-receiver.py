#!/usr/bin/env python3
"""Takes OTLP spans on 127.0.0.1:4318 and prints one line for each: to look at traces without a collector.

    python3 deploy/otlp-receiver.py [PORT]

Needs nothing but Python. It reads as much of protobuf as spans need
(protobuf.dev/programming-guides/encoding; field numbers from opentelemetry/proto/trace/v1/trace.proto).
"""
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KINDS = {1: "internal", 2: "server", 3: "client"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """The fields of a message: number -> values, in order."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            length = {1: 8, 5: 4}[kind]
            value, at = int.from_bytes(data[at:at + length], "little"), at + length
        found.setdefault(key >> 3, []).append(value)
    return found


def attributes(values):
    told = {}
    for value in values:
        pair = fields(value)
        content = fields(pair[2][0])
        told[pair[1][0].decode()] = content[1][0].decode() if 1 in content else str(content.get(3, ["?"])[0])
    return told


def show(span):
    one = fields(span)
    text = lambda number: one.get(number, [b""])[0]
    took = (one[8][0] - one[7][0]) / 1e6
    print(f"trace {text(1).hex()} span {text(2).hex()} parent {text(4).hex() or '-'}"
          f" {KINDS.get(one.get(6, [0])[0], '?')} {text(5).decode()!r} {took:.2f} ms", flush=True)
    for key, value in sorted(attributes(one.get(9, [])).items()):
        print(f"    {key} = {value}", flush=True)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        for group in fields(body).get(1, []):
            for scope in fields(group).get(2, []):
                for span in fields(scope).get(2, []):
                    show(span)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 4318
    print(f"OTLP over HTTP on http://127.0.0.1:{port}", flush=True)
    try:
        ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
    except KeyboardInterrupt:
        pass
