"""The notebook of the examples runs from its first cell to its last, and uses only the Python interface."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import nngen
from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

NOTEBOOK = ROOT / "examples" / "notebook" / "penguins.ipynb"


def test_the_notebook_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert {*re.findall(r"nngen\.(\w+)", source)} <= {*nngen.__all__}
    shutil.copy(ROOT / "specs" / "data" / "penguins.csv", tmp_path)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pages = [output.data["text/html"] for output in shown if "text/html" in output.get("data", {})]
    assert [next(part for part in ("<table", "<svg", "<iframe") if part in page) for page in pages] == [
        "<table",
        "<svg",
        "<table",
        "<iframe",
    ]
    printed = "".join(output.text for output in shown if output.output_type == "stream")
    assert "name: table" in printed
