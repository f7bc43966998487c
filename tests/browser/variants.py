"""Opens a page that has other networks, and waits for one of them."""

from typing import Any

from playwright.sync_api import Page, expect

from nngen.reading.source import load
from tests.browser.conftest import Open
from tests.support.modules import named


def opened(open_page: Open, name: str = "xor_mlp", *overrides: str, **options: Any) -> Page:
    path = named(name)
    return open_page(load(path, overrides=list(overrides)), path.parent, variants=True, **options)


def with_fragment(page: Page, fragment: str) -> None:
    address = page.url.partition("#")[0]
    page.goto("about:blank")
    page.goto(f"{address}#{fragment}")
    page.wait_for_selector("html[data-ready]")


def shows(page: Page, summary: str) -> None:
    """Wait until the page shows a network."""
    expect(page.locator(".facts")).to_contain_text(summary)
    page.wait_for_selector("html[data-ready]")
