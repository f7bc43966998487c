"""The forms of shards, and wrong ones: exact messages, and nothing lost."""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nngen.common.diagnostics import SpecError
from nngen.description.data import encoding
from nngen.description.data.examples import rows_encoded
from nngen.reading import load, packing
from nngen.targets import texts
from tests.oracle.clusters import bits, cluster, examples, module, module_text, shards
from tests.support.modules import ROOT

pytestmark = [pytest.mark.oracle, pytest.mark.usefixtures("limited")]

PENGUINS = ROOT / "specs" / "penguins.yaml"


@pytest.fixture(scope="module")
def penguins() -> str:
    return texts(load(PENGUINS), PENGUINS.parent, ["numpy"])["numpy"]


def written(folder: Path, kind: str) -> list[Path]:
    """The penguins in three files."""
    import pandas as pd
    from pyarrow import feather

    table = pd.read_csv(PENGUINS.parent / "data" / "penguins.csv")
    files = []
    for start in range(0, len(table), 120):
        part, path = table.iloc[start : start + 120].reset_index(drop=True), folder / f"{start}{kind}"
        if kind == ".parquet":
            part.to_parquet(path)
        elif kind == ".feather":
            feather.write_feather(part, path)
        else:
            part.to_csv(path, index=False, na_rep="NA")
        files.append(path)
    return files


def test_files_give_the_numbers_of_the_data(client: Any, penguins: str, tmp_path: Path) -> None:
    import dask.dataframe as dd
    import pandas as pd

    from nngen.dask import Columns, fit

    spec, net = load(PENGUINS), module(penguins)
    how = encoding(spec, PENGUINS.parent)
    assert how is not None
    x, y, _ = rows_encoded(spec, PENGUINS.parent, how, None)
    expected = bits(
        fit(None, penguins, net.init(), shards(x, y, sizes=(120, 120, len(x) - 240)), epochs=2, batch_size=100)
    )
    listed = {kind: written(tmp_path, kind) for kind in (".csv.gz", ".parquet", ".feather")}
    frame = dd.from_map(pd.read_parquet, listed[".parquet"])
    for given in (*listed.values(), frame):
        found = fit(client, penguins, net.init(), given, epochs=2, batch_size=100, columns=Columns("species"))
        assert bits(found) == expected, given


def test_arrays_of_dask(client: Any) -> None:
    import dask
    import dask.array as da

    from nngen.dask import fit, predict

    text, (x, y, _) = module_text(), examples()
    net, parts = module(text), shards(x, y)
    params, history = fit(None, text, net.init(), parts)
    lazy = da.from_array(x, chunks=((90, 13, 100), 2)), da.from_array(y, chunks=(50, 3))
    for given in (lazy, [dask.delayed(tuple)(part) for part in parts]):
        assert bits(fit(client, text, net.init(), given)) == bits((params, history))
    outputs = np.concatenate([net.forward(params, part) for part, _ in parts])
    for given in (lazy[0], [part for part, _ in parts], parts):
        assert np.concatenate([*predict(client, text, params, given)]).tobytes() == outputs.tobytes()


def test_the_layout_of_arrays_does_not_count(client: Any) -> None:
    """Neither the order of memory nor its alignment, which a product's bits depend on with some processors."""
    from nngen.dask import fit

    random = np.random.default_rng(1)
    hidden = {"name": "hidden", "units": 32, "activation": "tanh"}
    layers = [hidden, {"name": "output", "units": 10, "activation": "softmax"}]
    text = module_text(inputs={"name": "x", "size": 64}, layers=layers)
    x, y = random.normal(size=(500, 64)), np.eye(10)[np.arange(500) % 10]
    shifted = np.empty(x.nbytes + 1, np.uint8)[1:].view(np.float64).reshape(x.shape)
    shifted[:] = x
    net = module(text)
    init = [np.asfortranarray(values) for values in net.init()]
    expected = bits(fit(None, text, net.init(), [(x, y)], batch_size=None))
    for where in None, client:
        assert bits(fit(where, text, init, [(shifted, np.asfortranarray(y))], batch_size=None)) == expected


BROKEN = "island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,species\n"

