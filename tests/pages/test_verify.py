"""``nngen verify``: it passes what is right, and finds what is wrong, with the line of a wrong equation."""

import math
import re
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.reference import Network
from nngen.proof.verify import verify
from nngen.proof.verify.calls import Calls
from nngen.proof.verify.child import Child
from nngen.proof.verify.judge import Judge
from nngen.proof.verify.module_text import Text, difference
from nngen.proof.verify.ulps import distance
from nngen.proof.verify.verification import fresh
from tests.support.edits import edited, verdicts, wrong
from tests.support.modules import ALL_SPECS, ROOT, named
from tests.support.networks import NETWORKS

PAGES = [
    ROOT / "generated" / target / f"{spec.stem}.py"
    for spec, target in zip(ALL_SPECS[::5], cycle(("python", "numpy")), strict=False)
]
"""A module of every fifth spec; FORMS are judged with other networks."""

FORMS = [("weights", "float64"), ("layers", "float64"), ("numpy", "float64"), ("numpy", "float32")]

TRAINED: dict[str, dict[str, Any]] = {
    "adam, steps, clip": {
        "optimizer": {"name": "adam", "rate": 0.01},
        "schedule": {"name": "steps", "every": 2, "factor": 0.5},
        "clip": {"name": "norm", "most": 0.1},
        "penalty": {"name": "l2", "strength": 0.1},
    },
    "nadam": {"optimizer": {"name": "nadam", "rate": 0.01}},
    "lion": {"optimizer": {"name": "lion", "rate": 0.01}, "penalty": {"name": "l1", "strength": 0.01}},
    "rprop, patience": {
        "optimizer": {"name": "rprop", "rate": 0.1},
        "stop": {"name": "patience", "epochs": 1, "validation": 0.3},
        "batch_size": "full",
    },
}
"""Optimizers with a memory, and rules to stop."""

COUPLED = "batch normalization and all the rest"

