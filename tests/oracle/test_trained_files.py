"""Trained parameters in a file beside a module, as its language reads them."""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.languages import Language
from nngen.plan import plan
from nngen.reading import load
from nngen.sklearn import NetworkClassifier
from nngen.targets import KINDS, TARGETS
from tests.oracle.compiling import STANDARD, WARNINGS, run

pytestmark = pytest.mark.oracle

SPEC = """
name: net
inputs: [{name: user, ids: 2}, x1]
layers:
  - {name: u, kind: embedding, from: user, units: 2}
  - {name: hidden, from: [u, x], units: 2, activation: tanh, normalization: layer_norm}
  - {name: output, units: 1, activation: linear}
loss: squared_error
training: {optimizer: {name: adam, rate: 0.1}}
targets: [{name: javascript, unroll: layers}, {name: c, binding: true}]
"""
NODE = """
import * as net from "./javascript/net.mjs";
import { LAYOUT, TRAINED } from "./javascript/net.params.mjs";
if (net.TRAINED !== TRAINED || net.LAYOUT !== LAYOUT) throw new Error("two of a kind");
console.log(JSON.stringify([...net.pack(TRAINED), ...net.forward(TRAINED, [1, 0.5])]));
"""
C = """
#include "c/net.h"
#include "c/net_params.h"
#include <stdio.h>
int main(void) {
    const double x[] = {1, 0.5};
    double outputs[1];
    net_forward(net_trained, x, outputs);
    for (int i = 0; i < NET_PARAMETERS; i++) {
        printf("%.17g ", net_trained[i]);
    }
    printf("%.17g", outputs[0]);
    return 0;
}
"""
BINDING = "import net_c as net; print(json.dumps([*net.TRAINED, *net.forward(net.TRAINED, [1.0, 0.5])]))"


@pytest.mark.parametrize("target", ["numpy", "javascript"])
def test_a_module_with_a_second_file_is_no_single_text(target: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    found = NetworkClassifier(epochs=1).fit([[0.0], [1.0]], ["a", "b"])
    monkeypatch.setitem(TARGETS, target, replace(TARGETS[target], max_trained=len(found.parameters_) - 1))
    with pytest.raises(ValueError, match=f"a module of {target} holds at most"):
        found.module_text(target)


def test_each_language_reads_the_file_beside_the_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, kind in KINDS.items():
        monkeypatch.setitem(KINDS, name, replace(kind, max_trained=4))
    path, file = tmp_path / "net.yaml", tmp_path / "net.json"
    path.write_text(SPEC, "utf-8")
    planned = plan(load(path))
    values = [math.sin(k) * 10.0 ** (k % 5 - 2) for k in range(planned.size)]
    file.write_text(json.dumps({"layout": " ".join(planned.layout), "parameters": values}), "utf-8")
    options = ["--contents", "all", "--params", str(file), "--out", str(tmp_path)]
    result = CliRunner().invoke(main, ["build", str(path), *options])
    assert result.exit_code == 0, result.output
    (tmp_path / "net.mjs").write_text(NODE, "utf-8")
    found = {"node": json.loads(run("node", tmp_path / "net.mjs"))}
    (tmp_path / "net.c").write_text(C, "utf-8")
    for compiler, language in (("gcc", "c"), ("clang++", "c++")):
        program = tmp_path / compiler
        run(compiler, *STANDARD[language], *WARNINGS, tmp_path / "net.c", "-lm", "-o", program)
        found[compiler] = list(map(float, run(program).split()))
    start = f"import json, sys; sys.path.insert(0, {str(tmp_path / 'c')!r}); "
    found["binding"] = json.loads(run(sys.executable, "-c", start + BINDING))
    for language, numbers in found.items():
        assert numbers[:-1] == values, language
        assert numbers[-1] == pytest.approx(found["node"][-1], rel=1e-12), language