WRONG_FILES = {
    "part.csv": (BROKEN, "it has no rows"),
    "cut.csv": (
        f"{BROKEN}Biscoe,1,2,3,4,male,Gentoo\nBiscoe,1,2",
        "line 3: expected 7 cells, got 3; the file ends in the middle of a row",
    ),
    "middle.csv": (
        f"{BROKEN}Biscoe,1,2\nBiscoe,1,2,3,4,male,Gentoo\n",
        "line 2: expected 7 cells, got 3",
    ),
    "columns.csv": (
        "island,sex,species\nBiscoe,male,Gentoo\n",
        "there is no column 'bill_length_mm'; its columns are island, sex, species",
    ),
    "number.csv": (
        f"{BROKEN}Biscoe,1,2,3,4,male,Gentoo\nBiscoe,one,2,3,4,male,Gentoo\n",
        "row 2: bill_length_mm: expected a number, got 'one'",
    ),
    "class.csv": (
        f"{BROKEN}Biscoe,1,2,3,4,male,gentoo\n",
        "unknown class 'gentoo'; the classes are Adelie, Chinstrap, Gentoo",
    ),
    "damaged.parquet": ("PAR1 and more", "the file is damaged or incomplete"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_file(client: Any, penguins: str, tmp_path: Path, name: str) -> None:
    from nngen.dask import Columns, fit

    content, message = WRONG_FILES[name]
    good = written(tmp_path, ".csv")
    (tmp_path / name).write_text(content)
    given = [good[0], tmp_path / name]
    with pytest.raises(ValueError, match=r"expected|there is|it has|unknown|damaged") as refused:
        fit(client, penguins, module(penguins).init(), given, columns=Columns("species"))
    assert str(refused.value) == f"{tmp_path / name}{', ' if message[:3] in ('lin', 'row') else ': '}{message}"


def wrong_shards() -> dict[str, tuple[Any, str]]:
    x, y, weights = examples()
    return {
        "none": ([], "expected a list of shards, at least one, got []"),
        "empty": ([(x, y), (x[:0], y[:0])], "shard 2: it has no rows"),
        "narrow": ([(x, y), (x[:, :3], y)], "shard 2: expected x of shape (n, 4), got (203, 3)"),
        "targets": (
            [(x, y), (x, y[:9])],
            "shard 2: expected y of shape (n, 3) with n = 203 examples, at least 1; got (9, 3)",
        ),
        "weights": ([(x, y, weights)], "shard 1: it has example weights, and the loss of the module takes none"),
        "no targets": ([x], "shard 1: expected inputs and targets, a path, or a delayed value, got array("),
        "kind of file": (["rows.xlsx"], "rows.xlsx: expected a file that ends in .csv, .csv.gz, .tsv, .tsv.gz, "),
        "file": (["rows.csv"], "the module has no `encode` for the rows of files: let its spec describe `columns` or "),
    }


@pytest.mark.parametrize("case", wrong_shards())
def test_wrong_shards(client: Any, case: str) -> None:
    from nngen.dask import fit

    given, message = wrong_shards()[case]
    with pytest.raises(ValueError, match=r"expected|has|module") as refused:
        fit(client, module_text(), module(module_text()).init(), given)
    assert str(refused.value).startswith(message)


def test_a_worker_lacks_a_file(client: Any, penguins: str, tmp_path: Path) -> None:
    from nngen.dask import Columns, fit

    with pytest.raises(ValueError, match=r"no\.csv: the worker .* has no such file; all workers need the same paths"):
        fit(client, penguins, module(penguins).init(), [tmp_path / "no.csv"], columns=Columns("species"))


def test_a_module_that_does_not_run_on_a_worker(client: Any) -> None:
    from nngen.dask import fit

    x, y, _ = examples()
    text = f"{module_text()}\nimport sys as _sys\nif 'distributed.worker' in _sys.modules:\n    import absent\n"
    message = r"the module does not run on the worker .*: ModuleNotFoundError: No module named 'absent'"
    with pytest.raises(RuntimeError, match=message):
        fit(client, text, module(module_text()).init(), shards(x, y))


def test_a_worker_that_computes_differently(client: Any) -> None:
    from nngen.dask import fit

    x, y, _ = examples()
    text = module_text()
    # any worker may get any shard, even all of them: each answer differs, whoever gives it
    spoiled = (
        "import itertools, sys, types; numbers = itertools.count(1)\n"
        "class Changing(types.ModuleType): __doc__ = property(lambda self: f'NumPy {next(numbers)}')\n"
        "sys.modules['_nngen_computes'] = Changing('_')"
    )
    client.run(exec, spoiled, {})
    message = r"the workers compute differently: NumPy .*; NumPy .*\. Give all workers the same libraries and kind of"
    try:
        with pytest.raises(RuntimeError, match=message):
            fit(client, text, module(text).init(), shards(x, y))
    finally:
        client.run(exec, "import sys; del sys.modules['_nngen_computes']", {})


def test_an_example_runs(client: Any) -> None:
    run = [sys.executable, str(ROOT / "examples" / "dask" / "penguins.py"), client.scheduler.address]
    done = subprocess.run(run, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert re.fullmatch(r"1032 rows, loss \d\.\d+ in the first epoch, \d\.\d+ in the last\n", done.stdout), done.stderr


def test_modules_and_parameters_of_others() -> None:
    from nngen.dask import fit

    (x, y, _), text = examples(), module_text()
    with pytest.raises(ValueError, match="expected a module that nngen built with the target numpy"):
        fit(None, "import math\n\n", [], shards(x, y))
    some = (ROOT / "generated" / "numpy" / "iris.py").read_text("utf-8")
    with pytest.raises(ValueError, match="the module of numpy has only some parts; build it with `nngen build SPEC"):
        fit(None, some, [], shards(x, y))
    with pytest.raises(ValueError, match=r"expected parameters of shapes \(\(6, 4\), .*, got \(\(4,\),\)"):
        fit(None, text, [np.zeros(4)], shards(x, y))


def test_no_workers() -> None:
    from nngen.dask import fit

    x, y, _ = examples()
    message = r"^tcp://127\.0\.0\.1:\d+ has no workers after 0\.2 s; start some: dask worker tcp://127"
    with cluster(workers=0) as client, pytest.raises(RuntimeError, match=message):
        fit(client, module_text(), module(module_text()).init(), shards(x, y), wait=0.2)


def test_checkpoints_are_kept(tmp_path: Path) -> None:
    from nngen.commands import output
    from nngen.dask import fit

    text, (x, y, _), path = module_text(), examples(), tmp_path / "net.checkpoint"
    init, parts = module(text).init(), shards(x, y)
    fit(None, text, init, parts, epochs=1, checkpoint=path)
    kept = path.read_bytes()
    other = module_text(name="other")

    def refused(text: str, parts: Any, **options: Any) -> str:
        with pytest.raises(SpecError) as error:
            fit(None, text, init, parts, checkpoint=path, **options)
        assert path.read_bytes() == kept
        return str(error.value).removeprefix(f"{path}: ").replace(str(path), "PATH")

    assert refused(text, parts).startswith("error: the checkpoint exists\n")
    assert refused(other, parts, resume=True).startswith("error: expected a checkpoint of 'other', got one of 'net'\n")
    assert "batch_size is 50 in the checkpoint, 20 here" in refused(text, parts, resume=True, batch_size=20)
    assert "the number of shards is 3 in the checkpoint, 2 here" in refused(text, parts[:2], resume=True)
    assert "the SHA-256 of the rows is" in refused(text, shards(x + 1.0, y), resume=True)
    with output.locked(path):
        assert refused(text, parts, resume=True).startswith("error: another process is writing this file\n")
    path.write_bytes(kept := kept.replace(b'"parameters": "', b'"parameters": "/', 1).replace(b'=",', b'",', 1))
    assert refused(text, parts, resume=True).startswith("error: the checkpoint is damaged: its content has another SHA")
    for wrong in (b"{", b"[]", kept[:-200]):
        path.write_bytes(wrong)
        kept = wrong
        assert refused(text, parts, resume=True).startswith("error: expected a checkpoint of `nngen.dask.fit`\n")


@pytest.mark.parametrize("since", [-3.0, 2.0, 1e300, np.nan])
def test_a_checkpoint_with_numbers_that_no_training_has(since: float, tmp_path: Path) -> None:
    from nngen.dask import fit

    stop = {"name": "patience", "epochs": 9, "validation": 0.2}
    training = {"optimizer": {"name": "gradient_descent", "rate": 0.1}, "batch_size": 50, "epochs": 3, "stop": stop}
    text, (x, y, _), path = module_text(training=training), examples(), tmp_path / "net.checkpoint"
    init, parts = module(text).init(), shards(x, y)
    fit(None, text, init, parts, epochs=1, checkpoint=path)
    kept = json.loads(path.read_text("utf-8"))
    numbers = np.frombuffer(base64.b64decode(kept["progress"])).copy()
    numbers[-1] = since
    batches = {"batches_done": 5, "batches": packing.text(np.zeros(5))}  # an epoch of 203 rows has five
    for wrong in {"progress": packing.text(numbers)}, batches:
        path.write_text(json.dumps({**kept, **wrong}), "utf-8")
        with pytest.raises(SpecError, match="the checkpoint is damaged"):
            fit(None, text, init, parts, checkpoint=path, resume=True)