BY_SIGN = ("lion", "rprop, patience")
"""The optimizers whose training in 32 bits is not judged."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_committed_modules_are_right(page: Path) -> None:
    done = verify(page, None, 20.0)
    assert done.spec is not None
    assert Path(done.spec).stem == page.stem
    assert set(verdicts(done).values()) == {"right"}
    assert done.changed == ()


@pytest.mark.parametrize(("form", "dtype"), FORMS)
def test_every_form_of_page_is_right(form: str, dtype: str) -> None:
    first = 24 * FORMS.index((form, dtype))  # each form with other networks; all were measured once, see ALLOWED
    networks = dict(list(NETWORKS.items())[first::96])
    base = NETWORKS["frozen parts"].spec.model_dump(by_alias=True)
    trained = list(TRAINED.items())[FORMS.index((form, dtype)) % 2 :: 2]
    networks |= {name: Network(Spec.model_validate(base | {"training": t})) for name, t in trained}
    for name, network in networks.items():
        planned = plan(network.spec)
        if planned.needs_batch and form == "weights":  # which is written layer by layer
            continue
        page = fresh(planned, network.spec, form, dtype)
        assert (page.form, page.dtype) == (form, dtype), name
        with Child(page.code(), 20.0) as child:
            calls = Calls(child, network.shapes, 3, len(network.spec.layers[-1].unit_names))
            rows = list(Judge(calls, network, planned).rows())
        known = {"fit, 3 epochs", "fit, 10 epochs"} if dtype == "float32" and name in BY_SIGN else set()
        assert {row.what for row in rows if row.verdict != "right"} <= known, name
        assert not [row for row in rows if row.verdict == "wrong"], name


EQUATIONS = [
    ("python", "xor_mlp", "w_h1_x1 * x1 + w_h1_x2 * x2", "w_h1_x2 * x1 + w_h1_x1 * x2", "z_h1"),  # in both passes
    ("python", "xor_mlp", "+ log1p(math.exp(-abs(z_y)))", "+ math.exp(-abs(z_y))", "loss"),
    ("python", "digits", "dz_hidden = [da", "dz_hidden = [0.5 * da", "dz_hidden"),
    ("numpy", "iris", "ones.dot(dz_hidden, _into[1])", "ones.dot(dz_hidden / n, _into[1])", "db_hidden"),
]


@pytest.mark.parametrize(
    ("target", "name", "before", "after", "variable"), EQUATIONS, ids=[f"{row[0]}-{row[4]}" for row in EQUATIONS]
)
def test_a_wrong_equation_is_named(
    target: str, name: str, before: str, after: str, variable: str, tmp_path: Path
) -> None:
    path = edited(tmp_path, target, name, (before, after))
    done = verify(path, named(name), 20.0)
    assert not done.right
    lines = path.read_text("utf-8").splitlines()
    assert [found.line for found in done.found] == [number for number, line in enumerate(lines, 1) if after in line]
    for found in done.found:
        assert found.says.startswith(f"`{variable}`: line {found.line} gives ")
        assert lines[found.line - 1] == f"    {found.text}"


def test_a_wrong_activation_is_named_where_it_is_used_and_where_it_stands(tmp_path: Path) -> None:
    path = edited(tmp_path, "python", "xor_mlp", ("math.exp(min(z, 0.0)) /", "math.exp(min(z, 0.1)) /"))
    (found,) = verify(path, named("xor_mlp"), 20.0).found
    assert found.says.startswith(f"`a_h1`: line {found.line} gives ")
    assert "min(z, 0.1)" in path.read_text("utf-8").splitlines()[found.cause - 1]
    assert f"line {found.cause} is `return math.exp(min(z, 0.1))" in found.says


def test_an_order_of_the_gradient_is_found_in_what_is_returned(tmp_path: Path) -> None:
    path = edited(
        tmp_path, "python", "xor_mlp", ("return loss, [dw_h1_x1, dw_h1_x2,", "return loss, [dw_h1_x2, dw_h1_x1,")
    )
    (found,) = verify(path, named("xor_mlp"), 20.0).found
    assert found.says.startswith(f"the returned value: line {found.line} gives ")
    assert found.text.startswith("return loss, [dw_h1_x2")


IN_TRAINING = [
    ("dropout", "weights", "keep_h12 = _keep(seed, 1, ", "keep_h12 = _keep(seed, 2, ", "keep_h12"),
    ("dropout", "numpy", "df_h3 = da_h3 * keep_h3", "df_h3 = da_h3", "df_h3"),
    (COUPLED, "layers", "sum(dhat_column, 0.0) / n", "sum(dhat_column, 0.0) / (n + 1)", "mean_dhat_h2"),
]
"""Mistakes that only training meets: in what is left out, and in the measures of a batch."""


@pytest.mark.parametrize(("name", "form", "before", "after", "variable"), IN_TRAINING)
def test_a_wrong_equation_of_training_is_named(
    name: str, form: str, before: str, after: str, variable: str, tmp_path: Path
) -> None:
    spec, path = NETWORKS[name].spec, tmp_path / "net.py"
    (tmp_path / "net.json").write_text(spec.model_dump_json(by_alias=True), "utf-8")
    page = fresh(plan(spec), spec, form, "float64").source
    assert before in page
    path.write_text(page.replace(before, after), "utf-8")
    done = verify(path, tmp_path / "net.json", 20.0)
    row = "batch_gradient" if name == COUPLED else "gradient, with dropout"
    assert row in wrong(done)
    assert not wrong(done) & {"gradient", "gradient against differences", "step, 12 times"}
    first = done.found[0]
    assert after in page.replace(before, after).splitlines()[first.line - 1] or first.line == 0
    assert first.says.startswith(f"`{variable}`: line {first.line} gives ")


ELSEWHERE = {
    "python: step, init, defaults, callback, save, targets": [
        ("b_y - 5.0 * db_y", "b_y - 4.99 * db_y", {"step, 12 times", "fit, 3 epochs"}),
        ("range(4)]", "range(1, 5)]", {"init"}),
        ("epochs: int = 2000", "epochs: int = 200", {"fit, its defaults"}),
        (
            "and callback(epoch, history[-1], params, progress):",
            "and callback(epoch, total, params, progress):",
            {"fit, its callback"},
        ),
        ("flat = pack(params)\n", "flat = [round(w, 6) for w in pack(params)]\n", {"save, load"}),
        ("if not (0.0 <= target <= 1.0):", "if target > 1.0:", {"wrong sizes, wrong targets", "accepted targets"}),
    ],
    "python: the last batch, progress, load, loss": [
        ("range(0, n, size)", "range(0, n - size + 1, size)", {"fit, 3 epochs"}),
        ("progress = (epoch + 1, state)", "progress = (epoch, state)", {"fit, its callback"}),
        ("float(value) for value in flat", "float(value) for value in flat[::-1]", {"save, load"}),
        ("slopes=False)[0]", "slopes=False)[0] * 0.5", {"loss", "gradient against differences"}),
    ],
    "python: the mean of batches, pack": [
        ("batch_loss * len(batch)", "batch_loss * 2.0", {"fit, 3 epochs"}),
        ("    return list(params)\n", "    return params[:8] + [0.0]\n", {"pack, unpack", "save, load"}),
    ],
    "python: one example": [("0 < len(xs) == len(ys)", "1 < len(xs) == len(ys)", {"fit, 3 epochs"})],
    "numpy: targets, names, order": [
        ("y = _checked_targets(y, len(x))", "pass", {"wrong sizes, wrong targets", "accepted targets"}),
        ('PARAMETERS = ("W_hidden", "b_hidden"', 'PARAMETERS = ("W_hidden", "b_1"', {"PARAMETERS, LAYOUT"}),
        ("_views(numbers.copy())", "_views(numbers[::-1].copy())", {"pack, unpack", "save, load"}),
    ],
}
"""Mistakes that are made at once, since each is found in rows of its own."""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_wrong_elsewhere(name: str, tmp_path: Path) -> None:
    edits = [(before, after) for before, after, _ in ELSEWHERE[name]]
    rows = [row for *_, found in ELSEWHERE[name] for row in found]
    done = verify(edited(tmp_path, name.partition(":")[0], "xor_mlp", *edits), named("xor_mlp"), 20.0)
    assert sorted(wrong(done)) == sorted(rows)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("range(4)]", "range(1, 5)]", "range(1, 5)]"),
        ("b_y - 5.0 * db_y", "b_y - 4.99 * db_y", "as number 9 of 9"),
    ],
)
def test_the_line_is_named_where_it_is_no_equation_of_the_network(
    before: str, after: str, said: str, tmp_path: Path
) -> None:
    (found,) = verify(edited(tmp_path, "python", "xor_mlp", (before, after)), named("xor_mlp"), 20.0).found
    assert said in f"{found.text} {found.says}"


def test_a_call_that_depends_on_the_calls_before(tmp_path: Path) -> None:
    count = ("    z_y = b_y +", "    _CALLS.append(1e-15)\n    z_y = sum(_CALLS) + b_y +")
    path = edited(tmp_path, "python", "xor_mlp", count, ("import math\n", "import math\n\n_CALLS: list[float] = []\n"))
    assert wrong(verify(path, named("xor_mlp"), 20.0)) >= {"repeated calls"}


def test_arguments_that_are_changed(tmp_path: Path) -> None:
    edit = ("\n    x1, x2 = x\n    (y_y,) = y\n", "\n    x1, x2 = x\n    (y_y,) = y\n    y.append(0.0)\n")
    done = verify(edited(tmp_path, "python", "xor_mlp", edit), named("xor_mlp"), 20.0)
    assert "arguments are unchanged" in wrong(done)
    assert {row.what: row.note for row in done.rows}["arguments are unchanged"] == "changed by gradient, loss"


def test_a_scale_that_differs(tmp_path: Path) -> None:
    done = verify(edited(tmp_path, "numpy", "digits", ("/ 16.0", "/ 16.1")), named("digits"), 20.0)
    assert wrong(done) == {"scale", "encode", "cells"}


def test_names_and_comments_are_free(tmp_path: Path) -> None:
    edits = [("z_h1", "sum_one"), ("    # hidden ← x: weighted sums, then sigmoid\n", ""), ("dz_y", "delta")]
    assert verify(edited(tmp_path, "python", "xor_mlp", *edits), named("xor_mlp"), 20.0).right


def test_a_wrong_equation_after_names_of_its_own(tmp_path: Path) -> None:
    edits = [("dz_y", "delta"), ("da_h1 * a_h1 * (1.0 - a_h1)", "da_h1 * a_h1 * (1.0 + a_h1)")]
    (found,) = verify(edited(tmp_path, "python", "xor_mlp", *edits), named("xor_mlp"), 20.0).found
    assert found.says.startswith("`dz_h1`: ")


ENDS = {
    "epochs: 1, validation: 0.3": [
        ("since >= 1.0", "since >= 2.0"),
        ("return best_params, history", "return params, history"),
    ],
    "epochs: 3, validation: [1, 5], every: 3": [
        ("% 3 == 0", "% 2 == 0"),
        ("since += 3", "since += 1"),
        ("(1, 5)", "(1, 4)"),
    ],
}
"""The options of a rule, and mistakes in its modules."""


@pytest.mark.parametrize(("target", "options"), [*zip(("python", "numpy"), ENDS, strict=True)])
def test_a_rule_that_ends_training_elsewhere(target: str, options: str, tmp_path: Path) -> None:
    spec = tmp_path / "stopped.yaml"
    text = named("xor_mlp").read_text("utf-8").replace("name: xor_mlp", "name: stopped")
    text = text.partition("\ndata:")[0]  # four rows are too few
    spec.write_text(text.replace("  batch_size", f"  stop: {{name: patience, {options}}}\n  batch_size"))
    assert CliRunner().invoke(main, ["build", str(spec), "--contents", "all", "--out", str(tmp_path)]).exit_code == 0
    module = tmp_path / target / "stopped.py"
    assert verify(module, spec, 20.0).right
    built = module.read_text("utf-8")
    for before, after in ENDS[options]:
        assert before in built
        module.write_text(built.replace(before, after), "utf-8")
        assert wrong(verify(module, spec, 20.0)) == {"fit, 10 epochs"}


def test_a_training_that_rounding_decides_is_not_judged() -> None:
    """The rates are far too large: relus turn on and off, and what they were apart grows."""
    base = NETWORKS["relu, deep"].spec.model_dump(by_alias=True)
    verdicts = {}
    for rate in (0.05, 5.0):
        stop = {"name": "patience", "epochs": 50}  # to train some epochs more
        training = {"optimizer": {"name": "gradient_descent", "rate": rate}, "stop": stop}
        spec = Spec.model_validate(base | {"training": training})
        planned, network = plan(spec), Network(spec)
        with Child(fresh(planned, spec, "weights", "float64").code(), 20.0) as child:
            rows = Judge(Calls(child, network.shapes, 3, 2), network, planned).rows()
            verdicts[rate] = next((row.verdict, row.note) for row in rows if row.what == "fit, 10 epochs")
    assert verdicts[0.05] == ("right", "")
    assert verdicts[5.0][0] == "not judged"


SATURATED = """
name: saturated
inputs: 2
layers:
  - {name: hidden, units: 4, activation: tanh, bias: {initial: [10, -10, 10.5, -10.5]}}
  - {name: output, units: 3, activation: softmax}
