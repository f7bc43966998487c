"""The target python, compiled by mypyc and by Cython: the same numbers as the page itself."""

import importlib.util
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.plan import plan
from nngen.targets import as_module, render
from tests.support.cases import examples, start
from tests.support.network import Networks, described, layer

pytestmark = pytest.mark.oracle

COMPILERS = {"mypyc": ["-m", "mypyc"], "cython": ["-m", "Cython.Build.Cythonize", "-3", "-i"]}
LAYERS = [{"name": "python", "unroll": "layers"}]
ADAM = {"optimizer": {"name": "adam", "rate": 0.01}, "penalty": {"name": "l2", "strength": 0.1}}
WEIGHTED = {"name": "cross_entropy", "example_weights": True, "class_weights": [1.0, 2.0]}
NORMALIZED = layer("h", 3, "tanh", normalization="batch_norm", dropout=0.2)
NETWORKS = Networks(
    {
        "weights": described([layer("h", 2, "sigmoid"), layer("o", 1, "sigmoid")], "binary_cross_entropy"),
        "layers": described([layer("h", 4, "relu"), layer("o", 3, "softmax")], "cross_entropy", targets=LAYERS),
        "normalized": described([NORMALIZED, layer("o", 2, "softmax")], WEIGHTED, training=ADAM),
    }
)


def compiled(text: str, compiler: str, folder: Path) -> Any:
    """A page as a module of machine code; a missing compiler is a failure, not a skip."""
    (folder / "page.py").write_text(text, "utf-8")
    quick = {"CFLAGS": "-O0", "MYPYC_OPT_LEVEL": "0"}
    run = [sys.executable, *COMPILERS[compiler], "page.py"]
    done = subprocess.run(run, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | quick)
    assert done.returncode == 0, done.stdout + done.stderr
    (library,) = folder.glob("page.*.so")
    made = importlib.util.spec_from_file_location("page", library)
    assert made
    assert made.loader
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "compiler"), [("weights", "cython"), ("layers", "mypyc"), *product(["normalized"], COMPILERS)]
)
def test_a_compiled_page_computes_what_the_page_computes(name: str, compiler: str, tmp_path: Path) -> None:
    net = NETWORKS[name]
    text = render(plan(net.spec), net.spec, "python")
    page, module = as_module("page", text), compiled(text, compiler, tmp_path)
    xs, ys = (values.tolist() for values in examples(net, 4))
    found = []
    for one in (page, module):
        params = one.unpack(start(net))
        loss, slopes = one.gradient(params, xs[0], ys[0])
        fitted, history = one.fit(params, xs, ys, 3, 2, 1)
        numbers = (one.init(), slopes, fitted)
        rows = [[loss, one.loss(params, xs[0], ys[0])], one.forward(params, xs[0]), history, *map(one.pack, numbers)]
        found.append(np.concatenate([*rows, [one._check_gradient()]]))
    np.testing.assert_array_equal(found[0], found[1])
    with pytest.raises(ValueError, match="expected "):
        module.forward(page.init(), [*xs[0], 1.0])
