"""Take the pictures of docs/workbook.md: ``make sheets``. LibreOffice computes the sheets, and pdftoppm draws them.

The pictures depend on the machine's fonts, so no test compares them.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"


def run(*command: str) -> str:
    """Run a command and return what it prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout  # noqa: S603


def nngen(*arguments: str) -> None:
    """Run nngen."""
    run(sys.executable, "-m", "nngen", *arguments)


def picture(book: Path, begins: str, path: Path, height: int) -> None:
    """Draw the first page of a workbook that begins with a text."""
    profile = f"-env:UserInstallation={(book.parent / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(book.parent), str(book))
    pages = run("pdftotext", "-layout", str(book.with_suffix(".pdf")), "-").split("\f")
    number = str(next(place for place, text in enumerate(pages, 1) if text.strip().startswith(begins)))
    found = book.with_suffix(".png")
    options = ("-png", "-r", "110", "-f", number, "-l", number, "-singlefile")
    run("pdftoppm", *options, str(book.with_suffix(".pdf")), str(found.with_suffix("")))
    with Image.open(found) as image:
        page = image.convert("RGB")
    left, top, right, bottom = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox() or (
        0,
        0,
        1,
        1,
    )
    shown = page.crop((left, top, right, min(bottom, top + height)))
    shown.quantize(64).save(path, optimize=True)


def main() -> None:
    """Write both pictures."""
    with TemporaryDirectory() as folder:
        out, params = Path(folder), str(Path(folder, "penguins.params.json"))
        nngen("build", "specs/xor_mlp.yaml", "--target", "xlsx", "-o", str(out / "xor_mlp.xlsx"))
        nngen("train", "specs/penguins.yaml", "--save", params)
        nngen("build", "specs/penguins.yaml", "--target", "xlsx", "--params", params, "-o", str(out / "penguins.xlsx"))
        picture(out / "xor_mlp.xlsx", "xor_mlp", PICTURES / "workbook_example.png", 640)
        picture(out / "penguins.xlsx", "penguins: write", PICTURES / "workbook_answer.png", 160)


if __name__ == "__main__":
    main()
