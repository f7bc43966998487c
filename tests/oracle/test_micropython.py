"""The python target where there is no CPython: every page runs, and learns the same, under MicroPython."""

import json
from pathlib import Path

import numpy as np
import pytest

from nngen.description.data.examples import read_examples
from nngen.proof.selftest import module_numbers
from nngen.targets.modules import texts
from tests.oracle.micropython import micropython
from tests.support.modules import SPECS, built, spec, whole

pytestmark = pytest.mark.oracle

LEARN = """
import json, {name} as module
given = json.load(open("given.json"))
params = module.unpack(given["start"])
params, history = module.fit(params, given["xs"], given["ys"], 3)
module.save(params, "params.json")
assert len(module.pack(module.load("params.json"))) == len(given["start"])
print(json.dumps([module.pack(params), history, [module.forward(params, x) for x in given["xs"]]]))
"""


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_module_checks_itself_and_learns_the_same(path: Path, tmp_path: Path) -> None:
    module, data = built(path, "python"), read_examples(spec(path), path.parent)
    (tmp_path / f"{path.stem}.py").write_text(whole(path, "python"), "utf-8")
    assert f"{path.stem}, " in micropython(tmp_path, f"{path.stem}.py")
    xs, ys, start = (
        data.train_x[:40].tolist(),
        data.train_y[:40].tolist(),
        module.pack(module.init()),
    )
    (tmp_path / "given.json").write_text(json.dumps({"start": start, "xs": xs, "ys": ys}))
    params, history, outputs = json.loads(micropython(tmp_path, "-c", LEARN.format(name=path.stem)))
    expected, expected_history = module.fit(module.unpack(start), xs, ys, 3)
    rtol, atol = 1e-9, 1e-12  # MicroPython reads and prints numbers to about 15 digits
    np.testing.assert_allclose(params, module.pack(expected), rtol, atol)
    np.testing.assert_allclose(history, expected_history, rtol, atol)
    np.testing.assert_allclose(outputs, [module.forward(expected, x) for x in xs], rtol, atol)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_module_compares_itself_with_the_reference(path: Path, tmp_path: Path) -> None:
    text = texts(spec(path), path.parent, ["python"], selftest=module_numbers)["python"]
    (tmp_path / "module.py").write_text(text, encoding="utf-8")
    assert "numbers of the reference: " in micropython(tmp_path, "module.py")
    wrong = text.replace("    return loss, [", "    return 1.001 * loss, [")
    assert wrong != text
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    refused = "import wrong\ntry:\n    wrong.selftest()\nexcept ValueError as error:\n    print(error)"
    assert micropython(tmp_path, "-c", refused).startswith("expected ")
