"""How many frames a second a living page draws while it trains, in Chromium: ``python benchmarks/frames.py``.

Chromium draws without a graphics card here, so a machine with one has more room.
"""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from nngen.learning.explain.page import living_page
from nngen.reading import load

SECONDS = 5
SPECS = Path(__file__).parents[1] / "specs"

FRAMES = """seconds => new Promise((done) => {
  const times = [];
  const note = (now) => {
    times.push(now);
    if (now - times[0] < 1000 * seconds) requestAnimationFrame(note);
    else done(times.slice(1).map((time, i) => time - times[i]));
  };
  requestAnimationFrame(note);
})"""


def deep(page: Page) -> None:
    """Four hidden layers of eight units learn the spirals."""
    page.select_option("#data", "spirals")
    page.select_option("#units", "8")
    for _ in range(3):
        page.wait_for_timeout(500)
        page.click("#add")
    page.wait_for_timeout(1000)


def busy(session: CDPSession) -> float:
    """The seconds of a processor that the page has taken: on a busy machine, frames come later without more work."""
    measured = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in measured if one["name"] == "TaskDuration")


CASES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "xor_mlp": ("xor_mlp", lambda _: None),
    "xor_mlp with four hidden layers of eight units, 60 examples": ("xor_mlp", deep),
    "iris": ("iris", lambda _: None),
    "digits": ("digits", lambda _: None),
}


def main() -> None:
    """Print the frames a second, the median and the 95th percentile of the time between two, and their work."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for title, (name, prepare) in CASES.items():
            file = Path(folder) / f"{name}.html"
            file.write_text(living_page(load(SPECS / f"{name}.yaml"), SPECS), "utf-8")
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            page.goto(file.as_uri())
            page.wait_for_selector("html[data-ready]")
            prepare(page)
            page.select_option("#pace", "slow")
            page.click("#train")
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            before = busy(session)
            gaps = page.evaluate(FRAMES, SECONDS)
            work = 1000 * (busy(session) - before) / len(gaps)
            middle, late = statistics.median(gaps), statistics.quantiles(gaps, n=20)[-1]
            training = "in training" if page.inner_text("#train") == "Pause" else "done before the end"
            print(
                f"{title}: {1000 * len(gaps) / sum(gaps):.0f} frames a second,"
                f" median {middle:.1f} ms, 95 % below {late:.1f} ms, {work:.1f} ms of a processor; {training}"
            )
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
