"""``nngen verify`` judges all that a module has, and says which parts it has not."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.common.diagnostics import SpecError
from nngen.description.model import parts
from nngen.proof.verify import Verification, verify
from tests.support.contents import SPECS, text
from tests.support.edits import edited, verdicts, wrong
from tests.support.modules import named

ROWS = {
    "forward": {"forward", "extreme inputs, outputs", "repeated calls", "arguments are unchanged"},
    "gradient": {"loss", "gradient", "gradient against differences", "accepted targets"},
    "training": {"init", "step, 12 times", "fit, 3 epochs", "fit, its defaults", "fit, its callback"},
    "prediction": {"encode", "predict"},
    "files": {"save, load", "pack, unpack", "PARAMETERS, LAYOUT"},
    "checks": {"wrong sizes, wrong targets"},
}
"""The rows that judge each part."""

CHOICES = [
    *(("xor_mlp", "weights", choice) for choice in ("forward", "training", "files", "gradient checks")),
    ("iris", "layers", "prediction"),
    ("iris", "layers", "training prediction files checks batches"),
    ("ratings_mf", "layers", "training prediction"),
    ("batch normalization", "layers", "training"),
    ("dropout", "weights", "gradient"),
    ("iris", "numpy", "training files checks"),
]


def module(folder: Path, name: str, unroll: str, contents: str, *edits: tuple[str, str]) -> tuple[Path, Path]:
    """A module with these parts, with edits, and its spec. ``unroll`` is that of Python, or numpy."""
    target = "numpy" if unroll == "numpy" else "python"
    source = text(name, target, *contents.split(), unroll=unroll)
    for before, after in edits:
        assert before in source, before
        source = source.replace(before, after)
    path, spec = folder / "net.py", named(name)
    path.write_text(source, "utf-8")
    if not spec.exists():
        spec = folder / "spec.json"
        spec.write_text(SPECS[name].model_dump_json(by_alias=True, exclude_unset=True), "utf-8")
    return path, spec


def judged(folder: Path, name: str, unroll: str, contents: str, *edits: tuple[str, str]) -> Verification:
    """The verification of such a module."""
    return verify(*module(folder, name, unroll, contents, *edits), 20.0)


@pytest.mark.parametrize(("name", "unroll", "contents"), CHOICES)
def test_all_that_a_module_has_is_judged(name: str, unroll: str, contents: str, tmp_path: Path) -> None:
    done = judged(tmp_path, name, unroll, contents)
    assert set(verdicts(done).values()) == {"right"}
    has = parts(contents.split())
    known = [part for part in ROWS if part != "prediction" or name in ("iris", "ratings_mf")]
    assert done.absent == tuple(part for part in known if part not in has)
    helps = {"init"} if contents == "gradient checks" else set()  # its self-check draws parameters
    helps |= {"pack, unpack"} if "checks" in has else set()
    for part in known:
        judges = ROWS[part] & set(verdicts(done))
        assert judges == (ROWS[part] if part in has else ROWS[part] & helps), part


MISTAKES = [
    ("xor_mlp", "weights", "gradient", "da_h1 * a_h1 * (1.0 - a_h1)", "da_h1 * a_h1", {"gradient"}),
    ("xor_mlp", "weights", "training", "batch_loss * len(batch)", "batch_loss * 2.0", {"fit, 3 epochs"}),
    (
        "xor_mlp",
        "weights",
        "training",
        "history[-1], params)",
        "history[-1], [*params[:8], 0.0])",
        {"fit, its callback"},
    ),
    ("xor_mlp", "weights", "training", "history[-1], params)", "history[-1], params, 0)", {"fit, its callback"}),
    ("iris", "layers", "prediction", "(5.855, 3.03,", "(5.855, 3.04,", {"scale", "encode", "cells"}),
    ("iris", "layers", "forward", "    _check(params, [x])\n", "", {"wrong sizes"}),
    ("iris", "layers", "gradient", "    if len(y) != 3:\n", "    if len(y) > 3:\n", {"wrong sizes"}),
    ("xor_mlp", "weights", "training", "0 < len(xs) == len(ys)", "0 < len(xs)", {"wrong sizes"}),
    ("iris", "layers", "prediction", "    if len(x) != 4:\n", "    if len(x) < 4:\n", {"wrong sizes"}),
    ("ratings_mf", "layers", "forward", " and value % 1.0 == 0.0", "", {"wrong sizes"}),
]
"""Mistakes in modules with some parts, and the rows that find them."""


@pytest.mark.parametrize(("name", "unroll", "contents", "before", "after", "rows"), MISTAKES)
def test_mistakes_are_found(
    name: str, unroll: str, contents: str, before: str, after: str, rows: set[str], tmp_path: Path
) -> None:
    done = judged(tmp_path, name, unroll, contents, (before, after))
    assert wrong(done) - {"gradient against differences", "extreme inputs, gradient"} == rows
    lines = (tmp_path / "net.py").read_text("utf-8").splitlines()
    for found in done.found:  # in the words of the module with the same parts
        assert after.strip() in lines[found.line - 1]
    assert bool(done.found) == (rows != {"wrong sizes"})


LACKING = [
    ("all", "fit", "fit (training)"),
    ("all", "save", "save (files)"),
    ("all", "unpack", "unpack (files)"),
    ("all", "LAYOUT", "LAYOUT (files)"),
    ("training", "loss", "loss (gradient)"),
    ("training", "init", "init (training)"),
    ("training", "gradient", "gradient (gradient)"),
    ("forward", "forward", "forward"),
]


@pytest.mark.parametrize(("contents", "name", "said"), LACKING)
def test_a_function_that_its_part_lacks_is_named(contents: str, name: str, said: str, tmp_path: Path) -> None:
    path, spec = module(tmp_path, "xor_mlp", "weights", contents)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\ndel {name}\n")
    (row,) = verify(path, spec, 20.0).rows
    assert (row.verdict, row.note) == ("wrong", f"missing: {said}")


def test_the_functions_of_a_self_test_are_no_part(tmp_path: Path) -> None:
    path = tmp_path / "iris.py"
    options = ["--contents", "prediction", "--selftest", "--target", "python", "-o", str(path)]
    built = CliRunner().invoke(main, ["build", str(named("iris")), *options])
    assert built.exit_code == 0, built.output
    done = verify(path, named("iris"), 20.0)
    assert set(verdicts(done).values()) == {"right"}
    assert done.absent == ("training", "files", "checks")
    assert {"selftest", "gradient", "step, 12 times", "predict"} <= set(verdicts(done))
    source = path.read_text("utf-8")
    assert "a_hidden1 * a_hidden1)" in source
    path.write_text(source.replace("a_hidden1 * a_hidden1)", "a_hidden1)"), "utf-8")
    done = verify(path, named("iris"), 20.0)
    assert {"gradient", "selftest"} <= wrong(done)
    assert done.found


def test_the_command_says_what_is_not_there(tmp_path: Path) -> None:
    path, spec = module(tmp_path, "xor_mlp", "weights", "training")
    result = CliRunner().invoke(main, ["verify", str(path), "--spec", str(spec)])
    assert (result.exit_code, result.stdout.splitlines()[-3:]) == (
        0,
        ["not in this module: files, checks", "", "right"],
    )
    result = CliRunner().invoke(main, ["verify", str(path), "--spec", str(spec), "--json"])
    assert json.loads(result.stdout)["absent"] == ["files", "checks"]


def test_without_a_layout_the_spec_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path, _ = module(tmp_path, "xor_mlp", "weights", "training")
    result = CliRunner().invoke(main, ["verify", str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "of the part `files`, is judged only with its spec, and no spec of xor_mlp is near it" in result.stderr
    assert "help: name the spec with --spec\n" in result.stderr
    path.write_text(path.read_text("utf-8").replace("Written by nngen", "Written"), "utf-8")
    assert "and it does not name its network" in CliRunner().invoke(main, ["verify", str(path)]).stderr
    assert verify(path, named("xor_mlp"), 20.0).right
    path, _ = module(tmp_path, "xor_mlp", "weights", "files")
    done = verify(path, None, 20.0)
    assert done.right
    assert done.absent == ("gradient", "training", "checks")
    assert "loss" not in verdicts(done)


def test_a_module_without_a_layout_is_known_by_its_docstring(tmp_path: Path) -> None:
    path, spec = module(tmp_path, "xor_mlp", "weights", "gradient")
    (tmp_path / "xor_mlp.yaml").write_text(spec.read_text("utf-8"))
    assert Path(verify(path, None, 20.0).spec or "").name == "xor_mlp.yaml"
    with pytest.raises(SpecError, match="for another network: skip_mlp; the module is xor_mlp"):
        verify(path, named("skip_mlp"), 20.0)


BY_HAND = """
import math

