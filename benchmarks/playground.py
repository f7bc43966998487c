"""Measure the playground in Chromium: ``python -m benchmarks.playground`` after ``make playground``.

Writes docs/playground.json, which docs/playground.md shows.
"""

import functools
import gzip
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "playground" / "site"
CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--enable-precise-memory-info"]
XOR = (ROOT / "specs" / "xor_mlp.yaml").read_text("utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The address of the playground while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def answered(page: Page, change: Callable[[], object]) -> float:
    """The milliseconds from a change to the answer, with the pause that waits for more keys."""
    before = page.get_attribute("body", "data-answers") or ""
    begun = time.perf_counter()
    change()
    page.wait_for_selector(f"body:not([data-answers='{before}'])[data-answers]", timeout=120_000)
    return 1000.0 * (time.perf_counter() - begun)


def edited(page: Page, text: str) -> float:
    """The milliseconds from a new text in the editor to the answer."""
    page.click(".cm-content")
    page.keyboard.press("Control+a")
    return answered(page, lambda: page.keyboard.insert_text(text))


def opened(browser: Browser, address: str) -> tuple[float, float]:
    """The seconds until the first result of Python, at the first visit and at the next one."""
    context = browser.new_context()
    seconds = []
    for _ in range(2):
        page = context.new_page()
        seconds.append(answered_at(page, address))
        page.wait_for_timeout(3000)  # the service worker keeps the files
        page.close()
    context.close()
    return seconds[0], seconds[1]


def answered_at(page: Page, address: str) -> float:
    """The seconds from an address to the first answer."""
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("body[data-answers]", timeout=120_000)
    return time.perf_counter() - begun


def memory(page: Page) -> float:
    """The megabytes of the processes of the tab's scripts."""
    return float(page.evaluate("performance.memory.usedJSHeapSize")) / 1e6


def measured(browser: Browser, address: str) -> dict[str, Any]:
    """All figures, medians of several."""
    visits = [opened(browser, address) for _ in range(3)]
    page = browser.new_page()
    answered_at(page, f"{address}?language=en")
    rates = [XOR.replace("rate: 5.0", f"rate: {number}.5") for number in range(1, 8)]
    living = [edited(page, text) for text in rates]
    answered(page, lambda: page.click("#tab_javascript"))
    module = [edited(page, text) for text in rates]
    wrong = [edited(page, text.replace("sigmoid", f"sigmod{number}")) for number, text in enumerate(rates)]
    edited(page, XOR)
    before = memory(page)
    for number in range(100):
        edited(page, XOR.replace("rate: 5.0", f"rate: {number + 10}.25"))
    return {
        "transfer": sum(len(gzip.compress(file.read_bytes(), 9)) for file in SITE.rglob("*") if file.is_file()) / 1e6,
        "first": statistics.median(first for first, _ in visits),
        "next": statistics.median(second for _, second in visits),
        "module": statistics.median(module),
        "page": statistics.median(living),
        "mistake": statistics.median(wrong),
        "growth": memory(page) - before,
    }


def main() -> None:
    """Measure, print, and write the figures."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        found = measured(browser, address)
        browser.close()
    print(json.dumps(found, indent=1))
    (ROOT / "docs" / "playground.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
