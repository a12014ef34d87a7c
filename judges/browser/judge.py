"""What a person with a browser sees of the gateway. Fails at the first thing that is not so."""

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from devtools import Browser


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def at_home(page, base):
    """No request of the page left for another machine, and nothing complained."""
    hosts = {urlsplit(url).netloc for _, url in page.requests if not url.startswith(("data:", "blob:"))}
    check(hosts == {urlsplit(base).netloc}, f"requests went to {hosts}")
    check(not page.complaints, f"complaints: {page.complaints}")
    return len(page.requests)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--open", required=True, help="a gateway without callers' keys")
    arguments.add_argument("--admin", required=True, help="its admin port")
    given = arguments.parse_args()
    browser = Browser(given.work)
    try:
        page = browser.page()
        page.open(f"{given.open}/docs")
        page.until("document.readyState === 'complete' && document.querySelector('h1')", "the page has a heading")
        count = at_home(page, given.open)
        page.close()
    finally:
        browser.close()
    print(f"/docs renders; {count} requests, none left the machine")


if __name__ == "__main__":
    main()
