"""Count the words of prose in the documentation: ``make words``.

Generated parts, fenced code, tables and comments are not counted.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_PROSE = [
    re.compile(r"<!-- \[\[\[cog.*?\[\[\[end\]\]\] -->", re.DOTALL),
    re.compile(r"^( *)```.*?^\1```", re.DOTALL | re.MULTILINE),
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r"^\|.*$", re.MULTILINE),
]


def words(text: str) -> int:
    """The number of words of prose in a page of Markdown."""
    for pattern in NOT_PROSE:
        text = pattern.sub("", text)
    return len(text.split())


def main() -> None:
    """Print the words of each page, the longest first, and their sum."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    counts = {page.relative_to(ROOT): words(page.read_text("utf-8")) for page in pages}
    for page in sorted(counts, key=lambda page: -counts[page]):
        print(f"{counts[page]:6} {page}")
    print(f"{sum(counts.values()):6} in {len(counts)} pages")


if __name__ == "__main__":
    main()
