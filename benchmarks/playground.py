"""Measure the playground in Chromium and Firefox: ``python -m benchmarks.playground`` after ``make playground``.

Writes docs/playground.json, which docs/playground.md shows.
"""

import functools
import gzip
import json
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any, Protocol

from playwright.sync_api import Browser, sync_playwright

from tests.browser.firefox import firefox

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "playground" / "site"
CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--enable-precise-memory-info", "--js-flags=--expose-gc"]
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


class Tab(Protocol):
    """A tab of a browser."""

    def visit(self, address: str) -> None:
        """Open an address."""

    def run(self, code: str) -> Any:
        """The value of an expression of JavaScript, which may be a promise."""


class Chromium:
    """A tab of Chromium with a store of its own."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_context().new_page()

    def visit(self, address: str) -> None:
        """Open an address."""
        self._page.goto(address)

    def run(self, code: str) -> Any:
        """The value of an expression of JavaScript."""
        return self._page.evaluate(code)


@contextmanager
def tabs(name: str) -> Iterator[Callable[[], AbstractContextManager[Tab]]]:
    """What opens new tabs of a browser, each with an empty store."""

    @contextmanager
    def of_firefox() -> Iterator[Tab]:
        with TemporaryDirectory() as profile, firefox(Path(profile)) as started:
            yield started

    if name == "firefox":
        yield of_firefox
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield lambda: nullcontext(Chromium(browser))
        browser.close()


ANSWERED = """new Promise((resolve) => {
  const { dataset } = document.body, [before, begun] = %s;
  const look = () => dataset.answers && dataset.answers !== before && resolve(performance.now() - begun);
  new MutationObserver(look).observe(document.body, { attributes: true });
  %s;
  look();
})"""
"""The milliseconds from a moment to the next answer of Python."""


def visited(tab: Tab, address: str) -> float:
    """The seconds from an address to the first answer."""
    tab.visit("about:blank")
    tab.visit(address)
    seconds = float(tab.run(ANSWERED % ("[undefined, 0]", ""))) / 1000.0
    sleep(3.0)  # the service worker keeps the files
    return seconds


def changed(tab: Tab, change: str) -> float:
    """The milliseconds from a change in the editor to the answer, with the pause that waits for more keys."""
    return float(tab.run(ANSWERED % ("[dataset.answers, performance.now()]", change)))


def edited(tab: Tab, text: str) -> float:
    """The same for a new text."""
    tab.run("document.querySelector('.cm-content').focus(), document.execCommand('selectAll')")
    return changed(tab, f"document.execCommand('insertText', false, {json.dumps(text)})")


ADDED = """(() => {
  getSelection().selectAllChildren(document.querySelector(".cm-content"));
  getSelection().collapseToEnd();
  document.execCommand("insertText", false, "x");
})()"""
"""A letter at the end of the text."""


def measured(opened: Callable[[], AbstractContextManager[Tab]], address: str) -> dict[str, float | None]:
    """All figures, medians of several."""
    starts, visits = [], []
    for _ in range(3):
        with opened() as tab:
            first = visited(tab, address)
            starts.append(tab.run(STARTED))
            visits.append([first, visited(tab, address)])
    rates = [XOR.replace("rate: 5.0", f"rate: {number}.5") for number in range(1, 8)]
    with opened() as tab:
        visited(tab, f"{address}?language=en")
        living = [edited(tab, text) for text in rates]
        tab.run(ANSWERED % ("[dataset.answers, 0]", "document.querySelector('#tab_javascript').click()"))
        module = [edited(tab, text) for text in rates]
        wrong = [edited(tab, text.replace("sigmoid", f"sigmod{number}")) for number, text in enumerate(rates)]
        edited(tab, f"{XOR}# ")
        used = []
        for _ in range(2):  # the first hundred changes fill the history of the editor
            for _ in range(100):
                changed(tab, ADDED)
            used.append(tab.run(MEMORY))
    first, second = (statistics.median(seconds) for seconds in zip(*visits, strict=True))
    shown, editable = (statistics.median(seconds) for seconds in zip(*starts, strict=True))
    return {
        "shown": shown,
        "editable": editable,
        "first": first,
        "next": second,
        "module": statistics.median(module),
        "page": statistics.median(living),
        "mistake": statistics.median(wrong),
        "growth": used[0] and used[1] - used[0],
    }


STARTED = "['shown', 'editable'].map((name) => performance.getEntriesByName(name)[0].startTime / 1000)"
"""The seconds until the first living page is shown, and until the editor takes keys."""

MEMORY = "performance.memory ? (gc(), performance.memory.usedJSHeapSize / 1e6) : null"
"""The megabytes that the page's scripts still need; Firefox does not say them."""


def main() -> None:
    """Measure, print, and write the figures."""
    found: dict[str, Any] = {"transfer": sum(len(gzip.compress(path.read_bytes(), 9)) for path in files()) / 1e6}
    with served() as address:
        for name in ("chromium", "firefox"):
            with tabs(name) as opened:
                found[name] = measured(opened, address)
    print(json.dumps(found, indent=1))
    (ROOT / "docs" / "playground.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def files() -> list[Path]:
    """All files of the playground."""
    return [path for path in SITE.rglob("*") if path.is_file()]


if __name__ == "__main__":
    main()
