"""``nngen build --selftest``: pages that compare themselves with the reference, where neither nngen nor NumPy is."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nngen.cli import main
from nngen.description.model.spec import Spec
from nngen.plan.planner import plan
from nngen.proof.selftest import STEPS, selftest, written
from nngen.proof.verify import verify
from nngen.targets.modules import as_module
from tests.support.formatted import unmarked
from tests.support.modules import ROOT, SPECS, TARGETS, named, whole, whole_of
from tests.support.networks import NETWORKS
from tests.support.predictors import NETWORKS as PREDICTORS
from tests.support.predictors import hostile
from tests.support.predictors import page as predictor
from tests.support.programs import outputs
from tests.support.selftests import judged_pages, page

FORMS = [
    ("python", {"unroll": "weights"}),
    ("python", {"unroll": "layers"}),
    ("numpy", {}),
    ("numpy", {"dtype": "float32"}),
]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["build", *arguments])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules of all specs with a self-test, beside the settings of the judges."""
    folder = tmp_path_factory.mktemp("built")
    chosen = [option for target in ("python", "numpy", "javascript", "c") for option in ("--target", target)]
    asked = ["--contents", "all", "--selftest", *chosen, "--out", str(folder / "generated")]
    assert run(str(ROOT / "specs"), *asked).exit_code == 0
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(("target", "options"), FORMS)
def test_pages_are_as_the_reference_says(target: str, options: dict[str, str]) -> None:
    tolerance = 1e-4 if "dtype" in options else 1e-9
    first = 3 * FORMS.index((target, options))  # every second network in one form
    for name, network in [*NETWORKS.items()][first :: 2 * len(FORMS)]:
        module: Any = as_module("net", page(network.spec, target, **options))
        assert module.selftest() <= tolerance, name
        assert module.selftest.__defaults__ == (tolerance,)
        with pytest.raises(ValueError, match=r"expected .* for the "):
            module.selftest(-1.0)


@pytest.mark.parametrize(
    ("target", "name", "before", "after", "what"),
    [
        ("python", "xor_mlp", "math.exp(min(z, 0.0)) /", "math.exp(min(z, 0.1)) /", "output"),
        ("python", "xor_mlp", "5.0 * db_y", "5.00001 * db_y", "parameters after 3 steps"),
        ("python", "xor_mlp", "dz_y = a_y - y_y", "dz_y = y_y - a_y", "gradient"),
        ("python", "digits", "sumprod(w, x)", "1.001 * sumprod(w, x)", "output"),
        ("numpy", "xor_mlp", "dz_output = (a_output - y_output) / n", "dz_output = a_output - y_output", "gradient"),
        ("numpy", "digits", "slopes=False)[0]", "slopes=False)[0] + 1e-6", "loss"),
        ("numpy", "digits", "0.5 * g", "1.0000002 * 0.5 * g", "parameters after 3 steps"),
        (
            "numpy",
            "digits",
            "db_hidden = ones.dot(dz_hidden, _into[1])",
            "db_hidden = ones.dot(dz_hidden, _into[1]) / n",
            "gradient",
        ),
    ],
)
def test_a_wrong_page_is_refused(built: Path, target: str, name: str, before: str, after: str, what: str) -> None:
    text = (built / "generated" / target / f"{name}.py").read_text("utf-8")
    assert before in text
    module: Any = as_module(name, text.replace(before, after))
    with pytest.raises(ValueError, match=rf"expected .* for the {what}, got"):
        module.selftest()


@pytest.mark.parametrize("network", [*PREDICTORS.values(), hostile()], ids=[*PREDICTORS, "hostile"])
@pytest.mark.parametrize(("target", "unroll"), [("python", "weights"), ("python", "layers"), ("numpy", "auto")])
def test_rows_of_the_data_are_encoded_and_answered(network: Spec, target: str, unroll: str) -> None:
    module: Any = as_module("loans", predictor(network, target, unroll, tested=True))
    assert module.selftest() <= 1e-9


