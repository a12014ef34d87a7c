"""Chromium over the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/."""

import base64
import json
import shutil
import subprocess
import time
from pathlib import Path

from websockets.sync.client import connect

FLAGS = [
    "--headless=new",
    "--no-sandbox",  # Chromium's own sandbox needs rights that root in a container lacks.
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
    # What the browser itself would ask of its vendor.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    # No name resolves: a page that wants another machine gets an error, and the judge sees it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
]

# Of the browser's "issues" those that speak of what may be loaded; the others are advice on forms and the like.
GRAVE = ["ContentSecurityPolicyIssue", "MixedContentIssue", "CorsIssue", "CookieIssue", "QuirksModeIssue"]


class Browser:
    def __init__(self, work: Path):
        home = work / "profile"
        port_file = home / "DevToolsActivePort"
        shutil.rmtree(home, ignore_errors=True)
        self.log = open(work / "chromium.log", "wb")
        self.process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={home}", "about:blank"],
            stdout=self.log,
            stderr=self.log,
        )
        deadline = time.monotonic() + 60
        while not (port_file.exists() and len(port_file.read_text().split()) == 2):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"chromium does not start; see {work}/chromium.log")
            time.sleep(0.05)
        port, path = port_file.read_text().split()
        self.socket = connect(f"ws://127.0.0.1:{port}{path}", max_size=None, proxy=None)
        self.last = 0
        self.pages = {}

    def call(self, method, parameters=None, session=None):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        self.socket.send(json.dumps(message))
        while True:
            got = json.loads(self.socket.recv(timeout=60))
            if got.get("id") == message["id"]:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            page = self.pages.get(got.get("sessionId"))
            if page is not None and "method" in got:
                page.hear(got["method"], got["params"])

    def page(self, **options):
        return Page(self, **options)

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self.log.close()


class Page:
    """A tab of its own, without the others' cookies and storage. It notes all that happens in it."""

    def __init__(self, browser, scripts=True, width=1280, height=900, colors="light"):
        self.browser = browser
        self.requests = []  # (method, URL)
        self.statuses = {}  # URL → status
        self.complaints = []  # console errors, exceptions, violations of the policy, failed loads
        self.context = browser.call("Target.createBrowserContext")["browserContextId"]
        target = {"url": "about:blank", "browserContextId": self.context}
        self.target = browser.call("Target.createTarget", target)["targetId"]
        attached = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})
        self.session = attached["sessionId"]
        browser.pages[self.session] = self
        for domain in ["Page", "Network", "Runtime", "Log", "Audits"]:
            self.call(f"{domain}.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", size)
        feature = {"name": "prefers-color-scheme", "value": colors}
        self.call("Emulation.setEmulatedMedia", {"features": [feature]})
        if not scripts:
            self.call("Emulation.setScriptExecutionDisabled", {"value": True})

    def call(self, method, parameters=None):
        return self.browser.call(method, parameters, self.session)

    def hear(self, method, event):
        if method == "Network.requestWillBeSent":
            request = event["request"]
            self.requests.append((request["method"], request["url"]))
        elif method == "Network.responseReceived":
            response = event["response"]
            self.statuses[response["url"]] = response["status"]
        elif method == "Network.loadingFailed":
            self.complaints.append(f"not loaded: {event.get('errorText')} {event.get('blockedReason', '')}")
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(f"exception: {event['exceptionDetails']}")
        elif method == "Runtime.consoleAPICalled" and event["type"] in ("error", "assert", "warning"):
            said = " ".join(str(arg.get("value", arg.get("description"))) for arg in event["args"])
            self.complaints.append(f"console {event['type']}: {said}")
        elif method == "Log.entryAdded" and event["entry"]["level"] in ("error", "warning"):
            entry = event["entry"]
            self.complaints.append(f"{entry['source']}: {entry['text']} {entry.get('url', '')}")
        elif method == "Audits.issueAdded" and event["issue"]["code"] in GRAVE:
            self.complaints.append(f"issue: {json.dumps(event['issue'])}")

    def open(self, url):
        self.call("Page.navigate", {"url": url})

    def js(self, expression):
        """The value of an expression; a promise is waited for."""
        parameters = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        result = self.call("Runtime.evaluate", parameters)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, expression, what=None, seconds=30):
        """Waits until an expression is true, and gives its value."""
        deadline = time.monotonic() + seconds
        while True:
            # An element is no value that could be sent.
            value = self.js(f"(v => v instanceof Node || v)({expression})")
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"in vain: {what or expression}; complaints: {self.complaints}")
            time.sleep(0.05)

    def key(self, key, code=None, virtual=0, text=None):
        event = {"key": key, "code": code or key, "windowsVirtualKeyCode": virtual}
        if text:
            event["text"] = text
        self.call("Input.dispatchKeyEvent", {"type": "keyDown", **event})
        self.call("Input.dispatchKeyEvent", {"type": "keyUp", **event})

    def type(self, text):
        """Types into what has the focus."""
        self.call("Input.insertText", {"text": text})

    def picture(self, path: Path):
        parameters = {"format": "png"}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", parameters)["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF", {"printBackground": False})["data"])

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})
        self.browser.pages.pop(self.session, None)
        self.browser.call("Target.disposeBrowserContext", {"browserContextId": self.context})
