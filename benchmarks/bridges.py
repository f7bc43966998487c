"""How far imported networks are from their sources: the largest differences that the tests of imports see.

Runs these tests, and writes ``docs/bridges.json``, from which ``docs/paste.py`` makes the tables of
``docs/bridges.md``.

    python -m benchmarks.bridges
"""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.differences import SEEN

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "bridges.json"
TESTS = (
    "tests/description/test_import_onnx.py",
    "tests/description/test_import_onnx_columns.py",
    "tests/description/test_import_onnx_ids.py",
    "tests/description/test_tflite.py",
    "tests/oracle/test_import_tflite.py",
    "tests/oracle/test_import_onnx.py",
    "tests/oracle/test_import_onnx_sklearn.py",
    "tests/oracle/test_onnx_round_trips.py",
    "tests/oracle/test_import_keras.py",
    "tests/oracle/test_import_keras_ids.py",
    "tests/oracle/test_framework_ids.py",
    "tests/oracle/test_import_sklearn.py",
    "tests/oracle/test_import_torch.py",
    "tests/oracle/test_import_torch_ids.py",
    "tests/oracle/test_import_torch_archives.py",
)
PACKAGES = ("onnx", "onnxruntime", "torch", "keras", "scikit-learn", "skl2onnx", "skops", "ai-edge-litert")


def run(tests: str, out: Path) -> None:
    """Run a file of tests in this process, and write the differences that it has noted."""
    code = pytest.main(["-q", "-n", "0", "-m", "oracle or not oracle", "-k", "not page", tests])
    if code:
        sys.exit(code)
    out.write_text(json.dumps(SEEN), "utf-8")


def main() -> None:
    """Run each file of tests in a process of its own, and write the largest differences."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "seen.json"
        for tests in TESTS:
            subprocess.run([sys.executable, "-m", "benchmarks.bridges", tests, out], cwd=ROOT, check=True)
            for source, parts in json.loads(out.read_text("utf-8")).items():
                for part, difference in parts.items():
                    SEEN[source][part] = max(difference, SEEN[source].get(part, 0.0))
    found = {
        "about": {name: version(name) for name in PACKAGES},
        "differences": {source: dict(sorted(SEEN[source].items())) for source in sorted(SEEN)},
    }
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
