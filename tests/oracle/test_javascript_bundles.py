"""Pages of the target javascript in bundles: importing one does nothing, and what is not used is left out."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from nngen.proof.selftest import module_numbers
from nngen.targets.modules import texts
from tests.oracle.javascript_pages import makers
from tests.oracle.node import Job, node, run
from tests.support.modules import ROOT, SPECS, spec, whole_of

pytestmark = pytest.mark.oracle

BUNDLERS = ("esbuild", "rollup", "vite")
BUNDLE = Path(__file__).parent / "bundle.mjs"
PAGES = sorted((ROOT / "generated" / "javascript").glob("*.mjs"))
TRAINING = ["batches of at least 1", "differences of the loss", "got those of"]
"""Of the messages of fit, of check_gradient and of load."""


def bundles(entries: list[str]) -> dict[str, list[str]]:
    """Files that import pages, as each bundler writes them."""
    with TemporaryDirectory() as folder:
        files = []
        for number, text in enumerate(entries):
            path = Path(folder) / f"entry{number}.mjs"
            path.write_text(text, encoding="utf-8")
            files.append(str(path))
        done = node(str(BUNDLE), input=json.dumps(files))
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


@cache
def forwards() -> dict[str, list[str]]:
    """Bundles of forward alone, of each committed page."""
    return bundles([f"export {{ forward }} from {json.dumps(str(page))};\n" for page in PAGES])


def test_an_import_alone_leaves_nothing(tmp_path: Path) -> None:
    """Which says that the page has no side effect; of the pages of unusual networks, too, some with a self-test."""
    some = SPECS[::4]
    made = [texts(spec(path), path.parent, ["javascript"], selftest=module_numbers)["javascript"] for path in some]
    entries = []
    for number, text in enumerate([*(make() for make in list(makers().values())[::8]), *made]):
        (tmp_path / f"page{number}.mjs").write_text(text, encoding="utf-8")
        entries.append(f"import {json.dumps(str(tmp_path / f'page{number}.mjs'))};\n")
    found = bundles(entries)
    assert [*found] == [*BUNDLERS]
    for bundler, written in found.items():
        assert {text.strip() for text in written} <= {"", "export {};"}, bundler


def test_forward_alone_brings_no_training(tmp_path: Path) -> None:
    whole = [whole_of(page) for page in PAGES]
    body = "return [m.init(1), given.map((_, i) => Math.sin(i))];"
    counts = [len(spec(ROOT / "specs" / f"{page.stem}.yaml").input_names) for page in PAGES]
    asked = [Job(text, body, [0] * inputs) for text, inputs in zip(whole, counts, strict=True)]
    given = [one["gives"] for one in run(asked, tmp_path)]
    jobs = []
    for written in (whole, *(forwards()[bundler] for bundler in BUNDLERS)):
        for page, text in zip(PAGES, written, strict=True):
            assert [said for said in TRAINING if (said in text) != (written is whole)] == [], page.name
        jobs += [Job(text, "return m.forward(...given);", one) for text, one in zip(written, given, strict=True)]
    found = run(jobs, tmp_path)
    assert "gives" in found[0]
    assert found == found[: len(PAGES)] * (1 + len(BUNDLERS))


def test_an_application_prints_nothing_of_a_page(tmp_path: Path) -> None:
    """And ends as it wants to: it is bundled into the program that Node runs."""
    entry = "".join(f"import * as net{k} from {json.dumps(str(page))};\n" for k, page in enumerate(PAGES))
    entry += "".join(f"if (net{k}.init(1).length < 1) process.exitCode = 5;\n" for k in range(len(PAGES)))
    for (text,) in bundles([f"{entry}process.exitCode ??= 3;\n"]).values():
        (tmp_path / "application.mjs").write_text(text, encoding="utf-8")
        done = node("application.mjs", cwd=tmp_path)
        assert (done.stdout, done.stderr, done.returncode) == ("", "", 3)


def test_forward_of_xor_is_small() -> None:
    """In bytes, as the page says; with its training it has more than 2,000."""
    place = [page.stem for page in PAGES].index("xor_mlp")
    said = (ROOT / "docs" / "javascript.md").read_text("utf-8")
    assert f"is {len(forwards()['esbuild'][place])} bytes (esbuild, minified)" in said
