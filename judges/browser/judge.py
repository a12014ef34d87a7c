"""What a person with a browser sees of the gateway. Fails at the first thing that is not so."""

import argparse
import json
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from devtools import Browser

# What axe finds in Swagger UI's own markup, whatever page it stands in. /docs/plain, which says the same, is to have
# nothing at all.
OF_SWAGGER_UI = {
    "heading-order": "its h1 is followed by the tags' h3",
    "nested-interactive": "the path within the button that opens an operation is a link",
    "region": "title and servers stand before its main landmark",
    "landmark-complementary-is-top-level": "",
}

CREATE = "#operations-rooms-createRoom"


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def at_home(page, base, refused=()):
    """No request of the page was for another machine, and nothing complained; `refused` are answers that the page
    was meant to get, which a browser calls failed."""
    page.call("Page.getFrameTree")  # Until it is answered, all that happened before was told.
    urls = [url for _, url in page.requests if not url.startswith(("data:", "blob:"))]
    hosts = {urlsplit(url).netloc for url in urls}
    check(hosts == {urlsplit(base).netloc}, f"requests went to {hosts}")
    complaints = [one for one in page.complaints if not any(f"status of {status}" in one for status in refused)]
    check(not complaints, f"complaints: {complaints}")
    return len(urls)


def open_docs(browser, base, **options):
    with urlopen(f"{base}/openapi.json") as answer:
        document = json.load(answer)
    methods = {"get", "put", "post", "patch", "delete"}
    operations = [
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in methods
    ]
    page = browser.page(**options)
    page.open(f"{base}/docs")
    page.until(f"document.querySelectorAll('.opblock').length === {len(operations)}", "all operations")
    shown = page.js("[...document.querySelectorAll('.opblock')].map(one => one.id)")
    for operation in operations:
        check(any(one.endswith(f"-{operation}") for one in shown), f"{operation} is not shown")
    return page, len(operations)


def create(page, external_id):
    """Sends a create as a person does: opens the operation, types a body, presses the button. The status."""
    if not page.js(f"!!document.querySelector('{CREATE} .execute')"):
        page.js(f"document.querySelector('{CREATE} .opblock-summary-control').click()")
    body = f"{CREATE} textarea.body-param__text"
    page.until(f"document.querySelector('{body}')?.value.length > 2", "the example body is there to be edited")
    page.js(f"document.querySelector('{body}').select()")
    page.type(json.dumps({"type": "PHYSICAL_ROOM", "external_id": external_id, "name": "Aula 1"}, indent=2))
    page.until(f"document.querySelector('{body}').value.includes('{external_id}')", "the text is typed")
    page.js(f"document.querySelector('{CREATE} .btn-clear')?.click()")
    page.js(f"document.querySelector('{CREATE} .execute').click()")
    status = f"document.querySelector('{CREATE} .live-responses-table tbody .response-col_status')?.innerText"
    return page.until(status, "the answer").split()[0]


def authorize(page, key):
    page.js("document.querySelector('.btn.authorize').click()")
    page.until("document.querySelector('.modal-ux input')", "the field for the key")
    page.js("document.querySelector('.modal-ux input').focus()")
    page.type(key)
    page.js("document.querySelector('.modal-ux .btn.authorize[type=submit], .modal-ux button.authorize').click()")
    page.until("[...document.querySelectorAll('.modal-ux button')].some(one => one.innerText === 'Logout')", "the key is taken")
    page.js("document.querySelector('.modal-ux .btn-done').click()")


def trouble(base, sandbox):
    """A vendor fails three reads, and a caller asks for what is not there."""
    fault = {"operation": "netex.get", "times": 3, "kind": "html"}
    urlopen(Request(f"{sandbox}/_sandbox/faults", json.dumps(fault).encode(), {"Content-Type": "application/json"}))
    for path in ["2101", "2102", "2103", "nobody"]:
        try:
            urlopen(f"{base}/v1/rooms/{path}")
        except HTTPError as refused:
            refused.read()


def accessible(page, axe, known=()):
    """What axe-core says of the page, less what is known."""
    page.js(f"{axe};1")
    found = page.js(
        "axe.run().then(all => all.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 120))]))"
    )
    found = [one for one in found if one[0] not in known]
    check(not found, f"axe: {found}")


