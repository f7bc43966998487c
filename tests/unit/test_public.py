"""The public Python API: its names, their types, and the page that documents them."""

import ast
import inspect
import subprocess
import sys

import pytest

import nngen
from tests.support.modules import ROOT

PUBLIC = [
    "nngen.Caution",
    "nngen.Comparison",
    "nngen.DivergedError",
    "nngen.Evaluation",
    "nngen.Module",
    "nngen.Network",
    "nngen.Page",
    "nngen.Proof",
    "nngen.Ranking",
    "nngen.Result",
    "nngen.Runs",
    "nngen.Search",
    "nngen.SpecError",
    "nngen.__version__",
    "nngen.build",
    "nngen.course",
    "nngen.evaluate",
    "nngen.explain",
    "nngen.export",
    "nngen.formulas",
    "nngen.from_keras",
    "nngen.from_sklearn",
    "nngen.from_torch",
    "nngen.import_",
    "nngen.init",
    "nngen.load",
    "nngen.parameter_file",
    "nngen.predict",
    "nngen.predictor",
    "nngen.prove",
    "nngen.schema",
    "nngen.show",
    "nngen.trace",
    "nngen.train",
    "nngen.verify",
    "nngen.sklearn.NetworkClassifier",
    "nngen.sklearn.NetworkRegressor",
]
"""A name more or less is a change of the interface: it belongs into the changelog and on the page."""

FUNCTIONS = [getattr(nngen, name) for name in nngen.__all__ if inspect.isfunction(getattr(nngen, name))]


def test_the_names() -> None:
    source = (ROOT / "nngen" / "sklearn" / "__init__.py").read_text("utf-8")  # importing it needs scikit-learn
    (estimators,) = [ast.literal_eval(one.value) for one in ast.parse(source).body if isinstance(one, ast.Assign)]
    assert [*(f"nngen.{name}" for name in nngen.__all__), *(f"nngen.sklearn.{name}" for name in estimators)] == PUBLIC


def test_the_page_has_each_name() -> None:
    table = (ROOT / "docs" / "python.md").read_text("utf-8").split("| name | what it is |")[1].split("\n\n")[0]
    assert {name for name in PUBLIC if f"`{name}`" in table or f"`{name}(" in table} == {*PUBLIC}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_functions_have_types_and_say_what_they_raise(function: object) -> None:
    assert callable(function)
    signature = inspect.signature(function)
    assert all(one.annotation is not one.empty for one in signature.parameters.values())
    assert signature.return_annotation is not signature.empty
    described = inspect.getdoc(function) or ""
    assert "Raises:\n    SpecError" in described or not signature.parameters
    assert all(f"    {name}: " in described for name in signature.parameters)


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, nngen; print('nngen.bridges.importing' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
