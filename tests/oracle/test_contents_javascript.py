"""Modules of JavaScript with some of their parts: the bits of the whole module, what they refuse, and their types."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from nngen.proof.reference import Network
from tests.oracle.node import Job, node, run
from tests.support import kinds
from tests.support.cases import examples
from tests.support.javascript_contents import FORMS, SPECS, choices, text
from tests.support.modules import ROOT
from tests.support.runtime_files import runtime_file

pytestmark = pytest.mark.oracle

TYPESCRIPT = ROOT / "tests" / "oracle" / "node_modules" / "typescript" / "bin" / "tsc"

ANSWERS = """
const bits = (value) =>
  typeof value === "number" ? String(new BigUint64Array(new Float64Array([value]).buffer)[0])
  : Array.isArray(value) ? value.map(bits)
  : value instanceof Map ? [...value].map(bits)
  : value && typeof value === "object" ? Object.entries(value).map(bits)
  : value;
const { begin, xs, ys, weights, row } = given;
const own = weights ? { weights } : {};
const of = (k) => (given.alone ? [weights[k]] : []);
const answers = { forward: xs.map((x) => m.forward(begin, x)) };
if (m.gradient) {
  answers.loss = xs.map((x, k) => m.loss(begin, x, ys[k], ...of(k)));
  answers.gradient = xs.map((x, k) => m.gradient(begin, x, ys[k], ...of(k)));
}
if (m.batch_gradient) {
  answers.batch = [true, false].map((training) => m.batch_gradient(begin, xs, ys, ...given.seeds, training));
}
if (m.fit) {
  answers.init = m.init(3);
  for (const [batch_size, seed] of [[1, 5], [4, null], [null, 7]]) {
    const seen = [];
    const callback = (epoch, loss, params) => void seen.push(epoch, loss, params);
    answers[`fit ${batch_size}`] = [m.fit(begin, xs, ys, { epochs: 9, batch_size, seed, callback, ...own }), seen];
  }
  const slopes = m.gradient(begin, xs[0], ys[0], ...of(0))[1];
  answers.step = m.step(begin, slopes, m.init_state(begin));
}
if (m.train_step) {
  const copy = begin.map((W) => (Array.isArray(W) ? W.map((w) => [...w]) : W));
  answers.train_step = m.train_step(copy, xs[0], ys[0], m.init_state(begin), ...of(0));
  answers.changed = copy;
}
if (m.jacobian) {
  answers.jacobian = xs.map((x) => m.jacobian(begin, x));
  answers.input_gradient = xs.map((x, k) => m.input_gradient(begin, x, ys[k], ...of(k)));
}
if (m.encode && row) {
  answers.encode = m.encode(row);
  answers.sensitivity = m.sensitivity?.(begin, row);
}
if (m.predict && row) {
  answers.predict = [m.predict(begin, row), m.predict_proba?.(begin, row)];
}
return Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, bits(value)]));
"""
"""What a module answers, as far as it has the functions: the bits of each number."""

ROWS: dict[str, Any] = {
    "iris": [5.1, " 3.5 ", 1.4, 0.2],
    "penguins": {
        "bill_length_mm": None,
        "bill_depth_mm": "17.3",
        "flipper_length_mm": 190,
        "body_mass_g": "NA",
        "island": " Dream",
        "sex": "?",
    },
    "ratings_mf": ["Ada", "Amber Coast"],
}
"""A row of each table: texts, numbers as texts, and missing values."""


@pytest.mark.parametrize(("name", "unroll"), FORMS)
def test_parts_have_the_bits_of_the_whole_module(name: str, unroll: str, tmp_path: Path) -> None:
    spec = SPECS[name]
    x, y = kinds.examples(spec) if spec.indices else examples(Network(spec), 12)
    whole = text(name, unroll, "all", "sensitivity", "notes")
    given = {"xs": x.tolist(), "ys": y.tolist(), "row": ROWS.get(name), "seeds": []}
    if spec.loss.example_weights:
        given["weights"] = [1.0, 2.0, 0.5] * 4
        given["alone"] = spec.loss.batch != "weighted_mean"
    if any(layer.dropout for layer in spec.layers):
        given["seeds"] = [list(range(12))]
    [begin] = run([Job(whole, "return m.init(3)")], tmp_path)
    given["begin"] = begin["gives"]
    chosen = list(choices(name))
    if (name, "weights") in FORMS:  # two forms, which share them
        chosen = chosen[FORMS.index((name, unroll)) % 2 :: 2]
    pages = [whole, *(text(name, unroll, *one) for one in chosen)]
    wanted, *found = [answer["gives"] for answer in run([Job(page, ANSWERS, given) for page in pages], tmp_path)]
    assert {"forward", "gradient", "fit 1"} <= set(wanted)
    for one, answers in zip(chosen, found, strict=True):
        assert ("fit 1" in answers) == ("training" in one)
        assert ("jacobian" in answers) == ("sensitivity" in one and "jacobian" in wanted)
        assert answers == {call: wanted[call] for call in answers}, one


REFUSED = {
    "xor_mlp": [
        ("m.forward(p.slice(1), [0, 1])", "RangeError: expected 9 parameters, got 8"),
        ("m.forward(p, [0])", "RangeError: expected 2 inputs, got 1"),
        ("m.loss(p, [0, 1, 1], [1])", "RangeError: expected 2 inputs, got 3"),
        ("m.gradient(p, [0, 1], [1, 0])", "RangeError: expected 1 target, got 2"),
        ("m.step(p.slice(1), p, [])", "RangeError: expected 9 parameters, got 8"),
        ("m.train_step(p, [0, 1], [], [])", "RangeError: expected 1 target, got 0"),
        ("m.fit(p, [[0, 1], [1, 1]], [[1]])", "got 2, 1 and 2"),
        ("m.fit(p, [[0, 1]], [[1]], { batch_size: 0 })", "got 1, 1 and 0"),
        ("m.fit(p, [[0, 1], [1]], [[1], [0]])", "RangeError: expected 2 inputs, got 1"),
    ],
    "digits": [
        ("m.forward(p, Array(63).fill(0))", "RangeError: expected 64 inputs, got 63"),
        ("m.forward(p, Array(65).fill(0))", "RangeError: expected 64 inputs, got 65"),
        ("m.forward([p[0].slice(1), ...p.slice(1)], x)", "[[31,64],[1,32],[10,32],[1,10]]"),
        ("m.gradient(p.slice(0, 3), x, Array(10).fill(0))", "[[32,64],[1,32],[10,32]]"),
        ("m.gradient([p[0], [[]], ...p.slice(2)], x, Array(10).fill(0))", "[[32,64],[1,0],[10,32],[1,10]]"),
        ("m.loss(p, x, Array(11).fill(0))", "RangeError: expected 10 targets, got 11"),
    ],
    "digits_batch_norm": [
        ("m.batch_gradient(p, [x, x], [Array(10).fill(0.1)])", "expected as many x as y, at least 1; got 2 and 1"),
        ("m.batch_gradient(p, [x.slice(1)], [Array(10).fill(0.1)])", "RangeError: expected 64 inputs, got 63"),
        ("m.batch_gradient(p.slice(1), [x], [Array(10).fill(0.1)])", "RangeError: expected parameters of shapes"),
        ("m.loss(p, x, [1])", "RangeError: expected 10 targets, got 1"),
    ],
    "ratings_mf": [
        ("m.forward(p, [24, 0])", "RangeError: expected reader to be a whole number from 0 to 23, got 24"),
        ("m.forward(p, [0, -1])", "RangeError: expected book to be a whole number from 0 to 29, got -1"),
        ("m.gradient(p, [0.5, 0], [1])", "RangeError: expected reader to be a whole number from 0 to 23, got 0.5"),
        ("m.forward(p, [0])", "RangeError: expected 2 inputs, got 1"),
    ],
    "example weights": [
        ("m.fit(p, [[0, 1, 2]], [[1, 0, 0]], { weights: [] })", "RangeError: expected 1 weights, got 0")
    ],
}
"""Calls with wrong sizes, and with ids that no row belongs to."""


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_sizes_are_refused_without_checks(name: str, tmp_path: Path) -> None:
    calls = [
        (f"const p = m.init(), x = Array(64).fill(0.5); return {call};", message, chosen)
        for call, message in REFUSED[name]
        for chosen in (("training",), ("training", "batches"))
    ]
    found = run([Job(text(name, "auto", *chosen), call) for call, _, chosen in calls], tmp_path)
    for (call, message, chosen), answer in zip(calls, found, strict=True):
        assert message in answer.get("throws", ""), (call, chosen, answer)


def judged(folder: Path, **more: bool) -> str:
    """What TypeScript finds in the modules of a folder."""
    options = {"allowJs": True, "checkJs": True, "strict": True, "noEmit": True, "types": [], **more}
    settings = {"compilerOptions": {**options, "target": "es2022", "module": "esnext"}, "include": ["*.mjs"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    return node(str(TYPESCRIPT), "--project", str(folder)).stdout[:4_000]


ALLOWED = {"TS2538", "TS2554", "TS7006"}
"""What TypeScript finds in the runtime file because a word in capital letters stands for several arguments or types."""


def test_the_runtime_file_is_a_program(tmp_path: Path) -> None:
    """Each of its names is known, and used as what it is."""
    (tmp_path / "runtime.mjs").write_text(runtime_file("javascript"), "utf-8")
    found = judged(tmp_path, allowUnreachableCode=True).splitlines()
    assert {code for line in found for code in re.findall(r"error (TS\d+)", line)} == ALLOWED, found


def test_types_hold_and_nothing_is_unused(tmp_path: Path) -> None:
    """TypeScript judges; no local name is unused."""
    for number, (name, unroll) in enumerate(FORMS[::5]):
        for chosen in choices(name):
            page = tmp_path / f"page{number}_{'_'.join(chosen)}.mjs"
            page.write_text(text(name, unroll, *chosen), encoding="utf-8")
    assert judged(tmp_path, noUnusedLocals=True) == ""
