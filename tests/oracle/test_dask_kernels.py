"""Workers that compute by the module of Python, or by the header of C, in place of that of NumPy."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from nngen.cli import main
from nngen.description.data import read_examples
from nngen.description.model import Spec
from nngen.reading import load
from nngen.targets import KINDS, texts
from tests.oracle.clusters import bits, cluster, described, distance, examples, module, shards
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

HIDDEN = {"name": "hidden", "units": 6, "activation": "tanh"}
OUTPUT = {"name": "output", "units": 3, "activation": "softmax"}

CASES: dict[str, dict[str, Any]] = {
    "weights": {"loss": {"name": "cross_entropy", "batch": "sum", "example_weights": True}},
    "weighted_mean": {"loss": {"name": "cross_entropy", "batch": "weighted_mean", "example_weights": True}},
    "dropout, by layers": {"layers": [HIDDEN | {"units": 90, "dropout": 0.3}, OUTPUT]},
    "stop": {
        "training": {
            "optimizer": {"name": "adam", "rate": 0.05},
            "batch_size": 50,
            "epochs": 6,
            "stop": {"name": "patience", "epochs": 2, "validation": 0.2},
        }
    },
    "batch_norm": {
        "layers": [HIDDEN | {"normalization": "batch_norm", "dropout": 0.3}, OUTPUT],
        "loss": {"name": "cross_entropy", "example_weights": True},
        "training": {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 50, "epochs": 3},
    },
    "float32": {
        "loss": {"name": "cross_entropy", "batch": "sum", "example_weights": True},
        "targets": [{"name": "numpy", "dtype": "float32"}, {"name": "c", "dtype": "float32", "binding": True}],
    },
}
TARGETS = [{"name": "numpy"}, {"name": "python"}, {"name": "c", "binding": True}]
MATRIX = [*(("python", case) for case in CASES if case != "float32"), ("c", "weighted_mean"), ("c", "batch_norm")]
MATRIX += [("c", "float32")]


def built(folder: Path, target: str, spec: Spec | None = None, **changes: Any) -> tuple[Path, str]:
    """The path of a network's module with a target, and the text of that for NumPy, as ``nngen build`` writes them."""
    spec = spec or Spec.model_validate(described(targets=TARGETS) | changes)
    pages = texts(spec, ROOT / "specs")
    for name, text in pages.items():
        path = KINDS[name].path(folder, spec.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return KINDS["binding" if target == "c" else target].path(folder, spec.name), pages["numpy"]


@pytest.mark.parametrize(("target", "case"), MATRIX)
def test_the_bits_do_not_depend_on_the_cluster(client: Any, tmp_path: Path, target: str, case: str) -> None:
    from nngen.dask import fit, predict

    path, text = built(tmp_path, target, **CASES[case])
    net, (x, y, weights) = module(text), examples()
    parts = shards(x, y, *([weights] if "example_weights" in CASES[case].get("loss", {}) else []))
    spread = fit(client, path, net.init(), parts)
    assert bits(spread) == bits(fit(None, path, net.init(), parts))
    assert distance(spread, fit(None, text, net.init(), parts)) < (1e-4 if case == "float32" else 1e-12)
    outputs = np.concatenate([*predict(client, path, spread[0], [part[0] for part in parts])])
    assert np.abs(outputs - net.forward(spread[0], x)).max() < (1e-5 if case == "float32" else 1e-12)


def test_rows_of_embeddings(client: Any, tmp_path: Path) -> None:
    from nngen.dask import fit

    given = ["training.epochs=2", "training.batch_size=20", "targets=[numpy, python, {name: c, binding: true}]"]
    spec = load(ROOT / "specs" / "ratings_mf.yaml", None, given)
    data = read_examples(spec, ROOT / "specs")
    path, text = built(tmp_path, "python", spec)
    net, parts = module(text), shards(data.train_x, data.train_y, sizes=(40, 1, len(data.train_x) - 41))
    assert distance(fit(client, path, net.init(), parts), fit(None, text, net.init(), parts)) < 1e-12
    with pytest.raises(ValueError, match=r"ratings_mf_c\.py: workers compute a network with ids by the target"):
        fit(client, built(tmp_path, "c", spec)[0], net.init(), parts)


def test_workers_whose_compilers_differ(tmp_path: Path) -> None:
    """Without a compiler, a worker says so; another compiler counts if its results differ."""
    from nngen.dask import fit

    path, text = built(tmp_path, "c")
    x, y, _ = examples()
    with cluster() as client:
        one = [*client.scheduler_info()["workers"]][:1]

        def trained(compiler: str) -> None:
            client.run(exec, f"import os; os.environ['CC'] = {compiler!r}", {}, workers=one)
            fit(client, path, module(text).init(), shards(x, y, sizes=(50, 50, 50, 53)))

        missing = (
            r"^the module does not compile on the worker .* with Python 3\S+: ImportError: .*absent-compiler[^;]*$"
        )
        with pytest.raises(RuntimeError, match=missing):
            trained("absent-compiler")
        message = (
            r"the workers compute differently: NumPy .*; net_c\.py, digest \w+; NumPy .*; net_c\.py, digest \w+\. "
        )
        with pytest.raises(RuntimeError, match=message):
            trained("cc -ffast-math -fassociative-math")


def test_modules_that_do_not_belong_together(tmp_path: Path) -> None:
    from nngen.dask import fit

    path, text = built(tmp_path, "python")
    (x, y, _), init = examples(), module(text).init()
    numpy = KINDS["numpy"].path(tmp_path, "net")
    other, _ = built(tmp_path / "other", "numpy", layers=[HIDDEN | {"activation": "relu"}, OUTPUT])
    numpy.write_bytes(other.read_bytes())
    with pytest.raises(ValueError, match=r"^net\.py computes another network than the module of the target numpy"):
        fit(None, path, init, shards(x, y))
    other, _ = built(tmp_path / "more", "numpy", name="net", layers=[HIDDEN | {"units": 5}, OUTPUT])
    numpy.write_bytes(other.read_bytes())
    with pytest.raises(ValueError, match=r"^net\.py has the network 'net' of another shape, and the module"):
        fit(None, path, module(other.read_text("utf-8")).init(), shards(x, y))
    with pytest.raises(ValueError, match=r"net_c\.py: net\.h, which it compiles, is not beside it"):
        fit(None, tmp_path / "net_c.py", init, shards(x, y))
    (tmp_path / "net.h").touch()
    with pytest.raises(ValueError, match=r"net_c\.py: binding\.c, which it compiles, is not beside it"):
        fit(None, tmp_path / "net_c.py", init, shards(x, y))
    numpy.unlink()
    with pytest.raises(ValueError, match=r"net\.py: a module with the target numpy trains it, and there is none"):
        fit(None, path, init, shards(x, y))


def broken(text: str, function: str) -> str:
    """A module of Python whose user broke a function."""
    return f"{text}\n\ndef {function}(*_, **__):\n    return {{}}['lost']\n"


@pytest.mark.parametrize("function", ["init", "forward", "gradient"])
def test_a_module_that_its_user_broke(client: Any, tmp_path: Path, function: str) -> None:
    """Its name, the function and the cause, from a worker and from here, in training and in predicting."""
    from nngen.dask import fit, predict

    path, text = built(tmp_path, "python")
    path.write_text(broken(path.read_text("utf-8"), function), "utf-8")
    (x, y, _), init = examples(), module(text).init()
    cause = (
        rf"Python 3\S+: {function}\(\) raises KeyError: 'lost'; correct the module, or build it anew with `nngen build`"
    )
    message = rf"^net\.py fails on the worker .* with {cause}$"
    for where in None, client:
        with pytest.raises(RuntimeError, match=message):
            fit(where, path, init, shards(x, y))
        if function != "gradient":
            with pytest.raises(RuntimeError, match=message):
                [*predict(where, path, init, [x])]


def test_the_command_names_a_module_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command builds may still fail on a worker, as where its Python is another."""
    from nngen.dask import session

    def changed(*given: Any) -> dict[str, str]:
        found = texts(*given)
        return found | {"python": broken(found["python"], "init")}

    monkeypatch.setattr(session, "texts", changed)
    options = ["train", str(ROOT / "specs" / "iris.yaml"), "--dask", "local", "--jobs", "1", "--target", "python"]
    result = CliRunner().invoke(main, options)
    assert result.exit_code == 2
    assert "error: iris.py fails on the worker" in result.output
    assert "init() raises KeyError: 'lost'" in result.output