loss: cross_entropy
training: {optimizer: {name: adam, rate: 0.001}, batch_size: 32}
targets: [{name: python, unroll: layers}]
"""
"""Near tanh = 1, 1 - a * a is mostly rounding, and Adam divides by the size of the gradient."""


def test_a_training_that_magnifies_rounding_is_too_sensitive_to_judge(tmp_path: Path) -> None:
    spec = tmp_path / "saturated.yaml"
    spec.write_text(SATURATED)
    assert CliRunner().invoke(main, ["build", str(spec), "--contents", "all", "--out", str(tmp_path)]).exit_code == 0
    module = tmp_path / "python" / "saturated.py"
    result = CliRunner().invoke(main, ["verify", str(module), "--spec", str(spec)])
    assert result.exit_code == 0, result.output
    assert re.search(
        r"^fit, 3 epochs: too sensitive to judge: the last bits move it by .e\+05 units", result.output, re.M
    )
    built = module.read_text("utf-8")
    for before, after in (
        ("batch_loss * len(batch)", "batch_loss * size"),
        ("(1.0 - a", "(2.0 - a"),
    ):
        assert before in built
        module.write_text(built.replace(before, after), "utf-8")
        assert "fit, 3 epochs" in wrong(verify(module, spec, 20.0)), after


def test_units_in_the_last_place() -> None:
    one = 2.0**-52
    assert distance([1.0 + one, 0.0], [1.0, 0.0], "float64").ulps == 1.0
    assert distance([1.75, 3.0 + 4.0 * one], [1.75, 3.0], "float64").ulps == 2.0  # of 3, the larger one
    assert distance([0.0], [2.0**-60], "float64").ulps == 2.0**-60 / (2.0**-7 * one)  # not of what cancels
    assert distance([1.0 + 2.0**-23], [1.0], "float32").ulps == 1.0
    assert distance([math.nan], [1.0], "float64").ulps == math.inf
    assert distance([5.0, 1.0], [math.inf, 1.0], "float64").ulps == 0.0  # the reference overflows


def test_differences_of_text_are_those_of_meaning() -> None:
    page = Text(
        "a.py",
        'def f(x: float) -> float:\n    """Says."""\n    a: float = x + 1.0  # why\n    return g(a)\n'
        "def g(x):\n    return x\n",
    )
    same = Text("b.py", "def f(x):\n    a = (x +\n        1.0)\n    return g(a)\ndef g(x): return x\n")
    other = Text("c.py", "def f(x):\n    a = x + 1.0\n    return g(a)\ndef g(x):\n    return -x\n")
    assert difference(same, page, ["f"]) is None
    assert difference(other, page, ["f"]) == (5, "return -x", "return x")