def by_keyboard(page):
    """The first stop leads past the frame, and an operation opens without a mouse."""
    page.key("Tab", virtual=9)
    check(page.js("document.activeElement.className") == "skip", "the first stop is the link to the operations")
    page.js("document.querySelector('#operations-rooms-listRooms .opblock-summary-control').focus()")
    page.key("Enter", virtual=13, text="\r")
    page.until("document.querySelector('#operations-rooms-listRooms.is-open')", "Enter opens an operation")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--open", required=True, help="a gateway without callers' keys")
    arguments.add_argument("--admin", required=True, help="its admin port")
    arguments.add_argument("--sandbox", required=True, help="where its vendors take faults")
    arguments.add_argument("--guarded", required=True, help="a gateway with callers' keys")
    arguments.add_argument("--key", required=True, help="one of them")
    arguments.add_argument("--axe", type=Path, required=True, help="axe.min.js")
    given = arguments.parse_args()
    axe = given.axe.read_text()
    pictures = given.work / "pictures"
    browser = Browser(given.work)
    try:
        # Without keys.
        page, operations = open_docs(browser, given.open, width=1000, height=1000)
        page.picture(pictures / "docs.png")
        accessible(page, axe, OF_SWAGGER_UI)
        by_keyboard(page)
        page.js("document.querySelector('#operations-rooms-listRooms .opblock-summary-control').click()")
        status = create(page, "judge-1")
        check(status == "201", f"a create is answered {status}")
        accessible(page, axe, OF_SWAGGER_UI)
        requests = at_home(page, given.open)
        page.js(f"document.activeElement.blur(); document.querySelector('{CREATE} .execute').scrollIntoView()")
        page.picture(pictures / "docs-call.png")
        page.close()

        # With keys: none, then the right one.
        page, _ = open_docs(browser, given.guarded, width=1000, height=1000)
        status = create(page, "judge-2")
        check(status == "401", f"without a key a create is answered {status}")
        authorize(page, given.key)
        status = create(page, "judge-2")
        check(status == "201", f"with the key a create is answered {status}")
        requests += at_home(page, given.guarded, refused=[401])
        page.open(f"{given.guarded}/docs")
        page.until("document.querySelector('.btn.authorize.unlocked')", "the key is forgotten with the page")
        page.close()

        # Without scripts.
        page = browser.page(scripts=False)
        page.open(f"{given.open}/docs")
        deadline = time.monotonic() + 30
        while f"{given.open}/docs/plain" not in page.statuses:
            check(time.monotonic() < deadline, "without scripts /docs leads to /docs/plain")
            page.call("Page.getFrameTree")
            time.sleep(0.05)
        at_home(page, given.open)
        page.close()

        # For reading and for print.
        page = browser.page()
        page.open(f"{given.open}/docs/plain")
        page.until(f"document.querySelectorAll('main section').length === {operations}", "all operations")
        accessible(page, axe)
        text = page.js("document.body.innerText")
        check("$ref" not in text and "createRoom" in text, "the schemas are written out")
        pdf = page.pdf()
        check(pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") > 3, "it prints")
        (pictures / "plain.pdf").write_bytes(pdf)
        at_home(page, given.open)
        page.close()

        page = browser.page()
        page.open(f"{given.open}/problems/room-not-found")
        page.until("document.querySelector('h1')?.innerText === 'Room not found'")
        accessible(page, axe)
        at_home(page, given.open)
        page.close()

        # For operators, with something to see.
        trouble(given.open, given.sandbox)
        page = browser.page(width=1000, height=1100)
        page.open(f"{given.admin}/status")
        page.until("document.querySelector('h1')", "/status is a page")
        at_home(page, given.admin)
        page.picture(pictures / "status.png")
        # A page that loads itself anew is no help to who reads slowly.
        page.open(f"{given.admin}/status.html?refresh=off")
        page.until("document.querySelector('h1')", "/status stands still")
        accessible(page, axe)
        page.close()
    finally:
        browser.close()
    print(f"{operations} operations, creates 201 with and without keys, {requests} requests, none to another machine")


if __name__ == "__main__":
    main()