@pytest.mark.parametrize(
    ("target", "name", "before", "after", "what"),
    [
        ("python", "classes", "- 5.35", "- 5.36", "input"),
        ("numpy", "classes", 'missing="own"', 'missing="rent"', "input"),
        ("python", "classes", "1.0 if _missing(years) else 0.0", "0.0", "input"),
        ("python", "classes", "CLASSES[max(", "CLASSES[0 * max(", "answer"),
        ("numpy", "classes", "CLASSES[i]", "CLASSES[0 * i]", "answer"),
        ("python", "number", "+ 4.0", "+ 4.1", "answer"),
        ("numpy", "number", "+ 4.0", "+ 4.1", "answer"),
    ],
)
def test_a_wrong_encoding_is_refused(target: str, name: str, before: str, after: str, what: str) -> None:
    text = predictor(PREDICTORS[name], target, tested=True)
    assert before in text
    with pytest.raises(ValueError, match=f"expected .* for the {what}, got"):
        as_module("loans", text.replace(before, after)).selftest()


def test_what_is_no_number_is_refused(built: Path) -> None:
    text = (built / "generated" / "python" / "xor_mlp.py").read_text("utf-8")
    for value, message in (("float('nan')", "got nan"), ("1.0, a_y", "expected 42 numbers, got 45")):
        module: Any = as_module("xor_mlp", text.replace("return (a_y,)", f"return ({value},)"))
        with pytest.raises(ValueError, match=message):
            module.selftest()


def test_it_gives_the_largest_error(built: Path) -> None:
    text = (built / "generated" / "python" / "xor_mlp.py").read_text("utf-8")
    module: Any = as_module("xor_mlp", text.replace("0.5686551796", "0.5786551796"))
    error = module.selftest(1.0)
    assert error == pytest.approx(0.01 / 1.5786551796, rel=1e-6)
    assert module.selftest(error) == error  # as much as is tolerated
    with pytest.raises(ValueError, match=r"expected 0\.5786551796 for the output"):
        module.selftest(0.999 * error)


def test_modules_run_alone(built: Path, tmp_path: Path) -> None:
    for target in TARGETS:
        paths = sorted((built / "generated" / target).glob("*.py"))
        for said in outputs(map(str, paths), target, tmp_path):
            assert said.splitlines()[-1].startswith("numbers of the reference: ")


