"""The pages about other tools: their five commands and their programs run, and the C program equals the pipeline."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.modules import ROOT

pytestmark = pytest.mark.oracle

PAGE = "".join((ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in ("import", "export"))


def blocks(language: str) -> list[str]:
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)
    return found


def test_from_a_fitted_pipeline_to_a_c_program(tmp_path: Path) -> None:
    import pandas as pd
    import skops.io

    for path in ("specs/data/penguins.csv", "docs/pipeline.py", "docs/pipeline.c"):
        shutil.copy(ROOT / path, tmp_path)
    (commands,) = blocks("sh")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-ec", commands], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    assert len(commands.splitlines()) == 5
    expected = re.findall(r"The last one prints `(\w+)`", PAGE)[0]
    assert done.stdout.splitlines()[-1] == expected
    printed = re.findall(
        r"^    (wrote models.*|32 inputs.*: |loss: .*)", PAGE, re.M
    )  # not the last digits of a difference
    assert len(printed) == 3
    assert all(line in done.stdout + done.stderr for line in printed)

    (export,) = re.findall(r"^    (nngen export models/.*)$", PAGE, re.M)
    subprocess.run(["sh", "-ec", export], cwd=tmp_path, env=environment, check=True)
    program = next(text for text in blocks("python") if "onnxruntime" in text)
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert run.stdout == f"{expected}\n"

    dumped = tmp_path / "penguins.skops"
    pipeline = skops.io.load(dumped, trusted=skops.io.get_untrusted_types(file=dumped))
    table = pd.read_csv(tmp_path / "penguins.csv").drop(columns="species")
    rows = table[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex"]]
    rows = rows.iloc[np.r_[0:344:9, np.flatnonzero(rows.isna().any(axis=1))]]
    for (_, row), species in zip(rows.iterrows(), pipeline.predict(rows), strict=True):
        cells = ["" if cell != cell and name == "sex" else str(cell) for name, cell in row.items()]
        run = subprocess.run(["./penguins", *cells], cwd=tmp_path, check=True, capture_output=True, text=True)
        assert run.stdout == f"{species}\n"


def test_the_estimators_of_the_page(tmp_path: Path) -> None:
    program = next(text for text in blocks("python") if "NetworkClassifier" in text)
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    code = "import network; print(network.predict(network.TRAINED, [5.1, 3.5, 1.4, 0.2]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == "setosa\n"
