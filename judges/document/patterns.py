"""The patterns of the served document in Python and JavaScript against what the gateway really takes.

Every text that the gateway takes must be admitted by both languages; and where a pattern can say it, what the gateway
refuses is refused. Usage: patterns.py GATEWAY DOCUMENT PATTERNS.mjs
"""

import itertools
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

gateway, document, script = sys.argv[1:]
DAY = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692"


def status(method: str, path: str, body: dict) -> int:
    request = urllib.request.Request(
        gateway + path, json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status
    except urllib.error.HTTPError as problem:
        return problem.code


def room(**fields: str) -> int:
    return status("POST", "/v1/rooms", {"type": "EXTERNAL_PHYSICAL_ROOM", "external_id": "judge", "name": "x"} | fields)


# A taken name is 409: it passed the check.
FIELDS = {
    ("RoomCreate", "external_id"): lambda text: room(external_id=text) != 400,
    ("RoomCreate", "contact_email"): lambda text: room(contact_email=text) != 400,
    ("RoomCreate", "city"): lambda text: room(city=text) != 400,
    ("TrainingDayUpdate", "url"): lambda text: status("PATCH", DAY, {"url": text}) == 200,
}
PIECES = ["a", ".", "..", ";", "/", "\\", "%2F", "%252f", "%", " ", "\t", "\u00a0", "\u2028", "\x01", "\x85", "\x9f", "é", "😀"]
PIECES += ["@", "http://", "https://h", "?", "#x", ":80", "．．", "／", "\n", "\u3000", "\ufeff"]
TEXTS = [""] + PIECES + ["".join(pair) for pair in itertools.product(PIECES, PIECES)]
TEXTS += [f"http://host{one}" for one in PIECES] + [f"a@b{one}" for one in PIECES] + ["a" * 255, "a" * 256, "é" * 255]


def found(value: object, word: str):
    if isinstance(value, dict):
        if isinstance(value.get(word), str):
            yield value[word]
        for inner in value.values():
            yield from found(inner, word)
    elif isinstance(value, list):
        for inner in value:
            yield from found(inner, word)


served = json.load(open(document))
patterns = sorted(set(found(served, "pattern")))
for pattern in patterns:
    re.compile(pattern)
schemas = []
for name, field in FIELDS:
    schema = served["components"]["schemas"][name]["properties"][field]
    schemas.append({"pattern": schema["pattern"], "not": schema.get("not", {}).get("pattern"), "max": schema.get("maxLength", 1 << 20)})
said = subprocess.run(
    ["node", script], input=json.dumps({"patterns": patterns, "schemas": schemas, "texts": TEXTS}), text=True, capture_output=True, check=True
)
javascript = json.loads(said.stdout)
wrong, stricter, asked = [], 0, 0
for index, ((name, field), takes) in enumerate(FIELDS.items()):
    schema = schemas[index]
    for at, text in enumerate(TEXTS):
        python = re.search(schema["pattern"], text) is not None and not (schema["not"] and re.search(schema["not"], text))
        admits = [python, javascript[0][index][at], javascript[1][index][at]]
        admits = [one and len(text) <= schema["max"] for one in admits]
        taken, asked = takes(text), asked + 1
        if taken and not all(admits):
            wrong.append(f"{field} takes {text!r}, and the pattern says {admits}")
        stricter += not taken and any(admits)
print(f"{len(patterns)} patterns compile; {asked} texts; {stricter} of them the gateway refuses by what no pattern says")
if wrong or stricter > asked // 10:
    sys.exit("\n".join(wrong[:20]) or "the patterns say too little")
