"""``nngen train --card`` as a parser of Markdown reads it: no text of the data breaks it."""

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from nngen.cli import main
from tests.support.hostile import TEXTS

pytestmark = pytest.mark.oracle


def test_hostile_names_in_a_card(tmp_path: Path) -> None:
    """Of columns, categories, classes and groups: the page has the tables and texts of any other."""
    texts = [*TEXTS.values(), "a|b", "<b>x</b>", "[link](http://x)", "www.x.org", "# head", "1. one", "```"]
    with (tmp_path / "odd.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[texts[0], "kind", "a|<i>\n# b"], *([text, text, text] for text in texts * 3)])
    names = ", ".join(map(json.dumps, texts))
    spec = tmp_path / "odd.yaml"
    spec.write_text(
        f"name: odd\ndescription: {json.dumps('</pre>| # <script> ``` ')}\n"
        f"inputs: [{{name: a, column: {json.dumps(texts[0])}, categories: [{names}]}}]\n"
        f"layers:\n  - {{name: output, units: {len(texts)}, activation: softmax}}\nloss: cross_entropy\n"
        "training: {optimizer: {name: adam, rate: 1}}\n"
        f"data: {{file: odd.csv, target: kind, classes: [{names}], split: {{test: 0.5}}}}\n",
        "utf-8",
    )
    path = tmp_path / "card.md"
    options = ["--epochs", "2", "--card", path, "--by", "a|<i>\n# b", "--report", tmp_path / "report.html"]
    done = CliRunner().invoke(main, ["train", str(spec), *map(str, options)])
    assert done.exit_code == 0, done.output
    tokens = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(path.read_text("utf-8"))
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == [
        "<!-- a model card by nngen train -->"
    ]
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "softbreak", "text_special"}, inline
    heads = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    assert [head.partition(",")[0] for head in heads][:5] == ["odd", "Data", "Training", "Metrics", r"By a\|\<i\> \# b"]
    assert sum(token.type == "table_open" for token in tokens) == 4
    assert sum(token.type == "fence" for token in tokens) == 2
    assert tokens[-1].content == spec.read_text("utf-8"), "the spec is as it was"
    assert "<script" not in (tmp_path / "report.html").read_text("utf-8")
    assert re.search(r"<h2>Groups by a\|&lt;i&gt;\s# b, held-out</h2>", (tmp_path / "report.html").read_text("utf-8"))