PARAMETERS = ("w_h1_x1", "w_h1_x2", "w_h2_x1", "w_h2_x2", "b_h1", "b_h2", "w_y_h1", "w_y_h2", "b_y")


def activate(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def run(w, x):
    (a, b) = x
    (w1, w2, w3, w4, b1, b2, v1, v2, c) = w
    h1, h2 = activate(b1 + w1 * a + w2 * b), activate(b2 + w3 * a + w4 * b)
    return h1, h2, c + v1 * h1 + v2 * h2


def forward(params, x):
    return [activate(run(params, x)[2])]


def loss(params, x, y):
    return gradient(params, x, y)[0]


def gradient(params, x, y):
    (t,) = y
    CHECK
    h1, h2, z = run(params, x)
    v1, v2 = params[6:8]
    d = activate(z) - t
    d1, d2 = d * v1 * h1 * (1 - h1), d * v2 * h2 * (1 - h2)
    a, b = x
    error = max(z, 0) - t * z + math.log1p(math.exp(-abs(z)))
    return error, [d1 * a, d1 * b, d2 * a, d2 * b, d1, d2, d * h1, d * h2, d]
"""
"""The network of xor_mlp as somebody else writes it."""


@pytest.mark.parametrize(
    ("check", "rows"),
    [
        ("pass", set()),
        ("if not 0 <= t <= 1:\n        raise ValueError(t)", set()),
        ("if t not in (0, 1):\n        raise ValueError(t)", {"accepted targets"}),
        ("h1 = h2 = z = x = y = 0  # lost\n    return 0.5, [0.5] * 9", {"loss", "gradient", "wrong sizes"}),
    ],
)
def test_a_module_written_by_hand(check: str, rows: set[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(BY_HAND.replace("CHECK", check), "utf-8")
    done = verify(path, named("xor_mlp"), 20.0)
    assert wrong(done) >= rows
    assert done.right == (not rows)
    assert done.absent == ("training", "files", "checks")


def test_all_is_judged_as_a_whole(tmp_path: Path) -> None:
    done = verify(edited(tmp_path, "numpy", "iris"), named("iris"), 20.0)
    assert (done.right, done.absent) == (True, ())