def test_the_judges_find_nothing(built: Path, tmp_path: Path) -> None:
    """The type checker looks at the same pages in ``test_pages.py``."""
    shutil.copytree(built / "generated", tmp_path / "generated")
    (tmp_path / "generated" / "more").mkdir()
    for number, text in enumerate(judged_pages()):
        (tmp_path / "generated" / "more" / f"net{number}.py").write_text(text, "utf-8")
    shutil.copy(built / "pyproject.toml", tmp_path)
    for path in (tmp_path / "generated").glob("*/*.py"):
        path.write_text(unmarked(path.read_text("utf-8")), "utf-8")
    for command in ("ruff format --check generated", "ruff check generated"):
        run = [sys.executable, "-m", *command.split()]
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_rest_of_the_page_is_the_same(built: Path) -> None:
    for path in sorted((ROOT / "generated").glob("*/*.py")):
        plain, tested = (
            {node.name: ast.unparse(node) for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
            for text in (
                whole_of(path),
                (built / "generated" / path.parent.name / path.name).read_text("utf-8"),
            )
        )
        added = ("selftest", "_named", "_largest_error", *(("_bits", "_uniform") if path.parent.name == "c" else ()))
        assert tested.items() - plain.items() <= {(n, tested[n]) for n in added if n in tested}
        assert "selftest" not in plain


def test_it_stays_small(built: Path) -> None:
    for path in SPECS:
        for target in TARGETS:
            before, after = (
                len(text.splitlines())
                for text in (whole(path, target), (built / "generated" / target / f"{path.stem}.py").read_text("utf-8"))
            )
            assert after - before <= 120


def test_the_flag_belongs_to_the_check(built: Path) -> None:
    out = ["--out", str(built / "generated")]
    spec = str(named("xor_mlp"))
    check = ("--contents", "all", "--check")
    assert run(spec, *out, *check, "--selftest").exit_code == 0
    assert run(spec, *out, *check).exit_code == 1
    assert run(spec, *out, "--contents", "all", "--diff").exit_code == 1
    result = run(spec, "--out", str(ROOT / "generated"), "--check", "--selftest")
    assert result.exit_code == 1
    assert result.stderr.endswith("--selftest\n")
    assert "`nngen build --selftest --contents all` with" in (built / "generated" / "python" / "xor_mlp.py").read_text(
        "utf-8"
    )


def test_numbers_that_overflow_are_refused(tmp_path: Path) -> None:
    spec = tmp_path / "large.yaml"
    text = named("neuron").read_text("utf-8")
    spec.write_text(text.replace("name: neuron", "name: large") + "\n")
    base = Spec.model_validate(
        NETWORKS["one linear layer"].spec.model_dump(by_alias=True)
        | {"name": "large", "initial": {"weights": {"name": "constant", "value": 1e300}}, "data": None}
    )
    spec.write_text(base.model_dump_json(by_alias=True, exclude_none=True))
    result = run(str(spec), "--selftest", "--out", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "the numbers of the self-test overflow" in result.stderr
    assert "help: build it without --selftest" in result.stderr
    assert not (tmp_path / "out").exists()


def test_only_the_flag_waits_for_numpy(tmp_path: Path) -> None:
    code = """
import sys
from nngen.cli import main
main(["build", sys.argv[1], "--out", sys.argv[2]], standalone_mode=False)
print("loaded:", *{"numpy", "nngen.proof.reference"} & set(sys.modules))
"""
    command = [sys.executable, "-c", code, str(named("digits")), str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.endswith("loaded:\n")


def test_it_is_verified_too(built: Path, tmp_path: Path) -> None:
    for target in TARGETS:
        done = verify(built / "generated" / target / "xor_mlp.py", named("xor_mlp"), 20.0)
        assert {row.what: row.verdict for row in done.rows}["selftest"] == "right"
        assert done.right
    text = (built / "generated" / "python" / "xor_mlp.py").read_text("utf-8")
    path = tmp_path / "edited.py"
    path.write_text(text.replace("0.5686551796", "0.5686551896"), "utf-8")
    done = verify(path, named("xor_mlp"), 20.0)
    assert [(row.what, row.note.split(",")[0]) for row in done.rows if row.verdict == "wrong"] == [
        ("selftest", "ValueError: expected 0.5686551896 for the output")
    ]


def test_numbers_are_written_so_that_platforms_agree() -> None:
    assert [written(value) for value in (1.0 / 3.0, -0.0, 1e-30, 123456789012.0)] == [
        "0.3333333333",
        "0.0",
        "1e-30",
        "123456789000.0",
    ]
    made = plan(NETWORKS["sigmoids"].spec)
    rows = selftest(made, NETWORKS["sigmoids"].spec, "python").rows
    assert [len(row) for row in rows] == [2, 1, made.size] * STEPS + [made.size]


@pytest.mark.parametrize(
    ("inputs", "units", "bias", "message"),
    [
        (2000, 500, 0, "a self-test takes networks of at most 1,000,000 parameters; this one has 1,001,001"),
        (2, 4, 12, "the numbers of the self-test depend on how activations are rounded"),
    ],
)
def test_a_network_that_has_no_self_test(inputs: int, units: int, bias: int, message: str, tmp_path: Path) -> None:
    """It is too large; or tanh is so near to 1 that its slope is mostly rounding, and Adam divides by its size."""
    spec = tmp_path / "net.yaml"
    spec.write_text(f"""
name: net
inputs: {inputs}
layers:
  - {{name: hidden, units: {units}, activation: tanh, bias: {{initial: {{name: constant, value: {bias}}}}}}}
  - {{name: output, units: [y], activation: linear}}
loss: squared_error
training: {{optimizer: {{name: adam, rate: 1.0}}}}
""")
    result = run(str(spec), "--selftest", "--target", "python", "--out", str(tmp_path / "out"))
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("contents", ["forward", "gradient", "prediction", "training"])
def test_it_brings_what_it_needs(contents: str, target: str, tmp_path: Path) -> None:
    file = tmp_path / "iris.py"
    options = ["--contents", contents, "--selftest", "--target", target, "-o", str(file)]
    assert run(str(named("iris")), *options).exit_code == 0
    assert as_module("iris", file.read_text("utf-8")).selftest() < 1e-9
