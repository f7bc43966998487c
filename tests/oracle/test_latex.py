"""Worksheets in LaTeX: a plain distribution compiles them, for every spec, without a line that leaves the page."""

import shutil
import subprocess
from pathlib import Path

import pytest

from nngen.description.model.spec import Spec
from nngen.learning.trace import Request, written
from nngen.learning.trace.tracing import of_spec, trace
from nngen.learning.typeset import Digits
from nngen.reading.source import parse
from tests.support.modules import ALL_SPECS, ROOT, named
from tests.support.networks import NETWORKS
from tests.support.typeset import FULL
from tests.support.worksheets import NAMES, SHEETS, example, worksheet

pytestmark = pytest.mark.oracle


def compiled(folder: Path, text: str) -> str:
    """The text of the document, and what LaTeX says; a missing LaTeX is a failure, not a skip."""
    latex, reader = shutil.which("pdflatex"), shutil.which("pdftotext")
    assert latex, "pdfLaTeX is missing: apt-get install texlive-latex-base"
    assert reader, "pdftotext is missing: apt-get install poppler-utils"
    (folder / "sheet.tex").write_text(text, "utf-8")
    command = [latex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "sheet.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = (folder / "sheet.log").read_text("latin-1")
    assert done.returncode == 0, log[-3000:]
    assert "Missing character" not in log, log
    subprocess.run([reader, "-layout", "sheet.pdf"], cwd=folder, check=True)
    return log + (folder / "sheet.txt").read_text("utf-8")


@pytest.mark.parametrize("path", ALL_SPECS, ids=lambda path: path.stem)
def test_the_worksheet_of_every_spec(path: Path, tmp_path: Path) -> None:
    sheet = trace(path, Request())
    said = compiled(tmp_path, written(sheet, "latex", Digits()))
    assert "Overfull" not in said
    assert f"{sheet.plan.name}: a step of training".replace("_", " ") in said.replace("_", " ")
    assert sheet.steps[0].outcome(Digits())[-12:].strip(".").split()[-1] in said


@pytest.mark.parametrize("name", ["gmf", "neumf", "wide_deep", "autorec"])
def test_the_worksheet_of_a_recommender(name: str, tmp_path: Path) -> None:
    sheet = trace(ROOT / "specs" / "recommend" / f"{name}.yaml", Request(steps=2))
    assert "Overfull" not in compiled(tmp_path, written(sheet, "latex", Digits()))


@pytest.mark.parametrize(("name", "count"), [("xor_mlp", 4), ("iris", 3), ("digits_batch_norm", 5), ("penguins", 2)])
def test_a_batch(name: str, count: int, tmp_path: Path) -> None:
    said = compiled(tmp_path, written(trace(named(name), Request(batch=count)), "latex", Digits()))
    assert "Overfull" not in said


@pytest.mark.parametrize(
    "path", [path for path in ALL_SPECS if "batch_norm" not in path.stem][::2], ids=lambda path: path.stem
)
def test_the_matrices_of_a_spec(path: Path, tmp_path: Path) -> None:
    sheet = trace(path, Request(matrices=True))
    said = compiled(tmp_path, written(sheet, "latex", Digits()))
    assert "Overfull" not in said
    assert sheet.steps[0].outcome(Digits())[-12:].strip(".").split()[-1] in said


@pytest.mark.parametrize("name", SHEETS[::12])
def test_the_matrices_of_every_kind_of_network(name: str, tmp_path: Path) -> None:
    x, y = (",".join(map(repr, numbers)) for numbers in example(NETWORKS[name]))
    sheet = of_spec(NETWORKS[name].spec, Path("net.yaml"), Request(x=x, y=y, matrices=True))
    compiled(tmp_path, written(sheet.blanked(), "latex", FULL))
    compiled(tmp_path, written(sheet, "latex", FULL))


@pytest.mark.parametrize("name", SHEETS[::7])
def test_the_worksheet_of_every_kind_of_network(name: str, tmp_path: Path) -> None:
    compiled(tmp_path, written(worksheet(name), "latex", FULL))


def test_names_of_any_script(tmp_path: Path) -> None:
    named: Spec = parse(NAMES, "net.yaml")
    sheet = of_spec(named, Path("net.yaml"), Request(x="1,2,3", y="1"))
    text = written(sheet, "latex", Digits())
    assert "닫힘" in compiled(tmp_path, text)  # apt-get install texlive-lang-korean
    without = text.replace("kotex.sty", "missing.sty")
    assert "[B2EB][D798]" in compiled(tmp_path, without)


@pytest.mark.parametrize("name", ["digits", "penguins"])
def test_a_korean_worksheet(name: str, tmp_path: Path) -> None:
    said = compiled(tmp_path, written(trace(named(name), Request()), "latex", Digits(language="ko")))
    assert "Overfull" not in said
    for word in ("순전파", "역전파", "매개변수", "학습 한 걸음"):
        assert word in said


@pytest.mark.parametrize("letters", ["äàéîñçåßøłőůž", "ąęđþŋħ", "αβγςϛϟ", "жшя", "ṽḿ", "𐐷", "数値", "عدد"])
def test_letters_of_many_scripts(letters: str, tmp_path: Path) -> None:
    spec_ = NETWORKS["sigmoids"].spec.model_copy(update={"inputs": (f"{letters}1", "b", letters[0])})
    sheet = of_spec(spec_, Path("net.yaml"), Request(x="1,2,3", y="0,1"))
    compiled(tmp_path, written(sheet, "latex", Digits()))


def test_orders_of_latex_in_a_description_are_not_obeyed(tmp_path: Path) -> None:
    network = NETWORKS["sigmoids"].spec.model_copy(update={"description": r"\input{/etc/passwd} $x_1$ %"})
    sheet = of_spec(network, Path("net.yaml"), Request(x="1,2,3", y="0,1"))
    assert "root:" not in compiled(tmp_path, written(sheet, "latex", Digits()))
