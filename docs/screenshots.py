"""Take screenshots of the living pages in docs/gallery, for docs/gallery.md: ``make shots``.

The pictures depend on the machine's fonts, so no test compares them.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

GALLERY = Path(__file__).resolve().parent / "gallery"


def trained(page: Page, down: int = 150) -> None:
    """Let a page train for some time."""
    page.click("#train")
    page.wait_for_timeout(8000)
    page.evaluate(f"scrollTo(0, {down})")


def exclusive_or(page: Page) -> None:
    """Point at a weight of the trained network: its equations and code are highlighted."""
    trained(page, down=705)
    page.hover("[data-weight=w_y_h1] .hit")


def sum_of_inputs(page: Page) -> None:
    """Point at an equation: its connections are highlighted."""
    trained(page)
    page.hover(".row[data-name=z_y] .equation")


def digit(page: Page) -> None:
    """Open a hidden unit."""
    trained(page)
    page.click("[data-says='unit hidden7 of hidden']")
    page.mouse.move(5, 5)


SHOTS = [
    ("xor_mlp", "light", exclusive_or),
    ("xor_slp", "light", trained),
    ("skip_mlp", "dark", sum_of_inputs),
    ("iris", "light", trained),
    ("digits", "dark", digit),
]


def main() -> None:
    """Write a picture beside each page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, theme, show in SHOTS:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.goto((GALLERY / f"{name}.html").as_uri())
            page.wait_for_selector("html[data-ready]")
            show(page)
            page.wait_for_timeout(400)
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.quantize(128).save(GALLERY / f"{name}.png", optimize=True)  # small, because it is committed
        browser.close()


if __name__ == "__main__":
    main()
