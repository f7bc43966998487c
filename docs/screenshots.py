"""Take screenshots of the living pages that `make gallery` writes, and a moving one for README.md: ``make shots``.

The pictures depend on the machine's fonts, so no test compares them.
"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

GALLERY = Path(__file__).resolve().parent / "gallery"
PAGES = GALLERY.parents[1] / "build" / "gallery"


def trained(page: Page, down: int = 0) -> None:
    """Let a page train for some time."""
    page.click("#train")
    page.wait_for_timeout(8000)
    page.evaluate(f"scrollTo(0, {down})")


def exclusive_or(page: Page) -> None:
    """Select a weight of the trained network: the loss along it is drawn."""
    trained(page)
    page.click("[data-weight=w_y_h1] .hit")
    page.mouse.move(5, 5)


def sum_of_inputs(page: Page) -> None:
    """Point at an equation: its connections are highlighted."""
    trained(page, down=560)
    page.hover(".row[data-name=z_y] .equation")


def digit(page: Page) -> None:
    """Open a hidden unit."""
    trained(page)
    page.click("[data-says='unit hidden7 of hidden']")
    page.mouse.move(5, 5)


def rating(page: Page) -> None:
    """Train a factorization and drag a point; its ratings follow."""
    trained(page)
    box = page.locator(".point.current[data-side='0'] .mark").bounding_box()
    assert box  # noqa: S101 (it is on the page)
    page.mouse.move(box["x"] + 6, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 30)
    page.mouse.up()


SHOTS = [
    ("xor_mlp", "light", exclusive_or),
    ("xor_slp", "light", trained),
    ("skip_mlp", "dark", sum_of_inputs),
    ("iris", "light", trained),
    ("digits", "dark", digit),
    ("two_factors", "light", rating),
]


TRAINING = 30  # pictures


def moving(page: Page) -> list[Image.Image]:
    """Walk through the equations of XOR, forward and backward, then train: a picture of each moment."""
    taken = []

    def take(count: int, milliseconds: int) -> None:
        for _ in range(count):
            page.wait_for_timeout(milliseconds)
            whole = Image.open(io.BytesIO(page.screenshot(clip={"x": 25, "y": 95, "width": 1235, "height": 500})))
            taken.append(whole.convert("RGB").resize((870, 352), Image.Resampling.LANCZOS))

    page.click("#following")  # the example 0, 1 with the target 1
    page.evaluate("document.querySelector('#pace').value = 'slow'")
    take(2, 300)
    for _ in range(page.locator(".row[data-at]").count()):
        page.click("#next")
        page.mouse.move(5, 5)
        take(2, 250)
    page.evaluate("document.querySelector('#pace').value = 'even'")
    page.click("#train")
    take(TRAINING, 400)
    return taken


def write_moving(taken: list[Image.Image], path: Path) -> None:
    """Write a moving picture with one palette, so that it is small and does not flicker."""
    palette = taken[-1].quantize(64)
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in taken]
    waits = [450] * (len(frames) - TRAINING) + [120] * TRAINING
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=[*waits[:-1], 3000], loop=0, optimize=True)


def main() -> None:
    """Write a picture beside each page, and the moving one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, theme, show in SHOTS:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            page.goto((PAGES / f"{name}.html").as_uri())
            page.wait_for_selector("html[data-ready]")
            show(page)
            page.wait_for_timeout(400)
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.quantize(128).save(GALLERY / f"{name}.png", optimize=True)  # small, because it is committed
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto((PAGES / "xor_mlp.html").as_uri())
        page.wait_for_selector("html[data-ready]")
        write_moving(moving(page), GALLERY / "backward.gif")
        browser.close()


if __name__ == "__main__":
    main()
